"""Scores of whole networks, in float64, as scikit-learn scores the exported estimator."""

import time
from dataclasses import replace

import numpy as np

from nnsize_engine.errors import FitError
from nnsize_engine.evolution.problem import Problem, Table, fitness_value, network_of, scaled
from nnsize_engine.network.fitted import FittedNetwork
from nnsize_engine.network.stored import fitted_network
from nnsize_engine.network.train import advance, finish, start
from nnsize_engine.network.training_rows import read_rows
from nnsize_engine.processes.parallel import Halt
from nnsize_engine.results.records import NetworkScores, StoredNetwork
from nnsize_engine.scoring.score import score
from nnsize_engine.settings.fitness import default_loss, is_minimised, scoring_of


def train_by_gradient(problem: Problem, halt: Halt) -> tuple[StoredNetwork, NetworkScores] | None:
    """Train the same network by gradient, on all training rows, with scikit-learn's defaults; None if halted.

    Raises:
        FitError: its weights overflowed.
    """
    began = time.perf_counter()
    task = "regression" if problem.kind == "regression" else "classification"
    X, y = scaled(problem, problem.split.X_train), problem.split.y_train
    rows = read_rows(X, y, task=task, target_scale=problem.settings.scaling_of_target)
    state = start(rows, problem.parameters)
    while not state.has_ended:
        if halt.is_set():
            return None
        state = advance(state, rows)
    network = finish(state, rows)
    stored = network_of(problem, "gradient", network.weights, steps=network.n_iter)
    seconds = time.perf_counter() - began
    # Nothing is held out: the network is trained on every training row, as in scikit-learn.
    scores = NetworkScores(
        name="gradient",
        fitness=_fitness(problem, network, problem.training),
        held_out=None,
        train_score=None,
        test_score=None,
        train_loss=None,
        test_loss=None,
        seconds=seconds,
        steps=network.n_iter,
    )
    return stored, scores


def final_scores(problem: Problem, stored: StoredNetwork, seconds: float) -> NetworkScores:
    """Score a network on all training rows and, if there are any, the test rows; called once for each final network."""
    network, split = fitted_network(stored), problem.split
    parts = ((split.X_train, split.y_train), (split.X_test, split.y_test))
    settings = problem.settings
    loss = default_loss(settings.task)
    values: list[float | None] = []
    error = None
    for scoring in (settings.final_scoring, scoring_of(loss)):
        for X, y in parts:
            if not len(y):
                values.append(None)
                continue
            try:
                values.append(score(network, scaled(problem, X), y, scoring))
            except FitError as failure:
                values.append(None)
                error = error or f"{scoring}: {failure}"
    train_score, test_score, train_loss, test_loss = values
    return NetworkScores(
        name=stored.name,
        fitness=_fitness(problem, network, problem.training),
        held_out=None if stored.name == "gradient" else _fitness(problem, network, problem.held_out),
        train_score=train_score,
        test_score=test_score,
        train_loss=None if train_loss is None else 0.0 - train_loss,
        test_loss=None if test_loss is None else 0.0 - test_loss,
        seconds=seconds,
        steps=stored.steps,
        error=error,
    )


def _fitness(problem: Problem, network: FittedNetwork, table: Table | None) -> float | None:
    """Return the fitness of a network on rows, without weight decay; None if it is not a number."""
    if table is None:
        return None
    name = problem.settings.fitness
    answers = table.answers
    if is_minimised(name):  # a loss is that of the scaled target
        network, answers = replace(network, scaling=None), table.rows.labels
    try:
        value = score(network, table.rows.inputs.astype(np.float64), answers, scoring_of(name))
    except FitError:
        return None
    return fitness_value(problem.settings, -value) if is_minimised(name) else value
