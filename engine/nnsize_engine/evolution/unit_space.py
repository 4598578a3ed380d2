"""Unit space, in which families of optimizers work: weights divided by the Glorot limits of their layers."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.bounds import Bounds
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
        np.fmax(trials, self.low, out=trials)
        np.minimum(trials, self.high, out=trials)

    def weights_of(self, trials: Floats, weights: Floats) -> None:
        """Compute the weights of clipped trials, in place; rounding leaves none outside the bounds."""
        np.multiply(trials, self.limits, out=weights)
        np.clip(weights, self.bounds.low, self.bounds.high, out=weights)


def unit_space_of(settings: EvolutionSettings, bounds: Bounds) -> UnitSpace:
    """Return the unit space of a network."""
    counts = weights_by_layer(settings.units)
    limits = np.repeat(np.asarray(glorot_limits(settings.units, settings.activation)), counts)
    limits = limits.astype(settings.precision)
    return UnitSpace(limits=limits, low=bounds.low / limits, high=bounds.high / limits, bounds=bounds)
