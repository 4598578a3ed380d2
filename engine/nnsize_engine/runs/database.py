"""One SQLite file a run: create it, append to it, read it while it is being written.

One process writes: the launcher while it creates the folder, from then on the runner alone. Readers open read-only, for
the moment of one look, so that a deleted, replaced or repaired file is noticed at the next.
"""

import contextlib
import shutil
import sqlite3
import struct
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from nnsize_engine.errors import StoreError
from nnsize_engine.settings.run import RunSettings, settings_to_json

FILE_NAME = "run.sqlite"
_LOGS = (f"{FILE_NAME}-wal", f"{FILE_NAME}-journal")
"""Beside it, while it is being written and after a runner was killed: what is not yet, or only half, in it."""

CHECKPOINT_NAME = "checkpoint.npz"
"""Beside the run file: where an evolution was left, to go on with."""

CHECKPOINT_DRAFT = ".checkpoint-"
"""How the names of checkpoints that are still being written begin."""

SCHEMA_VERSION = 3
_SCRIPTS = ("schema.sql", "evolution.sql")

_MOVE_BEST = """
INSERT OR IGNORE INTO final_network (candidate, steps, weights, facts)
    SELECT final_test.candidate, steps, weights, facts FROM network, final_test WHERE name = 'best';
DELETE FROM network WHERE name = 'best';
"""
"""Until version 2, the one network of a search was stored by its name instead of its candidate."""

_APPLICATION_ID = 0x6E6E737A  # "nnsz": tells a run from any other SQLite file


class StoreFullError(StoreError):
    """No space, or a quota: nothing was written now, and the same may be tried again."""


@contextlib.contextmanager
def _reported(folder: Path, doing: str) -> Iterator[None]:
    """Turn SQLite's errors into one sentence."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        code = getattr(error, "sqlite_errorname", "") or ""
        message = f"run {folder.name} cannot be {doing}: {getattr(error, 'strerror', None) or error}"
        if code.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_BUSY", "SQLITE_CANTOPEN")):
            raise StoreFullError(message) from error
        raise StoreError(message) from error


def create(folder: Path, run_id: str, settings: RunSettings) -> None:
    """Make a run folder: complete under its name, or not there at all.

    Raises:
        StoreError: it exists, or cannot be written.
    """
    with _reported(folder, "created"):
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{run_id}-", dir=folder.parent))
        try:
            with contextlib.closing(sqlite3.connect(draft / FILE_NAME, isolation_level=None)) as connection:
                connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
                _complete(connection)
                connection.execute(
                    "INSERT INTO run (id, kind, created, settings, state, total) VALUES (?, ?, ?, ?, 'starting', ?)",
                    (run_id, settings.kind, time.time(), settings_to_json(settings), settings.total_steps),
                )
            (draft / "control").write_text("run\n")
            draft.rename(folder)  # fails when a run of that name has content: ids are never taken twice
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise


def _script(name: str) -> str:
    return Path(__file__).with_name(name).read_text()


def _complete(connection: sqlite3.Connection) -> None:
    """Make every table and column that a run lacks: all of a new one; wholly or not at all."""
    steps = [_script(name) for name in _SCRIPTS]
    columns = [name for _, name, *_ in connection.execute("PRAGMA table_info(fit)")]
    if columns and "loss_curve" not in columns:  # the first runs of version 1 kept none
        steps.append("ALTER TABLE fit ADD COLUMN loss_curve BLOB;")
    columns = [name for _, name, *_ in connection.execute("PRAGMA table_info(generation)")]
    for added in ("step_size", "temperature"):  # until version 2, differential evolution was the only kind
        if columns and added not in columns:
            steps.append(f"ALTER TABLE generation ADD COLUMN {added} REAL;")
    scores = [name for _, name, *_ in connection.execute("PRAGMA table_info(network_scores)")]
    for added in ("test_fitness", "objective"):  # until version 2
        if scores and added not in scores:
            steps.append(f"ALTER TABLE network_scores ADD COLUMN {added} REAL;")
    steps.append(_MOVE_BEST)
    try:
        connection.executescript(
            "\n".join(["BEGIN IMMEDIATE;", *steps, f"PRAGMA user_version = {SCHEMA_VERSION};", "COMMIT;"])
        )
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def open_for_writing(folder: Path) -> sqlite3.Connection:
    """Open a run as its one writer; with a write-ahead log where the file system has what that needs.

    A run of an earlier version becomes one of this release's.

    Raises:
        StoreError: it is missing, damaged, of another version, or read-only.
    """
    with _reported(folder, "opened"):
        connection = sqlite3.connect(f"file:{_quoted(folder)}?mode=rw", uri=True, isolation_level=None, timeout=10)
    try:
        with _reported(folder, "written"):
            version = _check_version(connection, folder)
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
            if mode != "wal":
                connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA synchronous = FULL")  # shown as finished means on disk, power cut included
            if version < SCHEMA_VERSION:
                _complete(connection)
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
        StoreFullError: there was no room; everything may be tried again.
        StoreError: the file is damaged.
    """
    with _reported(folder, "written"):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            # SQLite has already rolled back after some errors, and then refuses to do it again.
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise


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

    Raises:
        StoreError: it is missing, unreadable, damaged, or of another version.
    """
    with contextlib.ExitStack() as stack:
        with _reported(folder, "read"):
            if not (folder / FILE_NAME).is_file():
                raise StoreError(f"there is no run in {folder}: {_why_no_file(folder / FILE_NAME)}")
            connection = stack.enter_context(_connected(folder))
        with _reported(folder, "read"):
            try:
                yield connection
            except (ValueError, TypeError, LookupError, ArithmeticError, MemoryError, struct.error) as error:
                # Damage that SQLite does not notice shows when values are made into records, in any of these ways.
                raise StoreError(f"run {folder.name} is damaged: {type(error).__name__}: {error}") from error


def _why_no_file(path: Path) -> str:
    """Why this is not the file of a run; may fail as looking at a file does."""
    if path.is_dir():
        return f"{path.name} is a folder, not a file"
    return f"{path.name} is a link to nothing" if path.is_symlink() else f"{path.name} is missing"


@contextlib.contextmanager
def _connected(folder: Path) -> Iterator[sqlite3.Connection]:
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
                shutil.copyfile(folder / name, copy / name)
            connection = _begin(copy, stack, mode="rw")
        yield connection


def _begin(folder: Path, stack: contextlib.ExitStack, mode: str = "ro") -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{_quoted(folder)}?mode={mode}", uri=True, isolation_level=None, timeout=10)
    stack.callback(connection.close)
    _check_version(connection, folder)
    connection.execute("BEGIN")
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

    return quote(str(folder.absolute() / FILE_NAME))
