"""LM-MA-ES: an evolution strategy that learns a few directions, in time and memory linear in the weights.

Loshchilov, Glasmachers and Beyer, "Large scale black-box optimization by limited-memory matrix adaptation", IEEE
Transactions on Evolutionary Computation 23 (2019), https://doi.org/10.1109/TEVC.2018.2855049, preprint
https://arxiv.org/abs/1705.06693. Line numbers are those of algorithm 3.

A trial is y + sigma d. Lines 8 to 10 make d of a normal vector z by one linear map for each direction m_j. Their
product is d = a z + sum_j b_j m_j, whose factors follow from the products of z and m_j, and of m_i and m_j: so a trial
reads each direction twice, in SIMD registers.

Departures:
- There are at most 12 directions. The thirteenth would change a trial by less than 1e-4 in ten million generations.
- A direction that changes the length of a trial along itself by less than 1e-4 is left out.
- The rates are at most 1, for networks with fewer weights than twice the trials.
- The mean moves to the trials as they were evaluated, so it stays within the bounds.
- A trial whose loss is not finite has no share in the recombination; the step size then shrinks.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.families.directions import (
    DIRECTIONS_AT_ONCE,
    aligned_zeros,
    draw,
    follow,
    follow_all,
    multiply_pairs,
    squared_lengths,
)
from nnsize_engine.evolution.families.family import Facts, Floats, Losses, Start
from nnsize_engine.evolution.families.mean import move_mean, starting_mean
from nnsize_engine.evolution.families.selection import (
    best_of,
    checked_members,
    default_members,
    limited_step,
    log_shares,
    selected_mass,
)
from nnsize_engine.evolution.normal_sums import sum_normals

Doubles = NDArray[np.float64]

STEP = 0.1
"""First step size in Glorot limits, chosen by the loss on digits and breast_cancer; a third of it and three times as
much lose little."""

MIN_MEMBERS = 2  # one to recombine, and one to compare it with

MAX_DIRECTIONS = 12

MIN_INFLUENCE = 1e-4
"""Change of the length of a trial along a direction below which the direction is left out."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class State:
    """The distribution of trials."""

    generation: int
    seed: int
    members: int
    mean: Doubles
    """y, shape (weights,)."""

    step: float
    """Sigma, in units of the Glorot limit."""

    path: Doubles
    """Evolution path of the step size, p_sigma."""

    directions: Doubles
    """m_j, shape (directions, weights)."""

    float_bytes: int
    """Bytes of a number of the trials: 4 or 8."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proposal:
    """What determines the trials of one generation, in their precision."""

    seed: int
    generation: int
    step: float
    mean: Floats
    directions: Floats
    """The directions in use, shape (directions, weights), with zeros after the last weights and directions."""

    products: Doubles
    """Products of each two directions, shape (directions, directions)."""

    rates: Doubles
    """Learning rate c_d of each direction, shape (directions,)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Constants:
    """What follows from the numbers of weights and of trials; line 2."""

    shares: Doubles
    """Shares w_i of the best trials in the recombination; their sum is 1."""

    selected: float
    """Variance effective selection mass, mu_w."""

    step_rate: float
    """c_sigma."""

    direction_rates: Doubles
    """c_d: share of each direction in a trial."""

    path_rates: Doubles
    """c_c: rate at which each direction follows the selected trials."""


def constants_of(weights: int, members: int) -> Constants:
    """Return the constants of a distribution over so many weights."""
    shares = log_shares(members // 2)
    powers = np.arange(min(default_members(weights), MAX_DIRECTIONS), dtype=np.float64)
    return Constants(
        shares=shares,
        selected=selected_mass(shares),
        step_rate=min(1.0, 2 * members / weights),
        direction_rates=1 / (1.5**powers * weights),
        path_rates=np.minimum(1.0, members / (4.0**powers * weights)),
    )


class LmMaEs:
    """The family; it has no state of its own."""

    name = "lm-ma-es"
    step = STEP

    def member_count(self, weights: int, members: int | None) -> int:
        """Return 4 + floor(3 ln n), or the given number."""
        return checked_members(self.name, default_members(weights) if members is None else members, MIN_MEMBERS)

    def begin(self, start: Start, members: Floats, losses: Losses) -> State:
        """Return a round distribution around the first mean."""
        mean = starting_mean(start, members, losses)
        directions = len(constants_of(start.weights, len(members)).direction_rates)
        return State(
            generation=0,
            seed=start.seed,
            members=len(members),
            mean=mean,
            step=start.step,
            path=np.zeros_like(mean),
            directions=np.zeros((directions, len(mean))),
            float_bytes=members.dtype.itemsize,
        )

    def propose(self, state: State) -> Proposal:
        """Choose the directions that matter, and multiply each two of them."""
        rates = constants_of(len(state.mean), state.members).direction_rates
        weights, known = len(state.mean), state.directions[: state.generation]
        matters = np.flatnonzero(rates[: len(known)] * squared_lengths(known) >= MIN_INFLUENCE)
        count = int(matters[-1]) + 1 if len(matters) else 0
        rows = -(-count // DIRECTIONS_AT_ONCE) * DIRECTIONS_AT_ONCE
        precision = np.dtype(f"f{state.float_bytes}")
        directions = aligned_zeros(rows, weights, precision)
        directions[:count, :weights] = known[:count]
        return Proposal(
            seed=state.seed,
            generation=state.generation + 1,
            step=state.step,
            mean=state.mean.astype(precision),
            directions=directions,
            products=multiply_pairs(directions[:count]),
            rates=rates[:count],
        )

    def fill(self, proposal: Proposal, first: int, trials: Floats) -> None:
        """Draw the trials from number `first` on, lines 5 to 11."""
        with np.errstate(all="ignore"):  # without Numba, NumPy warns of integers that wrap around
            draw(
                np.uint64(proposal.seed),
                proposal.generation,
                proposal.step,
                proposal.mean,
                proposal.directions,
                proposal.products,
                proposal.rates,
                first,
                trials,
            )

    def tell(self, state: State, trials: Floats, losses: Losses) -> State:
        """Move the mean to the best trials, and learn the directions and the step size; lines 12 to 16."""
        constants, weights = constants_of(len(state.mean), state.members), len(state.mean)
        chosen, shares = best_of(losses, constants.shares)
        mean, path = np.empty(weights), np.empty(weights)
        directions = np.empty_like(state.directions)
        moved = np.empty(weights)
        step_rate, path_rates = constants.step_rate, constants.path_rates
        with np.errstate(over="ignore"):
            sum_normals(np.uint64(state.seed), state.generation + 1, chosen, shares, moved)
        move_mean(state.mean, trials, chosen, shares, mean)
        follow(state.path, 1 - step_rate, np.sqrt(constants.selected * step_rate * (2 - step_rate)), moved, path)
        gains = np.sqrt(constants.selected * path_rates * (2 - path_rates))
        follow_all(state.directions, 1 - path_rates, gains, moved, directions)
        change = step_rate / 2 * (float(squared_lengths(path[None])[0]) / weights - 1)
        return replace(
            state,
            generation=state.generation + 1,
            mean=mean,
            step=limited_step(state.step * math.exp(min(change, 1.0))),
            path=path,
            directions=directions,
        )

    def facts(self, state: State) -> Facts:
        """Return the step size."""
        return Facts(step_size=state.step)

    def centre(self, state: State) -> Floats:
        """Return the mean of the trials."""
        return state.mean


FAMILY = LmMaEs()
