"""Scores of whole networks, in float64, as scikit-learn scores the exported estimator."""

import time

import numpy as np

from nnsize_engine.errors import FitError
from nnsize_engine.evolution.judge import network_fitness, rows_of_final_test, scored_rows
from nnsize_engine.evolution.problem import Problem, network_of, scaled
from nnsize_engine.network.fitted import FittedNetwork
from nnsize_engine.network.stored import fitted_network
from nnsize_engine.network.train import advance, finish, start
from nnsize_engine.network.training_rows import read_rows
from nnsize_engine.processes.parallel import Halt
from nnsize_engine.results.records import NetworkName, NetworkScores, StoredNetwork
from nnsize_engine.scoring.score import score
from nnsize_engine.settings.fitness import default_loss, scoring_of

Found = tuple[StoredNetwork, NetworkScores]


def train_by_gradient(problem: Problem, halt: Halt) -> Found | None:
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
    return stored, _training_scores(problem, stored, seconds)


def quantized(problem: Problem, gradient: Found) -> Found | None:
    """Return the network trained by gradient with the rounded weights and the steps of an evolved one.

    Return None if evolved networks have neither.
    """
    if not problem.settings.is_quantized:
        return None
    trained, scores = gradient
    weights = np.frombuffer(trained.weights, dtype="<f8")
    stored = network_of(problem, "quantized", weights, steps=trained.steps)
    return stored, _training_scores(problem, stored, scores.seconds)


def references(problem: Problem, gradient: Found) -> tuple[Found, ...]:
    """Return the networks that an evolved one is compared with: as it was trained, and as evolved ones are rounded."""
    rounded = quantized(problem, gradient)
    return (gradient,) if rounded is None else (gradient, rounded)


def _training_scores(problem: Problem, stored: StoredNetwork, seconds: float) -> NetworkScores:
    """Return the fitness of a network on the training rows that evolution sees."""
    return NetworkScores(
        name=stored.name,
        fitness=network_fitness(problem, fitted_network(stored), scored_rows(problem, problem.training)),
        held_out=None,
        train_score=None,
        test_score=None,
        train_loss=None,
        test_loss=None,
        seconds=seconds,
        steps=stored.steps,
    )


def final_scores(problem: Problem, stored: StoredNetwork, seconds: float) -> NetworkScores:
    """Score a network on all training rows and, if there are any, the test rows; called once for each final network."""
    network, split, tested = fitted_network(stored), problem.split, rows_of_final_test(problem)
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
        fitness=network_fitness(problem, network, scored_rows(problem, problem.training)),
        held_out=_held_out(problem, stored.name, network),
        train_score=train_score,
        test_score=test_score,
        train_loss=None if train_loss is None else 0.0 - train_loss,
        test_loss=None if test_loss is None else 0.0 - test_loss,
        seconds=seconds,
        steps=stored.steps,
        error=error,
        test_fitness=None if tested is None else network_fitness(problem, network, tested),
    )


def _held_out(problem: Problem, name: NetworkName, network: FittedNetwork) -> float | None:
    """Return the fitness on the held-out rows; None for a network that was trained on them."""
    if name != "evolved" or problem.held_out is None:
        return None
    return network_fitness(problem, network, scored_rows(problem, problem.held_out))
