"""How much a run must hold: the number of commits, kept in its file and beside it, and the rows of each table.

After a runner was killed, its last commits are in the write-ahead log alone. Without that file the run would be valid,
and silently shorter. So the number of commits is also in a small file beside it, written over in place after each
commit: it needs no room on a full disk, and no process that ends can leave half of it. A reader that finds fewer
commits in the run than in that file knows that some are gone.
"""

import contextlib
import json
import os
import sqlite3
from pathlib import Path
from zlib import crc32

from nnsize_engine.runs.checksums import FACTS, checksum_of
from nnsize_engine.runs.facts import BrokenFact, columns_of, select_facts
from nnsize_engine.runs.guarded import GuardedConnection
from nnsize_engine.runs.own_files import open_own, read_own
from nnsize_engine.runs.stored_objects import stored_object
from nnsize_engine.runs.stored_values import MAX_COUNT, DamagedError

COMMITS_NAME = "commits"

COUNTED = (
    "fit", "score", "reference", "reference_score", "final_test", "final_network", "generation", "series_generation",
    "series_result", "network_scores", "network", "encoder", "watched_candidate",
)  # fmt: skip
"""Tables whose rows are counted: a row of them is replaced, but never removed without a new count."""

_LOST_COMMITS = ("stored", -1)
"""Key of the missing commits among what is broken on a connection."""

_LINE_BYTES = 26
"""Sixteen digits, a blank, eight hexadecimal digits of their checksum, and the end of the line."""


def first_row(*, has_unsigned: bool) -> str:
    """Return the statement that makes the record of a run, unless it has one."""
    row = {"commits": 0, "counts": "{}", "has_unsigned": int(has_unsigned)}
    values = f"0, '{{}}', {int(has_unsigned)}, {checksum_of('stored', row)}"
    return f"INSERT INTO stored SELECT {values} WHERE NOT EXISTS (SELECT 1 FROM stored);"


def note_commit(connection: sqlite3.Connection) -> int:
    """Count one more commit, inside a transaction; return how many there are."""
    row = _record(connection)
    commits = int(row["commits"]) + 1
    _store(connection, row | {"commits": commits})
    return commits


def count_facts(connection: sqlite3.Connection) -> None:
    """Store how many rows each table has, inside a transaction."""
    _store(connection, _record(connection) | {"counts": json.dumps(_counts(connection))})


def accept_loss(connection: sqlite3.Connection, folder: Path) -> None:
    """Take the run for what it is, inside a transaction, once what is missing was named."""
    commits = max(int(_record(connection)["commits"]), promised_commits(folder) or 0)
    _store(connection, _record(connection) | {"commits": commits, "counts": json.dumps(_counts(connection))})


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    names = [name for name in COUNTED if columns_of(connection, name)]
    counts = ", ".join(f"(SELECT count(*) FROM {name})" for name in names)
    return dict(zip(names, connection.execute(f"SELECT {counts}").fetchone(), strict=True)) if names else {}


def _record(connection: sqlite3.Connection) -> dict[str, int | str]:
    columns = FACTS["stored"]
    rows = select_facts(connection, "stored", columns, "LIMIT 1")
    # A broken record is written anew: by then it was named, and its run was looked through.
    return dict(zip(columns, rows[0] if rows else (0, "{}", 1), strict=True))


def _store(connection: sqlite3.Connection, row: dict[str, int | str]) -> None:
    values = row | {"checksum": checksum_of("stored", row)}
    done = connection.execute(
        "UPDATE stored SET commits = :commits, counts = :counts, has_unsigned = :has_unsigned, checksum = :checksum",
        values,
    )
    if done.rowcount == 0:
        connection.execute("INSERT INTO stored VALUES (:commits, :counts, :has_unsigned, :checksum)", values)


def write_commits(folder: Path, commits: int) -> None:
    """Write the number of commits beside the run, unless it names more; where that is impossible, it only says less."""
    known = promised_commits(folder)
    if known is not None and known >= commits:
        return  # some are gone: that is said until the run was looked through
    digits = f"{commits:016d}"
    with contextlib.suppress(OSError):
        handle = open_own(folder / COMMITS_NAME, os.O_WRONLY | os.O_CREAT)
        try:
            if known is None:  # new, or of any length
                os.ftruncate(handle, _LINE_BYTES)
            os.pwrite(handle, f"{digits} {crc32(digits.encode()):08x}\n".encode(), 0)
        finally:
            os.close(handle)


def promised_commits(folder: Path) -> int | None:
    """Return the number of commits that the file beside a run names; None if there is none, or it is broken."""
    try:
        line = read_own(folder / COMMITS_NAME, _LINE_BYTES)
        digits, checksum = line.split()
        return int(digits) if int(checksum, 16) == crc32(digits) and int(digits) <= MAX_COUNT else None
    except (OSError, ValueError):
        return None


def note_lost_commits(connection: GuardedConnection, promised: int | None) -> None:
    """Note that commits are missing, if the file beside the run named more before the run was opened."""
    if promised is None or not columns_of(connection, "stored"):
        return
    rows = select_facts(connection, "stored", FACTS["stored"], "LIMIT 1")
    lost = promised - rows[0][0] if rows else 0
    if lost > 0:
        words = f"its last {lost:,} of {promised:,} commits are gone: was run.sqlite-wal removed?"
        connection.broken[_LOST_COMMITS] = BrokenFact(table="stored", rowid=-1, words=words)


def has_lost_commits(connection: sqlite3.Connection) -> bool:
    """Return whether commits were noted as missing on this connection."""
    return isinstance(connection, GuardedConnection) and _LOST_COMMITS in connection.broken


def note_missing_rows(connection: sqlite3.Connection) -> None:
    """Note the tables that have fewer rows than were counted."""
    if not isinstance(connection, GuardedConnection) or not columns_of(connection, "stored"):
        return
    rows = select_facts(connection, "stored", ("counts",), "LIMIT 1")
    counts = _counts(connection)
    for name, count in stored_object("counts", rows[0][0]).items() if rows else ():
        if not isinstance(count, int):
            raise DamagedError("counts in table stored are no numbers")
        missing = count - counts.get(name, 0)
        if missing > 0:
            words = f"{missing:,} of {count:,} rows are missing in table {name[:60]}"
            connection.broken[name, -1] = BrokenFact(table=name, rowid=-1, words=words)
