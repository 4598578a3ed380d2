"""The tables of a run file, made or completed: the columns that a run of an earlier version lacks are added."""

import sqlite3
from pathlib import Path

from nnsize_engine.runs.checksums import FACTS, LOSS_CURVE
from nnsize_engine.runs.facts import columns_of
from nnsize_engine.runs.ledger import first_row

SCHEMA_VERSION = 3
_SCRIPTS = ("schema.sql", "evolution.sql")

_MOVE_BEST = """
INSERT OR IGNORE INTO final_network (candidate, steps, weights, facts)
    SELECT final_test.candidate, steps, weights, facts FROM network, final_test WHERE name = 'best';
DELETE FROM network WHERE name = 'best';
"""
"""Until version 2, the one network of a search was stored by its name instead of its candidate."""


def _script(name: str) -> str:
    return Path(__file__).with_name(name).read_text()


def complete(connection: sqlite3.Connection, *, has_unsigned: bool) -> None:
    """Make every table and column that a run lacks: all of a new one; wholly or not at all.

    ``has_unsigned`` tells that facts may be in it already, without checksums.
    """
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
    for table in FACTS.keys() - {LOSS_CURVE}:
        steps += _missing_checksums(connection, table)  # until version 2
    steps += [_MOVE_BEST, first_row(has_unsigned=has_unsigned)]
    try:
        connection.executescript(
            "\n".join(["BEGIN IMMEDIATE;", *steps, f"PRAGMA user_version = {SCHEMA_VERSION};", "COMMIT;"])
        )
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _missing_checksums(connection: sqlite3.Connection, table: str) -> list[str]:
    columns = columns_of(connection, table)
    wanted = ("checksum", "curve_checksum") if table == "fit" else ("checksum",)
    return [f"ALTER TABLE {table} ADD COLUMN {name} INTEGER;" for name in wanted if columns and name not in columns]
