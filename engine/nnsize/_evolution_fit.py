"""The evolution of EvolutionClassifier and EvolutionRegressor, which is that of ``nnsize evolve``."""

import sys
import threading
import warnings
from dataclasses import fields
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize._evolution_settings import settings_of
from nnsize._training_data import training_split
from nnsize_engine.errors import NnsizeError
from nnsize_engine.evolution.evolve import Evolution
from nnsize_engine.evolution.judge import network_fitness, scored_rows
from nnsize_engine.evolution.problem import Problem, make_problem, network_of
from nnsize_engine.evolution.warm_up import prepare_evolution, small_settings
from nnsize_engine.network.estimator import output_activation
from nnsize_engine.network.stored import fitted_network
from nnsize_engine.processes.parallel import ThreadPool, worker_count
from nnsize_engine.results.records import GenerationResult
from nnsize_engine.settings.datasets import Task
from nnsize_engine.settings.evolution import EvolutionSettings

_CURVES = tuple(field.name for field in fields(GenerationResult) if field.name not in ("low", "high", "counts"))
"""What is told of every generation, without the histogram of the members."""


def evolve(estimator: Any, X: NDArray[Any], y: NDArray[Any], classes: NDArray[Any] | None) -> None:
    """Evolve the weights of an estimator's network, and set its fitted attributes.

    Raises:
        ValueError: a parameter is refused, or the data does not allow it.
    """
    count = 0 if classes is None else len(classes)
    task: Task = "regression" if classes is None else "binary" if count == 2 else "multiclass"
    split = training_split(X, y, task=task, classes=count)
    try:
        settings = settings_of(estimator.get_params(deep=False), split, classes)
        _prepare(small_settings(settings))
        problem = make_problem(settings, split)
        evolution, records = _evolved(problem, speaks=bool(estimator.verbose))
    except NnsizeError as error:
        raise ValueError(str(error)) from error
    _store(estimator, problem, evolution, records)


def _evolved(problem: Problem, *, speaks: bool) -> tuple[Evolution, list[GenerationResult]]:
    """Return the evolution at its end, or where Ctrl-C ended it, and all of its generations."""
    evolution, records = Evolution(problem, None, lambda _: None), list[GenerationResult]()
    halt = threading.Event()
    with ThreadPool(worker_count(problem.settings.jobs)) as pool:
        try:
            while evolution.reason_to_end is None:
                records.append(evolution.next_generation(pool, halt))
                if speaks:
                    _tell(problem.settings, records[-1])
        except KeyboardInterrupt:
            halt.set()  # the threads start no further task
            if evolution.state is None:
                raise
            warnings.warn("Evolution interrupted by user.", stacklevel=4)
    return evolution, records[: 1 + evolution.state.population.generation] if evolution.state else records


def _tell(settings: EvolutionSettings, record: GenerationResult) -> None:
    best = "none" if record.best is None else f"{record.best:.6g}"
    sys.stdout.write(f"Generation {record.number}, {settings.measure} = {best}, {record.evaluations:,} evaluations\n")


def _store(estimator: Any, problem: Problem, evolution: Evolution, records: list[GenerationResult]) -> None:
    weights, generation = evolution.chosen()
    stored = network_of(problem, "evolved", weights, steps=generation)
    network = fitted_network(stored)
    estimator._stored, estimator._rows = stored, len(problem.training.rows.inputs)
    estimator.coefs_, estimator.intercepts_ = network.shape.split(network.weights)
    estimator.n_layers_, estimator.n_outputs_ = len(stored.units), stored.units[-1]
    estimator.out_activation_ = output_activation(network)
    estimator.fitness_ = network_fitness(problem, network, scored_rows(problem, problem.training))
    held_out = None if problem.held_out is None else scored_rows(problem, problem.held_out)
    estimator.held_out_fitness_ = None if held_out is None else network_fitness(problem, network, held_out)
    estimator.n_iter_ = records[-1].number
    estimator.n_evaluations_ = records[-1].evaluations
    estimator.best_generation_ = generation
    estimator.fitness_curve_ = [np.nan if record.best is None else record.best for record in records]
    estimator.generations_ = {name: _column(records, name) for name in _CURVES}
    estimator.stop_reason_ = evolution.reason_to_end or "interrupted"


def _column(records: list[GenerationResult], name: str) -> NDArray[Any]:
    values = [getattr(record, name) for record in records]
    return np.array([np.nan if value is None else value for value in values])


def outputs_of(estimator: Any, X: NDArray[Any]) -> tuple[Any, NDArray[Any]]:
    """Return the fitted network, and what it gives for raw inputs, shape (rows, outputs)."""
    stored = estimator._stored
    network = fitted_network(stored)
    inputs = (X - np.array(stored.mean)) / np.array(stored.scale) if stored.mean else X
    return network, network.outputs(inputs)


@cache
def _prepare(small: EvolutionSettings) -> None:
    """Load compiled code once in a process; on a new machine this compiles it, which takes seconds."""
    prepare_evolution(small)
