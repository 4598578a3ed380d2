"""OpenAI-ES: the gradient of the expected loss around a mean, estimated from pairs of trials and followed by Adam.

Salimans, Ho, Chen, Sidor and Sutskever, "Evolution strategies as a scalable alternative to reinforcement learning",
2017, https://arxiv.org/abs/1703.03864: algorithm 1 with mirrored sampling and rank-based fitness shaping (section 2.1).
Adam: Kingma and Ba, 2015, https://arxiv.org/abs/1412.6980, algorithm 1. The step size of the trials is fixed, as there.

Departures: the learning rate is a share of the step size, so that one setting scales both; a trial whose loss is not
finite has no positive rank, and if no loss is finite, the mean stays where it is.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.families.family import Facts, Floats, Losses, Start
from nnsize_engine.evolution.families.gaussian import Gaussian, fill_pairs, gaussian
from nnsize_engine.evolution.families.mean import starting_mean
from nnsize_engine.evolution.families.selection import centred_ranks, checked_pairs, default_pairs
from nnsize_engine.evolution.normal_sums import NO_NORMALS, room_for_normals, sum_normals

Doubles = NDArray[np.float64]

STEP = 0.06
"""Step size in Glorot limits."""

LEARNING_RATE = 0.2
"""Learning rate of Adam in step sizes."""

FIRST_DECAY, SECOND_DECAY, EPSILON = 0.9, 0.999, 1e-8  # beta_1, beta_2 and epsilon of Adam


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class State:
    """The distribution of trials, and the moments of Adam."""

    generation: int
    seed: int
    members: int
    mean: Doubles
    step: float
    """Sigma, in units of the Glorot limit."""

    first_moment: Doubles
    """Moving mean of the gradient, shape (weights,)."""

    second_moment: Doubles
    """Moving mean of its square, shape (weights,)."""

    updates: int
    """Number of steps of Adam."""

    float_bytes: int
    """Bytes of a number of the trials: 4 or 8."""


class OpenAiEs:
    """The family; it has no state of its own."""

    name = "openai-es"
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
            step=start.step,
            first_moment=np.zeros_like(mean),
            second_moment=np.zeros_like(mean),
            updates=0,
            float_bytes=members.dtype.itemsize,
        )

    def propose(self, state: State) -> Gaussian:
        """Return the distribution of the next trials."""
        deviations = np.full(len(state.mean), state.step)
        room = room_for_normals(state.members // 2, len(state.mean))
        return gaussian(state.seed, state.generation + 1, state.mean, deviations, state.float_bytes, room)

    def fill(self, proposal: Gaussian, first: int, trials: Floats) -> None:
        """Draw the trials from number `first` on, in pairs of opposites."""
        fill_pairs(proposal, first, trials)

    def tell(self, state: State, trials: Floats, losses: Losses) -> State:
        """Return the next state, from normal numbers that are made again."""
        return self.learn(state, trials, losses, NO_NORMALS)

    def learn(self, state: State, trials: Floats, losses: Losses, normals: Floats) -> State:
        """Estimate the gradient, and take a step of Adam."""
        del trials
        following = replace(state, generation=state.generation + 1)
        if not np.isfinite(losses).any():
            return following
        ranks, gradient = centred_ranks(losses), np.empty(len(state.mean))
        pairs = np.arange(len(losses) // 2)
        # The gradient of the loss; the better trial of a pair has the larger rank.
        shares = (ranks[1::2] - ranks[0::2]) / (len(losses) * state.step)
        with np.errstate(over="ignore"):
            sum_normals(np.uint64(state.seed), state.generation + 1, pairs, shares, normals, gradient)
        updates = state.updates + 1
        first = FIRST_DECAY * state.first_moment + (1 - FIRST_DECAY) * gradient
        second = SECOND_DECAY * state.second_moment + (1 - SECOND_DECAY) * gradient**2
        rate = LEARNING_RATE * state.step * math.sqrt(1 - SECOND_DECAY**updates) / (1 - FIRST_DECAY**updates)
        return replace(
            following,
            mean=state.mean - rate * first / (np.sqrt(second) + EPSILON),
            first_moment=first,
            second_moment=second,
            updates=updates,
        )

    def facts(self, state: State) -> Facts:
        """Return the step size."""
        return Facts(step_size=state.step)

    def centre(self, state: State) -> Floats:
        """Return the mean of the trials."""
        return state.mean


FAMILY = OpenAiEs()
