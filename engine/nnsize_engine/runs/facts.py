"""Read stored facts: a row that is not what a runner stored is left out, and named.

A value that no runner writes, or a checksum that does not fit, says that a row is broken. What was read on a connection
and is broken is in its ``broken``. The header of a run alone is not left out: without it, nothing can be read.
"""

import math
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import itemgetter
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
    "watched_candidate": ("candidate", ("number",)),
    "reference": ("reference", ("name", "fold")),
    "reference_score": ("score of", ("reference", "fold", "name")),
    "generation": ("generation", ("number",)),
    "series_generation": ("generation of", ("series", "number")),
    "series_result": ("result of", ("series",)),
    "network_scores": ("scores of network", ("name",)),
    "network": ("network", ("name",)),
    "encoder": ("the encoder of the table", ()),
    "runner": ("the record of its runner", ()),
    "log": ("line of the log", ("number",)),
    "under_way": ("progress of", ("candidate", "fold")),
    "evaluating": ("progress of", ("generation",)),
}  # fmt: skip
"""How a fact is called, and the columns that tell it from others."""

_KEYS_OF_THEIR_OWN = frozenset({"number", "name"})
"""Columns whose values need no name beside them."""


_SCORES = frozenset({"test_score", "train_score"})
"""Columns that hold scores by the scoring of the run."""

_FURTHER_SCORES = frozenset({"test", "train"})
"""Columns that hold scores by a scoring that the row names."""

_NUMBERS = frozenset({int, float})

_OF_FURTHER_SCORINGS = frozenset({"score", "reference_score"})
"""Facts that name their scoring."""


MAX_ROWS = 100_000  # that are read and checked at once; a hundred bytes each


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
    count: int = MAX_ROWS,
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
    query = f"SELECT {', '.join(asked)}, {table}.rowid FROM {table} {rest}"
    for rows in _fetched(connection, query, values, count):
        broken = _broken_rows(connection, fact, names, rows, [name in stored for name in names])
        whole = [row for place, row in enumerate(rows) if place not in broken] if broken else rows
        yield list(map(itemgetter(slice(len(columns))), whole))


def select_sound(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], rest: str = "", values: Sequence[object] = ()
) -> list[tuple[Any, ...]]:
    """Read rows of a table without checksums, such as the log; implausible rows are left out, and named."""
    query = f"SELECT {', '.join(columns)}, rowid FROM {table} {rest}"
    rows = [row for part in _fetched(connection, query, values, MAX_ROWS) for row in part]
    found = dict(zip(columns, zip(*rows, strict=True), strict=False))
    wrong = _implausible(table, found) | _out_of_range(connection, table, found)
    for place, reason in wrong.items():
        _note(connection, table, columns, rows[place], reason)
    return [row[:-1] for place, row in enumerate(rows) if place not in wrong]


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
    rows = connection.execute(query, values)
    while some := rows.fetchmany(count):
        yield some


def _broken_rows(
    connection: sqlite3.Connection, fact: str, names: Sequence[str], rows: list[tuple[Any, ...]], present: list[bool]
) -> frozenset[int]:
    """Return the places of rows that are broken, and note them; each row has the columns called ``names``, and its id.

    All is checked column by column, because a loop over a hundred thousand rows takes a hundredth of a second.
    """
    values = dict(zip(names, zip(*rows, strict=True), strict=False))
    covered = FACTS[fact]
    expected = checksums_of(fact, covered, [values[name] for name in covered])
    checksums = values[names[-1]]
    wrong = {}
    if expected != list(checksums):
        may_lack = accepts_unsigned(connection)
        wrong = {
            place: "its checksum is another"
            for place, (one, checksum) in enumerate(zip(checksums, expected, strict=True))
            if one != checksum and not (one is None and may_lack)
        }
    wrong |= _implausible(fact, {name: values[name] for name, is_there in zip(names, present, strict=True) if is_there})
    wrong |= _out_of_range(connection, fact, values)
    wrong |= _beyond_limits(connection, fact, values)
    for place, reason in wrong.items():
        _note(connection, fact, names, rows[place], reason)
    return frozenset(wrong)


def _implausible(fact: str, values: Mapping[str, Sequence[Any]]) -> dict[int, str]:
    """Return the places of rows with a value that no runner writes, and what it is."""
    checks = CHECKS["fit" if fact == LOSS_CURVE else fact]
    found = {}
    for name, column in values.items():
        if checks[name].fault_in(column):
            for place, value in enumerate(column):
                if checks[name].fault_in((value,)):
                    found[place] = f"{name} is {shown_value(value)}; it must be {checks[name].words}"
    return found


def _out_of_range(connection: sqlite3.Connection, fact: str, values: Mapping[str, Sequence[Any]]) -> dict[int, str]:
    """Return the places of rows about a candidate, fold or series that the run does not have."""
    limits = connection.limits.get(fact, {}) if isinstance(connection, GuardedConnection) else {}
    found = {}
    for name, limit in limits.items():
        column = values.get(name, ())
        numbers = column if set(map(type, column)) == {int} else [one for one in column if isinstance(one, int)]
        if numbers and max(numbers) >= limit:
            for place, value in enumerate(column):
                if isinstance(value, int) and value >= limit:
                    found[place] = f"{name} is {shown_value(value)}; that of this run is from 0 to {limit - 1}"
    return found


def _beyond_limits(connection: sqlite3.Connection, fact: str, values: Mapping[str, Sequence[Any]]) -> dict[int, str]:
    """Return the places of rows with a score that its scoring cannot give, and what it is."""
    is_further = fact in _OF_FURTHER_SCORINGS
    columns = values.keys() & (_FURTHER_SCORES if is_further else _SCORES)
    if not columns or (isinstance(connection, GuardedConnection) and connection.has_foreign_scores):
        return {}
    scoring = connection.scoring if isinstance(connection, GuardedConnection) else None
    scorings: Sequence[Any] = values["name"] if is_further else (scoring,)
    limits = {name: score_limits(name) for name in set(scorings) if isinstance(name, str)}
    low = max((limit for limit, _ in limits.values()), default=-math.inf)
    high = min((limit for _, limit in limits.values()), default=math.inf)
    found = {}
    for column in sorted(columns):
        scores = values[column]
        numbers = (
            scores if set(map(type, scores)) <= _NUMBERS else [one for one in scores if isinstance(one, int | float)]
        )
        if not numbers or low <= min(numbers) <= max(numbers) <= high:
            continue  # within the limits of all scorings
        for place, (score, by) in enumerate(zip(scores, scorings if is_further else repeat(scoring), strict=False)):
            least, most = limits.get(by, (-math.inf, math.inf))
            if isinstance(score, int | float) and not least <= score <= most:
                found[place] = f"{column} is {shown_value(score)}, which is no {by}"[:200]
    return found


def _note(connection: sqlite3.Connection, fact: str, names: Sequence[str], row: tuple[Any, ...], reason: str) -> None:
    called, keys = _WORDS[fact]
    values = dict(zip(names, row, strict=False))
    parts = [
        shown_value(values[key]) if key in _KEYS_OF_THEIR_OWN else f"{key} {shown_value(values[key])}" for key in keys
    ]
    note_broken(connection, fact, row[-1], f"{' '.join([called, ', '.join(parts)]).strip()}: {reason}")


def note_broken(connection: sqlite3.Connection, fact: str, rowid: int, words: str) -> None:
    """Note that a row is broken.

    Raises:
        DamagedError: it is the header.
    """
    if fact == "run" or not isinstance(connection, GuardedConnection):
        raise DamagedError(words)
    connection.broken[fact, rowid] = BrokenFact(table=fact, rowid=rowid, words=words)


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
    is_whole = bool(rows) and checksums_of("stored", columns, [(value,) for value in rows[0][:-1]]) == [rows[0][-1]]
    return rows[0][columns.index("has_unsigned")] != 0 if is_whole else True


def sign_again(connection: sqlite3.Connection, fact: str) -> None:
    """Compute the checksums of a table anew, after rows that were whole were changed; rows without one get none."""
    table, signature = place_of(fact)
    columns = FACTS[fact]
    query = f"SELECT rowid, {', '.join(columns)} FROM {table} WHERE {signature} IS NOT NULL"
    rows = connection.execute(query).fetchall()  # all of them, because a query must not see its own changes
    if not rows:
        return
    checksums = checksums_of(fact, columns, list(zip(*rows, strict=True))[1:])
    signed = [(checksum, row[0]) for checksum, row in zip(checksums, rows, strict=True)]
    connection.executemany(f"UPDATE {table} SET {signature} = ? WHERE rowid = ?", signed)


def place_of(fact: str) -> tuple[str, str]:
    """Return the table of a fact, and the column of its checksum."""
    return ("fit", "curve_checksum") if fact == LOSS_CURVE else (fact, "checksum")
