"""One SQLite file a run: create it, append to it, read it while it is being written.

One process writes: the launcher while it creates the folder, from then on the runner alone. Readers open read-only, for
the moment of one look, so that a deleted, replaced or repaired file is noticed at the next.
"""

import contextlib
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from nnsize_engine.errors import StoreError
from nnsize_engine.processes.private_files import PRIVATE_FOLDER, make_private, new_private_file
from nnsize_engine.runs.checksums import FACTS, checksum_of
from nnsize_engine.runs.facts import columns_of
from nnsize_engine.runs.guarded import GuardedConnection, check_files, check_schema
from nnsize_engine.runs.label import NO_LABEL, RunLabel, write_label
from nnsize_engine.runs.ledger import (
    COMMITS_NAME,
    note_commit,
    note_lost_commits,
    promised_commits,
    write_commits,
)
from nnsize_engine.runs.own_files import copy_own
from nnsize_engine.runs.schema import SCHEMA_VERSION as SCHEMA_VERSION
from nnsize_engine.runs.schema import complete
from nnsize_engine.runs.stall_file import StallKind, why_unwritable
from nnsize_engine.runs.stored_values import DamagedError
from nnsize_engine.settings.run import RunSettings
from nnsize_engine.settings.stored_settings import settings_to_json

FILE_NAME = "run.sqlite"
_LOGS = (f"{FILE_NAME}-wal", f"{FILE_NAME}-journal")
"""Beside it, while it is being written and after a runner was killed: what is not yet, or only half, in it."""

CHECKPOINT_NAME = "checkpoint.npz"
"""Beside the run file: where an evolution was left, to go on with."""

CHECKPOINT_DRAFT = ".checkpoint-"
"""The beginning of the names of checkpoints that are still being written."""

_APPLICATION_ID = 0x6E6E737A  # "nnsz": tells a run from any other SQLite file


_CONTRADICTIONS = (
    ValueError, TypeError, LookupError, AttributeError, ArithmeticError, MemoryError, RecursionError
)  # fmt: skip
"""What values raise that fit their columns, but not each other, when they are made into records."""


MAX_FOLDER_BYTES = 480
"""Bytes of the path of a run's folder: SQLite takes 512 with the name of a file in it."""


class StoreFullError(StoreError):
    """No space, no memory, or a lock: nothing was written now, and the same may be tried again."""

    def __init__(self, message: str, kind: StallKind) -> None:
        super().__init__(message)
        self.kind: StallKind = kind


@contextlib.contextmanager
def _reported(folder: Path, doing: str) -> Iterator[None]:
    """Turn SQLite's errors into one sentence."""
    try:
        yield
    except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
        message = f"run {folder.name} cannot be {doing}: {_reason(error, folder)}"
        kind = None if doing == "read" else _kind(error, folder)
        raise StoreError(message) if kind is None else StoreFullError(message, kind) from error
    except MemoryError as error:
        if doing == "read":
            raise
        raise StoreFullError(f"run {folder.name} cannot be {doing}: memory ran out", "memory") from error


def _kind(error: Exception, folder: Path) -> StallKind | None:
    """Return what an error tells to wait for; None if waiting does not help."""
    code = getattr(error, "sqlite_errorname", "") or ""
    if code == "SQLITE_FULL":
        return "full"
    if code.startswith("SQLITE_BUSY"):
        return "locked"
    if code.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN")) or code in ("SQLITE_READONLY", "SQLITE_READONLY_DIRECTORY"):
        return why_unwritable(folder)  # SQLite does not say which error of the system it was
    return None


def _reason(error: Exception, folder: Path) -> str:
    length = len(os.fsencode(folder.absolute()))
    if length > MAX_FOLDER_BYTES and getattr(error, "sqlite_errorname", "") == "SQLITE_CANTOPEN":
        return (
            f"the path of its folder has {length} bytes, and SQLite takes {MAX_FOLDER_BYTES}; let NNSIZE_HOME name a "
            "folder with a shorter path"
        )
    if isinstance(error, UnicodeDecodeError):  # of SQLite's message, which quotes the schema
        return "its schema is damaged"
    if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
        return "a query in it took too long, so it is damaged or was made to do so"
    return str(getattr(error, "strerror", None) or error)


Fill = Callable[[Path], RunSettings]
"""Writes the data of a new run into its folder, and returns the settings that tell of it."""


def create(
    folder: Path, run_id: str, settings: RunSettings, fill: Fill | None = None, label: RunLabel = NO_LABEL
) -> None:
    """Make a run folder: complete under its name, or not there at all.

    ``fill`` writes further files of the run; ``label`` is what people call it.

    Raises:
        StoreError: it exists, or cannot be written.
    """
    with _reported(folder, "created"):
        make_private(folder.parent)
        draft = Path(tempfile.mkdtemp(prefix=".run-", dir=folder.parent))
        try:
            draft.chmod(PRIVATE_FOLDER)  # whatever the umask: it may take even the user's own rights
            if fill is not None:
                settings = fill(draft)
            if label != NO_LABEL:
                write_label(draft, label)
            for name in (FILE_NAME, "control", COMMITS_NAME):
                os.close(new_private_file(draft / name))  # SQLite gives its logs the rights of their file
            with contextlib.closing(sqlite3.connect(draft / FILE_NAME, isolation_level=None)) as connection:
                connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
                complete(connection, has_unsigned=False)
                row = dict.fromkeys(FACTS["run"]) | {
                    "id": run_id, "kind": settings.kind, "created": time.time(), "active_seconds": 0.0,
                    "settings": settings_to_json(settings), "state": "starting", "total": settings.total_steps,
                }  # fmt: skip
                columns = (*FACTS["run"], "checksum")
                connection.execute(
                    f"INSERT INTO run ({', '.join(columns)}) VALUES ({', '.join(f':{name}' for name in columns)})",
                    row | {"checksum": checksum_of("run", row)},
                )
            write_commits(draft, 0)
            (draft / "control").write_text("run\n")
            draft.rename(folder)  # fails when a run of that name has content: ids are never taken twice
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise


def _connect(folder: Path, mode: str) -> GuardedConnection:
    return sqlite3.connect(
        f"file:{_quoted(folder)}?mode={mode}", uri=True, isolation_level=None, timeout=10, factory=GuardedConnection
    )


def open_for_writing(folder: Path) -> sqlite3.Connection:
    """Open a run as its one writer; with a write-ahead log where the file system has what that needs.

    A run of an earlier version becomes one of this release's.

    Raises:
        StoreError: it is missing, damaged, of another version, or read-only.
    """
    with _reported(folder, "opened"):
        check_files(folder, FILE_NAME, is_written=True)
        connection = _connect(folder, "rw")
        connection.folder = folder
    try:
        with _reported(folder, "written"):
            version = _check_version(connection, folder)
            check_schema(connection, folder)
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
            if mode != "wal":
                connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA synchronous = FULL")  # shown as finished means on disk, power cut included
            if version < SCHEMA_VERSION or not columns_of(connection, "stored"):
                complete(connection, has_unsigned=True)
                connection.columns = {}
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except BaseException:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection, folder: Path) -> Iterator[None]:
    """Commit everything written inside, or nothing.

    Raises:
        StoreFullError: there was no room, memory or lock; everything may be tried again.
        StoreError: the file is damaged.
    """
    if isinstance(connection, GuardedConnection):
        connection.begin_counting()
    with _reported(folder, "written"):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            commits = note_commit(connection)
            connection.execute("COMMIT")
        except BaseException:
            # SQLite has already rolled back after some errors, and then refuses to do it again.
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
    write_commits(folder, commits)


def move_from_log(connection: sqlite3.Connection) -> None:
    """Move what is committed from the write-ahead log into the file, as far as no reader is in the way."""
    with contextlib.suppress(sqlite3.Error):  # a full disk is noticed by the next commit
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()


def settle(connection: sqlite3.Connection) -> None:
    """Leave one plain file behind, that opens on read-only media too; where readers stay in the way, the log stays."""
    # A reader looks for a moment only, which takes seconds where the disk or the machine is very busy.
    for _ in range(600):
        with contextlib.suppress(sqlite3.Error):
            if connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0] != "wal":
                return
        time.sleep(0.05)


@contextlib.contextmanager
def reading(folder: Path) -> Iterator[sqlite3.Connection]:
    """Open a run for one look; whatever is read inside is one consistent moment.

    What is found broken or missing is in :func:`nnsize_engine.runs.facts.broken_facts` of the connection.

    Raises:
        StoreError: it is missing, unreadable, damaged, or of another version.
    """
    with contextlib.ExitStack() as stack:
        with _reported(folder, "read"):
            if not _is_there(folder):
                raise StoreError(f"there is no run in {folder}: {FILE_NAME} is missing")
            promised = promised_commits(folder)  # before the moment that is read: the writer may be at work
            connection = stack.enter_context(_connected(folder))
            connection.folder = folder
        with _reported(folder, "read"):
            try:
                note_lost_commits(connection, promised)
                yield connection
            except DamagedError as error:
                raise StoreError(f"run {folder.name} is damaged: {error}") from error
            except _CONTRADICTIONS as error:
                raise StoreError(f"run {folder.name} is damaged: {type(error).__name__}: {error}") from error


def _is_there(folder: Path) -> bool:
    """Return whether a folder has the file of a run, which it and the files beside it must be.

    Raises:
        OSError: a file is a link or no plain file, or it or the folder belongs to another user.
    """
    try:
        return check_files(folder, FILE_NAME, is_written=False)
    except (FileNotFoundError, NotADirectoryError):  # the folder, or what is there instead
        return False


@contextlib.contextmanager
def _connected(folder: Path) -> Iterator[GuardedConnection]:
    with contextlib.ExitStack() as stack:
        try:
            connection = _begin(folder, stack)
        except sqlite3.OperationalError as error:
            # A write-ahead log needs an index file beside it, even to be read, which may be missing in a folder that
            # is read-only. Where there is no such log, a runner that was killed while it committed leaves a journal,
            # to be undone before anything is read. Both are done in a copy: a run has one writer, all others only read.
            beside = [file for file in _LOGS if (folder / file).exists()]
            if not beside or error.sqlite_errorname.startswith("SQLITE_BUSY"):
                raise
            copy = Path(stack.enter_context(tempfile.TemporaryDirectory())) / folder.name
            copy.mkdir()
            for name in (FILE_NAME, *beside):
                copy_own(folder / name, copy / name)
            connection = _begin(copy, stack, mode="rw")
        yield connection


def _begin(folder: Path, stack: contextlib.ExitStack, mode: str = "ro") -> GuardedConnection:
    connection = _connect(folder, mode)
    stack.callback(connection.close)
    _check_version(connection, folder)
    connection.execute("BEGIN")
    check_schema(connection, folder)
    return connection


def _check_version(connection: sqlite3.Connection, folder: Path) -> int:
    """Return the version of a run, if this release reads it."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION_ID:
        raise StoreError(f"{folder / FILE_NAME} is not a run of nnsize")
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if not 1 <= version <= SCHEMA_VERSION:
        raise StoreError(
            f"run {folder.name} has format {version}, this nnsize reads formats 1 to {SCHEMA_VERSION}; "
            "open it with the nnsize that made it"
        )
    return version


def _quoted(folder: Path) -> str:
    from urllib.parse import quote

    return quote(os.fsencode(folder.absolute() / FILE_NAME))  # a name need not be text
