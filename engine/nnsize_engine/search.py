"""A size search: candidates x folds, streamed as fits in fold order; then the best one, tested once."""

import threading
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from nnsize_engine.candidates import list_candidates
from nnsize_engine.data import Split
from nnsize_engine.errors import FitError
from nnsize_engine.events import FinishedFit, Give, UnfinishedFit
from nnsize_engine.folds import Fold, make_folds
from nnsize_engine.parallel import Halt, in_processes, in_threads
from nnsize_engine.records import Candidate, FinalTest, FitProgress, FitResult
from nnsize_engine.settings import SizeSettings
from nnsize_engine.trainer import FitRows, Trained, scale_rows, train_in_steps, train_to_the_end

FitKey = tuple[int, int]
"""Candidate number and fold: what makes a fit the same fit."""

_KEEP_SECONDS = 10.0
"""How often the state of a long training is kept."""


class ScaledFolds:
    """The scaled rows of each fold, made when first asked for and shared by all threads.

    Two are kept: fits go fold by fold, and the next fold begins while the last fits of the one before are under way.
    """

    def __init__(self, search: "SizeSearch") -> None:
        self._search = search
        self._kept: dict[int, FitRows] = {}
        self._lock = threading.Lock()

    def rows(self, fold: int) -> FitRows:
        """The rows of a fold."""
        with self._lock:
            if fold not in self._kept:
                while len(self._kept) > 1:
                    del self._kept[next(iter(self._kept))]
                rows, split = self._search.folds[fold], self._search.split
                X, y = split.X_train, split.y_train
                self._kept[fold] = scale_rows(
                    X[rows.train], y[rows.train], X[rows.test], y[rows.test], self._search.settings
                )
            return self._kept[fold]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SizeSearch:
    """A search that is ready to run: settings checked against the data, folds made."""

    settings: SizeSettings
    split: Split
    folds: tuple[Fold, ...]
    candidates: tuple[Candidate, ...]


def plan(settings: SizeSettings, split: Split) -> SizeSearch:
    """Make the folds and list the candidates.

    Raises:
        DataError: the data does not allow that many folds.
    """
    return SizeSearch(
        settings=settings, split=split, folds=make_folds(split, settings.cv), candidates=list_candidates(settings)
    )


def run_fits(
    search: SizeSearch,
    done: Collection[FitKey],
    unfinished: Mapping[FitKey, UnfinishedFit],
    workers: int,
    halt: Halt,
    give: Give,
) -> Iterator[FinishedFit | UnfinishedFit]:
    """Yield the outstanding fits as they end, every candidate's first fold first.

    Once ``halt`` is set, no further fit begins, and those under way end as unfinished within a step of training.
    ``give`` hears, from the threads that train, how far fits are, and now and then where a long one can be taken up.

    Raises:
        WorkersLostError: a worker process was killed; calling again goes on.
    """
    tasks = (
        (candidate, fold)
        for fold in range(len(search.folds))
        for candidate in search.candidates
        if (candidate.number, fold) not in done
    )
    scaled = ScaledFolds(search)
    if search.settings.network.solver == "lbfgs":  # scikit-learn trains, in one go and holding the interpreter
        prepared = ((candidate, fold, scaled.rows(fold), search.settings) for candidate, fold in tasks)
        yield from in_processes(_fit_whole, prepared, workers, halt)
        return

    def fit(task: tuple[Candidate, int]) -> FinishedFit | UnfinishedFit:
        candidate, fold = task
        left = unfinished.get((candidate.number, fold))
        try:
            return _fit(scaled.rows(fold), search.settings, candidate, fold, left, halt, give)
        except (FitError, MemoryError) as error:
            return _failed(candidate, fold, error)

    yield from in_threads(fit, tasks, workers, halt)


def _fit(
    rows: FitRows,
    settings: SizeSettings,
    candidate: Candidate,
    fold: int,
    left: UnfinishedFit | None,
    halt: Halt,
    give: Give,
) -> FinishedFit | UnfinishedFit:
    """One fit, from its beginning or from where it was left."""
    began = last_kept = time.perf_counter()
    before, state = (0.0, None) if left is None else (left.seconds, left.state)
    for outcome in train_in_steps(rows, settings, candidate.hidden_layer_sizes, state, before):
        if isinstance(outcome, Trained):
            return _finished(candidate, fold, outcome)
        now = time.perf_counter()
        so_far = UnfinishedFit(candidate=candidate.number, fold=fold, seconds=before + now - began, state=outcome)
        if halt.is_set():
            return so_far
        if now - last_kept > _KEEP_SECONDS:
            last_kept = now
            give(so_far)
        loss = float(outcome.loss_curve[-1])
        give(FitProgress(candidate=candidate.number, fold=fold, epochs=outcome.epochs, loss=loss))
    raise AssertionError("a training ends with its outcome")


def _fit_whole(task: tuple[Candidate, int, FitRows, SizeSettings]) -> FinishedFit:
    """Run in a process: one fit that cannot be left halfway."""
    candidate, fold, rows, settings = task
    try:
        return _finished(candidate, fold, train_to_the_end(rows, settings, candidate.hidden_layer_sizes))
    except FitError as error:
        return _failed(candidate, fold, error)


def _finished(candidate: Candidate, fold: int, trained: Trained) -> FinishedFit:
    """A fit's outcome as it is stored."""
    result = FitResult(
        candidate=candidate.number,
        fold=fold,
        test_score=trained.test_score,
        train_score=trained.train_score,
        fit_seconds=trained.fit_seconds,
        score_seconds=trained.score_seconds,
        iterations=trained.network.n_iter,
        has_converged=trained.network.has_converged,
    )
    return FinishedFit(result=result, loss_curve=trained.network.loss_curve.astype("<f8").tobytes())


def _failed(candidate: Candidate, fold: int, error: FitError | MemoryError) -> FinishedFit:
    result = FitResult(
        candidate=candidate.number,
        fold=fold,
        test_score=None,
        train_score=None,
        fit_seconds=0.0,
        score_seconds=0.0,
        iterations=None,
        has_converged=None,
        error=str(error) or "out of memory",
    )
    return FinishedFit(result=result, loss_curve=b"")


def final_test(
    search: SizeSearch, candidate: Candidate, left: UnfinishedFit | None, halt: Halt, give: Give
) -> FinalTest | UnfinishedFit:
    """Train a candidate on all training rows and score it on the held-out rows; halts like every fit.

    Its training counts as the fold after the last, where it is left unfinished or heard of.
    """
    split, fold = search.split, len(search.folds)
    try:
        rows = scale_rows(split.X_train, split.y_train, split.X_test, split.y_test, search.settings)
        outcome = _fit(rows, search.settings, candidate, fold, left, halt, give)
    except (FitError, MemoryError) as error:
        outcome = _failed(candidate, fold, error)
    if isinstance(outcome, UnfinishedFit):
        return outcome
    result = outcome.result
    return FinalTest(
        candidate=candidate.number,
        test_score=result.test_score,
        train_score=result.train_score,
        fit_seconds=result.fit_seconds,
        iterations=result.iterations,
        error=result.error,
    )
