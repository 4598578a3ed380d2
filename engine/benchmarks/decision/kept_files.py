"""Files of kept results: one for each task and part of the study."""

from pathlib import Path
from typing import Any

import numpy as np
from tasks import Task

RESULTS = Path(__file__).parent / "results"


def kept_path(task: Task, part: str) -> Path:
    """Return the file of a task's results in one part of the study."""
    return RESULTS / part / f"{''.join(sign if sign.isalnum() else '-' for sign in task.name)}.npz"


def keep_arrays(path: Path, **arrays: Any) -> None:
    """Write a file of results at once, so that an interruption leaves the earlier one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft.npz")
    np.savez_compressed(draft, **arrays)
    draft.rename(path)
