"""Runs changed by hand whose checksums fit, as if a runner had written them."""

import sqlite3
from contextlib import closing
from pathlib import Path

from nnsize_engine.runs.checksums import FACTS
from nnsize_engine.runs.database import FILE_NAME
from nnsize_engine.runs.facts import columns_of, place_of, sign_again
from support.hostile_runs import quoted


def sign(connection: sqlite3.Connection) -> None:
    """Compute all checksums anew."""
    for fact in FACTS:
        table, signature = place_of(fact)
        if signature in columns_of(connection, table):
            sign_again(connection, fact)


def edit_signed(folder: Path, *statements: str, values: tuple[object, ...] = ()) -> None:
    """Run statements on a run file, and compute its checksums anew."""
    with closing(sqlite3.connect(f"file:{quoted(folder / FILE_NAME)}", uri=True)) as connection, connection:
        for statement in statements:
            connection.execute(statement, values)
        sign(connection)


def unsigned(folder: Path) -> None:
    """Make a run one that a version without checksums wrote."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        for fact in FACTS:
            table, signature = place_of(fact)
            if table != "stored" and signature in columns_of(connection, table):
                connection.execute(f"UPDATE {table} SET {signature} = NULL")
        connection.execute("DROP TABLE stored")
