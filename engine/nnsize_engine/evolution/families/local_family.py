"""What a family offers that changes one weight at a time: it evaluates within itself, because a change costs little.

The loop over generations calls it so:

    problem = local_problem(problem, table, bounds)             # once for each table of rows
    state = family.begin(start, members[0], losses[0])          # one evaluated network
    generation = family.open(state, problem)                    # computes the sums of all rows: no evaluation
    while generation.left:
        generation.advance(count)                               # so many evaluations, without the GIL
    state = generation.close()                                  # the state after `evaluations_of_generation`

A generation is a fixed number of evaluations, and its sums begin from the weights, so a state holds no sums. `advance`
may be called with any counts: they change no bit. A generation that is not closed leaves the state as it was; the loop
may keep it and go on, or open it again. One thread computes it.

Other than a :class:`~nnsize_engine.evolution.families.family.Family`, it works with the weights themselves, in the
precision of the run, and not in unit space; it keeps them within the bounds. Steps are in units of the Glorot limit.
"""

from typing import Protocol, TypeVar

from nnsize_engine.evolution.families.family import Facts, Floats, Losses, Start
from nnsize_engine.evolution.local_problem import LocalProblem

State = TypeVar("State")
"""State of a family, as in :mod:`nnsize_engine.evolution.families.family`. It has the fields ``generation``, ``seed``,
``evaluations`` (those of its generations), ``accepted`` (in the last generation), ``weights`` and ``loss`` (where it
is), ``best_weights`` and ``best_loss`` (the result)."""

Result = TypeVar("Result", covariant=True)


class Generation(Protocol[Result]):
    """A generation under way."""

    @property
    def left(self) -> int:
        """Evaluations that are not done."""

    @property
    def tried_losses(self) -> Losses:
        """Losses of the changes in their order, shape (evaluations,); infinite where nothing is evaluated."""

    def advance(self, count: int) -> None:
        """Evaluate this many changes, or those that are left if they are fewer."""

    def close(self) -> Result:
        """Return the state after this generation; nothing is left."""


class LocalFamily(Protocol[State]):
    """A family that changes one weight at a time. Each file has one instance, named ``FAMILY``."""

    @property
    def name(self) -> str:
        """The name that users type: ``hill-climbing``."""

    @property
    def step(self) -> float:
        """Default initial step size in units of the Glorot limit."""

    def evaluations_of_generation(self, members: int | None) -> int:
        """Return the evaluations of a generation: the members that the user asked for, or the family's default.

        Raises:
            SettingsError: there are too few.
        """

    def begin(self, start: Start, weights: Floats, loss: float) -> State:
        """Return the first state from one evaluated network, shape (weights,).

        Its loss is infinite if it could not be computed: then the first finite one is kept.
        """

    def open(self, state: State, problem: LocalProblem) -> Generation[State]:
        """Return the next generation, with nothing evaluated."""

    def remembered(self, state: State) -> Floats:
        """Return the networks whose losses the state keeps, shape (count, weights).

        With a new mini-batch, the loop evaluates them, counts that, and calls :meth:`with_losses`.
        """

    def with_losses(self, state: State, losses: Losses) -> State:
        """Return the state with other losses of these networks, shape (count,)."""

    def facts(self, state: State) -> Facts:
        """Return what a table shows of a state."""
