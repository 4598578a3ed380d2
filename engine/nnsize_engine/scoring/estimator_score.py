"""Scores of scikit-learn's estimators by its own scorers."""

import threading
import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nnsize_engine.errors import FitError

_warnings_lock = threading.Lock()
"""Held while warnings are caught, because Python's list of caught warnings belongs to the whole process."""


def score_estimator(estimator: Any, X: ArrayLike, y: ArrayLike, scoring: str) -> float:
    """Return the score of a fitted estimator on rows.

    Raises:
        FitError: scikit-learn refuses to score, or the score is not finite.
    """
    from sklearn.metrics import get_scorer

    with _warnings_lock, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value = float(get_scorer(scoring)(estimator, X, y))
        except (ValueError, ArithmeticError) as error:
            raise FitError(" ".join(str(error).split())) from error
    if not np.isfinite(value):
        reasons = [str(warning.message) for warning in caught] or [f"{scoring} gave {value}"]
        raise FitError(" ".join(reasons[0].split()))
    return value
