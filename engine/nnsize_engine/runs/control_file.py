"""Ask a runner to run, pause or stop, through a small file."""

import contextlib
import errno
import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, cast

from nnsize_engine.errors import RunError
from nnsize_engine.runs.own_files import open_own, read_own
from nnsize_engine.text import shell_word

Wish = Literal["run", "pause", "stop"]
"""Request to a runner."""

FILE_NAME = "control"

_IN_PLACE = (errno.ENOSPC, errno.EDQUOT, errno.EACCES)
"""Errors with which no file can be made, but one that is there can still be written over."""

MAX_LOCK_SECONDS = 1.0  # of the wait for other processes that ask

MAX_WISH_BYTES = 100  # a word and its line's end


def ask(folder: Path, wanted: Wish) -> None:
    """Replace the wish, in one step; a pause does not replace a stop, which goes further.

    Raises:
        RunError: the folder cannot be written.
    """
    with _alone(folder):
        if wanted != "pause" or wish(folder) != "stop":
            _replace(folder, wanted)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let no other process ask meanwhile, where the file system has locks."""
    with contextlib.ExitStack() as open_folder:
        with contextlib.suppress(OSError):
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            open_folder.callback(os.close, handle)
            _lock(handle)
        yield


def _lock(handle: int) -> None:
    """Lock a folder; one that stays locked is taken as it is, because asking takes a thousandth of a second.

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


def _replace(folder: Path, wish: Wish) -> None:
    draft = None
    try:
        handle, draft = tempfile.mkstemp(prefix=".control-", dir=folder)
        with os.fdopen(handle, "w") as file:
            file.write(f"{wish}\n")
        Path(draft).replace(folder / FILE_NAME)
    except OSError as error:
        if draft is not None:
            with contextlib.suppress(OSError):
                Path(draft).unlink()
        if error.errno in _IN_PLACE and _written_over(folder / FILE_NAME, wish):
            return
        reason = error.strerror or error
        raise RunError(
            f"run {folder.name} cannot be asked to {wish}: {reason}{_advice(error.errno, folder)}"
        ) from error


def _advice(code: int | None, folder: Path) -> str:
    """Return how to ask where the file cannot be written; empty if there is nothing to say."""
    match code:
        case errno.ENOSPC | errno.EDQUOT:
            return "; make room first"
        case errno.EROFS:
            return "; make its disk writable first"
        case errno.EACCES:
            return f"; allow it first: chmod u+rwx {shell_word(str(folder))}"
        case _:
            return ""


def _written_over(file: Path, wish: Wish) -> bool:
    """Overwrite the file in place: on a full disk it still has room for a word."""
    try:
        with os.fdopen(open_own(file, os.O_RDWR), "r+b") as control:
            control.write(f"{wish}\n".encode())
            control.truncate()
    except OSError:
        return False
    return True


def wish(folder: Path, before: Wish = "run") -> Wish:
    """Return the newest request; the one before while none can be read, ``run`` where the file is gone."""
    try:
        text = read_own(folder / FILE_NAME, MAX_WISH_BYTES).decode().strip()
    except FileNotFoundError:
        return "run"
    except (OSError, UnicodeDecodeError):
        return before
    return cast(Wish, text) if text in ("run", "pause", "stop") else before
