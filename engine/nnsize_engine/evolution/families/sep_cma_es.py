"""Sep-CMA-ES: a covariance matrix adaptation that learns the variance of each weight, in linear time and memory.

Ros and Hansen, "A simple modification in CMA-ES achieving linear time and space complexity", PPSN 2008,
https://doi.org/10.1007/978-3-540-87700-4_30. The numbers of the equations are those of Hansen, "The CMA evolution
strategy: a tutorial", https://arxiv.org/abs/1604.00772. Constants are those of `SepCMA` of the Python package cmaes,
whose `tell` ours equals.

Departures: a trial whose loss is not finite gets no weight; if no loss is finite, the distribution stays as it is.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.errors import SettingsError
from nnsize_engine.evolution.families.family import Facts, Floats, Losses, Start
from nnsize_engine.evolution.families.gaussian import Gaussian, fill_trials, gaussian
from nnsize_engine.evolution.families.mean import COLUMNS, starting_mean
from nnsize_engine.network.jit import Matrix, Vector, compiled
from nnsize_engine.settings.strategies import hansen_members

STEP = 0.03
"""First step size in Glorot limits, a twentieth of the standard deviation of Glorot's initial weights. A larger one
loses time until it has shrunk: after 20,000 evaluations the log loss on digits and breast_cancer was .333 and .116, and
from .1 it was .344 and .157."""

MAX_STEP = 1e32  # as in cmaes: a larger one would overflow

MIN_MEMBERS = 2  # one to recombine, and one to compare it with


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class State:
    """The distribution of trials."""

    generation: int
    seed: int
    members: int
    mean: NDArray[np.float64]
    step: float
    """Sigma, in units of the Glorot limit."""

    variances: NDArray[np.float64]
    """The diagonal of the covariance matrix C, relative to the step."""

    step_path: NDArray[np.float64]
    """Evolution path of the step size, p_sigma."""

    path: NDArray[np.float64]
    """Evolution path of the variances, p_c."""

    float_bytes: int
    """Bytes of a number of the trials, 4 or 8."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Constants:
    """What follows from the numbers of weights and of trials."""

    shares: NDArray[np.float64]
    """Weights w_i of the best trials in the recombination, equation 49; their sum is 1."""

    selected: float
    """Variance effective selection mass, mu_eff."""

    path_rate: float
    """c_c."""

    rank_one_rate: float
    """c_1."""

    rank_mu_rate: float
    """c_mu, larger by (n + 2) / 3 than that of a full matrix (Ros and Hansen, section 3)."""

    step_rate: float
    """c_sigma."""

    damping: float
    """d_sigma."""

    expected_norm: float
    """Expected norm of a standard normal vector, E||N(0, I)||."""


def constants_of(weights: int, members: int) -> _Constants:
    """Return the constants of a distribution over so many weights."""
    n, mu = weights, members // 2
    shares = math.log(mu + 1) - np.log(np.arange(1, mu + 1))
    shares /= shares.sum()
    selected = float(1 / (shares**2).sum())
    rank_mu = 2 / selected / (n + math.sqrt(2)) ** 2
    rank_mu += (1 - 1 / selected) * min(1.0, (2 * selected - 1) / ((n + 2) ** 2 + selected))
    step_rate = (selected + 2) / (n + selected + 3)
    return _Constants(
        shares=shares,
        selected=selected,
        path_rate=4 / (n + 4),
        rank_one_rate=2 / ((n + 1.3) ** 2 + selected),
        rank_mu_rate=min(1.0, (n + 2) / 3 * rank_mu),
        step_rate=step_rate,
        damping=1 + 2 * max(0.0, math.sqrt((selected - 1) / (n + 1)) - 1) + step_rate,
        expected_norm=math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n**2)),
    )


class SepCmaEs:
    """The family; it has no state of its own."""

    name = "sep-cma-es"
    step = STEP

    def member_count(self, weights: int, members: int | None) -> int:
        """Return 4 + floor(3 ln n), or the given number."""
        count = hansen_members(weights) if members is None else members
        if count < MIN_MEMBERS:
            raise SettingsError(f"members is {count}; strategy {self.name} needs {MIN_MEMBERS}", field="members")
        return count

    def begin(self, start: Start, members: Floats, losses: Losses) -> State:
        """Return a round distribution around the first members, or around the network that `init` names."""
        mean = starting_mean(start, members, losses)
        return State(
            generation=0,
            seed=start.seed,
            members=len(members),
            mean=mean,
            step=start.step,
            variances=np.ones_like(mean),
            step_path=np.zeros_like(mean),
            path=np.zeros_like(mean),
            float_bytes=members.dtype.itemsize,
        )

    def propose(self, state: State) -> Gaussian:
        """Return the mean and the standard deviations of the next trials."""
        deviations = state.step * np.sqrt(state.variances)
        return gaussian(state.seed, state.generation + 1, state.mean, deviations, state.float_bytes)

    def fill(self, proposal: Gaussian, first: int, trials: Floats) -> None:
        """Draw the trials from number `first` on, equations 38 to 40."""
        fill_trials(proposal, first, trials)

    def tell(self, state: State, trials: Floats, losses: Losses) -> State:
        """Return the distribution that the better half of the trials makes."""
        constants = constants_of(len(state.mean), state.members)
        order = np.argsort(losses, kind="stable")[: len(constants.shares)]
        order = order[np.isfinite(losses[order])]
        number = state.generation + 1
        if not len(order):
            return replace(state, generation=number)
        shares = constants.shares[: len(order)] / constants.shares[: len(order)].sum()
        moved, squares = np.empty_like(state.mean), np.empty_like(state.mean)
        recombine(trials, order, shares, state.mean, state.step, moved, squares)
        return _adapted(replace(state, generation=number), constants, moved, squares)

    def facts(self, state: State) -> Facts:
        """Return the root mean square of the standard deviations."""
        return Facts(step_size=state.step * math.sqrt(float(state.variances.mean())))

    def centre(self, state: State) -> Floats:
        """Return the mean of the distribution."""
        return state.mean


FAMILY = SepCmaEs()


def _adapted(state: State, constants: _Constants, moved: Floats, squares: Floats) -> State:
    """Return the state after the mean moved.

    Args:
        state: the state before, with the number of the new generation.
        constants: its constants.
        moved: weighted mean of the steps y of the best trials, shape (weights,).
        squares: weighted mean of their squares.
    """
    rate, path_rate = constants.step_rate, constants.path_rate
    # Equation 43: p_sigma.
    step_path = (1 - rate) * state.step_path
    step_path += math.sqrt(rate * (2 - rate) * constants.selected) * moved / np.sqrt(state.variances)
    norm = math.sqrt(float((step_path**2).sum()))
    # Equation 44: sigma.
    growth = min(700.0, rate / constants.damping * (norm / constants.expected_norm - 1))
    # Equation 45: p_c, which stalls while p_sigma is long.
    most = (1.4 + 2 / (len(moved) + 1)) * constants.expected_norm
    is_short = norm / math.sqrt(1 - (1 - rate) ** (2 * (state.generation + 1))) < most
    path = (1 - path_rate) * state.path
    if is_short:
        path += math.sqrt(path_rate * (2 - path_rate) * constants.selected) * moved
    # Equation 47: C.
    missing = 0.0 if is_short else path_rate * (2 - path_rate)
    one, mu = constants.rank_one_rate, constants.rank_mu_rate
    variances = (1 + one * missing - one - mu) * state.variances + one * path**2 + mu * squares
    return replace(
        state,
        mean=state.mean + state.step * moved,
        step=min(MAX_STEP, state.step * math.exp(growth)),
        variances=np.maximum(variances, np.finfo(np.float64).tiny),
        step_path=step_path,
        path=path,
    )


@compiled
def recombine(trials: Matrix, order: Vector, shares: Vector, mean: Vector, step: float, moved: Vector,
              squares: Vector) -> None:  # fmt: skip
    """Compute the weighted means of the steps y = (x - mean) / step of chosen trials, and of their squares."""
    for begin in range(0, mean.size, COLUMNS):
        end = begin + COLUMNS
        middle, sums, sums_of_squares = mean[begin:end], moved[begin:end], squares[begin:end]
        sums[:] = 0.0
        sums_of_squares[:] = 0.0
        for place in range(order.size):
            trial, share = trials[order[place]][begin:end], shares[place] / step
            for weight in range(middle.size):
                difference = trial[weight] - middle[weight]
                part = share * difference
                sums[weight] += part
                sums_of_squares[weight] += part * difference
        for weight in range(middle.size):
            sums_of_squares[weight] /= step
