"""Runs made up without computing: in any state, the same every time."""

import os
import sqlite3
import time
from collections.abc import Collection
from pathlib import Path

from nnsize_engine.candidates import list_candidates
from nnsize_engine.process_identity import ProcessIdentity, this_host, this_process
from nnsize_engine.records import DataFacts, FinalTest, FitResult, State
from nnsize_engine.run_writer import add_fits, add_log, set_data, set_final_test, set_runner, set_state, set_workers
from nnsize_engine.settings import SizeSettings
from nnsize_engine.store import FILE_NAME, create, open_for_writing, transaction

CREATED = 1_700_000_000.0
"""14 November 2023, 22:13:20 UTC."""

SMALL = SizeSettings(data="iris", scoring="accuracy", neurons="2:10:2", cv=3)


def made_fit(candidate: int, fold: int, *, score: float | None = None, error: str | None = None) -> FitResult:
    """A fit whose numbers follow from its place: scores rise with size, fall with the fold, and are not all alike."""
    if score is None:
        wobble = 0.001 * ((candidate * 7 + fold * 3) % 5)
        score = round(0.9 + 0.02 * (1 - 1 / (candidate + 1)) - 0.003 * fold + wobble, 6)
    return FitResult(
        candidate=candidate,
        fold=fold,
        test_score=None if error else score,
        train_score=None if error else min(1.0, score + 0.05),
        fit_seconds=0.1 + 0.01 * candidate,
        score_seconds=0.001,
        iterations=None if error else 150 + candidate % 60,
        has_converged=None if error else candidate % 60 < 50,
        error=error,
    )


def made_run(
    home: Path,
    name: str,
    settings: SizeSettings = SMALL,
    *,
    state: State = "finished",
    fits: int | None = None,
    failed: Collection[tuple[int, int]] = (),
    age: int = 0,
    reason: str | None = None,
) -> Path:
    """Make a run in a state; with so many fits, or all of them; ``age`` makes it older than the others.

    ``failed`` are candidates and folds; ``interrupted`` is a running one whose process is gone. Its clock stands still:
    the last beat of a live one lies in the future.
    """
    folder = home / name
    create(folder, name, settings)
    order = [
        made_fit(
            candidate.number, fold, error="the loss became infinite" if (candidate.number, fold) in failed else None
        )
        for fold in range(settings.cv)
        for candidate in list_candidates(settings)
    ]
    stored = "running" if state == "interrupted" else state
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        set_data(connection, _facts(settings), {"python": "3.11.0"})
        set_workers(connection, 2)
        add_fits(connection, order[: len(order) if fits is None else fits])
        if state == "finished":
            set_final_test(connection, _final(len(list_candidates(settings)) - 1))
        _add_runner(connection, is_alive=state in ("starting", "running", "paused"))
        add_log(connection, "info", f"{settings.data}: made up for a test")
        if failed:
            add_log(connection, "warning", "a fit failed: the loss became infinite")
        set_state(connection, stored, reason)
        connection.execute("UPDATE run SET created = ?, active_seconds = 42.0", (CREATED - 3600 * age,))
        connection.execute("UPDATE log SET time = ?", (CREATED + 1,))
    connection.close()
    return folder


def add_made_fits(folder: Path, fits: Collection[FitResult]) -> None:
    """Let a run make progress."""
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        add_fits(connection, fits)
    connection.close()


def enter_state(folder: Path, state: State) -> None:
    """Let a run change its state."""
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        set_state(connection, state)
        _add_runner(connection, is_alive=state in ("starting", "running", "paused"))
    connection.close()


def made_corrupt(home: Path, name: str) -> Path:
    """A run folder whose file is no database."""
    folder = home / name
    folder.mkdir(parents=True)
    (folder / FILE_NAME).write_bytes(b"not a database, but longer than the header of one, and that many times" * 20)
    return folder


def dead_process() -> ProcessIdentity:
    """A process that is gone: its number was given to this one."""
    return ProcessIdentity(pid=os.getpid(), start="1", host=this_host())


def _add_runner(connection: sqlite3.Connection, *, is_alive: bool) -> None:
    set_runner(connection, this_process() if is_alive else dead_process())
    connection.execute("UPDATE runner SET heartbeat = ?", (time.time() + 1e6,))


def _facts(settings: SizeSettings) -> DataFacts:
    return DataFacts(
        name=settings.data,
        task=settings.task,
        rows=150,
        inputs=4,
        classes=3,
        train_rows=100,
        test_rows=50,
        sha256="0" * 64,
    )


def _final(candidate: int) -> FinalTest:
    return FinalTest(candidate=candidate, test_score=0.953, train_score=0.98, fit_seconds=0.2, iterations=180)
