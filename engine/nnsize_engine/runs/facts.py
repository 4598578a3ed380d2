"""Read stored facts: a row that is not what a runner stored is left out, and named.

A value that no runner writes, or a checksum that does not fit, says that a row is broken. What was read on a connection
and is broken is in its ``broken``. The header of a run alone is not left out: without it, nothing can be read.
"""

import math
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nnsize_engine.runs.checksums import FACTS, LOSS_CURVE, checksums_of
from nnsize_engine.runs.guarded import GuardedConnection
from nnsize_engine.runs.stored_values import CHECKS, DamagedError, shown_value
from nnsize_engine.settings.scorings import score_limits

_WORDS = {
    "run": ("its header", ()),
    "stored": ("the record of what is stored", ()),
    "fit": ("fit of", ("candidate", "fold")),
    LOSS_CURVE: ("loss curve of", ("candidate", "fold")),
    "score": ("score of", ("candidate", "fold", "name")),
    "unfinished": ("unfinished training of", ("candidate", "fold")),
    "final_test": ("final test of", ("candidate",)),
    "final_network": ("network of", ("candidate",)),
    "reference": ("reference", ("name", "fold")),
    "reference_score": ("score of", ("reference", "fold", "name")),
    "generation": ("generation", ("number",)),
    "series_generation": ("generation of", ("series", "number")),
    "series_result": ("result of", ("series",)),
    "network_scores": ("scores of network", ("name",)),
    "network": ("network", ("name",)),
    "encoder": ("the encoder of the table", ()),
}  # fmt: skip
"""How a fact is called, and the columns that tell it from others."""

_KEYS_OF_THEIR_OWN = frozenset({"number", "name"})
"""Columns whose values need no name beside them."""


_SCORES = frozenset({"test_score", "train_score"})
"""Columns that hold scores by the scoring of the run."""

_FURTHER_SCORES = frozenset({"test", "train"})
"""Columns that hold scores by a scoring that the row names."""

_OF_FURTHER_SCORINGS = frozenset({"score", "reference_score"})
"""Facts that name their scoring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenFact:
    """A row that is not what a runner stored."""

    table: str
    rowid: int
    words: str
    """What it is, and what is wrong with it."""


def select_facts(
    connection: sqlite3.Connection, fact: str, columns: Sequence[str], rest: str = "", values: Sequence[object] = ()
) -> list[tuple[Any, ...]]:
    """Read whole rows of a table; ``rest`` is what follows its name. Broken rows are left out, and named.

    Tables and columns that a run of an earlier version lacks are empty.

    Raises:
        DamagedError: it is the header that is broken.
    """
    return [row for part in select_fact_parts(connection, fact, columns, rest, values) for row in part]


def select_fact_parts(
    connection: sqlite3.Connection, fact: str, columns: Sequence[str], rest: str = "", values: Sequence[object] = (),
    count: int = 100_000,
) -> Iterator[list[tuple[Any, ...]]]:  # fmt: skip
    """Read as :func:`select_facts` does, ``count`` rows at a time.

    Raises:
        DamagedError: it is the header that is broken.
    """
    table, signature = place_of(fact)
    stored = columns_of(connection, table)
    if not stored:
        return
    own = [name for name in FACTS[fact] if name not in columns]
    names = (*columns, *own, signature)
    asked = [f"{table}.{name}" if name in stored else f"NULL AS {name}" for name in names]
    query = f"SELECT {table}.rowid, {', '.join(asked)} FROM {table} {rest}"
    for rows in _fetched(connection, query, values, count):
        whole = _whole_rows(connection, fact, names, rows, [name in stored for name in names])
        yield [row[1 : 1 + len(columns)] for row in whole]


def columns_of(connection: sqlite3.Connection, table: str) -> frozenset[str]:
    """Return the columns of a table; none of one that a run of an earlier version lacks."""
    known = connection.columns if isinstance(connection, GuardedConnection) else {}
    found = known.get(table)
    if found is None:
        rows = connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
        found = known[table] = frozenset(name for (name,) in rows)
    return found


def broken_facts(connection: sqlite3.Connection) -> tuple[BrokenFact, ...]:
    """Return what was found broken on a connection so far."""
    return tuple(connection.broken.values()) if isinstance(connection, GuardedConnection) else ()


def _fetched(
    connection: sqlite3.Connection, query: str, values: Sequence[object], count: int
) -> Iterator[list[tuple[Any, ...]]]:
    # A text whose bytes are no UTF-8 any more is a broken row, not the end of reading.
    connection.text_factory = _text
    try:
        rows = connection.execute(query, values)
        while some := rows.fetchmany(count):
            yield some
    finally:
        connection.text_factory = str


def _text(content: bytes) -> str:
    return content.decode(errors="surrogateescape")


def _whole_rows(
    connection: sqlite3.Connection, fact: str, names: Sequence[str], rows: list[tuple[Any, ...]], present: list[bool]
) -> list[tuple[Any, ...]]:
    """Return the rows that are whole, each as ``rowid`` and the columns called ``names``, and note the others."""
    covered = FACTS[fact]
    places = [names.index(name) + 1 for name in covered]
    expected = checksums_of(fact, covered, [[row[place] for place in places] for row in rows])
    may_lack = accepts_unsigned(connection)
    wrong = {
        place: "its checksum is another"
        for place, (row, checksum) in enumerate(zip(rows, expected, strict=True))
        if row[-1] != checksum and not (row[-1] is None and may_lack)
    }
    wrong |= _implausible(fact, names, rows, present)
    wrong |= _beyond_limits(connection, fact, names, rows)
    if not wrong:
        return rows
    for place, reason in wrong.items():
        _note(connection, fact, names, rows[place], reason)
    return [row for place, row in enumerate(rows) if place not in wrong]


def _implausible(
    fact: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]], present: Sequence[bool]
) -> dict[int, str]:
    """Return the places of rows with a value that no runner writes, and what it is."""
    checks = CHECKS["fit" if fact == LOSS_CURVE else fact]
    found = {}
    for column, (name, is_there) in enumerate(zip(names, present, strict=True), start=1):
        if is_there and checks[name].fault_in([row[column] for row in rows]):
            for place, row in enumerate(rows):
                if checks[name].fault_in((row[column],)):
                    found[place] = f"{name} is {shown_value(row[column])}; it must be {checks[name].words}"
    return found


def _beyond_limits(
    connection: sqlite3.Connection, fact: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> dict[int, str]:
    """Return the places of rows with a score that its scoring cannot give, and what it is."""
    held = _FURTHER_SCORES if fact in _OF_FURTHER_SCORINGS else _SCORES
    columns = [place for place, name in enumerate(names, start=1) if name in held]
    if not columns:
        return {}
    if fact in _OF_FURTHER_SCORINGS:
        scorings = [row[names.index("name") + 1] for row in rows]
    else:
        scorings = [connection.scoring if isinstance(connection, GuardedConnection) else None] * len(rows)
    limits = {name: score_limits(name) for name in set(scorings) if isinstance(name, str)}
    low = max((limit for limit, _ in limits.values()), default=-math.inf)
    high = min((limit for _, limit in limits.values()), default=math.inf)
    found = {}
    for column in columns:
        numbers = [row[column] for row in rows if isinstance(row[column], int | float)]
        if not numbers or low <= min(numbers) <= max(numbers) <= high:
            continue  # within the limits of all scorings
        for place, (row, scoring) in enumerate(zip(rows, scorings, strict=True)):
            score, (least, most) = row[column], limits.get(scoring, (-math.inf, math.inf))
            if isinstance(score, int | float) and not least <= score <= most:
                found[place] = f"{names[column - 1]} is {shown_value(score)}, which is no {scoring}"[:200]
    return found


def _note(connection: sqlite3.Connection, fact: str, names: Sequence[str], row: tuple[Any, ...], reason: str) -> None:
    called, keys = _WORDS[fact]
    values = dict(zip(names, row[1:], strict=True))
    parts = [
        shown_value(values[key]) if key in _KEYS_OF_THEIR_OWN else f"{key} {shown_value(values[key])}" for key in keys
    ]
    words = f"{' '.join([called, ', '.join(parts)]).strip()}: {reason}"
    if fact == "run" or not isinstance(connection, GuardedConnection):
        raise DamagedError(words)
    connection.broken[fact, row[0]] = BrokenFact(table=fact, rowid=row[0], words=words)


def accepts_unsigned(connection: sqlite3.Connection) -> bool:
    """Return whether facts of a run may lack a checksum, since an earlier version began it."""
    known = connection.accepts_unsigned if isinstance(connection, GuardedConnection) else None
    if known is None:
        known = _began_unsigned(connection)
        if isinstance(connection, GuardedConnection):
            connection.accepts_unsigned = known
    return known


def _began_unsigned(connection: sqlite3.Connection) -> bool:
    if not columns_of(connection, "stored"):
        return True
    columns = FACTS["stored"]
    rows = connection.execute(f"SELECT {', '.join(columns)}, checksum FROM stored LIMIT 1").fetchall()
    is_whole = bool(rows) and checksums_of("stored", columns, [rows[0][:-1]])[0] == rows[0][-1]
    return rows[0][columns.index("has_unsigned")] != 0 if is_whole else True


def sign_again(connection: sqlite3.Connection, fact: str) -> None:
    """Compute the checksums of a table anew, after rows that were whole were changed; rows without one get none."""
    table, signature = place_of(fact)
    columns = FACTS[fact]
    query = f"SELECT rowid, {', '.join(columns)} FROM {table} WHERE {signature} IS NOT NULL"
    rows = connection.execute(query).fetchall()  # all of them, because a query must not see its own changes
    checksums = checksums_of(fact, columns, [row[1:] for row in rows])
    signed = [(checksum, row[0]) for checksum, row in zip(checksums, rows, strict=True)]
    connection.executemany(f"UPDATE {table} SET {signature} = ? WHERE rowid = ?", signed)


def place_of(fact: str) -> tuple[str, str]:
    """Return the table of a fact, and the column of its checksum."""
    return ("fit", "curve_checksum") if fact == LOSS_CURVE else (fact, "checksum")
