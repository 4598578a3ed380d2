"""Run folders that nobody's runner wrote: values of wrong types and ranges, views, triggers, links."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from nnsize_engine.runs.database import FILE_NAME

HOSTILE_VALUES: tuple[object, ...] = (
    "x", "", 1e300, float("inf"), -1, -1.5, 10**18, b"\xff\x00", None, "\x1b]0;title\x07", "[" * 100_000, 0,
)  # fmt: skip
"""Values put in place of a column's own; most columns refuse most of them."""

ENDLESS = "WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count) SELECT n FROM count"
"""A query without an end."""

HOSTILE_TEXT = "a\x1b]0;owned\x07\x9b31m\u202eb\rc\x00"
"""Escape sequences, a control character of C1, a change of direction, a carriage return and a null."""

HOSTILE_NAMES = (
    'a""" ; import os; os.system("touch owned") ; """',
    "a\\",
    "$(touch owned)",
    "=HYPERLINK(1)",
    "<script>alert(1)<!--",
    "$\\frac{",
    "\x1b]0;owned\x07\x1b[2J",
    "\u202egpj.exe",
    "a\nb\rc",
    os.fsdecode(b"\xff\xfe"),
    "[blink]x[red]",
    "-rf",
    "a?mode=rwc#b%2e",
)
"""Names of folders that mean something to a terminal, a shell, a spreadsheet, a browser or a program."""


def edit(folder: Path, *statements: str, values: tuple[object, ...] = ()) -> None:
    """Run statements on a run file, whatever its constraints say."""
    with closing(sqlite3.connect(f"file:{quoted(folder / FILE_NAME)}", uri=True)) as connection, connection:
        for statement in statements:
            connection.execute(statement, values)


def without_constraints(folder: Path) -> None:
    """Make the tables of a run take any value: without types, without NOT NULL, without keys."""
    with closing(sqlite3.connect(f"file:{quoted(folder / FILE_NAME)}", uri=True)) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = ", ".join(column for _, column, *_ in connection.execute(f"PRAGMA table_info({name})"))
            connection.execute(f"ALTER TABLE {name} RENAME TO own")
            connection.execute(f"CREATE TABLE {name} ({columns})")
            connection.execute(f"INSERT INTO {name} ({columns}) SELECT {columns} FROM own")
            connection.execute("DROP TABLE own")


def columns_of(folder: Path) -> list[tuple[str, str]]:
    """Return every table that has a row, with each of its columns."""
    with closing(sqlite3.connect(f"file:{quoted(folder / FILE_NAME)}", uri=True)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        filled = [name for name in tables if connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]]
        return [(name, row[1]) for name in filled for row in connection.execute(f"PRAGMA table_info({name})")]


def hostile_jsons(text: str) -> Iterator[str]:
    """Yield a JSON object with each of its values replaced by ones of another type or range."""
    fields: dict[str, Any] = json.loads(text)
    for name in fields:
        values: tuple[object, ...] = ("x\x1b[2J", -1, 1e300, 10**30, None, [], {}, [[1]], True, float("nan"))
        for value in values:
            yield json.dumps(fields | {name: value})


def _seen_by_a_view(folder: Path) -> None:
    edit(folder, "DROP TABLE run", f"CREATE VIEW run AS {ENDLESS}")


def _disguised_view(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        connection.execute("DROP TABLE log")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES ('table', 'log', 'log', 0, ?)",
            (f"CREATE VIEW log AS SELECT n AS number, n AS time, 'info' AS level, '' AS text FROM ({ENDLESS})",),
        )


def _triggered(folder: Path) -> None:
    edit(
        folder,
        "CREATE TABLE endless (n)",
        f"CREATE TRIGGER spin AFTER UPDATE ON run BEGIN INSERT INTO endless {ENDLESS}; END",
    )


def _virtual(folder: Path) -> None:
    edit(folder, "DROP TABLE log", "CREATE VIRTUAL TABLE log USING fts5(number, time, level, text)")


def _generated(folder: Path) -> None:
    edit(folder, "DROP TABLE under_way", "CREATE TABLE under_way (candidate, fold, epochs, loss AS (zeroblob(9)))")


def _indexed(folder: Path) -> None:
    edit(folder, "CREATE INDEX own ON log (upper(text))")


def _checked(folder: Path) -> None:
    edit(folder, "CREATE TABLE own (n CHECK (length(zeroblob(1000)) > 0))")


SCHEMAS: dict[str, Callable[[Path], None]] = {
    "view": _seen_by_a_view,
    "disguised view": _disguised_view,
    "trigger": _triggered,
    "virtual table": _virtual,
    "generated column": _generated,
    "index": _indexed,
    "check": _checked,
}
"""What a run file never holds."""


def _linked(folder: Path) -> None:
    elsewhere = folder.parent.parent / "elsewhere.sqlite"
    shutil.move(folder / FILE_NAME, elsewhere)
    (folder / FILE_NAME).symlink_to(elsewhere)


def _pipe(folder: Path) -> None:
    (folder / FILE_NAME).unlink()
    os.mkfifo(folder / FILE_NAME)


def _linked_log(folder: Path) -> None:
    (folder / f"{FILE_NAME}-wal").symlink_to(folder.parent.parent / "elsewhere")


def _pipe_as_log(folder: Path) -> None:
    os.mkfifo(folder / f"{FILE_NAME}-journal")


FILES: dict[str, Callable[[Path], None]] = {
    "link": _linked,
    "pipe": _pipe,
    "linked log": _linked_log,
    "pipe as log": _pipe_as_log,
}
"""What the file of a run, or a file beside it, may be instead of a file."""


def quoted(path: Path) -> str:
    from urllib.parse import quote

    return quote(os.fsencode(path))
