"""A size search: candidates x folds, streamed as fits in fold order; then the best one, tested once."""

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Protocol

from nnsize_engine.candidates import list_candidates
from nnsize_engine.data import Floats, Split, Targets
from nnsize_engine.errors import FitError
from nnsize_engine.folds import Fold, make_folds
from nnsize_engine.parallel import stream
from nnsize_engine.records import Candidate, FinalTest, FitResult
from nnsize_engine.settings import SizeSettings
from nnsize_engine.trainer import Rows, train_and_score

FitKey = tuple[int, int]
"""Candidate number and fold: what makes a fit the same fit."""


class Halt(Protocol):
    """Says when to give out no more fits; ``threading.Event`` is one."""

    def is_set(self) -> bool:
        """Whether to halt."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SizeSearch:
    """A search that is ready to run: settings checked against the data, folds made."""

    settings: SizeSettings
    split: Split
    folds: tuple[Fold, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _FitTask:
    """Everything a worker needs for one fit."""

    candidate: Candidate
    fold: int
    rows: Fold
    X: Floats
    y: Targets
    settings: SizeSettings


def plan(settings: SizeSettings, split: Split) -> SizeSearch:
    """Make the folds and list the candidates.

    Raises:
        DataError: the data does not allow that many folds.
    """
    return SizeSearch(
        settings=settings, split=split, folds=make_folds(split, settings.cv), candidates=list_candidates(settings)
    )


def run_fits(search: SizeSearch, done: Collection[FitKey], workers: int, halt: Halt) -> Iterator[FitResult]:
    """Yield the outstanding fits as they end, every candidate's first fold first.

    Ends early, after the fits under way, once ``halt`` is set.

    Raises:
        WorkersLostError: a worker process was killed; calling again goes on.
    """
    yield from stream(_fit, _tasks(search, done, halt), workers)


def _tasks(search: SizeSearch, done: Collection[FitKey], halt: Halt) -> Iterator[_FitTask]:
    for number, fold in enumerate(search.folds):
        for candidate in search.candidates:
            if (candidate.number, number) in done:
                continue
            if halt.is_set():
                return
            yield _FitTask(
                candidate=candidate,
                fold=number,
                rows=fold,
                X=search.split.X_train,
                y=search.split.y_train,
                settings=search.settings,
            )


def _fit(task: _FitTask) -> FitResult:
    """Run in a worker: one fit, or the reason why it failed."""
    started = time.perf_counter()
    try:
        trained = train_and_score(
            Rows(X=task.X[task.rows.train], y=task.y[task.rows.train]),
            Rows(X=task.X[task.rows.test], y=task.y[task.rows.test]),
            settings=task.settings,
            layers=task.candidate.hidden_layer_sizes,
        )
    except FitError as error:
        return FitResult(
            candidate=task.candidate.number,
            fold=task.fold,
            test_score=None,
            train_score=None,
            fit_seconds=time.perf_counter() - started,
            score_seconds=0.0,
            iterations=None,
            has_converged=None,
            error=str(error),
        )
    return FitResult(
        candidate=task.candidate.number,
        fold=task.fold,
        test_score=trained.test_score,
        train_score=trained.train_score,
        fit_seconds=trained.fit_seconds,
        score_seconds=trained.score_seconds,
        iterations=trained.iterations,
        has_converged=trained.has_converged,
    )


def final_test(search: SizeSearch, candidate: Candidate) -> FinalTest:
    """Train a candidate on all training rows and score it on the held-out rows."""
    started = time.perf_counter()
    split = search.split
    try:
        trained = train_and_score(
            Rows(X=split.X_train, y=split.y_train),
            Rows(X=split.X_test, y=split.y_test),
            settings=search.settings,
            layers=candidate.hidden_layer_sizes,
        )
    except FitError as error:
        return FinalTest(
            candidate=candidate.number,
            test_score=None,
            train_score=None,
            fit_seconds=time.perf_counter() - started,
            iterations=None,
            error=str(error),
        )
    return FinalTest(
        candidate=candidate.number,
        test_score=trained.test_score,
        train_score=trained.train_score,
        fit_seconds=trained.fit_seconds,
        iterations=trained.iterations,
    )
