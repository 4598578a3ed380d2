"""Read what an evolution stores into frozen records: generations, series, the scores of networks."""

import json
import sqlite3

from nnsize_engine.results.generations import Generations
from nnsize_engine.results.records import (
    EVALUATING_COLUMNS,
    GENERATION_COLUMNS,
    SCORES_COLUMNS,
    Evaluating,
    NetworkName,
    NetworkScores,
    SeriesResult,
)
from nnsize_engine.runs.database import has_table

MAX_READ_ROWS = 2000  # of generations, read at once; a screen waits for no more than a moment


def read_generations(connection: sqlite3.Connection, known: Generations | None = None) -> Generations:
    """Read the generations after those that are known, in order; all that are known then.

    The runs of earlier releases lack the columns of families.
    """
    found = known if known is not None else Generations()
    after = found[-1].number if found else -1
    stored = {name for _, name, *_ in connection.execute("PRAGMA table_info(generation)")}
    columns = ", ".join(name if name in stored else f"NULL AS {name}" for name in GENERATION_COLUMNS)
    rows = connection.execute(f"SELECT {columns} FROM generation WHERE number > ? ORDER BY number", (after,))
    while some := rows.fetchmany(MAX_READ_ROWS):  # a hundred thousand rows at once would take as much memory as objects
        found = found.with_rows(some)
    return found


def read_series_generations(
    connection: sqlite3.Connection, series: int, known: Generations | None = None
) -> Generations:
    """Read the generations of a series after those that are known; all that are known then."""
    found = known if known is not None else Generations()
    after = found[-1].number if found else -1
    rows = connection.execute(
        f"SELECT {', '.join(GENERATION_COLUMNS)} FROM series_generation WHERE series = ? AND number > ? "
        "ORDER BY number",
        (series, after),
    )
    while some := rows.fetchmany(MAX_READ_ROWS):
        found = found.with_rows(some)
    return found


def read_last_series(connection: sqlite3.Connection) -> int | None:
    """Read the number of the last series that has a generation; None if none has."""
    if not has_table(connection, "series_generation"):
        return None
    found: int | None = connection.execute("SELECT max(series) FROM series_generation").fetchone()[0]
    return found


def read_series_results(connection: sqlite3.Connection) -> dict[int, SeriesResult]:
    """Read how the series of a run ended, by their numbers; the runs of earlier releases have none."""
    if not has_table(connection, "series_result"):
        return {}
    rows = connection.execute("SELECT series, reason, value, scores FROM series_result ORDER BY series")
    return {
        series: SeriesResult(series=series, reason=reason, value=value, scores=NetworkScores(**json.loads(scores)))
        for series, reason, value, scores in rows
    }


def read_evaluating(connection: sqlite3.Connection) -> Evaluating | None:
    """Read how far the generation under way was a moment ago; None when there is none."""
    row = connection.execute(f"SELECT {', '.join(EVALUATING_COLUMNS)} FROM evaluating").fetchone()
    return None if row is None else Evaluating(**dict(zip(EVALUATING_COLUMNS, row, strict=True)))


def read_network_scores(connection: sqlite3.Connection) -> dict[NetworkName, NetworkScores]:
    """Read how good an evolution's networks are, as far as it has them."""
    stored = {name for _, name, *_ in connection.execute("PRAGMA table_info(network_scores)")}
    columns = ", ".join(name if name in stored else f"NULL AS {name}" for name in SCORES_COLUMNS)
    rows = connection.execute(f"SELECT {columns} FROM network_scores") if stored else ()
    found = [NetworkScores(**dict(zip(SCORES_COLUMNS, row, strict=True))) for row in rows]
    return {scores.name: scores for scores in found}
