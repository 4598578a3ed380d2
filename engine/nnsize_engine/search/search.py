"""Run the fits of a size search, split by split or as a race."""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from nnsize_engine.data.split import Split
from nnsize_engine.errors import FitError
from nnsize_engine.processes.parallel import Halt, in_processes, in_threads
from nnsize_engine.results.candidates import list_candidates, parameters_of
from nnsize_engine.results.search_race import FitKey, SearchRace
from nnsize_engine.results.search_records import Candidate, FitProgress, FitResult
from nnsize_engine.search.events import Emit, FinishedFit, UnfinishedFit
from nnsize_engine.search.fit import FitOutcome, train_in_steps, train_to_the_end
from nnsize_engine.search.fold_rows import FitRows, FoldRows
from nnsize_engine.search.folds import Fold
from nnsize_engine.search.splitters import folds_of
from nnsize_engine.settings.search import SizeSettings

FitTask = tuple[Candidate, int]
"""A candidate and the split to train it on."""

MIN_FITS_PER_WORKER = 4
"""Fits for each worker in a turn at least: when a turn ends, workers wait for its last fit."""

STATE_SECONDS = 10.0
"""Seconds between two checkpoints of a long training."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Training:
    """A training to start, or to continue."""

    candidate: Candidate
    split: int
    unfinished: UnfinishedFit | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SizeSearch:
    """A search that is ready to run: its settings fit the data, and its folds are made."""

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
        settings=settings,
        split=split,
        folds=folds_of(settings, split),
        candidates=list_candidates(settings),
    )


def run_fits(
    search: SizeSearch,
    done: Collection[FitKey],
    unfinished: Mapping[FitKey, UnfinishedFit],
    workers: int,
    halt: Halt,
    emit: Emit,
) -> Iterator[FinishedFit | UnfinishedFit]:
    """Yield the outstanding fits as they end, split by split: first the first split of every candidate.

    Once ``halt`` is set, no further fit starts, and running fits end as unfinished within a step of training. The
    threads that train call ``emit`` with the progress of fits and, for long ones, with checkpoints.

    Args:
        search: the search.
        done: fits that are stored already.
        unfinished: checkpoints of unfinished fits.
        workers: number of threads or processes.
        halt: the signal to halt.
        emit: takes events.

    Raises:
        WorkersLostError: a worker process was killed; another call continues.
    """
    fits = _Fits(search, unfinished, workers, halt, emit)
    try:
        yield from stream_fits(search, done, fits, workers, halt)
    finally:
        fits.folds.forget()  # the final tests need the memory


class Fits(Protocol):
    """A way to run fits, such as on the workers of a cluster."""

    def run(self, tasks: Iterator[FitTask], *, by_scikit_learn: bool) -> Iterator[FinishedFit | UnfinishedFit]:
        """Yield the outcomes of these fits as they end; once the run is halted, begin no further ones."""


def stream_fits(
    search: SizeSearch, done: Collection[FitKey], fits: Fits, workers: int, halt: Halt
) -> Iterator[FinishedFit | UnfinishedFit]:
    """Yield the outstanding fits of a search as :func:`run_fits` does, run as ``fits`` runs them."""
    for by_scikit_learn, tasks in _turns(search, done, workers):
        if halt.is_set():
            return
        yield from fits.run(tasks, by_scikit_learn=by_scikit_learn)


def run_race(
    search: SizeSearch,
    ended: Iterable[FitResult],
    unfinished: Mapping[FitKey, UnfinishedFit],
    workers: int,
    halt: Halt,
    emit: Emit,
) -> Iterator[FinishedFit | UnfinishedFit]:
    """Yield the outstanding fits of a race as they end, round by round.

    A round is made of the scores of the rounds before it, so it begins only when all of their fits have ended. Where
    some candidates need scikit-learn and others our trainer, the two take turns in each round.

    ``ended`` are the fits that are stored already. All else is as in :func:`run_fits`.
    """
    fits = _Fits(search, unfinished, workers, halt, emit)
    try:
        yield from stream_race(search, ended, fits, halt)
    finally:
        fits.folds.forget()


def stream_race(
    search: SizeSearch, ended: Iterable[FitResult], fits: Fits, halt: Halt
) -> Iterator[FinishedFit | UnfinishedFit]:
    """Yield the outstanding fits of a race as :func:`run_race` does, run as ``fits`` runs them."""
    race = SearchRace(search.settings, search.candidates)
    race.take(ended)
    groups = _by_trainer(search)
    while (wanted := race.view().wanted) and not halt.is_set():
        for by_scikit_learn, candidates in groups.items():
            members = {candidate.number: candidate for candidate in candidates}
            tasks = iter([(members[number], split) for number, split in wanted if number in members])
            for fit in fits.run(tasks, by_scikit_learn=by_scikit_learn):
                if isinstance(fit, FinishedFit):
                    race.take([fit.result])
                yield fit


class _Fits:
    """The fits of one search, run in threads or, where scikit-learn trains, in processes."""

    def __init__(
        self, search: SizeSearch, unfinished: Mapping[FitKey, UnfinishedFit], workers: int, halt: Halt, emit: Emit
    ) -> None:
        self.folds = FoldRows(search.settings, search.split, search.folds)
        self._settings = search.settings
        self._unfinished = unfinished
        self._workers = workers
        self._halt = halt
        self._emit = emit

    def run(self, tasks: Iterator[FitTask], *, by_scikit_learn: bool) -> Iterator[FinishedFit | UnfinishedFit]:
        """Yield the outcomes of these tasks as they end."""
        if not by_scikit_learn:
            yield from in_threads(self._fit, tasks, self._workers, self._halt)
            return
        # scikit-learn trains without a pause and holds the GIL.
        settings = self._settings
        prepared = (
            (candidate, split, self.folds.rows(settings.fold_of(split)), settings) for candidate, split in tasks
        )
        yield from in_processes(_fit_in_process, prepared, self._workers, self._halt)

    def _fit(self, task: FitTask) -> FinishedFit | UnfinishedFit:
        candidate, split = task
        unfinished = self._unfinished.get((candidate.number, split))
        training = Training(candidate=candidate, split=split, unfinished=unfinished)
        try:
            with self.folds.used(self._settings.fold_of(split)) as rows:
                outcome = train(training, rows, self._settings, self._halt, self._emit)
        except (FitError, MemoryError) as error:
            return failed_fit(candidate, split, error)
        return finished_fit(candidate, split, outcome) if isinstance(outcome, FitOutcome) else outcome


def _turns(search: SizeSearch, done: Collection[FitKey], workers: int) -> Iterator[tuple[bool, Iterator[FitTask]]]:
    """Yield turns of outstanding fits: whether scikit-learn trains them, and the fits.

    If some candidates need scikit-learn and others our trainer, the two take turns after each split, or after several
    splits if there are few candidates, so that no worker waits for long.
    """
    groups = _by_trainer(search)
    splits = search.settings.splits
    length = splits
    if len(groups) > 1:
        length = -(-MIN_FITS_PER_WORKER * workers // min(len(candidates) for candidates in groups.values()))
    for first in range(0, splits, length):
        for by_scikit_learn, candidates in groups.items():
            yield by_scikit_learn, _outstanding(candidates, range(first, min(first + length, splits)), done)


def _by_trainer(search: SizeSearch) -> dict[bool, list[Candidate]]:
    """Group the candidates by whether scikit-learn trains them."""
    default = search.settings.network.solver
    groups: dict[bool, list[Candidate]] = {}
    for candidate in search.candidates:
        groups.setdefault(dict(candidate.parameters).get("solver", default) == "lbfgs", []).append(candidate)
    return groups


def _outstanding(candidates: Sequence[Candidate], splits: range, done: Collection[FitKey]) -> Iterator[FitTask]:
    return ((candidate, split) for split in splits for candidate in candidates if (candidate.number, split) not in done)


def train(
    training: Training, rows: FitRows, settings: SizeSettings, halt: Halt, emit: Emit
) -> FitOutcome | UnfinishedFit:
    """Train a network, or continue its training, and score it; it ends unfinished once ``halt`` is set.

    Raises:
        FitError: see :func:`~nnsize_engine.search.fit.train_in_steps`.
    """
    candidate, split, unfinished = training.candidate, training.split, training.unfinished
    began = last_checkpoint = time.perf_counter()
    before, state = (0.0, None) if unfinished is None else (unfinished.seconds, unfinished.state)
    parameters = parameters_of(settings, candidate, settings.seed_offset_of(split))
    for outcome in train_in_steps(rows, parameters, settings.scorings, state, before):
        if isinstance(outcome, FitOutcome):
            return outcome
        now = time.perf_counter()
        so_far = UnfinishedFit(candidate=candidate.number, fold=split, seconds=before + now - began, state=outcome)
        if halt.is_set():
            return so_far
        if now - last_checkpoint > STATE_SECONDS:
            last_checkpoint = now
            emit(so_far)
        loss = float(outcome.loss_curve[-1])
        emit(FitProgress(candidate=candidate.number, fold=split, epochs=outcome.epochs, loss=loss))
    raise AssertionError("a training ends with its outcome")


def _fit_in_process(task: tuple[Candidate, int, FitRows, SizeSettings]) -> FinishedFit:
    """Run a fit that cannot pause, in a worker process."""
    import sklearn.metrics
    import sklearn.neural_network  # noqa: F401  # the first import takes a second, which is no part of the fit

    candidate, split, rows, settings = task
    parameters = parameters_of(settings, candidate, settings.seed_offset_of(split))
    try:
        return finished_fit(candidate, split, train_to_the_end(rows, parameters, settings.scorings))
    except (FitError, MemoryError) as error:
        return failed_fit(candidate, split, error)


def finished_fit(candidate: Candidate, split: int, trained: FitOutcome) -> FinishedFit:
    """Return the outcome of a fit as it is stored."""
    result = FitResult(
        candidate=candidate.number,
        fold=split,
        test_score=trained.test_score,
        train_score=trained.train_score,
        fit_seconds=trained.fit_seconds,
        score_seconds=trained.score_seconds,
        iterations=trained.network.n_iter,
        has_converged=trained.network.has_converged,
        further=trained.further,
    )
    return FinishedFit(result=result, loss_curve=trained.network.loss_curve.astype("<f8").tobytes())


def failed_fit(candidate: Candidate, split: int, error: FitError | MemoryError) -> FinishedFit:
    """Return a failed fit as it is stored."""
    result = FitResult(
        candidate=candidate.number,
        fold=split,
        test_score=None,
        train_score=None,
        fit_seconds=0.0,
        score_seconds=0.0,
        iterations=None,
        has_converged=None,
        error=str(error) or "out of memory",
    )
    return FinishedFit(result=result, loss_curve=b"")
