"""Read what runs of every kind store into frozen records: the header, networks, the log."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nnsize_engine.errors import SettingsError, StoreError
from nnsize_engine.processes.identity import ProcessIdentity
from nnsize_engine.results.records import DataFacts, LogLine, NetworkName, State, StoredNetwork, Training
from nnsize_engine.runs.database import has_table
from nnsize_engine.settings.run import Kind, RunSettings, by_kind
from nnsize_engine.settings.stored_settings import settings_from_json

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
    if kind == "evolution" and done == 0 and has_table(connection, "series_generation"):
        done = connection.execute(_DONE_OF_SERIES).fetchone()[0]
    return done


def read_network(connection: sqlite3.Connection, name: NetworkName) -> StoredNetwork | None:
    """Read an evolution's network of a name; None while there is none.

    The runs of earlier releases may have no such table in their file.
    """
    if not has_table(connection, "network"):
        return None
    row = connection.execute("SELECT steps, weights, facts FROM network WHERE name = ?", (name,)).fetchone()
    return None if row is None else network_of(name, row)


def network_of(name: NetworkName, row: Sequence[Any]) -> StoredNetwork:
    """Return the network in a row of steps, weights and facts."""
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


def read_encoder(connection: sqlite3.Connection) -> bytes:
    """Read how rows of the user's table become inputs; empty for built-in data.

    The runs of earlier releases, all on built-in data, may have no such table in their file.
    """
    if not has_table(connection, "encoder"):
        return b""
    row = connection.execute("SELECT content FROM encoder").fetchone()
    return b"" if row is None else row[0]


def read_log(connection: sqlite3.Connection, after: int = 0) -> list[LogLine]:
    """Read the log lines stored after a number."""
    rows = connection.execute("SELECT number, time, level, text FROM log WHERE number > ? ORDER BY number", (after,))
    return [LogLine(number=number, time=moment, level=level, text=text) for number, moment, level, text in rows]
