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
    GenerationResult,
    NetworkScores,
    SeriesResult,
    State,
    StoredNetwork,
)
from nnsize_engine.results.references import REFERENCE_COLUMNS, ReferenceResult
from nnsize_engine.results.scores import Score


def add_fits(connection: sqlite3.Connection, fits: Iterable[FitResult]) -> None:
    """Store finished fits with all their scores; one that is there already stays as it is."""
    fits = list(fits)
    rows = [asdict(fit) for fit in fits]
    for fit in fits:
        _add_scores(connection, "score", {"candidate": fit.candidate, "fold": fit.fold}, fit.further)
    connection.executemany(f"INSERT OR IGNORE INTO fit {_values(FIT_COLUMNS)}", rows)
    connection.executemany("DELETE FROM unfinished WHERE candidate = :candidate AND fold = :fold", rows)


def set_loss_curve(connection: sqlite3.Connection, candidate: int, fold: int, losses: bytes) -> None:
    """Store a finished fit's training loss by epoch, float64, little-endian."""
    connection.execute("UPDATE fit SET loss_curve = ? WHERE candidate = ? AND fold = ?", (losses, candidate, fold))


def keep_unfinished(connection: sqlite3.Connection, candidate: int, fold: int, seconds: float, state: bytes) -> None:
    """Store where a training was left, in place of an earlier point of it."""
    connection.execute(
        "INSERT OR REPLACE INTO unfinished (candidate, fold, seconds, state) VALUES (?, ?, ?, ?)",
        (candidate, fold, seconds, state),
    )


def set_under_way(connection: sqlite3.Connection, fits: Iterable[FitProgress]) -> None:
    """Store which fits are being trained, and how far each is."""
    connection.execute("DELETE FROM under_way")
    connection.executemany(f"INSERT INTO under_way {_values(PROGRESS_COLUMNS)}", [asdict(fit) for fit in fits])


def _add_scores(
    connection: sqlite3.Connection, table: str, owner: Mapping[str, int | str | None], scores: Iterable[Score]
) -> None:
    """Store scores by further scorings; those that are there already stay as they are."""
    columns = (*owner, "name", "test", "train", "error")
    rows = [{**owner, **asdict(score)} for score in scores]
    connection.executemany(f"INSERT OR IGNORE INTO {table} {_values(columns)}", rows)


def add_reference(connection: sqlite3.Connection, result: ReferenceResult) -> None:
    """Store a reference on one fold; one that is there already stays as it is."""
    connection.execute(f"INSERT OR IGNORE INTO reference {_values(REFERENCE_COLUMNS)}", asdict(result))
    owner = {"reference": result.name, "fold": result.fold}
    _add_scores(connection, "reference_score", owner, result.further)


def set_final_test(connection: sqlite3.Connection, final: FinalTest) -> None:
    """Store the final test of a candidate, in place of an earlier one."""
    connection.execute("DELETE FROM final_test WHERE candidate = ?", (final.candidate,))
    connection.execute("DELETE FROM unfinished WHERE candidate = ?", (final.candidate,))
    connection.execute(f"INSERT INTO final_test {_values(FINAL_COLUMNS)}", asdict(final))
    connection.execute("DELETE FROM score WHERE candidate = ? AND fold IS NULL", (final.candidate,))
    _add_scores(connection, "score", {"candidate": final.candidate, "fold": None}, final.further)


def add_generations(connection: sqlite3.Connection, generations: Iterable[GenerationResult]) -> None:
    """Store finished generations; one that is there already stays as it is."""
    rows = [
        _storable(asdict(generation)) | {"counts": struct.pack(f"<{len(generation.counts)}I", *generation.counts)}
        for generation in generations
    ]
    # Not INSERT OR IGNORE, which would also leave out, silently, a row that lacks a number.
    connection.executemany(
        f"INSERT INTO generation {_values(GENERATION_COLUMNS)} ON CONFLICT (number) DO NOTHING", rows
    )


def add_series_generation(connection: sqlite3.Connection, series: int, generation: GenerationResult) -> None:
    """Store a finished generation of a series; one that is there already stays as it is."""
    row = _storable(asdict(generation)) | {
        "counts": struct.pack(f"<{len(generation.counts)}I", *generation.counts),
        "series": series,
    }
    connection.execute(
        f"INSERT INTO series_generation {_values(('series', *GENERATION_COLUMNS))} "
        "ON CONFLICT (series, number) DO NOTHING",
        row,
    )


def add_series_result(connection: sqlite3.Connection, result: SeriesResult) -> None:
    """Store how a series ended; one that is there already stays as it is."""
    connection.execute(
        "INSERT INTO series_result (series, reason, value, scores) VALUES (?, ?, ?, ?) ON CONFLICT (series) DO NOTHING",
        (result.series, result.reason, result.value, json.dumps(_storable(asdict(result.scores)), allow_nan=False)),
    )


def set_evaluating(connection: sqlite3.Connection, evaluating: Evaluating | None) -> None:
    """Store how far the generation under way is; None when there is none."""
    connection.execute("DELETE FROM evaluating")
    if evaluating is not None:
        connection.execute(f"INSERT INTO evaluating {_values(EVALUATING_COLUMNS)}", asdict(evaluating))


def set_network(connection: sqlite3.Connection, network: StoredNetwork, scores: NetworkScores | None = None) -> None:
    """Store a network of an evolution, and how good it is, in place of an earlier one of its name."""
    connection.execute(
        "INSERT OR REPLACE INTO network (name, steps, weights, facts) VALUES (?, ?, ?, ?)",
        (network.name, network.steps, network.weights, _facts(network)),
    )
    if scores is not None:
        set_network_scores(connection, scores)


def set_final_network(connection: sqlite3.Connection, candidate: int, network: StoredNetwork) -> None:
    """Store the network of a candidate's final test, in place of an earlier one."""
    connection.execute(
        "INSERT OR REPLACE INTO final_network (candidate, steps, weights, facts) VALUES (?, ?, ?, ?)",
        (candidate, network.steps, network.weights, _facts(network)),
    )


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
    connection.execute("INSERT INTO encoder (content) VALUES (?)", (encoder,))


def set_network_scores(connection: sqlite3.Connection, scores: NetworkScores) -> None:
    """Store how good a network is, in place of what was known of the one of its name."""
    connection.execute(f"INSERT OR REPLACE INTO network_scores {_values(SCORES_COLUMNS)}", _storable(asdict(scores)))


def _storable(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row without NaN and infinities, which mean nothing to a reader."""
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value for name, value in row.items()
    }


def _values(columns: Sequence[str]) -> str:
    return f"({', '.join(columns)}) VALUES ({', '.join(f':{column}' for column in columns)})"


def set_state(connection: sqlite3.Connection, state: State, reason: str | None = None) -> None:
    """Store where the run stands, and why."""
    connection.execute("UPDATE run SET state = ?, reason = ?", (state, reason))


def set_total(connection: sqlite3.Connection, total: int) -> None:
    """Store how many fits the whole search has, as far as this is known."""
    connection.execute("UPDATE run SET total = ?", (total,))


def set_data(connection: sqlite3.Connection, data: DataFacts, versions: Mapping[str, str]) -> None:
    """Store what the data was and which libraries computed on it."""
    connection.execute("UPDATE run SET data = ?, versions = ?", (json.dumps(asdict(data)), json.dumps(dict(versions))))


def set_workers(connection: sqlite3.Connection, workers: int) -> None:
    """Store how many fits run at a time."""
    connection.execute("UPDATE run SET workers = ?", (workers,))


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
    connection.execute("UPDATE run SET active_seconds = ?", (active_seconds,))


def add_log(connection: sqlite3.Connection, level: str, text: str) -> None:
    """Append a line to the run's log."""
    connection.execute("INSERT INTO log (time, level, text) VALUES (?, ?, ?)", (time.time(), level, text))
