"""Read a run file into frozen records."""

import sqlite3
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
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
from nnsize_engine.runs.checksums import FACTS, LOSS_CURVE
from nnsize_engine.runs.facts import columns_of, select_fact_parts, select_facts
from nnsize_engine.runs.guarded import GuardedConnection
from nnsize_engine.runs.stored_objects import read_record, stored_object
from nnsize_engine.runs.stored_values import DamagedError, large_values, select
from nnsize_engine.settings.run import Kind, RunSettings, by_kind, settings_from_json

MAX_READ_ROWS = 2000  # of generations, read at once; a screen waits for no more than a moment

WEIGHT_BYTES = 8  # of a stored weight, float64

MAX_REASON = 500  # characters of the reason why settings are refused

MAX_GENERATION = 10**9  # a higher number is a broken one

_DONE_OF_SERIES = (
    "(SELECT max(number) AS last FROM series_generation WHERE typeof(number) = 'integer' AND "
    f"number BETWEEN 0 AND {MAX_GENERATION} GROUP BY series) AS series_generation",
    ("coalesce(sum(last), 0) AS number",),
)
"""Counts the generations of a run that compares strategies."""

MAX_BROKEN_LAST = 100  # generations at the end of which one must be whole, to tell how many are done


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
    rows = select_facts(connection, "run", FACTS["run"], "LIMIT 1")
    if not rows:
        raise StoreError("the run file holds no run")
    run_id, kind, created, settings, state, reason, total, workers, active_seconds, data, versions = rows[0]
    try:
        parsed = settings_from_json(settings, kind)
    except SettingsError as error:
        reason = str(error)  # it may quote settings of any length
        shown = reason if len(reason) <= MAX_REASON else f"{reason[:MAX_REASON]}..."
        raise StoreError(f"run {run_id} cannot be read: {shown}") from error
    if isinstance(connection, GuardedConnection):
        connection.scoring = parsed.final_scoring
    runners = select(connection, "runner", ("pid", "process_start", "host", "heartbeat"), "LIMIT 1")
    runner = runners[0] if runners else None
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
        data=read_record(DataFacts, stored_object("data", data)) if data else None,
        versions=_versions(versions) if versions else {},
        runner=ProcessIdentity(pid=runner[0], start=runner[1], host=runner[2]) if runner else None,
        heartbeat=runner[3] if runner else None,
    )


def read_created(connection: sqlite3.Connection) -> float:
    """Read the time at which a run was created; 0 for a file without a run."""
    rows = select_facts(connection, "run", ("created",), "LIMIT 1")
    return rows[0][0] if rows else 0.0


def _versions(text: str) -> Mapping[str, str]:
    found = stored_object("versions", text)
    if not all(isinstance(version, str) for version in found.values()):
        raise DamagedError("versions in table run is no object of texts")
    return found


def _done(connection: sqlite3.Connection, kind: Kind) -> int:
    return _COUNT_DONE[kind](connection)


def _fits_done(connection: sqlite3.Connection) -> int:
    done: int = select(connection, "fit", ("count(*) AS number",))[0][0]
    return done


def _generations_done(connection: sqlite3.Connection) -> int:
    last: list[tuple[int]] = []
    for count in (1, MAX_BROKEN_LAST):  # one, unless it is broken
        last = last or select_facts(connection, "generation", ("number",), f"ORDER BY number DESC LIMIT {count}")
    done = last[0][0] if last else 0
    if done == 0 and columns_of(connection, "series_generation"):
        done = select(connection, *_DONE_OF_SERIES)[0][0]
    return done


_COUNT_DONE = by_kind(size=_fits_done, evolution=_generations_done)
"""Counts the steps that a run of each kind has done."""


def read_fits(connection: sqlite3.Connection, after: int = 0) -> tuple[list[FitResult], int]:
    """Read the fits stored after a number; also returns the highest number seen, to ask again with."""
    last: int = select(connection, "fit", ("coalesce(max(number), 0) AS number",))[0][0]
    if last <= after:
        return [], after
    rows = select_facts(connection, "fit", FIT_COLUMNS, "WHERE number > ? ORDER BY number", (after,))
    scores = _read_scores(
        connection, "score", ("candidate", "fold"), "JOIN fit USING (candidate, fold) WHERE fit.number > ?", (after,)
    )
    return [_fit(row, scores) for row in rows], last


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


def _fit(row: Sequence[Any], scores: Mapping[tuple[Any, ...], tuple[Score, ...]]) -> FitResult:
    # Written out, because there may be a hundred thousand fits: a dictionary of each takes twice the time.
    candidate, fold, test_score, train_score, fit_seconds, score_seconds, iterations, has_converged, error = row
    return FitResult(
        candidate=candidate,
        fold=fold,
        test_score=test_score,
        train_score=train_score,
        fit_seconds=fit_seconds,
        score_seconds=score_seconds,
        iterations=iterations,
        has_converged=None if has_converged is None else bool(has_converged),  # SQLite knows only numbers
        error=error,
        further=scores.get((candidate, fold), ()) if scores else (),
    )


def read_under_way(connection: sqlite3.Connection) -> list[FitProgress]:
    """Read which fits are being trained, and how far each was a moment ago."""
    rows = select(connection, "under_way", PROGRESS_COLUMNS, "ORDER BY fold, candidate")
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
    rows = select_facts(connection, "series_generation", ("series",), "ORDER BY series DESC LIMIT 1")
    return rows[0][0] if rows else None


def read_series_results(connection: sqlite3.Connection) -> dict[int, SeriesResult]:
    """Read how the series of a run ended, by their numbers; the runs of earlier releases have none."""
    rows = select_facts(connection, "series_result", ("series", "reason", "value", "scores"), "ORDER BY series")
    return {
        series: SeriesResult(
            series=series,
            reason=reason,
            value=value,
            scores=read_record(NetworkScores, stored_object("scores", scores)),
        )
        for series, reason, value, scores in rows
    }


def read_evaluating(connection: sqlite3.Connection) -> Evaluating | None:
    """Read how far the generation under way was a moment ago; None when there is none."""
    rows = select(connection, "evaluating", EVALUATING_COLUMNS, "LIMIT 1")
    row = rows[0] if rows else None
    return None if row is None else Evaluating(**dict(zip(EVALUATING_COLUMNS, row, strict=True)))


def read_network_scores(connection: sqlite3.Connection) -> dict[NetworkName, NetworkScores]:
    """Read how good an evolution's networks are, as far as it has them."""
    rows = select_facts(connection, "network_scores", SCORES_COLUMNS)
    found = [NetworkScores(**dict(zip(SCORES_COLUMNS, row, strict=True))) for row in rows]
    return {scores.name: scores for scores in found}


def read_network(connection: sqlite3.Connection, name: NetworkName) -> StoredNetwork | None:
    """Read an evolution's network of a name; None while there is none.

    The runs of earlier releases may have no such table in their file.
    """
    with large_values(connection):
        rows = select_facts(connection, "network", _NETWORK_COLUMNS, "WHERE name = ? LIMIT 1", (name,))
    return _network(name, rows[0]) if rows else None


def read_final_network(connection: sqlite3.Connection, candidate: int, name: NetworkName) -> StoredNetwork | None:
    """Read the network of a candidate's final test, and call it by a name; None if there is none.

    Until version 2, the network of the one final test was stored by the name of the best.
    """
    if not columns_of(connection, "final_network"):
        return read_network(connection, "best") if candidate in read_final_tests(connection) else None
    with large_values(connection):
        rows = select_facts(connection, "final_network", _NETWORK_COLUMNS, "WHERE candidate = ? LIMIT 1", (candidate,))
    return _network(name, rows[0]) if rows else None


_NETWORK_COLUMNS = ("steps", "weights", "facts")


def _network(name: NetworkName, row: Sequence[Any]) -> StoredNetwork:
    steps, weights, text = row
    facts = dict(stored_object("facts", text))
    training = facts.pop("training", None)
    facts |= {"name": name, "steps": steps, "weights": weights}
    if training is not None:
        facts["training"] = read_record(Training, training)
    network = read_record(StoredNetwork, facts)
    expected = sum((inputs + 1) * outputs for inputs, outputs in pairwise(network.units))
    if len(network.units) < 2 or min(network.units) < 1 or len(weights) != WEIGHT_BYTES * expected:
        shown = "-".join(map(str, network.units))[:60]
        raise DamagedError(
            f"a network of units {shown} has {expected:,} weights, and {len(weights):,} bytes are stored"
        )
    return network


def read_encoder(connection: sqlite3.Connection) -> bytes:
    """Read how rows of the user's table become inputs; empty for built-in data.

    The runs of earlier releases, all on built-in data, may have no such table in their file.
    """
    with large_values(connection):
        rows = select_facts(connection, "encoder", ("content",), "LIMIT 1")
    return rows[0][0] if rows else b""


def read_log(connection: sqlite3.Connection, after: int = 0) -> list[LogLine]:
    """Read the log lines stored after a number."""
    columns = ("number", "time", "level", "text")
    rows = select(connection, "log", columns, "WHERE number > ? ORDER BY number", (after,))
    return [LogLine(number=number, time=moment, level=level, text=text) for number, moment, level, text in rows]
