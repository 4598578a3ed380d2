"""The outputs of several members for the same rows, and these rows, as a fitness sees them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.network.fitted import FittedNetwork
from nnsize_engine.network.target_scaling import TargetScaling

Floats = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoredRows:
    """Rows as an objective sees them."""

    inputs: Floats
    """Scaled or encoded inputs, shape (rows, inputs)."""

    targets: Floats
    """The numbers of a regression as the network sees them, shape (rows, outputs); unused for classes."""

    answers: NDArray[Any]
    """The labels or numbers in their own units, shape (rows,) or (rows, outputs)."""

    truth: NDArray[np.int64]
    """Number of each row's class, shape (rows,); zeros for regression."""

    groups: NDArray[np.int32] | None
    """Number of each row's group; None without groups."""

    def some(self, chosen: NDArray[np.int64]) -> "ScoredRows":
        """Return some of the rows, by index."""
        return ScoredRows(
            inputs=self.inputs[chosen],
            targets=self.targets[chosen],
            answers=self.answers[chosen],
            truth=self.truth[chosen],
            groups=None if self.groups is None else self.groups[chosen],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outputs:
    """The outputs of several members for the same rows."""

    values: NDArray[np.float64]
    """Probabilities, or numbers as the network predicts them, shape (members, rows, outputs)."""

    scaling: TargetScaling | None
    """The scaling that turns numbers into the units of the target; None for classes or without a scaling."""

    network: Callable[[int], FittedNetwork]
    """Returns a member as a network that predicts."""

    def some(self, chosen: NDArray[np.int64]) -> "Outputs":
        """Return the outputs for some of the rows, by index."""
        return replace(self, values=self.values[:, chosen])

    @property
    def own_units(self) -> NDArray[np.float64]:
        """The numbers in the units of the target."""
        return self.values if self.scaling is None else self.scaling.inverse(self.values)


def positives(outputs: Outputs, rows: ScoredRows, positive: int) -> tuple[Floats, NDArray[np.int64]]:
    """Return the probabilities of one of two classes, ``(members, rows)``, and whether each row is of it, 0 or 1."""
    values = outputs.values[:, :, 0] if positive == 1 else 1 - outputs.values[:, :, 0]
    return np.ascontiguousarray(values), (rows.truth == positive).astype(np.int64)
