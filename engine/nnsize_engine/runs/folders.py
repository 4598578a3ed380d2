"""Find runs on disk and say where each stands."""

import os
import re
import secrets
import stat
import time
from collections.abc import Iterable
from pathlib import Path

from nnsize_engine.errors import RunError, RunTakenError, SettingsError, StoreError
from nnsize_engine.processes.identity import is_alive
from nnsize_engine.results.records import LIVE_STATES, State
from nnsize_engine.runs.database import FILE_NAME, reading
from nnsize_engine.runs.reader import RunHeader, read_created, read_header
from nnsize_engine.settings.home import home as home

STALE_SECONDS = 15.0
"""A runner beats once a second; one silent for this long is taken for dead, where its process cannot be looked up.
Where it can, silence means a suspended machine or a full disk, and the run goes on after it."""

START_SECONDS = 20.0
"""A new run has this long until its runner must have registered."""

MAX_CLOCK_SECONDS = 3600.0
"""Seconds by which the clock of another machine may be ahead. What seems to come from a later time than that was
written before the clock was put back, and says nothing."""


def new_run_folder(folder: Path) -> Path:
    """Return a free name for a run: three syllables, easy to read out and to type."""
    while True:
        name = "".join(secrets.choice("bdfgklmnprstvz") + secrets.choice("aeiou") for _ in range(3))
        if not os.path.lexists(folder / name):  # False where nobody may look; then it cannot be made either
            return folder / name


RUN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_. -]{0,63}", re.ASCII)
"""Names that a user may give a run: words that are easy to type, and no path."""


def named_run_folder(folder: Path, name: str) -> Path:
    """Return the folder of a new run that a user has named.

    Raises:
        RunTakenError: the name is taken.
        SettingsError: it cannot be that of a run.
    """
    if not RUN_NAME.fullmatch(name) or name == "last" or name != name.rstrip(" ."):
        raise SettingsError(
            f"the name of a run is {name[:80]!r}; it must be up to 64 letters, digits, blanks, dots, dashes and "
            "underscores, begin with a letter or digit, and not be 'last'"
        )
    if os.path.lexists(folder / name):
        raise RunTakenError(f"there is a run {name!r} already; choose another name, or delete that run first")
    return folder / name


def list_runs(folder: Path) -> list[Path]:
    """Return the folders of all runs below a home, newest first.

    Raises:
        RunError: the home cannot be listed.
    """
    return _newest_first(run_folders(folder))


def _newest_first(folders: Iterable[Path]) -> list[Path]:
    return sorted(folders, key=lambda path: (-created(path), path.name))


def run_folders(folder: Path) -> list[Path]:
    """Return the folders of all runs below a home, in no order.

    Raises:
        RunError: the home cannot be listed.
    """
    try:
        with os.scandir(folder) as entries:
            found = [Path(entry.path) for entry in entries if not entry.name.startswith(".") and entry.is_dir()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RunError(f"the runs in {folder} cannot be listed: {error.strerror or error}") from error
    return [path for path in found if holds_run(path)]


def holds_run(folder: Path) -> bool:
    """Return whether a folder has the file of a run, readable or not; True where nobody may look.

    A folder of that name that holds something is none: deleting the run would leave it.
    """
    file = folder / FILE_NAME
    try:
        return not stat.S_ISDIR(file.lstat().st_mode) or not any(file.iterdir())
    except PermissionError:
        return True  # what is wrong is said when it is read
    except OSError:
        return False


def is_gone(path: Path) -> bool:
    """Return whether a folder or file is gone; False where nobody may look."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def created(folder: Path) -> float:
    """Return the time at which a run was created; 0 for one that cannot be read."""
    try:
        with reading(folder) as connection:
            return read_created(connection)
    except StoreError:
        return 0.0


def find_run(name: str, folder: Path) -> Path:
    """Return the folder of a run named by its id, an unambiguous beginning of it, ``last``, or its path.

    Raises:
        RunError: there is no such run, or several.
    """
    if os.sep in name or name in (os.curdir, os.pardir):
        path = Path(os.path.expanduser(name))  # noqa: PTH111  # unlike pathlib's, it leaves an unknown ~user alone
        try:
            if os.path.lexists(path / FILE_NAME):  # what is wrong with a link is said when it is read
                return path.resolve()
        except OSError as error:
            raise RunError(f"there is no run in {name[:200]}: {error.strerror}") from error
        raise RunError(f"there is no run in {name}: {FILE_NAME} is missing")
    runs = run_folders(folder)  # not read: one that takes long delays no command about another
    if not runs:
        raise RunError(f"there is no run {name!r}: {folder} holds no runs yet; start one with 'nnsize size'")
    if name == "last":
        return _newest_first(runs)[0]
    matches = [path for path in runs if path.name == name] or [
        path for path in runs if name and path.name.startswith(name)
    ]
    if len(matches) == 1:
        return matches[0]
    if matches:
        names = ", ".join(path.name for path in _newest_first(matches))
        raise RunError(f"run {name!r} is ambiguous, it could be {names}; type more of its id")
    raise RunError(f"there is no run {name!r}; 'nnsize runs' lists them")


def seen_state(header: RunHeader, now: float | None = None) -> State:
    """Return the present state of a run: ``interrupted`` when its runner died."""
    if header.state not in LIVE_STATES:
        return header.state
    moment = time.time() if now is None else now
    if header.runner is None or header.heartbeat is None:
        if header.has_lost_commits:
            return "interrupted"  # a runner was there; the commit that named it is gone
        return header.state if -MAX_CLOCK_SECONDS < moment - header.created < START_SECONDS else "interrupted"
    alive = is_alive(header.runner)
    if alive is None:  # only its heartbeat can tell
        alive = -MAX_CLOCK_SECONDS < moment - header.heartbeat <= STALE_SECONDS
    return header.state if alive else "interrupted"


def read_state(folder: Path) -> tuple[RunHeader, State]:
    """Read a run's header and where it stands.

    Raises:
        StoreError: the run cannot be read.
    """
    header = _read_header(folder)
    state = seen_state(header)
    if state == "interrupted":  # or its runner ended between the two looks, and has said how
        header = _read_header(folder)
        state = seen_state(header)
    return header, state


def _read_header(folder: Path) -> RunHeader:
    with reading(folder) as connection:
        return read_header(connection)
