"""Connections to run files that may be hostile: bounded queries, and no schema but that of plain tables.

A view or a trigger may hold a query without an end, a virtual or generated column may call any function of SQLite. A
run has none of them, so a file that has one is refused. What is left is bounded by the size of the file; a count of
the steps of SQLite's machine bounds that, too, whatever else the machine is doing.
"""

import contextlib
import re
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nnsize_engine.errors import StoreError
from nnsize_engine.runs.own_files import check_own, check_own_folder
from nnsize_engine.runs.stored_values import MAX_LOOK_BYTES

STEPS_EACH = 100_000  # of SQLite's machine between two calls of the guard: about a millisecond
MAX_STEPS = 3_000_000_000  # of one look or one transaction: a million fits take about thirty million

MAX_PARTS = 1_000  # tables and indexes of a run file; a run has about forty

_CHECK = re.compile(r"\bcheck\b", re.IGNORECASE)

Schema = tuple[tuple[str, str, str | None], ...]
"""Type, name and SQL of each part of a schema."""

Columns = dict[str, frozenset[str]]
"""The columns of tables, as far as they were asked for."""

_accepted: dict[Schema, Columns] = {}
"""The schemas that were found to be plain, with their columns: all runs of one version share one."""


class GuardedConnection(sqlite3.Connection):
    """A connection whose queries end."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._steps = 0
        self.broken: dict[tuple[str, int], Any] = {}
        """What was found broken, by table and row: see :mod:`nnsize_engine.runs.facts`."""

        self.folder: Path | None = None
        """The folder of the run, where that is known: its data may be kept there."""

        self.columns: Columns = {}
        """What is known of the tables; forgotten when they change."""

        self.accepts_unsigned: bool | None = None
        """Whether facts may lack a checksum; None before one is read."""

        self.scoring: str | None = None
        """The scoring of the run, once its header is read; it limits scores."""

        self.has_foreign_scores = False
        """True if scorers of the user made the scores, which may be of any size whatever their names."""

        self.limits: Mapping[str, Mapping[str, int]] = {}
        """Limits of the numbers of candidates, folds and series in each table, from the header; all are lower."""

        # A text whose bytes are no UTF-8 any more is a broken value, not the end of reading.
        self.text_factory = _text
        self.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_LOOK_BYTES)
        self.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        self.set_progress_handler(self._is_enough, STEPS_EACH)
        self.execute("PRAGMA trusted_schema = OFF")

    def begin_counting(self) -> None:
        """Give the next look or transaction all its steps."""
        self._steps = 0

    def _is_enough(self) -> bool:
        self._steps += STEPS_EACH
        return self._steps > MAX_STEPS


def _text(content: bytes) -> str:
    return content.decode(errors="surrogateescape")


INDEX_SUFFIX = "-shm"
"""Suffix of the index of a write-ahead log, which readers write, too."""


def check_files(folder: Path, name: str, *, is_written: bool) -> bool:
    """Check the files that SQLite opens by name; return whether there is the first of them.

    A folder in place of a log is none of them: SQLite cannot open it. A file that is written may have no second name.

    Raises:
        OSError: one is a link or no plain file, or it or the folder belongs to another user.
    """
    check_own_folder(folder)
    is_there = check_own(folder / name, is_written=is_written)
    for suffix in ("-wal", "-journal", INDEX_SUFFIX):
        with contextlib.suppress(IsADirectoryError):
            check_own(folder / f"{name}{suffix}", is_written=is_written or suffix == INDEX_SUFFIX)
    return is_there


def check_schema(connection: GuardedConnection, folder: Path) -> None:
    """Accept a file that holds plain tables and nothing else.

    Raises:
        StoreError: it holds a view, a trigger, a virtual table, an index of its own, or a computed column.
    """
    schema: Schema = tuple(
        connection.execute("SELECT type, name, sql FROM sqlite_master LIMIT ?", (MAX_PARTS,)).fetchall()
    )
    known = _accepted.get(schema)
    if known is not None:
        connection.columns = known
        return
    what = f"{MAX_PARTS} tables" if len(schema) == MAX_PARTS else _foreign_part(connection, schema)
    if what is not None:
        raise StoreError(f"run {folder.name} cannot be read: its file holds {what}, which no run of nnsize has")
    if len(_accepted) < MAX_PARTS:
        _accepted[schema] = connection.columns


def _foreign_part(connection: sqlite3.Connection, schema: Schema) -> str | None:
    """Return in words what is no plain table; None if all is."""
    for kind, name, sql in schema:
        shown = repr(str(name)[:60])
        # SQLite makes what the SQL says, whatever the type is said to be. The index of a key has no SQL.
        is_table = kind == "table" and isinstance(sql, str) and sql.startswith("CREATE TABLE ")
        if not is_table and (kind, sql) != ("index", None):
            return f"a {'virtual table or disguised view' if kind == 'table' else str(kind)[:60]} named {shown}"
        if sql is not None and _CHECK.search(sql):
            return f"a check of its own in table {shown}"
        if is_table and any(row[6] for row in connection.execute("SELECT * FROM pragma_table_xinfo(?)", (name,))):
            return f"a computed column in table {shown}"
    return None
