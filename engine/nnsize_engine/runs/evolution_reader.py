"""Read what an evolution stores into frozen records: generations, series, the scores of networks."""

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
from nnsize_engine.runs.facts import note_broken, select_fact_parts, select_facts, select_sound
from nnsize_engine.runs.reader import MAX_BROKEN_LAST
from nnsize_engine.runs.stored_objects import read_record, stored_object
from nnsize_engine.runs.stored_values import DamagedError

MAX_READ_ROWS = 2000  # of generations, read at once; a screen waits for no more than a moment


def read_generations(connection: sqlite3.Connection, known: Generations | None = None) -> Generations:
    """Read the generations after those that are known, in order; all that are known then.

    The runs of earlier releases lack the columns of families.
    """
    found = known if known is not None else Generations()
    after = found[-1].number if found else -1
    # A hundred thousand rows at once would take as much memory as objects.
    for some in select_fact_parts(
        connection, "generation", GENERATION_COLUMNS, "WHERE number > ? ORDER BY number", (after,), MAX_READ_ROWS
    ):
        found = found.with_rows(some)
    return found


def read_series_generations(
    connection: sqlite3.Connection, series: int, known: Generations | None = None
) -> Generations:
    """Read the generations of a series after those that are known; all that are known then."""
    found = known if known is not None else Generations()
    after = found[-1].number if found else -1
    rest, values = "WHERE series = ? AND number > ? ORDER BY number", (series, after)
    for some in select_fact_parts(connection, "series_generation", GENERATION_COLUMNS, rest, values, MAX_READ_ROWS):
        found = found.with_rows(some)
    return found


def read_last_series(connection: sqlite3.Connection) -> int | None:
    """Read the number of the last series that has a generation; None if none has."""
    for count in (1, MAX_BROKEN_LAST):  # one, unless it is broken
        rows = select_facts(connection, "series_generation", ("series",), f"ORDER BY series DESC LIMIT {count}")
        if rows:
            return int(rows[0][0])
    return None


def read_series_results(connection: sqlite3.Connection) -> dict[int, SeriesResult]:
    """Read how the series of a run ended, by their numbers; the runs of earlier releases have none."""
    rows = select_facts(connection, "series_result", ("series", "reason", "value", "scores"), "ORDER BY series")
    found = {}
    for series, reason, value, text in rows:
        try:
            scores = read_record(NetworkScores, stored_object("scores", text))
        except DamagedError as error:
            rowid = connection.execute("SELECT rowid FROM series_result WHERE series = ?", (series,)).fetchone()[0]
            note_broken(connection, "series_result", rowid, f"result of series {series}: {error}")
        else:
            found[series] = SeriesResult(series=series, reason=reason, value=value, scores=scores)
    return found


def read_evaluating(connection: sqlite3.Connection) -> Evaluating | None:
    """Read how far the generation under way was a moment ago; None when there is none."""
    rows = select_sound(connection, "evaluating", EVALUATING_COLUMNS, "LIMIT 1")
    row = rows[0] if rows else None
    return None if row is None else Evaluating(**dict(zip(EVALUATING_COLUMNS, row, strict=True)))


def read_network_scores(connection: sqlite3.Connection) -> dict[NetworkName, NetworkScores]:
    """Read how good an evolution's networks are, as far as it has them."""
    rows = select_facts(connection, "network_scores", SCORES_COLUMNS)
    found = [NetworkScores(**dict(zip(SCORES_COLUMNS, row, strict=True))) for row in rows]
    return {scores.name: scores for scores in found}
