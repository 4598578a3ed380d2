"""Step activations as scikit-learn's logistic function, which is a step where its input is far from 0.

scikit-learn has no step activation. Hidden weights are multiplied by a large power of two, which rounds nothing: every
sum is multiplied by it as well, and the logistic function of such a number is exactly 0 or 1.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.network.shape import NetworkShape

STEEPNESS = 2.0**600  # the logistic function of a sum of 1e-178 is 1 then, and sums of 1e127 are still finite

_SMALLEST = 2.0**-580
"""Subtracted from biases, so that a sum of exactly 0 becomes negative: a step is 0 there, the logistic function 1/2."""


def steep_weights(weights: NDArray[Any], shape: NetworkShape) -> NDArray[np.float64]:
    """Return the weights of a network with the logistic activation that predicts as this one does with steps."""
    steep = weights.astype(np.float64)
    coefs, intercepts = shape.split(steep)  # views
    for matrix, biases in zip(coefs[:-1], intercepts[:-1], strict=True):
        matrix *= STEEPNESS
        biases[:] = np.minimum(biases - _SMALLEST, np.nextafter(biases, -np.inf)) * STEEPNESS
    return steep
