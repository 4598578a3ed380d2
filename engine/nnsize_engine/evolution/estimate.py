"""Estimate of the time of an evolution, from a few generations of small populations."""

import contextlib
import statistics
import threading
import time
from dataclasses import replace

from nnsize_engine.data.split import load_split
from nnsize_engine.errors import FitError
from nnsize_engine.evolution.evolve import Evolution
from nnsize_engine.evolution.problem import Problem, make_problem, scaled
from nnsize_engine.evolution.warm_up import prepare_evolution
from nnsize_engine.network.train import advance, finish, start
from nnsize_engine.network.training_rows import read_rows
from nnsize_engine.processes.parallel import ThreadPool, worker_count
from nnsize_engine.results.estimates import EvolutionEstimate
from nnsize_engine.settings.budget import MAX_GENERATIONS
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.first_population import INITS
from nnsize_engine.settings.population_memory import first_members
from nnsize_engine.settings.strategies import FAMILIES, min_members

MAX_EVOLVING_SECONDS = 1.2  # about; a few generations of the fewest members are computed in any case

MIN_GENERATIONS = 3  # measured after each first population; the median of fewer is a matter of luck

MAX_GRADIENT_SECONDS = 0.5  # of training by gradient; a longer one is judged by the epochs that it did

MAX_MEASURED_BYTES = 200_000_000  # of a measured population; other programs need memory as well

MIN_MEASURED_MEMBERS = 64  # of the first measured population; enough for every thread

_GROWTH = 8  # times as many members has the next measured population, while there is time


def measure_evolution(settings: EvolutionSettings) -> EvolutionEstimate:
    """Load the data, and compute generations of growing populations until one takes long enough to measure.

    Raises:
        NnsizeError: the data cannot be loaded, or does not allow these settings.
    """
    began = time.perf_counter()
    problem = make_problem(settings, load_split(settings))
    prepared = time.perf_counter()
    prepare_evolution(settings)  # compiling, the first time on a machine, is no part of what follows
    workers = worker_count(settings.jobs)
    gradient = _gradient_seconds(problem) if settings.reference else 0.0
    wanted = first_members(settings) or settings.member_count
    itemsize = 8 if settings.precision == "float64" else 4
    most = min(wanted, max(MIN_MEASURED_MEMBERS, MAX_MEASURED_BYTES // (settings.weights * itemsize)))
    members = min(wanted, max(MIN_MEASURED_MEMBERS, min_members(settings.strategy)))
    if settings.strategy in FAMILIES:  # whose trials depend on their number
        members = most = wanted
    _generation_seconds(problem, members, workers, 0.0)  # what is done for the first time takes longer
    started = time.perf_counter()
    while True:
        first, following = _generation_seconds(
            problem, members, workers, MAX_EVOLVING_SECONDS - (time.perf_counter() - started)
        )
        spent = time.perf_counter() - started
        if members >= most or spent + (first + MIN_GENERATIONS * following) * _GROWTH > MAX_EVOLVING_SECONDS:
            break
        members = min(most, members * _GROWTH)
    return EvolutionEstimate(
        members=members,
        first_seconds=first / members,
        member_seconds=following / members,
        load_seconds=prepared - began,
        gradient_seconds=gradient,
        workers=workers,
    )


def _generation_seconds(problem: Problem, members: int, workers: int, seconds: float) -> tuple[float, float]:
    """Return the seconds of a first population, and the median seconds of the generations after it."""
    settings = problem.settings
    init = settings.init if settings.init in INITS else "random"
    small = replace(
        settings,
        members=members,
        init=init,
        generations=MAX_GENERATIONS,
        evaluations=None,
        seconds=None,
        restart_after=None,
    )
    evolution = Evolution(replace(problem, settings=small), None, lambda _: None)
    halt = threading.Event()
    with ThreadPool(workers) as pool:
        began = time.perf_counter()
        evolution.next_generation(pool, halt)
        first = time.perf_counter() - began
        following: list[float] = []
        while len(following) < MIN_GENERATIONS or (len(following) < 50 and _spent(began) < seconds / 2):
            started = time.perf_counter()
            evolution.next_generation(pool, halt)
            following.append(_spent(started))
        return first, statistics.median(following)


def _spent(since: float) -> float:
    return time.perf_counter() - since


def _gradient_seconds(problem: Problem) -> float:
    """Return the seconds of training the same network by gradient; a long training is extrapolated to `max_iter`."""
    task = "regression" if problem.kind == "regression" else "classification"
    began = time.perf_counter()
    X, y = scaled(problem, problem.split.X_train), problem.split.y_train
    rows = read_rows(X, y, task=task, target_scale=problem.settings.scaling_of_target)
    state = start(rows, problem.parameters)
    started = time.perf_counter()
    while not state.has_ended and _spent(started) < MAX_GRADIENT_SECONDS:
        state = advance(state, rows, seconds=0.05)
    training = _spent(started)
    if not state.has_ended:
        training *= problem.parameters.max_iter / max(1, state.epochs)
    else:
        with contextlib.suppress(FitError):
            finish(state, rows)
    return started - began + training
