"""What a run file holds, as frozen records."""

import json
import sqlite3
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nnsize_engine.errors import SettingsError, StoreError
from nnsize_engine.process_identity import ProcessIdentity
from nnsize_engine.records import (
    FINAL_COLUMNS,
    FIT_COLUMNS,
    PROGRESS_COLUMNS,
    DataFacts,
    FinalTest,
    FitProgress,
    FitResult,
    LogLine,
    State,
)
from nnsize_engine.run_settings import settings_from_json
from nnsize_engine.settings import SizeSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHeader:
    """Everything about a run but its results."""

    id: str
    kind: str
    created: float
    settings: SizeSettings
    state: State
    """As stored; see :func:`nnsize_engine.runs.seen_state` for what it means now."""

    reason: str | None
    total: int
    """Fits of the whole search."""

    fits_done: int
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
        parsed = settings_from_json(settings)
    except SettingsError as error:
        raise StoreError(f"run {run_id} cannot be read: {error}") from error
    runner = connection.execute("SELECT pid, process_start, host, heartbeat FROM runner").fetchone()
    return RunHeader(
        id=run_id,
        kind=kind,
        created=created,
        settings=parsed,
        state=state,
        reason=reason,
        total=total,
        fits_done=connection.execute("SELECT count(*) FROM fit").fetchone()[0],
        workers=workers,
        active_seconds=active_seconds,
        data=DataFacts(**json.loads(data)) if data else None,
        versions=json.loads(versions) if versions else {},
        runner=ProcessIdentity(pid=runner[0], start=runner[1], host=runner[2]) if runner else None,
        heartbeat=runner[3] if runner else None,
    )


def read_fits(connection: sqlite3.Connection, after: int = 0) -> tuple[list[FitResult], int]:
    """Read the fits stored after a number; also returns the highest number seen, to ask again with."""
    rows = connection.execute(
        f"SELECT number, {', '.join(FIT_COLUMNS)} FROM fit WHERE number > ? ORDER BY number", (after,)
    ).fetchall()
    return [_fit(row[1:]) for row in rows], rows[-1][0] if rows else after


def _fit(row: Sequence[Any]) -> FitResult:
    values = dict(zip(FIT_COLUMNS, row, strict=True))
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


def read_final_test(connection: sqlite3.Connection) -> FinalTest | None:
    """Read the final test; None while there is none."""
    row = connection.execute(f"SELECT {', '.join(FINAL_COLUMNS)} FROM final_test").fetchone()
    return None if row is None else FinalTest(**dict(zip(FINAL_COLUMNS, row, strict=True)))


def read_log(connection: sqlite3.Connection, after: int = 0) -> list[LogLine]:
    """Read the log lines stored after a number."""
    rows = connection.execute("SELECT number, time, level, text FROM log WHERE number > ? ORDER BY number", (after,))
    return [LogLine(number=number, time=moment, level=level, text=text) for number, moment, level, text in rows]
