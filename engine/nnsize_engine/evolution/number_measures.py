"""Measures of predicted numbers; each score equals scikit-learn's scoring of its name.

Truth has shape (rows, outputs), outputs (members, rows, outputs).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def pinball_losses(truth: Floats, outputs: Floats, quantile: float) -> Floats:
    """Return the mean pinball loss of each member: ``mean_pinball_loss(alpha=quantile)``.

    Koenker and Bassett, Regression Quantiles, Econometrica 46 (1978), https://doi.org/10.2307/1913643.
    """
    errors = truth - outputs
    losses: Floats = np.where(errors >= 0, quantile * errors, (quantile - 1) * errors).mean(axis=1).mean(axis=1)
    return losses


def _squared(truth: Floats, outputs: Floats) -> Floats:
    squares: Floats = ((truth - outputs) ** 2).mean(axis=1)
    return squares


def _r2(truth: Floats, outputs: Floats) -> Floats:
    errors = ((truth - outputs) ** 2).sum(axis=1)
    spreads = ((truth - truth.mean(axis=0)) ** 2).sum(axis=0)
    shares = np.divide(errors, spreads, out=np.zeros(errors.shape), where=spreads != 0)
    scores: Floats = np.where(spreads == 0, np.where(errors == 0, 1.0, 0.0), 1 - shares).mean(axis=1)
    return scores


NUMBER_MEASURES: Mapping[str, Callable[[Floats, Floats], Floats]] = MappingProxyType(
    {
        "r2": _r2,
        "neg_mean_squared_error": lambda truth, outputs: -_squared(truth, outputs).mean(axis=1),
        "neg_root_mean_squared_error": lambda truth, outputs: -np.sqrt(_squared(truth, outputs)).mean(axis=1),
        "neg_mean_absolute_error": lambda truth, outputs: -np.abs(truth - outputs).mean(axis=1).mean(axis=1),
    }
)
"""Scores by scikit-learn's names."""
