"""What the loop of an evolution needs of an algorithm: differential evolution, or a family of optimizers."""

from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.families.family import Facts
from nnsize_engine.evolution.problem import Table

Floats = NDArray[Any]


class AnyPopulation(Protocol):
    """What the populations of all algorithms have in common."""

    @property
    def generation(self) -> int:
        """Number of the generation; 0 is the first population."""

    @property
    def evaluations(self) -> int:
        """Number of losses computed so far."""

    @property
    def restarts(self) -> int:
        """Number of times that the population was drawn again."""

    @property
    def losses(self) -> NDArray[np.float64]:
        """Losses of the members or of the last trials, shape (members,)."""


P = TypeVar("P", bound=AnyPopulation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What a table shows of one generation besides its losses; None for what the strategy has not."""

    mutation: float | None = None
    recombination: float | None = None
    facts: Facts = Facts()  # noqa: RUF009  # frozen


class Algorithm(Protocol[P]):
    """An algorithm that makes one generation from another; it evaluates by the evaluator that it is made with."""

    def first(self, table: Table) -> P:
        """Return the evaluated first population.

        Raises:
            GenerationHalted: halt was set before it was complete.
            DataError: the file of the first population cannot be used.
        """

    def following(self, before: P, table: Table, *, has_new_rows: bool) -> tuple[P, Learned]:
        """Return the next generation; with new rows, losses that are kept are computed again first.

        Raises:
            GenerationHalted: halt was set before it was complete. The next call computes the missing parts.
        """

    def restarted(self, before: P, table: Table) -> P:
        """Return an evaluated new first population.

        Raises:
            GenerationHalted: halt was set before it was complete.
        """

    def stagnation(self, population: P) -> int:
        """Return the generations since the best loss improved."""

    def has_converged(self, population: P) -> bool:
        """Return whether the losses of the population are alike."""

    def evaluations_of_next(self, population: P, *, has_new_rows: bool, restarts: bool) -> int:
        """Return the evaluations of the next generation."""

    def best(self, population: P) -> tuple[Floats, float]:
        """Return the weights and the loss of the best member so far."""

    def candidates(self, population: P) -> Floats:
        """Return the members to choose from by all training rows, after mini-batches; shape (members, weights)."""

    def compared_members(self, population: P) -> Floats:
        """Return the members whose distances are measured, evenly chosen; shape (members, weights)."""
