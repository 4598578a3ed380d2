"""The objective that strategies and gradient training are compared by: fitness with weight decay, on the same rows."""

from dataclasses import replace
from math import ceil

import numpy as np

from nnsize_engine.evolution.problem import Problem, fill_losses, fitness_value
from nnsize_engine.evolution.scores import Found
from nnsize_engine.network.kernel_settings import ACTIVATION_CODES
from nnsize_engine.results.records import StoredNetwork

MAX_EPOCHS = 2000  # of gradient training; ten times scikit-learn's default, so that it ends where it stops improving

MIN_STEPS = 20_000  # steps that training may always take: small data has one step an epoch, and 2,000 are too few

MIN_IMPROVEMENT, MAX_EPOCHS_WITHOUT = 1e-6, 20  # scikit-learn's 1e-4 and 10 stop small data sets far too early

USUAL_BATCH_ROWS = 200  # scikit-learn's batch_size "auto"


def for_gradient(problem: Problem) -> Problem:
    """Return the problem whose gradient training minimises the same objective, until it no longer improves.

    scikit-learn adds alpha / (2 n) times the sum of squared weights to the loss of a batch of n rows, and halves the
    squared error. A fitness that is not the loss of the task has no gradient: then training minimises that loss, with
    the same penalty.
    """
    settings, parameters = problem.settings, problem.parameters
    rows = len(problem.split.y_train)
    batch_rows = min(USUAL_BATCH_ROWS, rows)
    alpha = settings.weight_decay * batch_rows
    epochs = max(MAX_EPOCHS, MIN_STEPS // ceil(rows / batch_rows))
    if problem.kind == "regression":
        alpha /= 2
    chosen = replace(parameters, alpha=alpha, max_iter=epochs, tol=MIN_IMPROVEMENT, n_iter_no_change=MAX_EPOCHS_WITHOUT)
    return replace(problem, parameters=chosen)


def with_objective(problem: Problem, found: Found) -> Found:
    """Return a network and its scores with the objective."""
    network, scores = found
    return network, replace(scores, objective=objective_of(problem, network))


def objective_of(problem: Problem, network: StoredNetwork) -> float | None:
    """Return the fitness of a network with weight decay, on the rows that evolution sees; None if it is not finite."""
    if network.name == "gradient" and problem.settings.is_quantized:
        problem = _unrounded(problem)
    member = np.frombuffer(network.weights, dtype="<f8").astype(problem.settings.precision)[np.newaxis]
    losses = np.full(1, np.inf)
    fill_losses(problem, problem.training, member, losses)
    return fitness_value(problem.settings, float(losses[0]))


def _unrounded(problem: Problem) -> Problem:
    """Return the problem of networks as gradient training leaves them: neither rounded nor with steps."""
    kernel_settings = problem.kernel_settings.copy()
    kernel_settings["activation"] = ACTIVATION_CODES[problem.parameters.activation]
    settings = replace(problem.settings, bits=None, activation=problem.parameters.activation)
    return replace(problem, settings=settings, kernel_settings=kernel_settings)
