"""Writing of exported files: format, place, and atomic replacement."""

import contextlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO, TypeVar

from nnsize_engine.errors import ExportError

MIN_LEFT_SECONDS = 3600.0  # since a draft was written to, after which whoever wrote it is gone

_Format = TypeVar("_Format", bound=str)


class TargetExistsError(ExportError):
    """The file to write exists already; a screen asks whether to replace it."""


def export_file(
    to: Path, make: Callable[[_Format], str | bytes], among: Sequence[_Format], format: str | None, *, force: bool
) -> None:
    """Write a file in the format that its ending or ``format`` names; format and place are checked first.

    Args:
        to: the file.
        make: returns the content of the file in a format.
        among: the known formats.
        format: one of the known formats; None to take the ending of the file.
        force: replace a file that exists.

    Raises:
        ExportError: the format or the folder does not exist, or the file cannot be written.
        TargetExistsError: the file exists and ``force`` is not set.
    """
    chosen = named_format(to, format, among)
    place = find_place(to, force=force)
    write_whole(place, make(chosen), force=force)


def named_format(to: Path, format: str | None, among: Sequence[_Format]) -> _Format:
    """Return the named format or, without a name, the format of the file's ending.

    Raises:
        ExportError: the format is unknown.
    """
    name = format if format is not None else to.suffix.removeprefix(".").lower()
    name = {"markdown": "md"}.get(name, name)
    for known in among:
        if name == known:
            return known
    found = f"format {format!r} is unknown" if format is not None else f"the ending of {to.name!r} names no format"
    raise ExportError(f"{found}; choose one of {', '.join(among)}")


def find_place(to: Path, *, force: bool) -> Path:
    """Return the path that a file is written to; symbolic links are followed.

    Raises:
        ExportError: no file can be written there.
        TargetExistsError: the file exists and ``force`` is not set.
    """
    try:
        if to.is_symlink():
            to = to.resolve()  # write where the link points, and leave the link
        if to.exists() and not (to.is_file() or to.is_dir()):
            raise ExportError(f"{to} is not a regular file; name another; a table without --to goes to standard output")
        if to.is_dir():
            raise ExportError(f"{to} is a folder; name a file in it")
        if not to.parent.is_dir():
            raise ExportError(f"the folder {to.parent} does not exist; create it, or export elsewhere")
        if to.exists() and not force:
            raise _exists(to)
    except OSError as error:  # such as a name that is too long
        raise ExportError(str(error)) from error
    return to


def write_whole(to: Path, content: str | bytes, *, force: bool) -> None:
    """Write a file atomically: under its name there is never a part of it. Text is written in UTF-8.

    Raises:
        ExportError: the file cannot be written; nothing is left behind.
        TargetExistsError: the file exists and ``force`` is not set.
    """
    write_parts(to, lambda file: file.write(content.encode() if isinstance(content, str) else content), force=force)


def write_parts(to: Path, write: Callable[[BinaryIO], object], *, force: bool) -> None:
    """Let ``write`` write a file, as :func:`write_whole` does.

    Raises:
        ExportError: the file cannot be written; nothing is left behind.
        TargetExistsError: the file exists and ``force`` is not set.
    """
    try:
        _remove_left_drafts(to)
        draft = to.with_name(f".{to.name}.{os.getpid()}-{secrets.token_hex(4)}")
        try:
            with draft.open("xb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            if force:
                with contextlib.suppress(FileNotFoundError):
                    shutil.copymode(to, draft)
                draft.replace(to)
            else:
                _move_to_new(draft, to)
        finally:
            with contextlib.suppress(FileNotFoundError):
                draft.unlink()
    except FileExistsError as error:
        raise _exists(to) from error
    except OSError as error:
        raise ExportError(f"{to} cannot be written: {error.strerror or error}") from error


def _remove_left_drafts(to: Path) -> None:
    """Remove drafts of the same file that killed exports left."""
    name = re.compile(rf"\.{re.escape(to.name)}\.\d+-[0-9a-f]{{8}}")
    with contextlib.suppress(OSError):
        for path in to.parent.iterdir():
            if name.fullmatch(path.name) and time.time() - path.lstat().st_mtime > MIN_LEFT_SECONDS:
                path.unlink()


def _move_to_new(draft: Path, to: Path) -> None:
    """Rename the draft unless the name was taken meanwhile.

    Raises:
        FileExistsError: the name was taken.
    """
    try:
        to.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if to.exists():
            raise FileExistsError from None
        draft.rename(to)


def _exists(to: Path) -> TargetExistsError:
    return TargetExistsError(f"{to} exists already; choose another name, or replace it with --force")
