"""A size search: candidates x folds x repeats, streamed as fits split by split; then the best one, tested once."""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from nnsize_engine.data.encode import TableRows, column_transformer, frame
from nnsize_engine.data.split import Inputs, Split
from nnsize_engine.errors import FitError
from nnsize_engine.processes.parallel import Halt, in_processes, in_threads, one_blas_thread
from nnsize_engine.results.candidates import list_candidates, parameters_of
from nnsize_engine.results.records import Candidate, FinalTest, FitProgress, FitResult
from nnsize_engine.search.events import BestFound, Emit, FinishedFit, Note, UnfinishedFit
from nnsize_engine.search.fit import Trained, train_in_steps, train_to_the_end
from nnsize_engine.search.fold_rows import FitRows, FoldRows, make_rows
from nnsize_engine.search.folds import Fold, make_folds
from nnsize_engine.settings.search import SizeSettings

FitKey = tuple[int, int]
"""Candidate number and split: what makes a fit the same fit."""

_Task = tuple[Candidate, int]
"""A candidate and the split it is to be trained on."""

MIN_FITS_PER_WORKER = 4  # of one turn; when a turn ends, workers wait for the last of its fits

STATE_SECONDS = 10.0  # between two times that the state of a long training is kept


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Training:
    """What is trained, from its beginning or from where it was left."""

    candidate: Candidate
    split: int
    left: UnfinishedFit | None


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
    emit: Emit,
) -> Iterator[FinishedFit | UnfinishedFit]:
    """Yield the outstanding fits as they end, every candidate's first split first.

    Once ``halt`` is set, no further fit begins, and those under way end as unfinished within a step of training.
    ``emit`` hears, from the threads that train, how far fits are, and now and then where a long one can be taken up.

    Raises:
        WorkersLostError: a worker process was killed; calling again goes on.
    """
    settings, folds = search.settings, FoldRows(search.settings, search.split, search.folds)

    def fit(task: _Task) -> FinishedFit | UnfinishedFit:
        candidate, split = task
        training = _Training(candidate=candidate, split=split, left=unfinished.get((candidate.number, split)))
        try:
            with folds.used(split % settings.cv) as rows:
                outcome = _train(training, rows, settings, halt, emit)
        except (FitError, MemoryError) as error:
            return _failed(candidate, split, error)
        return _finished(candidate, split, outcome) if isinstance(outcome, Trained) else outcome

    try:
        for are_whole, tasks in _turns(search, done, workers):
            if halt.is_set():
                return
            if are_whole:  # scikit-learn trains, in one go and holding the interpreter
                prepared = ((candidate, split, folds.rows(split % settings.cv), settings) for candidate, split in tasks)
                yield from in_processes(_fit_whole, prepared, workers, halt)
            else:
                yield from in_threads(fit, tasks, workers, halt)
    finally:
        folds.forget()  # the final test needs the room


def _turns(search: SizeSearch, done: Collection[FitKey], workers: int) -> Iterator[tuple[bool, Iterator[_Task]]]:
    """The outstanding fits in their order, in turns of one kind of workers: whether fits are whole, and which.

    Where scikit-learn and compiled code train both, they take turns after every split, or, so that no worker waits for
    long where there are few candidates, after several.
    """
    default = search.settings.network.solver
    groups: dict[bool, list[Candidate]] = {}
    for candidate in search.candidates:
        groups.setdefault(dict(candidate.parameters).get("solver", default) == "lbfgs", []).append(candidate)
    splits = search.settings.splits
    length = splits
    if len(groups) > 1:
        length = -(-MIN_FITS_PER_WORKER * workers // min(len(candidates) for candidates in groups.values()))
    for first in range(0, splits, length):
        for are_whole, candidates in groups.items():
            yield are_whole, _outstanding(candidates, range(first, min(first + length, splits)), done)


def _outstanding(candidates: Sequence[Candidate], splits: range, done: Collection[FitKey]) -> Iterator[_Task]:
    return ((candidate, split) for split in splits for candidate in candidates if (candidate.number, split) not in done)


def _train(
    training: _Training, rows: FitRows, settings: SizeSettings, halt: Halt, emit: Emit
) -> Trained | UnfinishedFit:
    candidate, split, left = training.candidate, training.split, training.left
    began = last_kept = time.perf_counter()
    before, state = (0.0, None) if left is None else (left.seconds, left.state)
    parameters = parameters_of(settings, candidate, settings.repeat_of(split))
    for outcome in train_in_steps(rows, parameters, settings.scoring, state, before):
        if isinstance(outcome, Trained):
            return outcome
        now = time.perf_counter()
        so_far = UnfinishedFit(candidate=candidate.number, fold=split, seconds=before + now - began, state=outcome)
        if halt.is_set():
            return so_far
        if now - last_kept > STATE_SECONDS:
            last_kept = now
            emit(so_far)
        loss = float(outcome.loss_curve[-1])
        emit(FitProgress(candidate=candidate.number, fold=split, epochs=outcome.epochs, loss=loss))
    raise AssertionError("a training ends with its outcome")


def _fit_whole(task: tuple[Candidate, int, FitRows, SizeSettings]) -> FinishedFit:
    """Run in a process: one fit that cannot be left halfway."""
    import sklearn.metrics
    import sklearn.neural_network  # noqa: F401  # a second, the first time, which is not the fit's

    candidate, split, rows, settings = task
    parameters = parameters_of(settings, candidate, settings.repeat_of(split))
    try:
        return _finished(candidate, split, train_to_the_end(rows, parameters, settings.scoring))
    except (FitError, MemoryError) as error:
        return _failed(candidate, split, error)


def _finished(candidate: Candidate, split: int, trained: Trained) -> FinishedFit:
    """A fit's outcome as it is stored."""
    result = FitResult(
        candidate=candidate.number,
        fold=split,
        test_score=trained.test_score,
        train_score=trained.train_score,
        fit_seconds=trained.fit_seconds,
        score_seconds=trained.score_seconds,
        iterations=trained.network.n_iter,
        has_converged=trained.network.has_converged,
    )
    return FinishedFit(result=result, loss_curve=trained.network.loss_curve.astype("<f8").tobytes())


def _failed(candidate: Candidate, split: int, error: FitError | MemoryError) -> FinishedFit:
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


def final_test(
    search: SizeSearch, candidate: Candidate, left: UnfinishedFit | None, halt: Halt, emit: Emit
) -> FinalTest | UnfinishedFit:
    """Train a candidate on all training rows and score it on the held-out rows; halts like every fit.

    Its training counts as the split after the last, where it is left unfinished or heard of; it has the first seed.
    ``emit`` hears of the network that came of it, to be kept.
    """
    split, number = search.split, search.settings.splits
    solver = parameters_of(search.settings, candidate, 0).solver
    try:
        rows = make_rows(split.X_train, split.y_train, split.X_test, split.y_test, search.settings, is_tested_once=True)
        with one_blas_thread() if solver != "lbfgs" else nullcontext():
            training = _Training(candidate=candidate, split=number, left=left)
            outcome = _train(training, rows, search.settings, halt, emit)
        if isinstance(outcome, UnfinishedFit):
            return outcome
        result = _finished(candidate, number, outcome).result
    except (FitError, MemoryError) as error:
        result = _failed(candidate, number, error).result
    else:
        _emit_best(outcome, rows, split.X_train, emit)
    return FinalTest(
        candidate=candidate.number,
        test_score=result.test_score,
        train_score=result.train_score,
        fit_seconds=result.fit_seconds,
        iterations=result.iterations,
        error=result.error,
    )


def _emit_best(trained: Trained, rows: FitRows, X_train: Inputs, emit: Emit) -> None:
    """Hand over the network of the final test with what prepares its inputs, to be taken home."""
    from nnsize_engine.network.stored import encoder_to_bytes, stored_network

    if isinstance(X_train, TableRows):
        if rows.are_many:
            emit(Note("the table is large: the best network is not kept, since fitting its encoder takes much memory"))
            return
        try:
            encoder = encoder_to_bytes(column_transformer(X_train).fit(frame(X_train)))
        except MemoryError:
            emit(Note("the best network is not kept: its encoder does not fit into memory", level="warning"))
            return
        emit(BestFound(network=stored_network(trained.network, mean=(), scale=()), encoder=encoder))
        return
    mean, scale = tuple(rows.mean.tolist()), tuple(rows.scale.tolist())
    emit(BestFound(network=stored_network(trained.network, mean=mean, scale=scale), encoder=b""))
