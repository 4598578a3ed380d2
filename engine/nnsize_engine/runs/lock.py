"""Lock a run for one runner; the system releases the lock when its holder dies, however it dies."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from nnsize_engine.errors import RunError
from nnsize_engine.runs.own_files import open_own

FILE_NAME = "lock"

MAX_LOCK_SECONDS = 3.0  # waited for; a runner whose run is stored as ended holds the lock for a moment longer


@contextlib.contextmanager
def only_runner(folder: Path) -> Iterator[None]:
    """Hold the run's lock.

    Raises:
        RunError: another runner holds it, or the folder cannot be written.
    """
    try:
        file = os.fdopen(open_own(folder / FILE_NAME, os.O_RDWR | os.O_CREAT), "r+b", buffering=0)
    except OSError as error:
        raise RunError(f"run {folder.name} cannot be locked: {error.strerror or error}") from error
    with file:  # workers start by exec and do not inherit it, so it ends with this process
        try:
            _take(file)
        except BlockingIOError as error:
            raise RunError(f"another runner is at work on run {folder.name}; stop it first") from error
        except OSError as error:
            raise RunError(f"run {folder.name} cannot be locked: {error.strerror or error}") from error
        yield


def _take(file: IO[Any]) -> None:
    """Lock a file.

    Raises:
        BlockingIOError: another process keeps it locked.
        OSError: it cannot be locked.
    """
    deadline = time.monotonic() + MAX_LOCK_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
