"""Take a run out of a .zip file, which may come from anybody.

Only the files that an export writes are taken, by their plain names, none of them larger than it says it is. They are
written into a new private folder, and become a run only if all that is read of a run can be read.
"""

import contextlib
import os
import re
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from nnsize_engine.errors import StoreError
from nnsize_engine.export.run_archive import FREE_BYTES, MAX_RATIO, MAX_RUN_BYTES, MEMBERS
from nnsize_engine.processes.private_files import PRIVATE_FOLDER, make_private, new_private_file
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs import control_file, writer
from nnsize_engine.runs.database import FILE_NAME, open_for_writing, settle, transaction
from nnsize_engine.runs.examine import examine
from nnsize_engine.runs.folders import new_run_folder
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.leftovers import remove_leftovers
from nnsize_engine.runs.reader import read_header
from nnsize_engine.text import escape_text

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)
"""Names of runs that an import keeps; another one gets a new name."""

_END = b"PK\x05\x06"
_END_OF_LARGE = b"PK\x06\x07"
_END_BYTES = 22  # of the record at the end of an archive
_LARGE_END_BYTES = 20  # of the record before it, in an archive of the larger format

MAX_LIST_BYTES = 65_536  # of the list of files in an archive, before it is read; that of an export takes 300

ROOM_BYTES = 50_000_000  # left free on the disk

_FLAG_ENCRYPTED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A run that was imported."""

    folder: Path
    former: str
    """The name that it had."""

    broken: tuple[str, ...]
    """What in it is not whole, in words."""


def import_archive(file: Path, home: Path) -> Imported:
    """Make a run of a .zip file that an export wrote; one that was at work is stopped.

    Raises:
        StoreError: it is no such file, it holds something else, or its run cannot be read.
    """
    shown = escape_text(file.name)
    try:
        make_private(home)
        remove_leftovers(home)
        with _opened(file) as content, tempfile.TemporaryDirectory(prefix=".import-", dir=home) as parent:
            folder = Path(parent) / (file.stem if _NAME.fullmatch(file.stem) else "imported")
            folder.mkdir(PRIVATE_FOLDER)
            folder.chmod(PRIVATE_FOLDER)  # whatever the umask
            with _told_apart():
                _unpack(content, folder)
            return _taken(folder, home)
    except _RefusedError as error:
        raise StoreError(f"{shown} is no run that nnsize exported: {error}") from error
    except OSError as error:
        raise StoreError(f"{shown} cannot be imported: {error.strerror or error}") from error


class _RefusedError(Exception):
    """An archive that an export does not write."""


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe must not be waited for
    with os.fdopen(handle, "rb") as content:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise _RefusedError("it is no regular file")
        yield content


@contextlib.contextmanager
def _told_apart() -> Iterator[None]:
    """Turn what a damaged archive raises, which are many errors, into a refusal."""
    try:
        yield
    except (_RefusedError, OSError):
        raise
    except Exception as error:
        raise _RefusedError(f"{type(error).__name__}: {error}") from error


def _unpack(content: BinaryIO, folder: Path) -> None:
    _check_end(content)
    with zipfile.ZipFile(content) as archive:
        members = archive.infolist()
        names = [one.filename for one in members]
        if FILE_NAME not in names or len(set(names)) != len(names):
            raise _RefusedError(f"it must hold {FILE_NAME}, and each file once")
        for one in members:
            _check(one)
        size = sum(one.file_size for one in members)
        if size > MAX_RUN_BYTES:
            raise _RefusedError(f"it holds {size:,} bytes; a run has at most {MAX_RUN_BYTES:,}")
        if size + ROOM_BYTES > shutil.disk_usage(folder).free:
            raise OSError(0, f"{size:,} bytes do not fit on the disk")
        for one in members:
            with archive.open(one) as source, os.fdopen(new_private_file(folder / one.filename), "wb") as target:
                shutil.copyfileobj(source, target)  # no more than it says, and with the checksum that it says


def _check_end(content: BinaryIO) -> None:
    """Accept an archive whose list of files is short; reading a long one would take any amount of memory."""
    size = content.seek(0, os.SEEK_END)
    content.seek(max(0, size - _END_BYTES - _LARGE_END_BYTES))
    end = content.read()
    before, found = end[:-_END_BYTES], end[-_END_BYTES:]
    if len(found) < _END_BYTES or not found.startswith(_END):
        raise _RefusedError("it does not end as one")
    if before.startswith(_END_OF_LARGE) or int.from_bytes(found[12:16], "little") > MAX_LIST_BYTES:
        raise _RefusedError("its list of files is too long")


def _check(member: zipfile.ZipInfo) -> None:
    name = member.filename
    shown = escape_text(name[:60])
    if name not in MEMBERS or member.orig_filename != name:
        raise _RefusedError(f"it holds {shown!r}; only {', '.join(MEMBERS)} belong in it")
    mode = member.external_attr >> 16
    if member.is_dir() or (stat.S_IFMT(mode) and not stat.S_ISREG(mode)):
        raise _RefusedError(f"{shown} is no regular file")
    if member.flag_bits & _FLAG_ENCRYPTED or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _RefusedError(f"{shown} is encrypted, or compressed in another way")
    if member.file_size > MEMBERS[name] or member.file_size > MAX_RATIO * member.compress_size + FREE_BYTES:
        raise _RefusedError(f"{shown} would have {member.file_size:,} bytes, more than a run has")


def _taken(folder: Path, home: Path) -> Imported:
    """Make a run of an unpacked one, once it can be read, and give it its name."""
    verdict = examine(folder)
    if verdict.condition == "unreadable":
        raise StoreError(f"the run in it is not taken: {verdict.broken[0]}")
    RunFollower(folder).look()
    control_file.ask(folder, "run")
    with contextlib.closing(open_for_writing(folder)) as connection:
        header = read_header(connection)
        target = home / header.id
        if not _NAME.fullmatch(header.id) or os.path.lexists(target):
            target = new_run_folder(home)
        with transaction(connection, folder):
            for table in ("runner", "under_way", "evaluating"):  # of a process on another machine
                connection.execute(f"DELETE FROM {table}")
            if header.state in LIVE_STATES:
                writer.set_state(connection, "stopped", f"it was {header.state} when it was exported")
            writer.update_run(connection, id=target.name)
        settle(connection)
    folder.rename(target)
    return Imported(folder=target, former=header.id, broken=verdict.broken)
