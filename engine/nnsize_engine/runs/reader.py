"""Read what runs of every kind store into frozen records: the header, networks, the log."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from nnsize_engine.errors import SettingsError, StoreError
from nnsize_engine.processes.identity import ProcessIdentity
from nnsize_engine.results.records import DataFacts, LogLine, NetworkName, State, StoredNetwork, Training
from nnsize_engine.runs.checksums import FACTS, LOSS_CURVE
from nnsize_engine.runs.facts import columns_of, select_facts, select_sound
from nnsize_engine.runs.guarded import GuardedConnection
from nnsize_engine.runs.ledger import has_lost_commits
from nnsize_engine.runs.stored_objects import read_record, stored_object
from nnsize_engine.runs.stored_values import DamagedError, large_values, select
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.kept_data import located
from nnsize_engine.settings.run import Kind, RunSettings, by_kind
from nnsize_engine.settings.series import strategies_of
from nnsize_engine.settings.stored_settings import settings_from_json
from nnsize_engine.settings.watched import MAX_CANDIDATES, WatchedSettings

NETWORK_COLUMNS = ("steps", "weights", "facts")
"""Columns of a stored network besides what it is the network of."""

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
    has_lost_commits: bool = False
    """True if the file beside the run names more commits than the run has: maybe the one with its runner, too."""


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
        if connection.folder is not None:
            parsed = located(parsed, connection.folder)
        connection.scoring = parsed.final_scoring
        connection.has_foreign_scores = isinstance(parsed, WatchedSettings)
        connection.limits = _limits(parsed)
    runners = select_sound(connection, "runner", ("pid", "process_start", "host", "heartbeat"), "LIMIT 1")
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
        has_lost_commits=has_lost_commits(connection),
    )


def _limits(settings: RunSettings) -> Mapping[str, Mapping[str, int]]:
    """Return what numbers in each table must be below: those of candidates, splits, folds and series."""
    if isinstance(settings, WatchedSettings):  # its candidates are known only as they are tried
        fit = {"candidate": MAX_CANDIDATES, "fold": settings.splits}
        return dict.fromkeys(("fit", LOSS_CURVE, "score", "under_way"), fit)
    if isinstance(settings, EvolutionSettings):
        series = {"series": len(strategies_of(settings)) * settings.repeats}
        return {"series_generation": series, "series_result": series}
    candidate = {"candidate": settings.candidate_count}
    fit, fold = candidate | {"fold": settings.splits}, {"fold": settings.folds}
    training = candidate | {"fold": settings.splits + 1}  # that of a final test has the number after the last split
    return {
        **dict.fromkeys(("fit", LOSS_CURVE, "score"), fit),
        **dict.fromkeys(("unfinished", "under_way"), training),
        **dict.fromkeys(("final_test", "final_network"), candidate),
        **dict.fromkeys(("reference", "reference_score"), fold),
    }


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


_COUNT_DONE = by_kind(size=_fits_done, evolution=_generations_done, watched=_fits_done)
"""Counts the steps that a run of each kind has done."""


def read_network(connection: sqlite3.Connection, name: NetworkName) -> StoredNetwork | None:
    """Read an evolution's network of a name; None while there is none.

    The runs of earlier releases may have no such table in their file.
    """
    with large_values(connection):
        rows = select_facts(connection, "network", NETWORK_COLUMNS, "WHERE name = ? LIMIT 1", (name,))
    return network_of(name, rows[0]) if rows else None


def network_of(name: NetworkName, row: Sequence[Any]) -> StoredNetwork:
    """Return the network in a row of :data:`NETWORK_COLUMNS`.

    Raises:
        DamagedError: the facts are not those of a network, or its weights are more or fewer than its units have.
    """
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
    rows = select_sound(connection, "log", columns, "WHERE number > ? ORDER BY number", (after,))
    return [LogLine(number=number, time=moment, level=level, text=text) for number, moment, level, text in rows]
