"""PGPE: the gradient of the expected loss by the mean and the step size of each weight, estimated from pairs of trials.

Sehnke, Osendorfer, Rückstiess, Graves, Peters and Schmidhuber, "Parameter-exploring policy gradients", Neural Networks
23 (2010), https://doi.org/10.1016/j.neunet.2009.12.004, with symmetric sampling (section 2.4). As in evosax, losses are
replaced by centred ranks, the mean follows its gradient by ClipUp, and a step size changes by at most a fifth.
ClipUp: Toklu, Liskowski and Srivastava, 2020, https://arxiv.org/abs/2008.02387, algorithm 1.

Departures: the largest speed of the mean is a share of the length of a first step, as section 3.3 of ClipUp's paper
advises; a trial whose loss is not finite has no positive rank, and if no loss is finite, nothing changes.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.families.family import Facts, Floats, Losses, Start
from nnsize_engine.evolution.families.gaussian import Gaussian, fill_pairs, gaussian, sum_moments
from nnsize_engine.evolution.families.mean import starting_mean
from nnsize_engine.evolution.families.selection import (
    MAX_STEP,
    MIN_STEP,
    centred_ranks,
    checked_pairs,
    default_pairs,
)
from nnsize_engine.evolution.normal_sums import NO_NORMALS, room_for_normals

Doubles = NDArray[np.float64]

STEP = 0.06
"""First step size in Glorot limits."""

DEVIATION_RATE = 0.1
"""Learning rate of the step sizes, as in evosax."""

MAX_CHANGE = 0.2
"""Largest relative change of a step size in one generation."""

SPEED_SHARE = 1 / 15
"""Largest speed of the mean, in lengths of a first step (ClipUp, section 3.3)."""

SPEED_RATE = 0.5
"""Learning rate of ClipUp in largest speeds."""

MOMENTUM = 0.9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class State:
    """The distribution of trials, and the velocity of its mean."""

    generation: int
    seed: int
    members: int
    mean: Doubles
    deviations: Doubles
    """Step size of each weight, in units of the Glorot limit."""

    velocity: Doubles
    """Last change of the mean, shape (weights,)."""

    max_speed: float
    """Largest length of the velocity."""

    float_bytes: int
    """Bytes of a number of the trials: 4 or 8."""


class Pgpe:
    """The family; it has no state of its own."""

    name = "pgpe"
    step = STEP

    def member_count(self, weights: int, members: int | None) -> int:
        """Return 4 + floor(3 ln n), or one more if that is odd; or the given number."""
        return checked_pairs(self.name, default_pairs(weights) if members is None else members)

    def begin(self, start: Start, members: Floats, losses: Losses) -> State:
        """Return a round distribution around the first mean."""
        mean = starting_mean(start, members, losses)
        return State(
            generation=0,
            seed=start.seed,
            members=len(members),
            mean=mean,
            deviations=np.full_like(mean, start.step),
            velocity=np.zeros_like(mean),
            max_speed=SPEED_SHARE * start.step * math.sqrt(start.weights),
            float_bytes=members.dtype.itemsize,
        )

    def propose(self, state: State) -> Gaussian:
        """Return the distribution of the next trials."""
        room = room_for_normals(state.members // 2, len(state.mean))
        return gaussian(state.seed, state.generation + 1, state.mean, state.deviations, state.float_bytes, room)

    def fill(self, proposal: Gaussian, first: int, trials: Floats) -> None:
        """Draw the trials from number `first` on, in pairs of opposites."""
        fill_pairs(proposal, first, trials)

    def tell(self, state: State, trials: Floats, losses: Losses) -> State:
        """Return the next state, from normal numbers that are made again."""
        return self.learn(state, trials, losses, NO_NORMALS)

    def learn(self, state: State, trials: Floats, losses: Losses, normals: Floats) -> State:
        """Follow the gradients by the mean and by the step sizes, equations 14 and 15."""
        del trials
        following = replace(state, generation=state.generation + 1)
        if not np.isfinite(losses).any():
            return following
        ranks, weights = centred_ranks(losses), len(state.mean)
        pairs = len(losses) // 2
        differences, sums = (ranks[0::2] - ranks[1::2]) / 2, (ranks[0::2] + ranks[1::2]) / 2
        baseline = float(ranks.mean())
        moved, widened = np.empty(weights), np.empty(weights)
        with np.errstate(over="ignore"):
            sum_moments(
                np.uint64(state.seed),
                state.generation + 1,
                differences / pairs,
                (sums - baseline) / pairs,
                normals,
                moved,
                widened,
            )
        velocity = _clipped_up(state, state.deviations * moved)
        change = np.clip(DEVIATION_RATE * widened, -MAX_CHANGE, MAX_CHANGE)
        return replace(
            following,
            mean=state.mean + velocity,
            deviations=np.clip(state.deviations * (1 + change), MIN_STEP, MAX_STEP),
            velocity=velocity,
        )

    def facts(self, state: State) -> Facts:
        """Return the root mean square of the deviations."""
        return Facts(step_size=math.sqrt(float(np.mean(state.deviations**2))))

    def centre(self, state: State) -> Floats:
        """Return the mean of the trials."""
        return state.mean


FAMILY = Pgpe()


def _clipped_up(state: State, gradient: Doubles) -> Doubles:
    """Return the next velocity of ClipUp: momentum plus a step along the gradient, at most of the largest speed."""
    length = math.sqrt(float(np.sum(gradient**2)))
    step = SPEED_RATE * state.max_speed / length if length > 0 else 0.0
    velocity = MOMENTUM * state.velocity + step * gradient
    speed = math.sqrt(float(np.sum(velocity**2)))
    return velocity * (state.max_speed / speed) if speed > state.max_speed else velocity
