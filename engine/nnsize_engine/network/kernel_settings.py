"""A training's parameters as the numbers that compiled code reads.

They travel as one NumPy record, whose fields Numba reads by name; a tuple of as many would be slow to compile. A loop
reads what it needs into variables first, or the compiler has to read the record again in every turn. Fields that scale
gradients and weights have the network's precision, because NumPy computes with them in the arrays' precision.
"""

from functools import cache
from typing import Any

import numpy as np

from nnsize_engine.settings.network import NetworkParameters

IDENTITY, RELU, TANH, LOGISTIC, SOFTMAX, EXPONENTIAL = range(6)
SQUARED_ERROR, POISSON, LOG_LOSS, BINARY_LOG_LOSS = range(4)
ACCURACY, ACCURACY_OF_ONE_CLASS, R_SQUARED = range(3)
ADAM, SGD = range(2)
CONSTANT, INVSCALING, ADAPTIVE = range(3)

_ACTIVATIONS = {"identity": IDENTITY, "relu": RELU, "tanh": TANH, "logistic": LOGISTIC}
_SCHEDULES = {"constant": CONSTANT, "invscaling": INVSCALING, "adaptive": ADAPTIVE}


KernelSettings = Any
"""One `numpy.record` with the fields below."""

_FIELDS = {
    "activation": "i8",  # of hidden layers
    "output_activation": "i8",
    "loss": "i8",
    "validation_score": "i8",
    "solver": "i8",
    "nesterov": "i8",
    "schedule": "i8",
    "shuffle": "i8",
    "early_stopping": "i8",
    "batch_size": "i8",
    "max_epochs": "i8",
    "patience": "f8",  # most epochs in a row without improvement
    "tolerance": "f8",
    "learning_rate_init": "f8",
    "power": "f8",
    "beta_1": "f8",
    "beta_2": "f8",
    "half_penalty": "f8",
    "penalty": "precision",  # alpha
    "momentum": "precision",
    "keep_mean": "precision",  # beta_1 and, next, 1 - beta_1
    "add_mean": "precision",
    "keep_square": "precision",
    "add_square": "precision",
    "epsilon": "precision",
    "rounding": "precision",  # from 1 to the next number: probabilities are clipped by it before their logarithm
    "zero": "precision",
    "one": "precision",
}


def kernel_settings_for(
    parameters: NetworkParameters, kind: str, class_count: int, rows: int, precision: str
) -> KernelSettings:
    """Return the settings of training on a number of rows for a kind of target (see `TrainingRows.kind`)."""
    output_activation, loss = _output(parameters, kind)
    auto = parameters.batch_size == "auto"
    values: dict[str, Any] = {
        "activation": _ACTIVATIONS[parameters.activation],
        "output_activation": output_activation,
        "loss": loss,
        "validation_score": R_SQUARED if kind == "regression" else _accuracy(class_count),
        "solver": ADAM if parameters.solver == "adam" else SGD,
        "nesterov": parameters.nesterovs_momentum,
        "schedule": _SCHEDULES[parameters.learning_rate],
        "shuffle": parameters.shuffle,
        "early_stopping": parameters.early_stopping,
        "batch_size": min(200 if auto else int(parameters.batch_size), rows),
        "max_epochs": parameters.max_iter,
        "patience": parameters.n_iter_no_change,
        "tolerance": parameters.tol,
        "learning_rate_init": parameters.learning_rate_init,
        "power": parameters.power_t,
        "beta_1": parameters.beta_1,
        "beta_2": parameters.beta_2,
        "half_penalty": 0.5 * parameters.alpha,
        "penalty": parameters.alpha,
        "momentum": parameters.momentum,
        "keep_mean": parameters.beta_1,
        "add_mean": 1 - parameters.beta_1,
        "keep_square": parameters.beta_2,
        "add_square": 1 - parameters.beta_2,
        "epsilon": parameters.epsilon,
        "rounding": np.finfo(precision).eps,
        "zero": 0,
        "one": 1,
    }
    record = np.rec.array([tuple(values[name] for name in _FIELDS)], dtype=_record_type(precision))
    return record[0]


@cache
def _record_type(precision: str) -> np.dtype[Any]:
    fields = [(name, precision if kind == "precision" else kind) for name, kind in _FIELDS.items()]
    return np.dtype(fields, align=True)


def _output(parameters: NetworkParameters, kind: str) -> tuple[int, int]:
    if kind == "regression":
        return (EXPONENTIAL, POISSON) if parameters.loss == "poisson" else (IDENTITY, SQUARED_ERROR)
    if kind == "multiclass":
        return SOFTMAX, LOG_LOSS
    return LOGISTIC, BINARY_LOG_LOSS


def _accuracy(class_count: int) -> int:
    return ACCURACY_OF_ONE_CLASS if class_count == 1 else ACCURACY
