"""Ask a runner to run, pause or stop, through a small file."""

import contextlib
import errno
import os
import tempfile
from pathlib import Path
from typing import Literal, cast

from nnsize_engine.errors import RunError
from nnsize_engine.runs.own_files import open_own, read_own

Wish = Literal["run", "pause", "stop"]
"""Request to a runner."""

FILE_NAME = "control"

MAX_WISH_BYTES = 100  # a word and its line's end


def ask(folder: Path, wish: Wish) -> None:
    """Replace the wish, in one step.

    Raises:
        RunError: the folder cannot be written.
    """
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
        if error.errno in (errno.ENOSPC, errno.EDQUOT) and _written_over(folder / FILE_NAME, wish):
            return
        raise RunError(f"run {folder.name} cannot be asked to {wish}: {error.strerror or error}") from error


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
