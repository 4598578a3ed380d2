"""Where evolution may look, and where it begins: limits of every weight."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnsize_engine.settings.activations import glorot_limits
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.layer_sizes import weights_by_layer

Floats = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Space:
    """Limits in the run's precision, each of shape (weights,)."""

    low: Floats
    high: Floats
    first_low: Floats
    """Between these two the first population is drawn."""

    first_high: Floats

    @property
    def weights(self) -> int:
        """How many numbers evolve."""
        return len(self.low)


def space_of(settings: EvolutionSettings) -> Space:
    """The bounds of a network's weights; with Glorot's initial weights, these where they are within the bounds."""
    counts = weights_by_layer(settings.units)

    def spread(of_layers: ArrayLike) -> Floats:
        return np.repeat(np.asarray(of_layers), counts).astype(settings.precision)

    low, high = (spread([limits[end] for limits in settings.layer_bounds]) for end in (0, 1))
    if settings.init != "glorot":
        return Space(low=low, high=high, first_low=low, first_high=high)
    limits = spread(glorot_limits(settings.units, settings.activation))
    least, most = np.maximum(low, -limits), np.minimum(high, limits)
    is_apart = least >= most  # bounds that have nothing of Glorot's range: anywhere within them
    least, most = np.where(is_apart, low, least), np.where(is_apart, high, most)
    return Space(low=low, high=high, first_low=least, first_high=most)


def box(low: ArrayLike, high: ArrayLike, precision: str = "float64") -> Space:
    """Any box, such as a test function's."""
    least, most = (np.array(end, dtype=precision) for end in (low, high))
    return Space(low=least, high=most, first_low=least, first_high=most)
