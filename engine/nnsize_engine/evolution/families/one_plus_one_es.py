"""(1+1)-ES: one parent, one trial, and a step size that keeps one trial in five successful.

Rechenberg, "Evolutionsstrategie", 1973; algorithm 3 of Hansen, Arnold and Auger, "Evolution strategies", Springer
Handbook of Computational Intelligence (2015), https://doi.org/10.1007/978-3-662-43505-2_44.

With more than one trial in a generation, the strategy stays the same. Trials are made ahead, with the parent and the
step sizes that follow if all trials before them fail. `tell` takes them in order up to the first success; those after
it are lost, and their random numbers are used again. So a run visits the same parents with any number of trials: four
trials at a time need a third more evaluations, and a quarter of the generations or less.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from nnsize_engine.evolution.families.family import Facts, Floats, Losses, Start
from nnsize_engine.evolution.families.selection import checked_members, limited_step
from nnsize_engine.evolution.normal_blocks import BLOCK
from nnsize_engine.evolution.normal_sums import fill_normals, padded
from nnsize_engine.network.jit import Matrix, Real, Vector, compiled

STEP = 0.03
"""First step size in Glorot limits."""

MIN_MEMBERS = 1

SUCCESS_RATE = 0.2
"""Share of successful trials at which the step size stays."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class State:
    """The parent and the step size."""

    generation: int
    seed: int
    members: int
    parent: Floats
    """Shape (weights,), in the precision of the trials."""

    loss: float
    step: float
    """Step size of the next trial, in units of the Glorot limit."""

    used: int
    """Number of trials so far, without those that were lost."""

    accepted: int
    """1 if a trial of the last generation replaced the parent, else 0."""


class OnePlusOneEs:
    """The family; it has no state of its own."""

    name = "one-plus-one-es"
    step = STEP

    def member_count(self, weights: int, members: int | None) -> int:
        """Return 1, or the number of trials to make ahead."""
        del weights
        return checked_members(self.name, 1 if members is None else members, MIN_MEMBERS)

    def begin(self, start: Start, members: Floats, losses: Losses) -> State:
        """Return the network that `init` names as parent, or the best first member."""
        finite = np.where(np.isfinite(losses), losses, np.inf)
        best = 0 if start.has_given_network else int(finite.argmin())
        return State(
            generation=0,
            seed=start.seed,
            members=len(members),
            parent=members[best].copy(),
            loss=float(finite[best]),
            step=start.step,
            used=0,
            accepted=0,
        )

    def propose(self, state: State) -> State:
        """Return the state: it determines the trials."""
        return state

    def fill(self, proposal: State, first: int, trials: Floats) -> None:
        """Draw the trials from number `first` on, as if all before them failed."""
        steps = np.array([_step_after(proposal, number) for number in range(first, first + len(trials))])
        with np.errstate(over="ignore"):  # without Numba, NumPy warns of integers that wrap around
            draw(np.uint64(proposal.seed), proposal.used + first, proposal.parent, steps.astype(trials.dtype), trials)

    def tell(self, state: State, trials: Floats, losses: Losses) -> State:
        """Take the first trial whose loss is finite and at most the parent's; failures before it shrink the step."""
        following = replace(state, generation=state.generation + 1, accepted=0)
        successes = np.flatnonzero(np.isfinite(losses) & (losses <= state.loss))
        if not len(successes):
            return replace(following, step=_step_after(state, len(losses)), used=state.used + len(losses))
        number = int(successes[0])
        gain = math.exp((1 - SUCCESS_RATE) / _damping(state))
        return replace(
            following,
            parent=trials[number].copy(),
            loss=float(losses[number]),
            step=limited_step(_step_after(state, number) * gain),
            used=state.used + number + 1,
            accepted=1,
        )

    def facts(self, state: State) -> Facts:
        """Return the step size, and whether a trial was accepted."""
        return Facts(step_size=state.step, accepted=state.accepted)

    def centre(self, state: State) -> Floats:
        """Return the parent, around which trials are drawn."""
        return state.parent

    def remembered(self, state: State) -> Floats:
        """Return the parent, whose loss the state keeps."""
        return state.parent[None]

    def with_losses(self, state: State, losses: Losses) -> State:
        """Return the state with another loss of its parent."""
        return replace(state, loss=float(losses[0]) if np.isfinite(losses[0]) else math.inf)


FAMILY = OnePlusOneEs()


def _damping(state: State) -> float:
    """Return d, the number of trials over which the step size changes by a factor e."""
    return math.sqrt(len(state.parent) + 1)


def _step_after(state: State, failures: int) -> float:
    """Return the step size after so many failures, one after the other."""
    step, shrinkage = state.step, math.exp(-SUCCESS_RATE / _damping(state))
    for _ in range(failures):
        step = limited_step(step * shrinkage)
    return step


@compiled
def draw(seed: Real, used: int, parent: Vector, steps: Vector, trials: Matrix) -> None:
    """Draw trials around the parent, one for each step size; the first is number `used` of the run."""
    words, radii = np.empty(BLOCK // 2, np.uint64), np.empty(BLOCK // 2, np.float32)
    normals = np.empty(padded(parent.size), np.float32)
    for row in range(trials.shape[0]):
        fill_normals(seed, used + row, 0, normals, words, radii)
        trial, step = trials[row], steps[row]
        for weight in range(parent.size):
            trial[weight] = parent[weight] + step * normals[weight]
