"""Read what a search stores into frozen records: fits, references, final tests."""

import sqlite3
import struct
from collections.abc import Mapping, Sequence
from dataclasses import replace
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
from nnsize_engine.runs.database import has_table
from nnsize_engine.runs.reader import network_of, read_network


def read_fits(connection: sqlite3.Connection, after: int = 0) -> tuple[list[FitResult], int]:
    """Read the fits stored after a number; also returns the highest number seen, to ask again with."""
    rows = connection.execute(
        f"SELECT number, {', '.join(FIT_COLUMNS)} FROM fit WHERE number > ? ORDER BY number", (after,)
    ).fetchall()
    if not rows:
        return [], after
    scores = _read_scores(
        connection, "score", "candidate, fold", "JOIN fit USING (candidate, fold) WHERE fit.number > ?", (after,)
    )
    return [_fit(row[1:], scores) for row in rows], rows[-1][0]


def _read_scores(
    connection: sqlite3.Connection, table: str, owner: str, condition: str = "", values: Sequence[int] = ()
) -> dict[tuple[Any, ...], tuple[Score, ...]]:
    """Read scores by further scorings, by the columns of their owner; the runs of earlier releases have none."""
    if not has_table(connection, table):
        return {}
    count = owner.count(",") + 1
    columns = "score.name, score.test, score.train, score.error"
    found: dict[tuple[Any, ...], tuple[Score, ...]] = {}
    rows = connection.execute(
        f"SELECT {owner}, {columns} FROM {table} AS score {condition} ORDER BY score.rowid", values
    )
    for row in rows:
        name, test, train, error = row[count:]
        score = Score(name=name, test=test, train=train, error=error)
        found[row[:count]] = (*found.get(row[:count], ()), score)
    return found


def _fit(row: Sequence[Any], scores: Mapping[tuple[Any, ...], tuple[Score, ...]]) -> FitResult:
    values = dict(zip(FIT_COLUMNS, row, strict=True))
    values["further"] = scores.get((values["candidate"], values["fold"]), ())
    if values["has_converged"] is not None:
        values["has_converged"] = bool(values["has_converged"])  # SQLite knows only numbers
    return FitResult(**values)


def read_under_way(connection: sqlite3.Connection) -> list[FitProgress]:
    """Read which fits are being trained, and how far each was a moment ago."""
    rows = connection.execute(f"SELECT {', '.join(PROGRESS_COLUMNS)} FROM under_way ORDER BY fold, candidate")
    return [FitProgress(**dict(zip(PROGRESS_COLUMNS, row, strict=True))) for row in rows]


def read_unfinished(connection: sqlite3.Connection) -> list[tuple[int, int, float, bytes]]:
    """Read the trainings that were left: candidate, fold, seconds so far, state."""
    return connection.execute("SELECT candidate, fold, seconds, state FROM unfinished").fetchall()


def read_loss_curve(connection: sqlite3.Connection, candidate: int, fold: int) -> list[float]:
    """Read a finished fit's training loss by epoch; empty when there is none."""
    row = connection.execute(
        "SELECT loss_curve FROM fit WHERE candidate = ? AND fold = ?", (candidate, fold)
    ).fetchone()
    if row is None or row[0] is None:
        return []
    return [loss for (loss,) in struct.iter_unpack("<d", row[0])]


def read_final_tests(connection: sqlite3.Connection) -> dict[int, FinalTest]:
    """Read the final tests by the number of their candidate; until version 2 there was that of the best alone."""
    rows = connection.execute(f"SELECT {', '.join(FINAL_COLUMNS)} FROM final_test")
    scores = _read_scores(connection, "score", "candidate", "WHERE fold IS NULL")
    found = [FinalTest(**dict(zip(FINAL_COLUMNS, row, strict=True))) for row in rows]
    return {final.candidate: replace(final, further=scores.get((final.candidate,), ())) for final in found}


def read_references(connection: sqlite3.Connection) -> list[ReferenceResult]:
    """Read the references of a search, fold by fold; the runs of earlier releases have no such table."""
    if not has_table(connection, "reference"):
        return []
    rows = connection.execute(f"SELECT {', '.join(REFERENCE_COLUMNS)} FROM reference ORDER BY fold, rowid")
    scores = _read_scores(connection, "reference_score", "reference, fold")
    found = [ReferenceResult(**dict(zip(REFERENCE_COLUMNS, row, strict=True))) for row in rows]
    return [replace(result, further=scores.get((result.name, result.fold), ())) for result in found]


def read_final_network(connection: sqlite3.Connection, candidate: int, name: NetworkName) -> StoredNetwork | None:
    """Read the network of a candidate's final test, and call it by a name; None if there is none.

    Until version 2, the network of the one final test was stored by the name of the best.
    """
    if not has_table(connection, "final_network"):
        return read_network(connection, "best") if candidate in read_final_tests(connection) else None
    row = connection.execute(
        "SELECT steps, weights, facts FROM final_network WHERE candidate = ?", (candidate,)
    ).fetchone()
    return None if row is None else network_of(name, row)
