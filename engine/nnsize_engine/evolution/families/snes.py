"""SNES: an evolution strategy that learns the mean and the step size of each weight along the natural gradient.

Schaul, Glasmachers and Schmidhuber, "High dimensions and heavy tails for natural evolution strategies", GECCO 2011,
https://doi.org/10.1145/2001576.2001692; algorithm 6 and table 1 of Wierstra et al., "Natural evolution strategies",
JMLR 15 (2014), https://www.jmlr.org/papers/v15/wierstra14a.html.

Departures: a trial whose loss is not finite has no positive utility; if no loss is finite, the distribution stays as
it is.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.families.family import Facts, Floats, Losses, Start
from nnsize_engine.evolution.families.gaussian import Gaussian, fill_trials, gaussian, sum_moments
from nnsize_engine.evolution.families.mean import starting_mean
from nnsize_engine.evolution.families.selection import (
    MAX_STEP,
    MIN_STEP,
    checked_members,
    default_members,
    order_of,
)
from nnsize_engine.evolution.normal_sums import NO_NORMALS, room_for_normals
from nnsize_engine.network.jit import Vector, compiled
from nnsize_engine.network.numpy_kernels import addresses, exponentiate

Doubles = NDArray[np.float64]

STEP = 0.05
"""First step size in Glorot limits."""

MIN_MEMBERS = 3  # with two, the utilities are zero


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class State:
    """The distribution of trials."""

    generation: int
    seed: int
    members: int
    mean: Doubles
    deviations: Doubles
    """Step size of each weight, in units of the Glorot limit."""

    float_bytes: int
    """Bytes of a number of the trials: 4 or 8."""


def utilities_of(members: int) -> Doubles:
    """Return the utility of each rank, best first; their sum is 0 (table 1)."""
    raw = np.maximum(0, math.log(members / 2 + 1) - np.log(np.arange(1, members + 1)))
    return np.asarray(raw / raw.sum() - 1 / members, dtype=np.float64)


class Snes:
    """The family; it has no state of its own."""

    name = "snes"
    step = STEP

    def member_count(self, weights: int, members: int | None) -> int:
        """Return 4 + floor(3 ln n), or the given number."""
        return checked_members(self.name, default_members(weights) if members is None else members, MIN_MEMBERS)

    def begin(self, start: Start, members: Floats, losses: Losses) -> State:
        """Return a round distribution around the first mean."""
        mean = starting_mean(start, members, losses)
        return State(
            generation=0,
            seed=start.seed,
            members=len(members),
            mean=mean,
            deviations=np.full_like(mean, start.step),
            float_bytes=members.dtype.itemsize,
        )

    def propose(self, state: State) -> Gaussian:
        """Return the distribution of the next trials."""
        room = room_for_normals(state.members, len(state.mean))
        return gaussian(state.seed, state.generation + 1, state.mean, state.deviations, state.float_bytes, room)

    def fill(self, proposal: Gaussian, first: int, trials: Floats) -> None:
        """Draw the trials from number `first` on, independently."""
        fill_trials(proposal, first, trials)

    def tell(self, state: State, trials: Floats, losses: Losses) -> State:
        """Return the next state, from normal numbers that are made again."""
        return self.learn(state, trials, losses, NO_NORMALS)

    def learn(self, state: State, trials: Floats, losses: Losses, normals: Floats) -> State:
        """Follow the natural gradient: by 1 for the mean, by (3 + ln n) / (5 sqrt(n)) for the deviations (table 1)."""
        del trials
        following = replace(state, generation=state.generation + 1)
        is_finite = np.isfinite(losses)
        if not is_finite.any():
            return following
        order, utilities = order_of(losses), np.empty(state.members)
        utilities[order] = utilities_of(state.members)
        utilities[~is_finite] = np.minimum(utilities[~is_finite], 0.0)
        weights = len(state.mean)
        moved, widened = np.empty(weights), np.empty(weights)
        with np.errstate(over="ignore"):
            sum_moments(np.uint64(state.seed), state.generation + 1, utilities, utilities, normals, moved, widened)
        rate = (3 + math.log(weights)) / (5 * math.sqrt(weights))
        mean, deviations = np.empty(weights), np.empty(weights)
        adapt(addresses("float64"), state.mean, state.deviations, moved, widened, rate / 2, mean, deviations)
        return replace(following, mean=mean, deviations=deviations)

    def facts(self, state: State) -> Facts:
        """Return the root mean square of the deviations."""
        return Facts(step_size=math.sqrt(float(np.mean(state.deviations**2))))

    def centre(self, state: State) -> Floats:
        """Return the mean of the trials."""
        return state.mean


FAMILY = Snes()


@compiled
def adapt(numpy_loops: Vector, mean: Vector, deviations: Vector, moved: Vector, widened: Vector, half_rate: float,
          next_mean: Vector, next_deviations: Vector) -> None:  # fmt: skip
    """Compute the mean plus `deviations * moved`, and the deviations times exp(half_rate widened), within limits."""
    for weight in range(mean.size):
        next_deviations[weight] = min(max(half_rate * widened[weight], -1.0), 1.0)
    exponentiate(numpy_loops, next_deviations)
    for weight in range(mean.size):
        deviation = deviations[weight]
        next_mean[weight] = mean[weight] + deviation * moved[weight]
        next_deviations[weight] = min(max(deviation * next_deviations[weight], MIN_STEP), MAX_STEP)
