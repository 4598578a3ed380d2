"""Let one process at a time replace a small file of a run folder, such as a request or a label."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

MAX_LOCK_SECONDS = 1.0  # of the wait for other processes that replace one


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Let no other process replace a file meanwhile, where the file system has locks."""
    with contextlib.ExitStack() as open_folder:
        with contextlib.suppress(OSError):
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            open_folder.callback(os.close, handle)
            _lock(handle)
        yield


def _lock(handle: int) -> None:
    """Lock a folder; one that stays locked is taken as it is, because a small file takes a thousandth of a second.

    Raises:
        OSError: the file system has no locks.
    """
    deadline = time.monotonic() + MAX_LOCK_SECONDS
    while time.monotonic() < deadline:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            time.sleep(0.002)
