"""Train the chosen candidates of a search on all training rows, and score each once on the test rows."""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext

from nnsize_engine.data.encode import TableRows, column_transformer, frame
from nnsize_engine.errors import FitError
from nnsize_engine.processes.parallel import Halt, in_threads, one_blas_thread
from nnsize_engine.results.candidates import candidate_words, parameters_of
from nnsize_engine.results.search_records import Candidate, FinalTest
from nnsize_engine.search.events import Emit, FinalNetwork, Note, UnfinishedFit
from nnsize_engine.search.fit import FitOutcome
from nnsize_engine.search.fold_rows import FitRows, make_rows
from nnsize_engine.search.search import SizeSearch, Training, failed_fit, finished_fit, train

_Task = tuple[Candidate, UnfinishedFit | None]
"""A candidate, and where its training was left."""


def final_tests(
    search: SizeSearch, tasks: Sequence[_Task], workers: int, halt: Halt, emit: Emit
) -> Iterator[FinalTest | UnfinishedFit]:
    """Yield the final tests of some candidates as they end; they halt like every fit.

    The candidates share the rows, so that a table is encoded once. scikit-learn's own trainings go one by one.
    """
    try:
        rows = _all_rows(search)
    except (FitError, MemoryError) as error:
        yield from (_failed(search, candidate, error) for candidate, _ in tasks)
        return

    def test(task: _Task) -> FinalTest | UnfinishedFit:
        return _test(search, rows, task, halt, emit)

    by_scikit_learn = [task for task in tasks if _solver(search, task[0]) == "lbfgs"]
    ours = [task for task in tasks if _solver(search, task[0]) != "lbfgs"]
    if ours:
        yield from in_threads(test, ours, min(workers, len(ours)), halt)
    for task in by_scikit_learn:
        if halt.is_set():
            return
        yield test(task)


def final_test(
    search: SizeSearch, candidate: Candidate, unfinished: UnfinishedFit | None, halt: Halt, emit: Emit
) -> FinalTest | UnfinishedFit:
    """Train one candidate on all training rows and score it on the test rows; it halts like every fit.

    In events, this training is the split after the last one. It has the seed of the first repeat. ``emit`` gets the
    trained network. Without test rows there is no test score.
    """
    try:
        rows = _all_rows(search)
    except (FitError, MemoryError) as error:
        return _failed(search, candidate, error)
    with one_blas_thread() if _solver(search, candidate) != "lbfgs" else nullcontext():
        return _test(search, rows, (candidate, unfinished), halt, emit)


def _solver(search: SizeSearch, candidate: Candidate) -> str:
    return parameters_of(search.settings, candidate, 0).solver


def _all_rows(search: SizeSearch) -> FitRows:
    split = search.split
    rows = make_rows(split.X_train, split.y_train, split.X_test, split.y_test, search.settings, is_tested_once=True)
    return rows.weighted(split.sample_weight)


def _test(search: SizeSearch, rows: FitRows, task: _Task, halt: Halt, emit: Emit) -> FinalTest | UnfinishedFit:
    candidate, unfinished = task
    number = search.settings.splits
    try:
        training = Training(candidate=candidate, split=number, unfinished=unfinished)
        outcome = train(training, rows, search.settings, halt, emit)
    except (FitError, MemoryError) as error:
        return _failed(search, candidate, error)
    if isinstance(outcome, UnfinishedFit):
        return outcome
    _emit_network(candidate, outcome, rows, search, emit)
    result = finished_fit(candidate, number, outcome).result
    return FinalTest(
        candidate=candidate.number,
        test_score=result.test_score,
        train_score=result.train_score,
        fit_seconds=result.fit_seconds,
        iterations=result.iterations,
        further=result.further,
    )


def _failed(search: SizeSearch, candidate: Candidate, error: FitError | MemoryError) -> FinalTest:
    result = failed_fit(candidate, search.settings.splits, error).result
    return FinalTest(
        candidate=candidate.number,
        test_score=None,
        train_score=None,
        fit_seconds=result.fit_seconds,
        iterations=None,
        error=result.error,
    )


def _emit_network(candidate: Candidate, trained: FitOutcome, rows: FitRows, search: SizeSearch, emit: Emit) -> None:
    """Emit the network of a final test with the encoder or the scales of its inputs."""
    from nnsize_engine.network.stored import encoder_to_bytes, stored_network

    what = f"the network of {candidate_words(candidate)}"
    mean, scale, encoder = tuple(rows.mean.tolist()), tuple(rows.scale.tolist()), b""
    X_train = search.split.X_train
    if isinstance(X_train, TableRows):
        if rows.is_large:
            emit(Note(f"{what} is not stored: the table is large, and fitting its encoder takes much memory"))
            return
        try:
            encoder = encoder_to_bytes(column_transformer(X_train, scaler=search.settings.scaler).fit(frame(X_train)))
        except MemoryError:
            emit(Note(f"{what} is not stored: its encoder does not fit into memory", level="warning"))
            return
    elif rows.scaler is not None:
        encoder = encoder_to_bytes(rows.scaler)
    network = stored_network(trained.network, mean=mean, scale=scale)
    emit(FinalNetwork(candidate=candidate.number, network=network, encoder=encoder))
