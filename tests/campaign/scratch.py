"""The surroundings of a trial: a home of its own for runs, and no runner left behind."""

import contextlib
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil

from nnsize_engine.runs.start_runner import LOG_NAME
from support.warm_runners import RUNNER, WARM_RUNNER


def set_surroundings(folder: Path) -> Path:
    """Let this process and those that it starts use a folder for runs and settings; return the home of runs."""
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    os.environ["NNSIZE_HOME"] = str(home)
    os.environ["XDG_CONFIG_HOME"] = str(folder / "config")
    os.environ["XDG_STATE_HOME"] = str(folder / "state")
    os.environ.pop("NNSIZE_CONFIG", None)
    os.environ.setdefault("TERM", "dumb")
    os.environ["NUMBA_NUM_THREADS"] = "1"
    return home


def runners_of(folder: Path) -> list[int]:
    """Return the process ids of all runners that work on a run below a folder."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if RUNNER in words:
            runs = [Path(word) for word in words]
        elif WARM_RUNNER in words:  # a fork keeps the words of its parent; but it writes to the log of its run
            runs = _runs_of_output(process.pid)
        else:
            continue
        if any(run.is_relative_to(folder) or run.is_relative_to(folder.resolve()) for run in runs):
            found.append(process.pid)
    return found


def _runs_of_output(pid: int) -> list[Path]:
    """Return the folder of a run to whose log a process writes; nothing if it writes elsewhere, or is gone."""
    try:
        output = Path(f"/proc/{pid}/fd/1").readlink()
    except OSError:
        return []
    return [output.parent] if output.name.startswith(LOG_NAME) else []  # a removed log is called "... (deleted)"


def end_runners(folder: Path) -> None:
    """Kill every runner that works on a run below a folder."""
    for pid in runners_of(folder):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def emptied(folder: Path) -> Iterator[Path]:
    """Make a folder for a trial, and remove it afterwards, whatever is in it."""
    remove_all(folder)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        remove_all(folder)


def remove_all(folder: Path) -> None:
    """Remove a folder, also one whose parts may not be entered."""
    if not os.path.lexists(folder):
        return
    for place, _, _ in os.walk(folder):
        with contextlib.suppress(OSError):
            Path(place).chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
