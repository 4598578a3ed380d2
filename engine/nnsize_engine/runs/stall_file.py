"""A small file in which a runner that cannot store its results says so, where readers find it.

A full disk has no room for a message. So the runner writes the file when it starts, and writes over it in place.
"""

import contextlib
import errno
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

from nnsize_engine.runs.own_files import open_own, read_own

FILE_NAME = "stall"

DRAFT_PREFIX = ".stall-"
"""How the names of files begin that are written to see whether there is room."""

StallKind = Literal["full", "quota", "read-only", "denied", "memory", "locked", "failing", "frozen", "silent"]
"""Why a run that is alive cannot go on; the last two are seen by readers alone."""

_FILE_BYTES = 256  # a record has less than half of them; the rest are blanks

_TRIED_BYTES = 8_192  # written to see whether there is room: two pages of a run file

_MAX_WAITING = 10**12  # results; more are no number that a runner wrote

_MAX_SINCE = 250_000_000_000.0  # seconds since 1970: nearly the year 9900, which is a date on every system

_KINDS_BY_ERROR: Mapping[int, StallKind] = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "quota",
    errno.EROFS: "read-only",
    errno.EACCES: "denied",
    errno.EPERM: "denied",
    errno.ENOMEM: "memory",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """The reason why a run that is alive cannot go on for now."""

    kind: StallKind
    since: float
    """Seconds since 1970. Of one that a reader finds: the last heartbeat."""

    waiting: int = 0
    """Results that wait in the runner's memory, as far as they are known."""


def reserve(folder: Path) -> None:
    """Make the file, or blank the one of an earlier runner; without room for it, readers see less."""
    _write(folder, "", os.O_CREAT)


def write_stall(folder: Path, stall: Stall | None) -> None:
    """Say why the run cannot go on; None says that it can."""
    _write(folder, "" if stall is None else json.dumps(asdict(stall)))


def _write(folder: Path, text: str, create: int = 0) -> None:
    with contextlib.suppress(OSError):
        handle = open_own(folder / FILE_NAME, os.O_WRONLY | create)
        try:
            os.pwrite(handle, f"{text:<{_FILE_BYTES - 1}}\n".encode(), 0)
        finally:
            os.close(handle)


def read_stall(folder: Path) -> Stall | None:
    """Return what the runner wrote; None if nothing is wrong, or if it is not what a runner writes."""
    try:
        found = json.loads(read_own(folder / FILE_NAME, _FILE_BYTES))
        kind, since, waiting = found["kind"], found["since"], found["waiting"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None
    is_sound = (
        kind in get_args(StallKind)
        and type(since) is float
        and 0 <= since <= _MAX_SINCE
        and type(waiting) is int
        and 0 <= waiting <= _MAX_WAITING
    )
    return Stall(kind=kind, since=since, waiting=waiting) if is_sound else None


def forget_stall(folder: Path) -> None:
    """Remove the file of a run that has ended with everything stored."""
    with contextlib.suppress(OSError):
        (folder / FILE_NAME).unlink(missing_ok=True)


def why_unwritable(folder: Path) -> StallKind:
    """Try to write a little into a folder, and return what is wrong; ``failing`` if nothing seems to be."""
    try:
        with tempfile.TemporaryFile(prefix=DRAFT_PREFIX, dir=folder, buffering=0) as file:
            file.write(bytes(_TRIED_BYTES))
            os.fsync(file.fileno())
    except OSError as error:
        return _KINDS_BY_ERROR.get(error.errno or 0, "failing")
    except MemoryError:
        return "memory"
    return "failing"
