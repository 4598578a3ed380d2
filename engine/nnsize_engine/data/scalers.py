"""scikit-learn's transformers that scale inputs."""

from typing import Any, assert_never

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.settings.scaler import Scaler

MAX_QUANTILES = 1_000  # the default of QuantileTransformer


def new_scaler(scaler: Scaler, rows: int) -> Any:
    """Return an unfitted transformer for so many training rows; None where inputs stay as they are.

    scikit-learn takes at most as many quantiles as rows, and warns if there are fewer rows. So the number is reduced
    here, which changes no value.
    """
    from sklearn import preprocessing

    match scaler:
        case "standard":
            return preprocessing.StandardScaler()
        case "robust":
            return preprocessing.RobustScaler()
        case "quantile":
            return preprocessing.QuantileTransformer(n_quantiles=min(MAX_QUANTILES, rows), random_state=0)
        case "minmax":
            return preprocessing.MinMaxScaler()
        case "none":
            return None
        case _:
            assert_never(scaler)


def affine_facts(scaler: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what a fitted transformer takes off each input, and what it divides by; empty if it does not do so."""
    match type(scaler).__name__:
        case "StandardScaler":
            return scaler.mean_, scaler.scale_
        case "RobustScaler":
            return scaler.center_, scaler.scale_
        case "MinMaxScaler":
            return scaler.data_min_, 1 / scaler.scale_
        case "QuantileTransformer" | "NoneType":
            return np.empty(0), np.empty(0)
        case other:
            raise AssertionError(f"no scaler of inputs is a {other}")
