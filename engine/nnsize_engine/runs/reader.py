"""Read a run file into frozen records."""

import json
import sqlite3
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nnsize_engine.errors import SettingsError, StoreError
from nnsize_engine.processes.identity import ProcessIdentity
from nnsize_engine.results.generations import Generations
from nnsize_engine.results.records import (
    EVALUATING_COLUMNS,
    FINAL_COLUMNS,
    FIT_COLUMNS,
    GENERATION_COLUMNS,
    PROGRESS_COLUMNS,
    SCORES_COLUMNS,
    DataFacts,
    Evaluating,
    FinalTest,
    FitProgress,
    FitResult,
    LogLine,
    NetworkName,
    NetworkScores,
    SeriesResult,
    State,
    StoredNetwork,
    Training,
)
from nnsize_engine.results.references import REFERENCE_COLUMNS, ReferenceResult
from nnsize_engine.results.scores import Score
from nnsize_engine.settings.run import Kind, RunSettings, by_kind, settings_from_json

MAX_READ_ROWS = 2000  # of generations, read at once; a screen waits for no more than a moment

_DONE = by_kind(
    size="SELECT count(*) FROM fit",
    evolution="SELECT coalesce(max(number), 0) FROM generation",
)
"""Counts the steps that a run of each kind has done."""

_DONE_OF_SERIES = (
    "SELECT coalesce(sum(last), 0) FROM (SELECT max(number) AS last FROM series_generation GROUP BY series)"
)
"""Counts the generations of a run that compares strategies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHeader:
    """Everything about a run but its results."""

    id: str
    kind: Kind
    created: float
    settings: RunSettings
    state: State
    """As stored; see :func:`nnsize_engine.runs.folders.seen_state` for what it means now."""

    reason: str | None
    total: int
    """Fits of the whole search, or the most generations of an evolution: it may be finished with fewer."""

    done: int
    """Fits that ended, or the number of the last generation that did; 0 when none has."""

    workers: int | None
    active_seconds: float
    data: DataFacts | None
    versions: Mapping[str, str]
    runner: ProcessIdentity | None
    heartbeat: float | None


def read_header(connection: sqlite3.Connection) -> RunHeader:
    """Read everything about a run but its results.

    Raises:
        StoreError: the stored settings are not ones this release accepts.
    """
    row = connection.execute(
        "SELECT id, kind, created, settings, state, reason, total, workers, active_seconds, data, versions FROM run"
    ).fetchone()
    if row is None:
        raise StoreError("the run file holds no run")
    run_id, kind, created, settings, state, reason, total, workers, active_seconds, data, versions = row
    try:
        parsed = settings_from_json(settings, kind)
    except SettingsError as error:
        raise StoreError(f"run {run_id} cannot be read: {error}") from error
    runner = connection.execute("SELECT pid, process_start, host, heartbeat FROM runner").fetchone()
    return RunHeader(
        id=run_id,
        kind=parsed.kind,
        created=created,
        settings=parsed,
        state=state,
        reason=reason,
        total=total,
        done=_done(connection, parsed.kind),
        workers=workers,
        active_seconds=active_seconds,
        data=DataFacts(**json.loads(data)) if data else None,
        versions=json.loads(versions) if versions else {},
        runner=ProcessIdentity(pid=runner[0], start=runner[1], host=runner[2]) if runner else None,
        heartbeat=runner[3] if runner else None,
    )


def _done(connection: sqlite3.Connection, kind: Kind) -> int:
    done: int = connection.execute(_DONE[kind]).fetchone()[0]
    if kind == "evolution" and done == 0 and _has_table(connection, "series_generation"):
        done = connection.execute(_DONE_OF_SERIES).fetchone()[0]
    return done


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
    if not _has_table(connection, table):
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
    if not _has_table(connection, "reference"):
        return []
    rows = connection.execute(f"SELECT {', '.join(REFERENCE_COLUMNS)} FROM reference ORDER BY fold, rowid")
    scores = _read_scores(connection, "reference_score", "reference, fold")
    found = [ReferenceResult(**dict(zip(REFERENCE_COLUMNS, row, strict=True))) for row in rows]
    return [replace(result, further=scores.get((result.name, result.fold), ())) for result in found]


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
    if not _has_table(connection, "series_generation"):
        return None
    found: int | None = connection.execute("SELECT max(series) FROM series_generation").fetchone()[0]
    return found


def read_series_results(connection: sqlite3.Connection) -> dict[int, SeriesResult]:
    """Read how the series of a run ended, by their numbers; the runs of earlier releases have none."""
    if not _has_table(connection, "series_result"):
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


def read_network(connection: sqlite3.Connection, name: NetworkName) -> StoredNetwork | None:
    """Read an evolution's network of a name; None while there is none.

    The runs of earlier releases may have no such table in their file.
    """
    if not _has_table(connection, "network"):
        return None
    row = connection.execute("SELECT steps, weights, facts FROM network WHERE name = ?", (name,)).fetchone()
    return None if row is None else _network(name, row)


def read_final_network(connection: sqlite3.Connection, candidate: int, name: NetworkName) -> StoredNetwork | None:
    """Read the network of a candidate's final test, and call it by a name; None if there is none.

    Until version 2, the network of the one final test was stored by the name of the best.
    """
    if not _has_table(connection, "final_network"):
        return read_network(connection, "best") if candidate in read_final_tests(connection) else None
    row = connection.execute(
        "SELECT steps, weights, facts FROM final_network WHERE candidate = ?", (candidate,)
    ).fetchone()
    return None if row is None else _network(name, row)


def _network(name: NetworkName, row: Sequence[Any]) -> StoredNetwork:
    facts = json.loads(row[2])
    lists = {name: tuple(value) for name, value in facts.items() if isinstance(value, list)}  # JSON knows no tuples
    training = facts.pop("training", None)
    return StoredNetwork(
        name=name, steps=row[0], weights=row[1], training=_training(training) if training else None, **(facts | lists)
    )


def _training(facts: Mapping[str, Any]) -> Training:
    scores = facts["validation_scores"]
    lists = {
        "loss_curve": tuple(facts["loss_curve"]),
        "validation_scores": None if scores is None else tuple(scores),
    }
    return Training(**{**facts, **lists})


def _has_table(connection: sqlite3.Connection, name: str) -> bool:
    found: int = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
    return found > 0


def read_encoder(connection: sqlite3.Connection) -> bytes:
    """Read how rows of the user's table become inputs; empty for built-in data.

    The runs of earlier releases, all on built-in data, may have no such table in their file.
    """
    if not _has_table(connection, "encoder"):
        return b""
    row = connection.execute("SELECT content FROM encoder").fetchone()
    return b"" if row is None else row[0]


def read_log(connection: sqlite3.Connection, after: int = 0) -> list[LogLine]:
    """Read the log lines stored after a number."""
    rows = connection.execute("SELECT number, time, level, text FROM log WHERE number > ? ORDER BY number", (after,))
    return [LogLine(number=number, time=moment, level=level, text=text) for number, moment, level, text in rows]
