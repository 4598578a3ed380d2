"""One fit of a search on a worker: what runs in the worker's process.

A fit ends early, with a state to go on from, when its run is halted, when its share of time is over, or when Dask has
cancelled it because nobody waits for it any more.
"""

import os
import threading
import time
from dataclasses import dataclass
from typing import Any

from nnsize_engine.cluster.aligned import aligned
from nnsize_engine.errors import FitError
from nnsize_engine.results.search_records import Candidate, FitProgress
from nnsize_engine.search.events import FinishedFit, SearchEvent, UnfinishedFit
from nnsize_engine.search.fit import FitOutcome
from nnsize_engine.search.fold_rows import FitRows
from nnsize_engine.search.search import Training, failed_fit, finished_fit, train
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
class RemoteFit:
    """One fit to run on a worker."""

    token: str
    """Name of what dispatches it, by which it can be halted."""

    task: str
    """Name of this attempt at the fit."""

    candidate: Candidate
    split: int
    seconds: float
    """Seconds of training after which it returns its state, to be stored and continued."""

    report_seconds: float
    """Seconds between two reports of its loss."""


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


def run_fit(
    fit: RemoteFit, package: FoldPackage, unfinished: UnfinishedFit | None
) -> FinishedFit | UnfinishedFit | None:
    """Train and score a network in a worker's task; None if it was halted before it began.

    Args:
        fit: the fit.
        package: rows of its fold.
        unfinished: where its training was left; None to start.
    """
    from distributed import get_worker

    if fit.token in _halted:
        return None
    worker = get_worker()
    _report(worker, fit, {"begins": True})
    _prepare(package.settings)
    halt = _WorkerHalt(worker, fit)
    reports = _Reports(worker, fit)
    training = Training(candidate=fit.candidate, split=fit.split, unfinished=aligned(unfinished))
    try:
        outcome = train(training, package.rows, package.settings, halt, reports.take)
    except (FitError, MemoryError) as error:
        return failed_fit(fit.candidate, fit.split, error)
    return finished_fit(fit.candidate, fit.split, outcome) if isinstance(outcome, FitOutcome) else outcome


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
    """A signal to halt one fit."""

    def __init__(self, worker: Any, fit: RemoteFit) -> None:
        self._worker = worker
        self._token = fit.token
        self._task = fit.task
        self._end = time.monotonic() + fit.seconds

    def is_set(self) -> bool:
        """Return whether the run is halted, the time is over, or nobody waits for the fit any more."""
        if self._token in _halted or time.monotonic() > self._end:
            return True
        task = self._worker.state.tasks.get(self._task)
        return task is None or task.state not in _WANTED_STATES


class _Reports:
    """Reports of a fit's loss, a few a second."""

    def __init__(self, worker: Any, fit: RemoteFit) -> None:
        self._worker = worker
        self._fit = fit
        self._last = time.monotonic()

    def take(self, event: SearchEvent) -> None:
        """Report progress, unless the last report was a moment ago; states are returned, not reported."""
        now = time.monotonic()
        if isinstance(event, FitProgress) and now - self._last > self._fit.report_seconds:
            self._last = now
            _report(self._worker, self._fit, {"epochs": event.epochs, "loss": event.loss})


def _report(worker: Any, fit: RemoteFit, facts: dict[str, object]) -> None:
    worker.log_event(TOPIC, {"token": fit.token, "task": fit.task, "pid": os.getpid(), **facts})
