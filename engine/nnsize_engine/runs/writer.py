"""Write into a run file, inside a :func:`nnsize_engine.runs.database.transaction`; only the runner does."""

import json
import math
import sqlite3
import struct
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from nnsize_engine.processes.identity import ProcessIdentity
from nnsize_engine.results.records import (
    EVALUATING_COLUMNS,
    DataFacts,
    Evaluating,
    GenerationResult,
    NetworkScores,
    SeriesResult,
    State,
    StoredNetwork,
)
from nnsize_engine.results.references import ReferenceResult
from nnsize_engine.results.scores import Score
from nnsize_engine.results.search_records import (
    PROGRESS_COLUMNS,
    FinalTest,
    FitProgress,
    FitResult,
)
from nnsize_engine.results.watched import WatchedCandidate
from nnsize_engine.runs.checksums import FACTS, LOSS_CURVE, checksum_of
from nnsize_engine.runs.facts import select_facts
from nnsize_engine.runs.stored_values import DamagedError


def add_fits(connection: sqlite3.Connection, fits: Iterable[FitResult]) -> None:
    """Store finished fits with all their scores; one that is there already stays as it is."""
    fits = list(fits)
    rows = [asdict(fit) for fit in fits]
    for fit in fits:
        _add_scores(connection, "score", {"candidate": fit.candidate, "fold": fit.fold}, fit.further)
    _insert(connection, "fit", rows, "INSERT OR IGNORE")
    connection.executemany("DELETE FROM unfinished WHERE candidate = :candidate AND fold = :fold", rows)


def set_loss_curve(connection: sqlite3.Connection, candidate: int, fold: int, losses: bytes) -> None:
    """Store a finished fit's training loss by epoch, float64, little-endian."""
    row = {"candidate": candidate, "fold": fold, "loss_curve": losses}
    connection.execute(
        "UPDATE fit SET loss_curve = :loss_curve, curve_checksum = :checksum "
        "WHERE candidate = :candidate AND fold = :fold",
        row | {"checksum": checksum_of(LOSS_CURVE, row)},
    )


def keep_unfinished(connection: sqlite3.Connection, candidate: int, fold: int, seconds: float, state: bytes) -> None:
    """Store where a training was left, in place of an earlier point of it."""
    row = {"candidate": candidate, "fold": fold, "seconds": seconds, "state": state}
    _insert(connection, "unfinished", [row], "INSERT OR REPLACE")


def set_under_way(connection: sqlite3.Connection, fits: Iterable[FitProgress]) -> None:
    """Store which fits are being trained, and how far each is."""
    connection.execute("DELETE FROM under_way")
    connection.executemany(f"INSERT INTO under_way {_values(PROGRESS_COLUMNS)}", [asdict(fit) for fit in fits])


def _add_scores(
    connection: sqlite3.Connection, table: str, owner: Mapping[str, int | str | None], scores: Iterable[Score]
) -> None:
    """Store scores by further scorings; those that are there already stay as they are."""
    _insert(connection, table, [{**owner, **asdict(score)} for score in scores], "INSERT OR IGNORE")


def set_watched_candidates(connection: sqlite3.Connection, candidates: Iterable[WatchedCandidate]) -> None:
    """Store candidates of a watched search, in place of what was stored of them."""
    rows = [asdict(one) | {"parameters": json.dumps(dict(one.parameters))} for one in candidates]
    _insert(connection, "watched_candidate", rows, "INSERT OR REPLACE")


def add_reference(connection: sqlite3.Connection, result: ReferenceResult) -> None:
    """Store a reference on one fold; one that is there already stays as it is."""
    _insert(connection, "reference", [asdict(result)], "INSERT OR IGNORE")
    owner = {"reference": result.name, "fold": result.fold}
    _add_scores(connection, "reference_score", owner, result.further)


def set_final_test(connection: sqlite3.Connection, final: FinalTest) -> None:
    """Store the final test of a candidate, in place of an earlier one."""
    connection.execute("DELETE FROM final_test WHERE candidate = ?", (final.candidate,))
    connection.execute("DELETE FROM unfinished WHERE candidate = ?", (final.candidate,))
    _insert(connection, "final_test", [asdict(final)])
    connection.execute("DELETE FROM score WHERE candidate = ? AND fold IS NULL", (final.candidate,))
    _add_scores(connection, "score", {"candidate": final.candidate, "fold": None}, final.further)


def add_generations(connection: sqlite3.Connection, generations: Iterable[GenerationResult]) -> None:
    """Store finished generations; one that is there already stays as it is."""
    rows = [
        _storable(asdict(generation)) | {"counts": struct.pack(f"<{len(generation.counts)}I", *generation.counts)}
        for generation in generations
    ]
    # Not INSERT OR IGNORE, which would also leave out, silently, a row that lacks a number.
    _insert(connection, "generation", rows, rest="ON CONFLICT (number) DO NOTHING")


def add_series_generation(connection: sqlite3.Connection, series: int, generation: GenerationResult) -> None:
    """Store a finished generation of a series; one that is there already stays as it is."""
    row = _storable(asdict(generation)) | {
        "counts": struct.pack(f"<{len(generation.counts)}I", *generation.counts),
        "series": series,
    }
    _insert(connection, "series_generation", [row], rest="ON CONFLICT (series, number) DO NOTHING")


def add_series_result(connection: sqlite3.Connection, result: SeriesResult) -> None:
    """Store how a series ended; one that is there already stays as it is."""
    scores = json.dumps(_storable(asdict(result.scores)), allow_nan=False)
    row = {"series": result.series, "reason": result.reason, "value": result.value, "scores": scores}
    _insert(connection, "series_result", [row], rest="ON CONFLICT (series) DO NOTHING")


def set_evaluating(connection: sqlite3.Connection, evaluating: Evaluating | None) -> None:
    """Store how far the generation under way is; None when there is none."""
    connection.execute("DELETE FROM evaluating")
    if evaluating is not None:
        connection.execute(f"INSERT INTO evaluating {_values(EVALUATING_COLUMNS)}", asdict(evaluating))


def set_network(connection: sqlite3.Connection, network: StoredNetwork, scores: NetworkScores | None = None) -> None:
    """Store a network of an evolution, and how good it is, in place of an earlier one of its name."""
    row = {"name": network.name, "steps": network.steps, "weights": network.weights, "facts": _facts(network)}
    _insert(connection, "network", [row], "INSERT OR REPLACE")
    if scores is not None:
        set_network_scores(connection, scores)


def set_final_network(connection: sqlite3.Connection, candidate: int, network: StoredNetwork) -> None:
    """Store the network of a candidate's final test, in place of an earlier one."""
    row = {"candidate": candidate, "steps": network.steps, "weights": network.weights, "facts": _facts(network)}
    _insert(connection, "final_network", [row], "INSERT OR REPLACE")


def _facts(network: StoredNetwork) -> str:
    """Return as JSON what a network is besides its weights."""
    facts = asdict(network)
    for column in ("name", "steps", "weights"):
        del facts[column]
    if network.training is None:
        del facts["training"]
    return json.dumps(facts, allow_nan=False)


def set_encoder(connection: sqlite3.Connection, encoder: bytes) -> None:
    """Store how rows of the user's table become inputs, in place of what was stored before."""
    connection.execute("DELETE FROM encoder")
    _insert(connection, "encoder", [{"content": encoder}])


def set_network_scores(connection: sqlite3.Connection, scores: NetworkScores) -> None:
    """Store how good a network is, in place of what was known of the one of its name."""
    _insert(connection, "network_scores", [_storable(asdict(scores))], "INSERT OR REPLACE")


def _storable(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row without NaN and infinities, which mean nothing to a reader."""
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value for name, value in row.items()
    }


def _insert(
    connection: sqlite3.Connection, fact: str, rows: Sequence[Mapping[str, Any]], verb: str = "INSERT", rest: str = ""
) -> None:
    """Store facts with their checksums; values that belong to no column are left out."""
    signed = [{**row, "checksum": checksum_of(fact, row)} for row in rows]
    connection.executemany(f"{verb} INTO {fact} {_values((*FACTS[fact], 'checksum'))} {rest}", signed)


def _values(columns: Sequence[str]) -> str:
    return f"({', '.join(columns)}) VALUES ({', '.join(f':{column}' for column in columns)})"


def update_run(connection: sqlite3.Connection, **changes: object) -> None:
    """Change the header of a run.

    Raises:
        DamagedError: it is not what was stored, so that it must not get a checksum that fits.
    """
    columns = FACTS["run"]
    rows = select_facts(connection, "run", columns, "LIMIT 1")
    if not rows:
        raise DamagedError("the run file holds no run")
    row = dict(zip(columns, rows[0], strict=True)) | changes
    changes["checksum"] = checksum_of("run", row)
    connection.execute(f"UPDATE run SET {', '.join(f'{name} = :{name}' for name in changes)}", changes)


def set_state(connection: sqlite3.Connection, state: State, reason: str | None = None) -> None:
    """Store where the run stands, and why."""
    update_run(connection, state=state, reason=reason)


def set_total(connection: sqlite3.Connection, total: int) -> None:
    """Store how many fits the whole search has, as far as this is known."""
    update_run(connection, total=total)


def set_data(connection: sqlite3.Connection, data: DataFacts, versions: Mapping[str, str]) -> None:
    """Store what the data was and which libraries computed on it."""
    update_run(connection, data=json.dumps(asdict(data)), versions=json.dumps(dict(versions)))


def set_workers(connection: sqlite3.Connection, workers: int) -> None:
    """Store how many fits run at a time."""
    update_run(connection, workers=workers)


def set_runner(connection: sqlite3.Connection, runner: ProcessIdentity) -> None:
    """Store which process works on the run."""
    connection.execute("DELETE FROM runner")
    connection.execute(
        "INSERT INTO runner (pid, process_start, host, heartbeat) VALUES (?, ?, ?, ?)",
        (runner.pid, runner.start, runner.host, time.time()),
    )


def beat(connection: sqlite3.Connection, active_seconds: float) -> None:
    """Say that the runner is alive, and how long it has computed in all."""
    connection.execute("UPDATE runner SET heartbeat = ?", (time.time(),))
    update_run(connection, active_seconds=active_seconds)


def add_log(connection: sqlite3.Connection, level: str, text: str) -> None:
    """Append a line to the run's log."""
    connection.execute("INSERT INTO log (time, level, text) VALUES (?, ?, ?)", (time.time(), level, text))
