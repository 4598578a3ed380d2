"""Ask a runner to run, pause or stop, through a small file."""

import contextlib
import errno
import os
import tempfile
from pathlib import Path
from typing import Literal, cast

from nnsize_engine.errors import RunError
from nnsize_engine.runs.folder_lock import alone_in
from nnsize_engine.runs.own_files import open_own, read_own
from nnsize_engine.text import shell_word

Wish = Literal["run", "pause", "stop"]
"""Request to a runner."""

FILE_NAME = "control"

_IN_PLACE = (errno.ENOSPC, errno.EDQUOT, errno.EACCES)
"""Errors with which no file can be made, but one that is there can still be written over."""

MAX_WISH_BYTES = 100  # a word and its line's end


def ask(folder: Path, wanted: Wish) -> None:
    """Replace the wish, in one step; a pause does not replace a stop, which goes further.

    Raises:
        RunError: the folder cannot be written.
    """
    with alone_in(folder):
        if wanted != "pause" or wish(folder) != "stop":
            _replace(folder, wanted)


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
            f"run {folder.name} cannot be asked to {wish}: {reason}{refusal_advice(error.errno, folder)}"
        ) from error


def refusal_advice(code: int | None, folder: Path) -> str:
    """Return how to make a folder writable after such an error; empty if there is nothing to say."""
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
