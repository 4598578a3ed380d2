"""Check whether the numbers to predict are skewed, as prices and incomes are."""

import numpy as np

from nnsize_engine.data.target import Target

MIN_SKEWNESS = 2.0
"""Skewness from which a logarithm is suggested; an exponential distribution has 2."""

MIN_ROWS = 20  # with fewer, one value decides


def skew_warnings(target: Target, name: str) -> list[str]:
    """Suggest to scale the target by its logarithm, if it is skewed, not negative, and less skewed after ``log1p``."""
    if target.task != "regression" or target.y.ndim > 1 or len(target.y) < MIN_ROWS or target.y.min() < 0:
        return []
    skewness = _skewness(target.y)
    if skewness < MIN_SKEWNESS or abs(_skewness(np.log1p(target.y))) >= skewness / 2:
        return []
    return [
        f"target '{name}' is skewed (skewness {skewness:.1f}): a few values are far above the rest; "
        "--target-scale log may fit better"
    ]


def _skewness(y: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    """Return the third standardised moment; 0 for constant numbers."""
    centred = y - y.mean()
    deviation = float(np.sqrt(np.mean(centred**2)))
    return 0.0 if deviation == 0 else float(np.mean((centred / deviation) ** 3))
