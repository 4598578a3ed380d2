"""What the displays share: matplotlib when it is there, and runs named in any way."""

import os
from pathlib import Path
from typing import Any

from nnsize_engine.processes.install_hint import install_hint
from nnsize_engine.runs.folders import find_run, home
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.view import AnyView


def axes_for(display: str, ax: Any) -> Any:
    """Return the axes that are given, or new ones.

    Raises:
        ImportError: matplotlib is missing.
    """
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError(f"{display}.plot needs matplotlib, which is missing; {install_hint('pictures')}") from error
    return plt.subplots()[1] if ax is None else ax


def view_of(run: Any) -> AnyView:
    """Return a look at a run: its name, its folder, or an object that has it as ``folder``.

    Raises:
        TypeError: it is none of these, or a search that has no run yet.
        RunError: there is no such run.
        StoreError: it cannot be read.
    """
    found = getattr(run, "folder", run)
    if isinstance(found, str) and os.sep not in found:
        return RunFollower(find_run(found, home())).look()
    if not isinstance(found, str | Path):
        raise TypeError(f"the run is {run!r}; it must be a name such as 'last', a folder, or a run of nnsize")
    return RunFollower(find_run(os.fspath(Path(found).absolute()), home())).look()
