"""Scaling of a regression's targets by its training rows, as scikit-learn's ``TransformedTargetRegressor`` does it.

Weights start near 0 and learn in small steps, so a network cannot reach targets of thousands. The scaling equals
``StandardScaler``, after ``log1p`` with ``log``.
"""

from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

ScalingKind = Literal["standard", "log"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TargetScaling:
    """A fitted scaling of targets."""

    kind: ScalingKind
    mean: NDArray[np.float64]
    """Mean of each output, after ``log1p`` with ``log``."""

    scale: NDArray[np.float64]
    """Standard deviation of each output; 1 for a constant one."""

    @classmethod
    def fit(cls, y: ArrayLike, kind: ScalingKind) -> Self:
        """Fit a scaling to the targets of training rows, shape (rows,) or (rows, outputs)."""
        from sklearn.preprocessing import StandardScaler

        scaler = StandardScaler().fit(_start(_matrix(y), kind))
        return cls(kind=kind, mean=scaler.mean_, scale=scaler.scale_)

    def transform(self, y: ArrayLike) -> NDArray[np.float64]:
        """Return targets as the network sees them; their shape stays."""
        values = _start(_matrix(y), self.kind)
        values = (values - self.mean) / self.scale
        return values.reshape(np.shape(y))

    def inverse(self, outputs: NDArray[Any]) -> NDArray[np.float64]:
        """Return outputs of a network, shape (rows, outputs), in the units of the target."""
        with np.errstate(over="ignore", invalid="ignore"):  # an overflow becomes infinite, and the score says so
            values = outputs.astype(np.float64) * self.scale + self.mean
            return np.expm1(values) if self.kind == "log" else values

    def to_transformer(self, rows: int) -> Any:
        """Return the fitted scikit-learn transformer, as of so many training rows."""
        scaler = standard_scaler(self.mean, self.scale, rows)
        if self.kind == "standard":
            return scaler
        from sklearn.pipeline import Pipeline

        return Pipeline([("log", _log_transformer(len(self.mean))), ("standard", scaler)])


def standard_scaler(mean: ArrayLike, scale: ArrayLike, rows: int) -> Any:
    """Return a fitted ``StandardScaler``. Its ``var_`` is ``scale_`` squared, as scikit-learn scales constants by 1."""
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler()
    scaler.mean_ = np.array(mean)
    scaler.scale_ = np.array(scale)
    scaler.var_ = scaler.scale_**2
    scaler.n_features_in_ = len(scaler.mean_)
    scaler.n_samples_seen_ = np.int64(rows)
    return scaler


def _matrix(y: ArrayLike) -> NDArray[np.float64]:
    values = np.asarray(y, dtype=np.float64)
    return values.reshape(len(values), -1)


def _start(values: NDArray[np.float64], kind: ScalingKind) -> NDArray[np.float64]:
    return np.log1p(values) if kind == "log" else values


def _log_transformer(outputs: int) -> Any:
    from sklearn.preprocessing import FunctionTransformer

    transformer = FunctionTransformer(np.log1p, np.expm1)
    transformer.n_features_in_ = outputs
    return transformer
