"""Fits of a search on a worker: what runs in the worker's process.

A fit ends early, with a state to go on from, when its run is halted, when its share of time is over, or when Dask has
cancelled it because nobody waits for it any more.
"""

import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nnsize_engine.cluster.aligned import aligned
from nnsize_engine.errors import FitError
from nnsize_engine.results.search_records import FitProgress
from nnsize_engine.search.events import FinishedFit, SearchEvent, UnfinishedFit
from nnsize_engine.search.fit import FitOutcome
from nnsize_engine.search.fold_rows import FitRows
from nnsize_engine.search.search import FitTask, Training, failed_fit, finished_fit, train
from nnsize_engine.settings.search import SizeSettings

TOPIC = "nnsize"
"""Topic of Dask's events that workers report to: one for all runs, so that a scheduler keeps few events."""

_WANTED_STATES = ("executing", "long-running")
"""Dask's states of a task on a worker for whose result somebody waits."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FoldPackage:
    """What all fits of a fold share; it travels once to each worker."""

    rows: FitRows
    settings: SizeSettings

    def __reduce__(self) -> tuple[Any, ...]:
        """Make a copy whose arrays are aligned wherever it is unpickled, before its first fit."""
        return _unpacked, (self.rows, self.settings)


def _unpacked(rows: FitRows, settings: SizeSettings) -> FoldPackage:
    return FoldPackage(rows=aligned(rows), settings=settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFits:
    """One fit, or several short ones, that a worker runs one after the other in one task of Dask."""

    token: str
    """Name of what dispatches it, by which it can be halted."""

    task: str
    """Name of this attempt at the fits."""

    fits: tuple[FitTask, ...]
    places: tuple[int, ...]
    """The place of each fit's rows among those that are sent with the task."""

    seconds: float
    """Seconds after which the fit under way returns its state, to be stored and continued."""

    report_seconds: float
    """Seconds between two reports of a loss."""


_halted: set[str] = set()
"""Tokens of what was halted."""

_prepared: set[str] = set()
"""Precisions for which this process is ready."""

_preparing = threading.Lock()

_limits: list[Any] = []
"""The limit on BLAS threads, which ends when it is garbage."""


def halt_fits(token: str) -> None:
    """Let all fits of a dispatcher end unfinished within a step of training."""
    _halted.add(token)


Outcome = FinishedFit | UnfinishedFit | None
"""The outcome of a fit; None of one that was halted before it began."""


def run_remote_fits(
    remote: RemoteFits, packages: Sequence[FoldPackage], unfinished: UnfinishedFit | None
) -> list[Outcome]:
    """Train and score networks in a worker's task, and return the outcome of each fit.

    Args:
        remote: the fits.
        packages: rows of their folds.
        unfinished: where the first training was left; None to start.
    """
    from distributed import get_worker

    worker = get_worker()
    halt = _WorkerHalt(worker, remote)
    outcomes: list[Outcome] = []
    for number, task in enumerate(remote.fits):
        if halt.is_set():
            outcomes.append(None)
            continue
        reports = _Reports(worker, remote, number)
        reports.report({"begins": True})
        package = packages[remote.places[number]]
        _prepare(package.settings)
        outcomes.append(_run(task, package, unfinished, halt, reports))
        unfinished = None
    return outcomes


def _run(
    task: FitTask, package: FoldPackage, unfinished: UnfinishedFit | None, halt: "_WorkerHalt", reports: "_Reports"
) -> FinishedFit | UnfinishedFit:
    candidate, split = task
    training = Training(candidate=candidate, split=split, unfinished=aligned(unfinished))
    try:
        outcome = train(training, package.rows, package.settings, halt, reports.take)
    except (FitError, MemoryError) as error:
        return failed_fit(candidate, split, error)
    return finished_fit(candidate, split, outcome) if isinstance(outcome, FitOutcome) else outcome


def _prepare(settings: SizeSettings) -> None:
    """Compile, or load what is compiled, and let the threads of this process not wait for each other."""
    if settings.precision in _prepared:
        return
    with _preparing:
        if settings.precision in _prepared:
            return
        import sklearn.metrics
        import sklearn.neural_network  # noqa: F401  # the first import takes a second, which is no part of a fit
        from threadpoolctl import threadpool_limits

        from nnsize_engine.network.train import prepare_compiled_code

        if settings.solvers != {"lbfgs"}:
            prepare_compiled_code(settings.precision)
        if not _limits:
            _limits.append(threadpool_limits(limits=1, user_api="blas"))
        _prepared.add(settings.precision)


class _WorkerHalt:
    """A signal to halt the fits of one task."""

    def __init__(self, worker: Any, remote: RemoteFits) -> None:
        self._worker = worker
        self._token = remote.token
        self._task = remote.task
        self._end = time.monotonic() + remote.seconds

    def is_set(self) -> bool:
        """Return whether the run is halted, the time is over, or nobody waits for the fit any more."""
        if self._token in _halted or time.monotonic() > self._end:
            return True
        task = self._worker.state.tasks.get(self._task)
        return task is None or task.state not in _WANTED_STATES


class _Reports:
    """Reports of one fit: its begin, and its loss a few times a second."""

    def __init__(self, worker: Any, remote: RemoteFits, number: int) -> None:
        self._worker = worker
        self._remote = remote
        self._number = number
        """The place of the fit in its task."""

        self._last = time.monotonic()

    def take(self, event: SearchEvent) -> None:
        """Report progress, unless the last report was a moment ago; states are returned, not reported."""
        now = time.monotonic()
        if isinstance(event, FitProgress) and now - self._last > self._remote.report_seconds:
            self._last = now
            self.report({"epochs": event.epochs, "loss": event.loss})

    def report(self, facts: dict[str, object]) -> None:
        """Report facts about the fit."""
        names = {"token": self._remote.token, "task": self._remote.task, "place": self._number}
        self._worker.log_event(TOPIC, {**names, "pid": os.getpid(), **facts})
