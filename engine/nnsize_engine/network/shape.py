"""Layers of a network as one flat weight vector: for each layer its matrix, then its biases.

Layer `i` connects `units[i]` values to `units[i + 1]` neurons. Its part of the vector is scikit-learn's `coefs_[i]`,
`(units[i], units[i + 1])` row by row, followed by `intercepts_[i]`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.settings.activations import glorot_limits


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkShape:
    """Number of inputs, of neurons in each hidden layer, and of outputs."""

    units: tuple[int, ...]
    """Inputs, hidden layers, outputs."""

    @property
    def weight_count(self) -> int:
        """Number of weights and biases together."""
        return sum((inputs + 1) * neurons for inputs, neurons in pairwise(self.units))

    def split(self, flat: NDArray[Any]) -> tuple[list[NDArray[Any]], list[NDArray[Any]]]:
        """Return views of a flat vector as scikit-learn's `coefs_` and `intercepts_`."""
        coefs, intercepts, start = [], [], 0
        for inputs, neurons in pairwise(self.units):
            middle = start + inputs * neurons
            coefs.append(flat[start:middle].reshape(inputs, neurons))
            intercepts.append(flat[middle : middle + neurons])
            start = middle + neurons
        return coefs, intercepts

    def join(self, coefs: Sequence[NDArray[Any]], intercepts: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return the flat vector of scikit-learn's `coefs_` and `intercepts_`."""
        parts = [part.ravel() for layer in zip(coefs, intercepts, strict=True) for part in layer]
        return np.concatenate(parts)

    def initial_weights(
        self, activation: str, generator: np.random.RandomState, precision: type[np.floating[Any]]
    ) -> NDArray[Any]:
        """Draw uniform weights in scikit-learn's order.

        Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010,
        https://proceedings.mlr.press/v9/glorot10a.html.
        """
        parts = []
        limits = glorot_limits(self.units, activation)
        for (inputs, neurons), bound in zip(pairwise(self.units), limits, strict=True):
            parts.append(generator.uniform(-bound, bound, inputs * neurons))
            parts.append(generator.uniform(-bound, bound, neurons))
        return np.concatenate(parts).astype(precision, copy=False)
