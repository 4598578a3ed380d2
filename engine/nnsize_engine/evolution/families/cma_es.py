"""CMA-ES: an evolution strategy that learns the full covariance matrix of its trials.

Hansen, "The CMA evolution strategy: a tutorial", https://arxiv.org/abs/1604.00772; the numbers of equations are those
of its version of 2023. With negative weights, as there.

A trial is m + sigma y with y = B D z, where B and D are eigenvectors and roots of eigenvalues of the covariance matrix
C. So C^(-1/2) y is B z, and no matrix is inverted.

Departures:
- As in section B.2, C is decomposed only after it can have changed enough.
- The mean moves to the trials as they were evaluated, so it stays within the bounds.
- A trial whose loss is not finite has no weight; the step size then shrinks.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.errors import SettingsError
from nnsize_engine.evolution.families.family import Facts, Floats, Losses, Start
from nnsize_engine.evolution.families.mean import move_mean, starting_mean
from nnsize_engine.evolution.families.selection import checked_members, default_members, limited_step, order_of
from nnsize_engine.evolution.normal_sums import fill_all_normals

Doubles = NDArray[np.float64]

STEP = 0.1
"""First step size in Glorot limits."""

MIN_MEMBERS = 4  # two to recombine, and two with negative weights

MAX_WEIGHTS = 1_000
"""A matrix of that size takes 8 MB, and its decomposition a second."""

MIN_EIGENVALUE = 1e-14  # of a matrix that rounding made singular


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class State:
    """The distribution of trials."""

    generation: int
    seed: int
    members: int
    mean: Doubles
    step: float
    """Sigma, in units of the Glorot limit."""

    covariance: Doubles
    """C, shape (weights, weights)."""

    basis: Doubles
    """B: eigenvectors of C when it was decomposed, one in each column."""

    scales: Doubles
    """D: roots of its eigenvalues, shape (weights,)."""

    decomposed: int
    """Generation in which C was decomposed."""

    step_path: Doubles
    """Evolution path of the step size, p_sigma."""

    path: Doubles
    """Evolution path of the covariance matrix, p_c."""

    float_bytes: int
    """Bytes of a number of the trials: 4 or 8."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Constants:
    """What follows from the numbers of weights and of trials."""

    weights: Doubles
    """w_i by rank, equation 53; those of the worse half are negative."""

    selected: float
    """mu_eff, equation 8."""

    step_rate: float
    """c_sigma, equation 55."""

    damping: float
    """d_sigma, equation 55."""

    path_rate: float
    """c_c, equation 56."""

    rank_one_rate: float
    """c_1, equation 57."""

    rank_mu_rate: float
    """c_mu, equation 58."""

    expected_norm: float
    """E||N(0, I)||."""

    interval: int
    """Generations between two decompositions, section B.2."""


def constants_of(n: int, members: int) -> Constants:
    """Return the constants of a distribution over so many weights."""
    half = members // 2
    raw = math.log((members + 1) / 2) - np.log(np.arange(1, members + 1))  # equation 49
    selected = float(raw[:half].sum() ** 2 / (raw[:half] ** 2).sum())
    against = float(raw[half:].sum() ** 2 / (raw[half:] ** 2).sum())
    rank_one = 2 / ((n + 1.3) ** 2 + selected)
    rank_mu = min(1 - rank_one - 1e-8, 2 * (selected - 2 + 1 / selected) / ((n + 2) ** 2 + selected))
    limit = min(
        1 + rank_one / rank_mu,  # equation 50
        1 + 2 * against / (selected + 2),  # equation 51
        (1 - rank_one - rank_mu) / (n * rank_mu),  # equation 52
    )
    step_rate = (selected + 2) / (n + selected + 5)
    return Constants(
        weights=np.where(raw >= 0, raw / raw[raw > 0].sum(), limit * raw / -raw[raw < 0].sum()),
        selected=selected,
        step_rate=step_rate,
        damping=1 + 2 * max(0.0, math.sqrt((selected - 1) / (n + 1)) - 1) + step_rate,
        path_rate=(4 + selected / n) / (n + 4 + 2 * selected / n),
        rank_one_rate=rank_one,
        rank_mu_rate=rank_mu,
        expected_norm=math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n**2)),
        interval=max(1, math.floor(1 / (10 * n * (rank_one + rank_mu)))),
    )


class CmaEs:
    """The family; it has no state of its own."""

    name = "cma-es"
    step = STEP

    def member_count(self, weights: int, members: int | None) -> int:
        """Return 4 + floor(3 ln n), or the given number.

        Raises:
            SettingsError: there are too few trials, or too many weights.
        """
        if weights > MAX_WEIGHTS:
            raise SettingsError(
                f"strategy {self.name} keeps a matrix of weights times weights, for at most {MAX_WEIGHTS:,} weights, "
                f"and this network has {weights:,}; choose lm-ma-es or sep-cma-es",
                field="strategy",
            )
        return checked_members(self.name, default_members(weights) if members is None else members, MIN_MEMBERS)

    def begin(self, start: Start, members: Floats, losses: Losses) -> State:
        """Return a round distribution around the first mean."""
        mean = starting_mean(start, members, losses)
        return State(
            generation=0,
            seed=start.seed,
            members=len(members),
            mean=mean,
            step=start.step,
            covariance=np.eye(start.weights),
            basis=np.eye(start.weights),
            scales=np.ones(start.weights),
            decomposed=0,
            step_path=np.zeros_like(mean),
            path=np.zeros_like(mean),
            float_bytes=members.dtype.itemsize,
        )

    def propose(self, state: State) -> Floats:
        """Return all trials, equations 38 to 40: one product of matrices is much faster than one for each trial."""
        directions = (_normals(state) * state.scales) @ state.basis.T
        return (state.mean + state.step * directions).astype(f"f{state.float_bytes}")

    def fill(self, proposal: Floats, first: int, trials: Floats) -> None:
        """Copy the trials from number `first` on."""
        trials[:] = proposal[first : first + len(trials)]

    def tell(self, state: State, trials: Floats, losses: Losses) -> State:
        """Learn from the trials, equations 41 to 47."""
        n, given = len(state.mean), constants_of(len(state.mean), state.members)
        order = order_of(losses)
        weights = np.where(np.isfinite(losses[order]), given.weights, 0.0)
        half, number = len(order) // 2, state.generation + 1
        mean = np.empty(n)
        move_mean(state.mean, trials, order[:half], weights[:half], mean)
        normals = _normals(state)[order]
        moved = weights[:half] @ normals[:half]
        rate = given.step_rate
        step_path = (1 - rate) * state.step_path  # equation 43
        step_path += math.sqrt(rate * (2 - rate) * given.selected) * (state.basis @ moved)
        norm = math.sqrt(float(step_path @ step_path))
        change = rate / given.damping * (norm / given.expected_norm - 1)  # equation 44
        has_usual_norm = norm / math.sqrt(1 - (1 - rate) ** (2 * (number + 1))) < (
            (1.4 + 2 / (n + 1)) * given.expected_norm
        )
        path = (1 - given.path_rate) * state.path  # equation 45
        if has_usual_norm:
            gain = math.sqrt(given.path_rate * (2 - given.path_rate) * given.selected)
            path += gain * (state.basis @ (state.scales * moved))
        following = replace(
            state,
            generation=number,
            mean=mean,
            step=limited_step(state.step * math.exp(min(change, 1.0))),
            step_path=step_path,
            path=path,
            covariance=_covariance(state, given, weights, normals, path, has_usual_norm=has_usual_norm),
        )
        return _decomposed(following) if number - state.decomposed >= given.interval else following

    def facts(self, state: State) -> Facts:
        """Return the step size: the root mean square of the standard deviations of the weights."""
        return Facts(step_size=state.step * math.sqrt(float(np.trace(state.covariance)) / len(state.mean)))

    def centre(self, state: State) -> Floats:
        """Return the mean of the trials."""
        return state.mean


FAMILY = CmaEs()


def _normals(state: State) -> Doubles:
    """Return the normal vectors of the next generation's trials, shape (trials, weights)."""
    normals = np.empty((state.members, len(state.mean)))
    with np.errstate(over="ignore"):  # without Numba, NumPy warns of integers that wrap around
        fill_all_normals(np.uint64(state.seed), state.generation + 1, 0, normals)
    return normals


def _covariance(
    state: State, given: Constants, weights: Doubles, normals: Doubles, path: Doubles, *, has_usual_norm: bool
) -> Doubles:
    """Return the next covariance matrix, equations 46 and 47."""
    lengths = (normals**2).sum(axis=1)  # of C^(-1/2) y
    scaled = np.where(weights >= 0, weights, weights * len(path) / (lengths + 1e-8))
    directions = (normals * state.scales) @ state.basis.T
    lost = 0.0 if has_usual_norm else given.path_rate * (2 - given.path_rate)
    keep = 1 + given.rank_one_rate * (lost - 1) - given.rank_mu_rate * float(weights.sum())
    covariance = (given.rank_mu_rate * scaled * directions.T) @ directions
    covariance += keep * state.covariance
    covariance += given.rank_one_rate * path[:, None] * path
    return covariance


def _decomposed(state: State) -> State:
    """Return the state with eigenvectors and eigenvalues of its covariance matrix, whose lower half is read."""
    values, basis = np.linalg.eigh(state.covariance)
    values = np.maximum(values, MIN_EIGENVALUE * max(1.0, float(values[-1])))
    return replace(state, basis=basis, scales=np.sqrt(values), decomposed=state.generation)
