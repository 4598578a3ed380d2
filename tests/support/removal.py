"""Remove a folder while a reader uses it."""

import contextlib
import shutil
from pathlib import Path

from support.waiting import wait_until


def remove(folder: Path) -> None:
    """Remove the folder, again if a reader has just created SQLite's files next to the run's."""

    def is_gone() -> bool:
        with contextlib.suppress(OSError):
            shutil.rmtree(folder)
        return not folder.exists()

    wait_until(is_gone)
