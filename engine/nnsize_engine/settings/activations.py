"""The activations of hidden neurons, by scikit-learn's names."""

import math
from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Literal, get_args

Activation = Literal["identity", "logistic", "relu", "tanh"]
ACTIVATIONS: tuple[Activation, ...] = get_args(Activation)

STEP = "step"
"""1 for a positive sum and 0 for any other one: it has no gradient, so only an evolution takes it."""

EVOLVED_ACTIVATIONS: tuple[str, ...] = (*ACTIVATIONS, STEP)

SMOOTH_STEP: Activation = "logistic"
"""The activation that takes the place of the step in training by gradient, and whose limit the step is."""

_GLOROT_NUMERATORS: Mapping[str, float] = MappingProxyType(
    {"identity": 6.0, "logistic": 2.0, "relu": 6.0, "tanh": 6.0, STEP: 6.0}
)
"""Squared limits of initial weights times the neurons of both sides, equal to scikit-learn's; of a step, whose result
does not depend on them, those of tanh."""


def glorot_limits(units: tuple[int, ...], activation: str) -> tuple[float, ...]:
    """Return the largest initial weight of each layer, as scikit-learn draws them after Glorot and Bengio (2010).

    Args:
        units: neurons of each layer, inputs and outputs included.
        activation: the activation of the hidden layers.
    """
    numerator = _GLOROT_NUMERATORS[activation]
    return tuple(math.sqrt(numerator / (inputs + neurons)) for inputs, neurons in pairwise(units))
