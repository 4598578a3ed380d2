"""Unit space, in which families of optimizers work: weights divided by the Glorot limits of their layers."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.bounds import Bounds
from nnsize_engine.network.jit import Matrix, Vector, compiled
from nnsize_engine.settings.activations import glorot_limits
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.layer_sizes import weights_by_layer

Floats = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnitSpace:
    """Limits in the precision of the run, each of shape (weights,)."""

    limits: Floats
    """The Glorot limit of each weight."""

    low: Floats
    """Lower bounds in unit space."""

    high: Floats
    """Upper bounds in unit space."""

    bounds: Bounds

    starts: NDArray[np.int64]
    """Number of the first weight of each layer, and the number of all weights. Limits are the same within a layer."""

    def units_of(self, weights: Floats) -> Floats:
        """Return members in unit space, shape (members, weights)."""
        units: Floats = weights / self.limits
        return units

    def weights_of(self, trials: Floats, weights: Floats) -> None:
        """Compute the weights of clipped trials, in place; rounding leaves none outside the bounds."""
        bounds = self.bounds
        scale_rows(np.atleast_2d(trials), self.limits, bounds.low, bounds.high, np.atleast_2d(weights))

    def confine(self, trials: Floats, weights: Floats) -> None:
        """Clip trials to the bounds, in place, and compute their weights; NaN goes to the lower bound."""
        bounds = self.bounds
        clip_and_scale_rows(self.starts, trials, self.low, self.high, self.limits, bounds.low, bounds.high, weights)


@compiled
def scale_rows(rows: Matrix, factors: Vector, low: Vector, high: Vector, scaled: Matrix) -> None:
    """Multiply each column by its factor, and clip it to its limits."""
    for row in range(rows.shape[0]):
        values, results = rows[row], scaled[row]
        for column in range(factors.size):
            value = values[column] * factors[column]
            value = value if value >= low[column] else low[column]
            results[column] = value if value <= high[column] else high[column]


@compiled
def clip_and_scale_rows(starts: Vector, rows: Matrix, low: Vector, high: Vector, factors: Vector, scaled_low: Vector,
                        scaled_high: Vector, scaled: Matrix) -> None:  # fmt: skip
    """Clip each column, multiply it by its factor and clip the result; the limits are those of the layer's first one.

    Limits of single columns would take more time to read than the trials.
    """
    for row in range(rows.shape[0]):
        for layer in range(starts.size - 1):
            begin, end = starts[layer], starts[layer + 1]
            values, results = rows[row][begin:end], scaled[row][begin:end]
            least, most, factor = low[begin], high[begin], factors[begin]
            scaled_least, scaled_most = scaled_low[begin], scaled_high[begin]
            for column in range(values.size):
                value = values[column]
                value = value if value >= least else least
                value = value if value <= most else most
                values[column] = value
                value *= factor
                value = value if value >= scaled_least else scaled_least
                results[column] = value if value <= scaled_most else scaled_most


def unit_space_of(settings: EvolutionSettings, bounds: Bounds) -> UnitSpace:
    """Return the unit space of a network."""
    counts = weights_by_layer(settings.units)
    limits = np.repeat(np.asarray(glorot_limits(settings.units, settings.activation)), counts)
    limits = limits.astype(settings.precision)
    return UnitSpace(
        limits=limits,
        low=bounds.low / limits,
        high=bounds.high / limits,
        bounds=bounds,
        starts=np.cumsum([0, *counts], dtype=np.int64),
    )
