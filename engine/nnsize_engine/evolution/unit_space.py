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

    def units_of(self, weights: Floats) -> Floats:
        """Return members in unit space, shape (members, weights)."""
        units: Floats = weights / self.limits
        return units

    def clip(self, trials: Floats) -> None:
        """Clip trials in unit space to the bounds, in place; what is not a number goes to the lower bound."""
        clip_rows(trials, self.low, self.high)

    def weights_of(self, trials: Floats, weights: Floats) -> None:
        """Compute the weights of clipped trials, in place; rounding leaves none outside the bounds."""
        bounds = self.bounds
        scale_rows(np.atleast_2d(trials), self.limits, bounds.low, bounds.high, np.atleast_2d(weights))


@compiled
def clip_rows(rows: Matrix, low: Vector, high: Vector) -> None:
    """Clip each column to its limits; what is not a number becomes the lower one."""
    for row in range(rows.shape[0]):
        values = rows[row]
        for column in range(low.size):
            value = values[column]
            value = value if value >= low[column] else low[column]
            values[column] = value if value <= high[column] else high[column]


@compiled
def scale_rows(rows: Matrix, factors: Vector, low: Vector, high: Vector, scaled: Matrix) -> None:
    """Multiply each column by its factor, and clip it to its limits."""
    for row in range(rows.shape[0]):
        values, results = rows[row], scaled[row]
        for column in range(factors.size):
            value = values[column] * factors[column]
            value = value if value >= low[column] else low[column]
            results[column] = value if value <= high[column] else high[column]


def unit_space_of(settings: EvolutionSettings, bounds: Bounds) -> UnitSpace:
    """Return the unit space of a network."""
    counts = weights_by_layer(settings.units)
    limits = np.repeat(np.asarray(glorot_limits(settings.units, settings.activation)), counts)
    limits = limits.astype(settings.precision)
    return UnitSpace(limits=limits, low=bounds.low / limits, high=bounds.high / limits, bounds=bounds)
