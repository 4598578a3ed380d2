"""Slow, obvious NumPy versions of the compiled code."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]


def activate(name: str, sums: Floats) -> Floats:
    """Return the activation of a layer."""
    if name == "relu":
        return np.maximum(sums, 0)
    if name == "tanh":
        return np.tanh(sums)
    if name == "logistic":
        return 1 / (1 + np.exp(-sums))
    if name == "exp":
        return np.exp(sums)
    if name == "softmax":
        powers: Floats = np.exp(sums - sums.max(axis=1, keepdims=True))
        shares: Floats = powers / powers.sum(axis=1, keepdims=True)
        return shares
    return sums


def outputs(coefs: Sequence[Floats], intercepts: Sequence[Floats], X: Floats, hidden: str, last: str) -> Floats:
    """Return the outputs of a network, `(rows, outputs)`."""
    values = X
    for number, (matrix, biases) in enumerate(zip(coefs, intercepts, strict=True), start=1):
        values = activate(last if number == len(coefs) else hidden, values @ matrix + biases)
    return values


def loss(predicted: Floats, targets: Floats, kind: str, coefs: Sequence[Floats], alpha: float) -> float:
    """Return the mean loss over rows with its penalty; kind is multiclass, binary, squared_error or poisson."""
    if kind == "multiclass":
        errors = -np.sum(targets * np.log(predicted), axis=1)
    elif kind == "binary":
        errors = -np.sum(targets * np.log(predicted) + (1 - targets) * np.log(1 - predicted), axis=1)
    elif kind == "poisson":
        logarithms = np.log(targets / predicted, where=targets > 0, out=np.zeros_like(predicted))
        errors = np.sum(targets * logarithms - targets + predicted, axis=1)
    else:
        errors = 0.5 * np.mean((targets - predicted) ** 2, axis=1)
    penalty = 0.5 * alpha * sum(float(np.sum(matrix**2)) for matrix in coefs) / len(targets)
    return float(np.mean(errors)) + penalty
