"""Read what a search stores into frozen records: fits, references, final tests."""

import sqlite3
import struct
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import repeat
from typing import Any

from nnsize_engine.results.records import NetworkName, StoredNetwork
from nnsize_engine.results.references import REFERENCE_COLUMNS, ReferenceResult
from nnsize_engine.results.scores import Score
from nnsize_engine.results.search_records import (
    FINAL_COLUMNS,
    FIT_COLUMNS,
    PROGRESS_COLUMNS,
    FinalTest,
    FitProgress,
    FitResult,
)
from nnsize_engine.runs.checksums import LOSS_CURVE
from nnsize_engine.runs.facts import columns_of, select_fact_parts, select_facts, select_sound
from nnsize_engine.runs.reader import NETWORK_COLUMNS, network_of, read_network
from nnsize_engine.runs.stored_values import large_values

MAX_READ_ROWS = 2000
"""Rows of fits that are read at once: the values of 100,000 take tens of megabytes, which Python would keep."""

BEFORE_ALL = -(2**63)
"""The lowest number of a row: a runner counts from 1, and a flipped bit must hide no row."""


def read_fits(connection: sqlite3.Connection, after: int = BEFORE_ALL) -> tuple[list[FitResult], int]:
    """Read the fits stored after a number; also returns the highest number seen, to ask again with."""
    last: int = connection.execute("SELECT coalesce(max(rowid), ?) FROM fit", (after,)).fetchone()[0]
    if last <= after:
        return [], after
    scores = _read_scores(
        connection, "score", ("candidate", "fold"), "JOIN fit USING (candidate, fold) WHERE fit.rowid > ?", (after,)
    )
    fits: list[FitResult] = []
    known: dict[Any, Any] = {}
    for rows in select_fact_parts(
        connection, "fit", FIT_COLUMNS, "WHERE fit.rowid > ? ORDER BY fit.rowid", (after,), MAX_READ_ROWS
    ):
        fits += _fits(rows, scores, known)
    return fits, last


def _read_scores(
    connection: sqlite3.Connection, table: str, owner: Sequence[str], condition: str = "", values: Sequence[int] = ()
) -> dict[tuple[Any, ...], tuple[Score, ...]]:
    """Read scores by further scorings, by the columns of their owner; the runs of earlier releases have none."""
    count = len(owner)
    columns = (*owner, "name", "test", "train", "error")
    found: dict[tuple[Any, ...], tuple[Score, ...]] = {}
    for row in select_facts(connection, table, columns, f"{condition} ORDER BY {table}.rowid", values):
        name, test, train, error = row[count:]
        score = Score(name=name, test=test, train=train, error=error)
        found[row[:count]] = (*found.get(row[:count], ()), score)
    return found


_SETTERS = [vars(FitResult)[name].__set__ for name in (*FIT_COLUMNS, "further")]
"""Set one field of a fit each, without its ``__init__``."""


_OFTEN_EQUAL = ("candidate", "train_score")
"""Columns whose values many fits share: the folds of a candidate, and scores that are a share of few rows."""


def _fits(
    rows: Sequence[tuple[Any, ...]], scores: Mapping[tuple[Any, ...], tuple[Score, ...]], known: dict[Any, Any]
) -> list[FitResult]:
    """Return the fits in rows of :data:`FIT_COLUMNS`.

    There may be a hundred thousand, so they are made field by field: a frozen record's ``__init__`` takes three times
    as long. Equal values are one object, which ``known`` keeps for the rows that follow.
    """
    columns: dict[str, Iterable[Any]] = dict(zip(FIT_COLUMNS, zip(*rows, strict=True), strict=False))
    if rows:  # SQLite knows only numbers
        columns["has_converged"] = [None if value is None else bool(value) for value in columns["has_converged"]]
        for name in _OFTEN_EQUAL:
            columns[name] = [known.setdefault((name, value), value) for value in columns[name]]
    further: Iterable[Any] = [scores.get(row[:2], ()) for row in rows] if scores else repeat(())
    fits = [FitResult.__new__(FitResult) for _ in rows]
    for setter, values in zip(_SETTERS, (*columns.values(), further), strict=False):
        deque(map(setter, fits, values), maxlen=0)
    return fits


def read_under_way(connection: sqlite3.Connection) -> list[FitProgress]:
    """Read which fits are being trained, and how far each was a moment ago."""
    rows = select_sound(connection, "under_way", PROGRESS_COLUMNS, "ORDER BY fold, candidate")
    return [FitProgress(**dict(zip(PROGRESS_COLUMNS, row, strict=True))) for row in rows]


def read_unfinished(connection: sqlite3.Connection) -> list[tuple[int, int, float, bytes]]:
    """Read the trainings that were left: candidate, fold, seconds so far, state."""
    with large_values(connection):
        return select_facts(connection, "unfinished", ("candidate", "fold", "seconds", "state"))


def read_loss_curve(connection: sqlite3.Connection, candidate: int, fold: int) -> list[float]:
    """Read a finished fit's training loss by epoch; empty when there is none."""
    rest = "WHERE candidate = ? AND fold = ? AND loss_curve IS NOT NULL LIMIT 1"
    rows = select_facts(connection, LOSS_CURVE, ("loss_curve",), rest, (candidate, fold))
    if not rows:
        return []
    return [loss for (loss,) in struct.iter_unpack("<d", rows[0][0])]


def read_final_tests(connection: sqlite3.Connection) -> dict[int, FinalTest]:
    """Read the final tests by the number of their candidate; until version 2 there was that of the best alone."""
    rows = select_facts(connection, "final_test", FINAL_COLUMNS)
    scores = _read_scores(connection, "score", ("candidate",), "WHERE fold IS NULL")
    found = [FinalTest(**dict(zip(FINAL_COLUMNS, row, strict=True))) for row in rows]
    return {final.candidate: replace(final, further=scores.get((final.candidate,), ())) for final in found}


def read_references(connection: sqlite3.Connection) -> list[ReferenceResult]:
    """Read the references of a search, fold by fold; the runs of earlier releases have no such table."""
    rows = select_facts(connection, "reference", REFERENCE_COLUMNS, "ORDER BY fold, rowid")
    scores = _read_scores(connection, "reference_score", ("reference", "fold"))
    found = [ReferenceResult(**dict(zip(REFERENCE_COLUMNS, row, strict=True))) for row in rows]
    return [replace(result, further=scores.get((result.name, result.fold), ())) for result in found]


def read_final_network(connection: sqlite3.Connection, candidate: int, name: NetworkName) -> StoredNetwork | None:
    """Read the network of a candidate's final test, and call it by a name; None if there is none.

    Until version 2, the network of the one final test was stored by the name of the best.
    """
    if not columns_of(connection, "final_network"):
        return read_network(connection, "best") if candidate in read_final_tests(connection) else None
    with large_values(connection):
        rows = select_facts(connection, "final_network", NETWORK_COLUMNS, "WHERE candidate = ? LIMIT 1", (candidate,))
    return network_of(name, rows[0]) if rows else None
