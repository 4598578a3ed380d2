"""Particle swarm optimization: every particle is drawn to its own best position and to the best of its neighbours.

Kennedy and Eberhart, "Particle swarm optimization", 1995, https://doi.org/10.1109/ICNN.1995.488968, with the
constriction of Clerc and Kennedy, "The particle swarm - explosion, stability, and convergence in a multidimensional
complex space", 2002, https://doi.org/10.1109/4235.985692: velocities are multiplied by .7298, and both attractions are
.7298 times 2.05 times a number in [0, 1) of each weight.

All particles are neighbours, as in 1995. A ring, in which a particle follows those before and after it, is that of
Bratton and Kennedy, "Defining a standard for particle swarm optimization", 2007,
https://doi.org/10.1109/SIS.2007.368035. It had a larger log loss on digits after 20,000 evaluations, and so had 50 or
100 particles instead of 20.

Particles stop at the bounds, and lose the velocity that led them across. First velocities lead half-way to the next
particle, so that they fit the first population: (y - x) / 2 with y drawn like x, as in Clerc's standard swarms.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.errors import SettingsError
from nnsize_engine.evolution.families.family import Facts, Floats, Losses, Start
from nnsize_engine.evolution.streams import WEIGHTS, stream_key, word_at
from nnsize_engine.network.jit import Matrix, Vector, compiled
from nnsize_engine.settings.strategies import PARTICLES

INERTIA = 0.72984
ATTRACTION = 2.05 * INERTIA

_UNIT = 2.0**-32
_LOW_HALF = np.uint64(0xFFFFFFFF)
_HALF_BITS = np.uint64(32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SwarmState:
    """Particles in unit space; arrays have shape (particles, weights) and the precision of the run."""

    generation: int
    seed: int
    positions: Floats
    velocities: Floats
    best_positions: Floats
    """The best position of each particle so far."""

    losses: NDArray[np.float64]
    """Their losses, shape (particles,)."""

    leaders: NDArray[np.int64]
    """The particle among the neighbours of each, itself included, whose best position is best; shape (particles,)."""

    accepted: int
    """Particles whose best position is one of the last generation."""


@compiled
def move_particles(
    seed: np.uint64,
    generation: int,
    pull: Vector,
    positions: Matrix,
    velocities: Matrix,
    best: Matrix,
    leaders: Vector,
    first: int,
    trials: Matrix,
) -> None:
    """Compute the next positions of the particles from number `first` on, one for each row of `trials`.

    Bratton and Kennedy, equations 3 and 4: v = X (v + c e1 (p - x) + c e2 (l - x)), x = x + v. One random word holds
    e1 and e2 of a weight.
    """
    inertia, attraction = pull[0], pull[1] * _UNIT
    for row in range(trials.shape[0]):
        particle = first + row
        key = stream_key(seed, WEIGHTS, generation, particle)
        position, velocity = positions[particle], velocities[particle]
        own, leader, trial = best[particle], best[leaders[particle]], trials[row]
        for weight in range(trial.size):
            word = word_at(key, weight)
            towards_own = attraction * (word >> _HALF_BITS) * (own[weight] - position[weight])
            towards_leader = attraction * (word & _LOW_HALF) * (leader[weight] - position[weight])
            trial[weight] = position[weight] + inertia * velocity[weight] + towards_own + towards_leader


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticleSwarm:
    """Particle swarm optimization."""

    name: str = "pso"
    step: float = 1.0
    """Not used; see :meth:`begin`."""

    inertia: float = INERTIA
    attraction: float = ATTRACTION
    neighbours: int | None = None
    """Neighbours on either side of a particle in a ring; None if all particles are neighbours."""

    def member_count(self, weights: int, members: int | None) -> int:  # noqa: ARG002
        """Return the number of particles."""
        if members is not None and members < 2:
            raise SettingsError(f"members is {members}; a particle swarm needs at least 2", field="members")
        return PARTICLES if members is None else members

    def begin(self, start: Start, members: Floats, losses: Losses) -> SwarmState:
        """Return the state whose particles are the first members.

        The step is not used: first velocities follow from the distances of the particles. Three times as long, they
        led away from every good network for good.
        """
        losses = _finite(losses)
        half = members.dtype.type(0.5)
        return SwarmState(
            generation=0,
            seed=start.seed,
            positions=members,
            velocities=half * (np.roll(members, -1, axis=0) - members),
            best_positions=members,
            losses=losses,
            leaders=self._leaders(losses),
            accepted=0,
        )

    def propose(self, state: SwarmState) -> SwarmState:
        """Return the state: there is nothing to prepare."""
        return state

    def fill(self, proposal: SwarmState, first: int, trials: Floats) -> None:
        """Compute the next positions in place."""
        with np.errstate(over="ignore"):  # without Numba, NumPy warns of integers that wrap around
            move_particles(
                np.uint64(proposal.seed),
                proposal.generation + 1,
                np.array([self.inertia, self.attraction]),
                proposal.positions,
                proposal.velocities,
                proposal.best_positions,
                proposal.leaders,
                first,
                trials,
            )

    def tell(self, state: SwarmState, trials: Floats, losses: Losses) -> SwarmState:
        """Return the state after a move. A velocity is the difference of two positions, so it ends at a bound."""
        losses = _finite(losses)
        is_better = losses < state.losses
        best = np.where(is_better[:, np.newaxis], trials, state.best_positions)
        least = np.where(is_better, losses, state.losses)
        return replace(
            state,
            generation=state.generation + 1,
            positions=trials,
            velocities=trials - state.positions,
            best_positions=best,
            losses=least,
            leaders=self._leaders(least),
            accepted=int(is_better.sum()),
        )

    def _leaders(self, losses: Losses) -> NDArray[np.int64]:
        """Return each particle's best neighbour; of equals, the first in the order itself, before, after, ..."""
        numbers = np.arange(len(losses))
        if self.neighbours is None:
            return np.full(len(losses), losses.argmin())
        leaders = numbers.copy()
        for distance in range(1, min(self.neighbours, len(losses) // 2) + 1):
            for other in (np.roll(numbers, distance), np.roll(numbers, -distance)):
                leaders = np.where(losses[other] < losses[leaders], other, leaders)
        return leaders

    def remembered(self, state: SwarmState) -> Floats:
        """Return the best position of each particle."""
        return state.best_positions

    def with_losses(self, state: SwarmState, losses: Losses) -> SwarmState:
        """Return the state with other losses of the best positions."""
        losses = _finite(losses)
        return replace(state, losses=losses, leaders=self._leaders(losses))

    def facts(self, state: SwarmState) -> Facts:
        """Return what a table shows: the step size is the root mean square of all velocities."""
        return Facts(step_size=float(np.sqrt(np.mean(np.square(state.velocities)))), accepted=state.accepted)


def _finite(losses: Losses) -> Losses:
    return np.where(np.isfinite(losses), losses, np.inf)


FAMILY = ParticleSwarm()
