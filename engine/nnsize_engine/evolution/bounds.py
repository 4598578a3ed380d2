"""Bounds of every weight, and the narrower limits of the first population."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnsize_engine.settings.activations import glorot_limits
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.first_population import INITS
from nnsize_engine.settings.layer_sizes import weights_by_layer

Floats = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bounds:
    """Bounds in the precision of the run, each of shape (weights,)."""

    low: Floats
    high: Floats
    first_low: Floats
    """Lower limit of the first population."""

    first_high: Floats
    """Upper limit of the first population."""

    @property
    def weights(self) -> int:
        """Number of weights."""
        return len(self.low)


def bounds_of(settings: EvolutionSettings) -> Bounds:
    """Return the bounds of the weights of a network.

    Glorot's initial weights are drawn from the part of Glorot's range within the bounds; so are the members that an
    array or a network leaves to be drawn.
    """
    counts = weights_by_layer(settings.units)

    def spread(of_layers: ArrayLike) -> Floats:
        return np.repeat(np.asarray(of_layers), counts).astype(settings.precision)

    low, high = (spread([limits[end] for limits in settings.layer_bounds]) for end in (0, 1))
    if settings.init in INITS and settings.init != "glorot":
        return Bounds(low=low, high=high, first_low=low, first_high=high)
    limits = spread(glorot_limits(settings.units, settings.activation))
    least, most = np.maximum(low, -limits), np.minimum(high, limits)
    is_apart = least >= most  # the bounds and Glorot's range do not overlap: draw anywhere within the bounds
    least, most = np.where(is_apart, low, least), np.where(is_apart, high, most)
    return Bounds(low=low, high=high, first_low=least, first_high=most)
