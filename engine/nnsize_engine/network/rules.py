"""A training's parameters as the numbers that compiled code reads.

A named tuple of scalars: Numba reads its fields by name, and without Numba it works as it is. Fields that scale
gradients and weights have the network's precision, because NumPy computes with them in the arrays' precision.
"""

from typing import Any, NamedTuple

import numpy as np

from nnsize_engine.network.parameters import NetworkParameters

IDENTITY, RELU, TANH, LOGISTIC, SOFTMAX, EXPONENTIAL = range(6)
SQUARED_ERROR, POISSON, LOG_LOSS, BINARY_LOG_LOSS = range(4)
ACCURACY, ACCURACY_OF_ONE_CLASS, R_SQUARED = range(3)
ADAM, SGD = range(2)
CONSTANT, INVSCALING, ADAPTIVE = range(3)

_ACTIVATIONS = {"identity": IDENTITY, "relu": RELU, "tanh": TANH, "logistic": LOGISTIC}
_SCHEDULES = {"constant": CONSTANT, "invscaling": INVSCALING, "adaptive": ADAPTIVE}


class Rules(NamedTuple):
    """Everything that stays the same during one training."""

    activation: int
    """Of hidden layers."""
    output_activation: int
    loss: int
    validation_score: int
    solver: int
    nesterov: bool
    schedule: int
    shuffle: bool
    early_stopping: bool
    batch_size: int
    max_epochs: int
    patience: float
    """Most epochs in a row without improvement."""
    tolerance: float
    learning_rate_init: float
    power: float
    beta_1: float
    beta_2: float
    half_penalty: float
    penalty: np.floating[Any]
    """alpha, in the network's precision, as all that follow."""
    zero: np.floating[Any]
    one: np.floating[Any]
    momentum: np.floating[Any]
    keep_mean: np.floating[Any]
    """beta_1 and, next, 1 - beta_1."""
    add_mean: np.floating[Any]
    keep_square: np.floating[Any]
    add_square: np.floating[Any]
    epsilon: np.floating[Any]
    rounding: np.floating[Any]
    """The precision's distance from 1 to the next number: probabilities are clipped by it before their logarithm."""


def rules_for(parameters: NetworkParameters, kind: str, class_count: int, rows: int, precision: str) -> Rules:
    """The rules of training on a number of rows for a kind of target (see `TrainingRows.kind`)."""
    real = np.dtype(precision).type
    output_activation, loss = _output(parameters, kind)
    auto = parameters.batch_size == "auto"
    return Rules(
        activation=_ACTIVATIONS[parameters.activation],
        output_activation=output_activation,
        loss=loss,
        validation_score=R_SQUARED if kind == "regression" else _accuracy(class_count),
        solver=ADAM if parameters.solver == "adam" else SGD,
        nesterov=parameters.nesterovs_momentum,
        schedule=_SCHEDULES[parameters.learning_rate],
        shuffle=parameters.shuffle,
        early_stopping=parameters.early_stopping,
        batch_size=min(200 if auto else int(parameters.batch_size), rows),
        max_epochs=parameters.max_iter,
        patience=float(parameters.n_iter_no_change),
        tolerance=parameters.tol,
        learning_rate_init=parameters.learning_rate_init,
        power=parameters.power_t,
        beta_1=parameters.beta_1,
        beta_2=parameters.beta_2,
        half_penalty=0.5 * parameters.alpha,
        penalty=real(parameters.alpha),
        zero=real(0.0),
        one=real(1.0),
        momentum=real(parameters.momentum),
        keep_mean=real(parameters.beta_1),
        add_mean=real(1 - parameters.beta_1),
        keep_square=real(parameters.beta_2),
        add_square=real(1 - parameters.beta_2),
        epsilon=real(parameters.epsilon),
        rounding=np.finfo(real).eps,
    )


def _output(parameters: NetworkParameters, kind: str) -> tuple[int, int]:
    if kind == "regression":
        return (EXPONENTIAL, POISSON) if parameters.loss == "poisson" else (IDENTITY, SQUARED_ERROR)
    if kind == "multiclass":
        return SOFTMAX, LOG_LOSS
    return LOGISTIC, BINARY_LOG_LOSS


def _accuracy(class_count: int) -> int:
    return ACCURACY_OF_ONE_CLASS if class_count == 1 else ACCURACY
