"""Scores (placeholder until the fast ones are merged)."""

import warnings

import numpy as np

from nnsize_engine.errors import FitError
from nnsize_engine.network.estimator import to_estimator


def score(scoring, network, X, y):
    from sklearn.metrics import get_scorer

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value = float(get_scorer(scoring)(to_estimator(network), X, y))
        except ValueError as error:
            raise FitError(" ".join(str(error).split())) from error
    if not np.isfinite(value):
        raise FitError(" ".join(str(caught[0].message).split()) if caught else f"{scoring} is {value}")
    return value
