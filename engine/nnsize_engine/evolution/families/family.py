"""What every family of optimizers offers: begin, propose, fill, tell. A family never evaluates a loss, prints or stops.

A family works in unit space: a coordinate is a weight divided by the Glorot limit of its layer, so one step size means
the same for every weight. :mod:`nnsize_engine.evolution.unit_space` multiplies by the limits and keeps trials within
the bounds before they are evaluated. `tell` gets the trials as they were evaluated, that is, clipped to the bounds.

All random numbers come from :mod:`nnsize_engine.evolution.streams`, from a state's seed and generation and the number
of the trial. So trials can be filled in any order and in parts of any size, and a stored state continues exactly.
"""

from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]
Losses = NDArray[np.float64]

State = TypeVar("State")
"""State of a family: a frozen, slotted, keyword-only dataclass (``eq=False``) whose fields are NumPy arrays, ints,
floats and bools. It has the fields ``generation: int`` and ``seed: int``. Checkpoints store it field by field."""


StateRead = TypeVar("StateRead", contravariant=True)
"""A state that is read and not returned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What a family is given once, when it begins."""

    weights: int
    """Number of weights."""

    members: int | None
    """Trials of a generation that the user asked for; None for the family's own default."""

    step: float
    """Initial step size in units of the Glorot limit."""

    seed: int
    """Seed of the streams of this beginning, from 0 to 2**64 - 1. Each restart has its own."""

    restart: int
    """Number of restarts so far."""

    has_given_network: bool = False
    """The first member is the network that `init` names, so an evolution strategy starts from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a table shows of a state; None for what the family has not."""

    step_size: float | None = None
    """Step size in units of the Glorot limit: the root mean square over the weights of the standard deviation of a
    trial."""

    temperature: float | None = None
    """Temperature of annealing."""

    accepted: int | None = None
    """Trials of the last generation that replaced a member."""


class Family(Protocol[State]):
    """A family of optimizers. Each file has one instance, named ``FAMILY``."""

    @property
    def name(self) -> str:
        """The name that users type: ``sep-cma-es``."""

    @property
    def step(self) -> float:
        """Default initial step size in units of the Glorot limit."""

    def member_count(self, weights: int, members: int | None) -> int:
        """Return the trials of one generation, and the members of the first population.

        Raises:
            SettingsError: there are too few.
        """

    def begin(self, start: Start, members: Floats, losses: Losses) -> State:
        """Return the first state from evaluated members.

        Args:
            start: what the family is given once.
            members: first members in unit space, shape (member_count, weights). The first is the network that
                ``init`` names, if it names one.
            losses: their losses, shape (member_count,); infinite if they could not be computed.
        """

    def propose(self, state: State) -> Any:
        """Prepare a generation in one thread, and return what :meth:`fill` needs; often the state itself."""

    def fill(self, proposal: Any, first: int, trials: Floats) -> None:
        """Make the trials from number `first` on, in place, one for each row; several threads call it at once."""

    def tell(self, state: State, trials: Floats, losses: Losses) -> State:
        """Return the next state; its ``generation`` is one larger.

        A trial whose loss is not finite never wins. If no loss is finite, the state has no NaN all the same. A family
        may keep the state's arrays, and must not change the trials.
        """

    def facts(self, state: State) -> Facts:
        """Return what a table shows of a state."""


@runtime_checkable
class RemembersLosses(Protocol[State]):
    """A family whose state keeps members and their losses, as hill climbing keeps where it stands.

    With mini-batches, these losses were computed on earlier rows. The loop then evaluates the members again.
    """

    def remembered(self, state: State) -> Floats:
        """Return the members whose losses the state keeps, in unit space, shape (count, weights)."""

    def with_losses(self, state: State, losses: Losses) -> State:
        """Return the state with other losses of these members, shape (count,)."""


@runtime_checkable
class KeepsNormals(Protocol[State]):
    """A family that learns from the normal numbers of its trials.

    Its proposals have an array ``normals``, in which :meth:`Family.fill` leaves them.
    """

    def learn(self, state: State, trials: Floats, losses: Losses, normals: Floats) -> State:
        """Return the same as :meth:`Family.tell`, sooner.

        Args:
            state: the state before.
            trials: as for :meth:`Family.tell`.
            losses: as for :meth:`Family.tell`.
            normals: normal numbers of all trials; without rows, they are made again.
        """


@runtime_checkable
class HasCentre(Protocol[StateRead]):
    """A family that has a mean of its trials, which is often better than any of them on rows that they did not see."""

    def centre(self, state: StateRead) -> Floats:
        """Return the mean in unit space, shape (weights,)."""
