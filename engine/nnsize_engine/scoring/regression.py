"""Scores of predicted numbers, each equal to scikit-learn's scoring of that name; all outputs have equal weight.

Truth and outputs have shape (rows, outputs). A score is None if scikit-learn must compute it.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]


def _r2(truth: Floats, outputs: Floats) -> float:
    errors = np.sum((truth - outputs) ** 2, axis=0)
    spreads = np.sum((truth - truth.mean(axis=0)) ** 2, axis=0)
    of_constant = np.where(errors == 0, 1.0, 0.0)
    unexplained = np.divide(errors, spreads, out=np.zeros(errors.shape), where=spreads != 0)
    return float(np.mean(np.where(spreads == 0, of_constant, 1 - unexplained)))


def _absolute_percentage_error(truth: Floats, outputs: Floats) -> float:
    return float(np.mean(np.abs(outputs - truth) / np.maximum(np.abs(truth), np.finfo(np.float64).eps)))


def _max_error(truth: Floats, outputs: Floats) -> float | None:
    return -float(np.max(np.abs(truth - outputs))) if truth.shape[1] == 1 else None


REGRESSION: dict[str, Callable[[Floats, Floats], float | None]] = {
    "r2": _r2,
    "neg_mean_squared_error": lambda truth, outputs: -float(np.mean(np.mean((truth - outputs) ** 2, axis=0))),
    "neg_root_mean_squared_error": lambda truth, outputs: (
        -float(np.mean(np.sqrt(np.mean((truth - outputs) ** 2, axis=0))))
    ),
    "neg_mean_absolute_error": lambda truth, outputs: -float(np.mean(np.mean(np.abs(truth - outputs), axis=0))),
    "neg_median_absolute_error": lambda truth, outputs: -float(np.mean(np.median(np.abs(truth - outputs), axis=0))),
    "neg_mean_absolute_percentage_error": lambda truth, outputs: -_absolute_percentage_error(truth, outputs),
    "neg_max_error": _max_error,
}
"""Scores by scikit-learn's names."""
