"""Estimate of the time of a search, from a few of its networks, each trained for a moment."""

import threading
import time
import warnings
from collections.abc import Iterator
from dataclasses import replace

from nnsize_engine.data.split import load_split
from nnsize_engine.errors import FitError, NnsizeError
from nnsize_engine.network.train import advance, finish, prepare_compiled_code, start, train_rows
from nnsize_engine.processes.parallel import in_threads, worker_count
from nnsize_engine.results.candidates import parameters_of
from nnsize_engine.results.estimates import MeasuredNetwork, MeasuredPair, SearchEstimate
from nnsize_engine.results.search_records import Candidate
from nnsize_engine.scoring.score import scores
from nnsize_engine.search.fold_rows import FitRows, FoldRows
from nnsize_engine.search.search import SizeSearch, plan
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings

MAX_SECONDS = 1.5  # of all measured fits together, about; a single epoch is trained in any case

MAX_MEASURED_PAIRS = 3  # combinations of searched parameters: the first, the last, one in the middle

_PROCESSES_SECONDS = 3.0  # to start the processes in which scikit-learn trains


def measure(settings: SizeSettings) -> SearchEstimate:
    """Load the data, encode a fold, and train the smallest and the largest network for a moment.

    Raises:
        NnsizeError: the data cannot be loaded, or does not allow these settings.
    """
    began = time.perf_counter()
    search = plan(settings, load_split(settings))
    pairs = _pairs(search)
    solvers = {parameters_of(settings, pair[0], 0).solver for pair in pairs}
    if solvers != {"lbfgs"}:
        prepare_compiled_code(settings.precision)
    loaded = time.perf_counter()
    rows = FoldRows(settings, search.split, search.folds).rows(_usual_fold(search))
    encoded = time.perf_counter()
    workers = min(worker_count(settings.jobs), settings.splits * len(search.candidates))
    return SearchEstimate(
        pairs=tuple(_measure_pairs(search, rows, pairs, workers)),
        load_seconds=loaded - began + (_PROCESSES_SECONDS if "lbfgs" in solvers else 0.0),
        encode_seconds=encoded - loaded,
        workers=workers,
    )


def _usual_fold(search: SizeSearch) -> int:
    """Return a fold with the median number of training rows, which grows from fold to fold in time."""
    sizes = [len(fold.train) for fold in search.folds]
    return sizes.index(sorted(sizes)[len(sizes) // 2])


def _pairs(search: SizeSearch) -> list[tuple[Candidate, Candidate]]:
    """Return the smallest and the largest network of some combinations of the other parameters."""
    combinations: dict[object, list[Candidate]] = {}
    for candidate in search.candidates:
        combinations.setdefault(candidate.parameters, []).append(candidate)
    groups = list(combinations.values())
    places = sorted({0, (len(groups) - 1) // 2, len(groups) - 1})[:MAX_MEASURED_PAIRS]
    return [
        (min(groups[place], key=lambda one: one.weights), max(groups[place], key=lambda one: one.weights))
        for place in places
    ]


def _measure_pairs(
    search: SizeSearch, rows: FitRows, pairs: list[tuple[Candidate, Candidate]], workers: int
) -> Iterator[MeasuredPair]:
    """Measure as many networks at a time as the search will train, because they slow each other down."""
    tasks = [candidate for pair in pairs for candidate in pair]
    at_once = 1 if any(parameters_of(search.settings, task, 0).solver == "lbfgs" for task in tasks) else workers
    seconds = MAX_SECONDS * min(at_once, len(tasks)) / len(tasks)

    def measured(place: int) -> tuple[int, MeasuredNetwork]:
        return place, _measure(search.settings, rows, tasks[place], seconds)

    found = dict(in_threads(measured, range(len(tasks)), at_once, threading.Event()))
    for place in range(0, len(tasks), 2):
        yield MeasuredPair(smallest=found[place], largest=found[place + 1])


def _measure(settings: SizeSettings, rows: FitRows, candidate: Candidate, seconds: float) -> MeasuredNetwork:
    """Train one network for a number of seconds, or to its end.

    Raises:
        NnsizeError: these rows do not allow its training.
    """
    parameters = parameters_of(settings, candidate, 0)
    if parameters.solver == "lbfgs":
        epochs, training, has_ended = _train_by_scikit_learn(rows, parameters, seconds)
        return MeasuredNetwork(
            weights=candidate.weights,
            seconds_per_epoch=training / max(1, epochs),
            epochs=epochs if has_ended else parameters.max_iter,
            has_ended=has_ended,
            other_seconds=0.0,
        )
    began = time.perf_counter()
    state = start(rows.train, parameters)
    started = time.perf_counter()
    while not state.has_ended and time.perf_counter() - started < seconds:
        state = advance(state, rows.train, seconds=min(0.05, seconds))
    trained = time.perf_counter()
    try:
        network = finish(state, rows.train)
        scores(network, rows.X_test, rows.y_test, settings.scorings)
        scores(network, rows.train.inputs, rows.y_train, settings.scorings)
    except FitError:
        pass  # a search stores such a fit as failed, and it takes as long
    return MeasuredNetwork(
        weights=candidate.weights,
        seconds_per_epoch=(trained - started) / max(1, state.epochs),
        epochs=state.epochs if state.has_ended else parameters.max_iter,
        has_ended=state.has_ended,
        other_seconds=started - began + time.perf_counter() - trained,
    )


def _train_by_scikit_learn(rows: FitRows, parameters: NetworkParameters, seconds: float) -> tuple[int, float, bool]:
    """Train with scikit-learn, again with four times the iterations while there is time.

    Return the iterations, their seconds, and whether training came to its end.
    """
    iterations = 4
    while True:
        most = min(iterations, parameters.max_iter)
        began = time.perf_counter()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                network = train_rows(rows.train_as_scikit_learn, replace(parameters, max_iter=most))
        except FitError as error:
            raise NnsizeError(str(error)) from error
        spent = time.perf_counter() - began
        if network.n_iter < most or most == parameters.max_iter:
            return network.n_iter, spent, True
        if spent > seconds / 4:
            return network.n_iter, spent, False
        iterations *= 4
