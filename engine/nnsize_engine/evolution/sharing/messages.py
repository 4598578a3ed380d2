"""What a run and its workers send each other: losses and numbers of members, and weights only to begin.

Every random number follows from the seed, the generation and the number of the member. So a worker makes the trials of
its members itself, and learns from the losses of all members what the next generation is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.evaluator import Part, Position

Losses = NDArray[np.float64]

_BYTES_OF_MESSAGE = 100  # of the few numbers in it, about


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PartLosses:
    """Losses of some members of a round, in their order."""

    first: int
    last: int
    numbers: NDArray[np.uint32] | None
    """The members that have these losses, counted from the first; None for all of them.

    Trials that do not replace their parents are left out: their losses change nothing.
    """

    losses: Losses

    @classmethod
    def of(cls, part: Part, losses: Losses, parents: Losses | None) -> Self:
        """Return those losses of a part that matter.

        Args:
            part: the members.
            losses: losses of all members of the round.
            parents: losses that trials must not exceed to matter; None if all losses matter.
        """
        first, last = part
        losses = losses[first:last]
        if parents is None:
            return cls(first=first, last=last, numbers=None, losses=losses.copy())
        numbers = np.flatnonzero(np.isfinite(losses) & (losses <= parents[first:last]))
        return cls(first=first, last=last, numbers=numbers.astype(np.uint32), losses=losses[numbers])

    def fill(self, losses: Losses) -> None:
        """Write the losses among those of the whole round; infinite ones for members that are left out."""
        part = losses[self.first : self.last]
        if self.numbers is None:
            part[:] = self.losses
        else:
            part[:] = np.inf
            part[self.numbers] = self.losses

    @property
    def nbytes(self) -> int:
        """About as many bytes as are sent."""
        return _BYTES_OF_MESSAGE + self.losses.nbytes + (0 if self.numbers is None else self.numbers.nbytes)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoundLosses:
    """All losses of a round that is over."""

    position: Position
    losses: PartLosses


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Start:
    """The population that a worker begins from."""

    arrays: Mapping[str, Any] | None
    """The population as a checkpoint stores it; None to begin with the first population, which a worker makes."""

    @property
    def nbytes(self) -> int:
        """About as many bytes as are sent."""
        return sum(np.asarray(array).nbytes for array in (self.arrays or {}).values())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Request:
    """Members to evaluate."""

    start: Start | None
    """For a worker that has no population, or another one."""

    known: tuple[RoundLosses, ...]
    """The rounds that are over and that the worker does not know."""

    position: Position
    """The round that the members belong to."""

    part: Part

    @property
    def nbytes(self) -> int:
        """About as many bytes as are sent."""
        start = 0 if self.start is None else self.start.nbytes
        return _BYTES_OF_MESSAGE + start + sum(one.losses.nbytes for one in self.known)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """The losses of the members of a request."""

    position: Position
    losses: PartLosses
    digest: int
    """Checksum of the population that the worker made the members from."""

    seconds: float
    """Seconds that evaluating took."""

    @property
    def nbytes(self) -> int:
        """About as many bytes as are sent."""
        return _BYTES_OF_MESSAGE + self.losses.nbytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The answer of a worker that cannot make the members: it needs a population to begin from."""
