"""Compiled trials with independent normal numbers, one by one or in pairs of opposites, and sums to learn from them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.families.family import Floats
from nnsize_engine.evolution.normal_blocks import BLOCK, fill_block
from nnsize_engine.evolution.normal_sums import fill_normals, padded
from nnsize_engine.evolution.streams import WEIGHTS, stream_key
from nnsize_engine.network.jit import Matrix, Real, Vector, compiled


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gaussian:
    """What determines the trials of one generation, in their precision."""

    seed: int
    generation: int
    mean: Floats
    """Shape (weights,)."""

    deviations: Floats
    """Standard deviation of each weight, shape (weights,)."""


def gaussian(
    seed: int, generation: int, mean: NDArray[np.float64], deviations: NDArray[np.float64], float_bytes: int
) -> Gaussian:
    """Return a distribution in the precision of trials whose numbers have 4 or 8 bytes."""
    precision = np.dtype(f"f{float_bytes}")
    return Gaussian(
        seed=seed, generation=generation, mean=mean.astype(precision), deviations=deviations.astype(precision)
    )


def fill_trials(proposal: Gaussian, first: int, trials: Floats) -> None:
    """Draw the trials from number `first` on, independently."""
    with np.errstate(over="ignore"):  # without Numba, NumPy warns of integers that wrap around
        draw(np.uint64(proposal.seed), proposal.generation, proposal.mean, proposal.deviations, first, trials)


def fill_pairs(proposal: Gaussian, first: int, trials: Floats) -> None:
    """Draw the trials from number `first` on, in pairs of opposites."""
    with np.errstate(over="ignore"):
        draw_pairs(np.uint64(proposal.seed), proposal.generation, proposal.mean, proposal.deviations, first, trials)


@compiled
def draw(seed: Real, generation: int, mean: Vector, deviations: Vector, first: int, trials: Matrix) -> None:
    """Draw trials from number `first` on, one for each row: the mean plus normal numbers times the deviations.

    Args:
        seed: of the run, uint64.
        generation: of the trials.
        mean: in the precision of the trials, `(weights,)`.
        deviations: standard deviations, likewise.
        first: number of the first trial.
        trials: output, `(trials, weights)`.
    """
    words, radii = np.empty(BLOCK // 2, np.uint64), np.empty(BLOCK // 2, np.float32)
    normals = np.empty(padded(mean.size), np.float32)
    for row in range(trials.shape[0]):
        fill_normals(seed, generation, first + row, normals, words, radii)
        trial = trials[row]
        for weight in range(mean.size):
            trial[weight] = mean[weight] + deviations[weight] * normals[weight]


@compiled
def draw_pairs(seed: Real, generation: int, mean: Vector, deviations: Vector, first: int, trials: Matrix) -> None:
    """Draw trials in pairs: trial 2 k and trial 2 k + 1 lie on opposite sides of the mean. For arguments see `draw`."""
    words, radii = np.empty(BLOCK // 2, np.uint64), np.empty(BLOCK // 2, np.float32)
    normals = np.empty(padded(mean.size), np.float32)
    for row in range(trials.shape[0]):
        number, trial = first + row, trials[row]
        if row == 0 or number % 2 == 0:
            fill_normals(seed, generation, number // 2, normals, words, radii)
        if number % 2 == 0:
            for weight in range(mean.size):
                trial[weight] = mean[weight] + deviations[weight] * normals[weight]
        else:
            for weight in range(mean.size):
                trial[weight] = mean[weight] - deviations[weight] * normals[weight]


@compiled
def sum_moments(seed: Real, generation: int, shares: Vector, square_shares: Vector, moved: Vector,
                widened: Vector) -> None:  # fmt: skip
    """Compute weighted sums of z and of z^2 - 1 over normal vectors z, in their order, in float64.

    Args:
        seed: of the run, uint64.
        generation: of the trials.
        shares: factor of each vector in the first sum.
        square_shares: factor of each vector in the second sum.
        moved: output, the sum of z, `(weights,)`.
        widened: output, the sum of z^2 - 1, `(weights,)`.
    """
    words, radii = np.empty(BLOCK // 2, np.uint64), np.empty(BLOCK // 2, np.float32)
    normals, sums, squares = np.empty(BLOCK, np.float32), np.empty(BLOCK), np.empty(BLOCK)
    for block in range(padded(moved.size) // BLOCK):
        sums[:] = 0.0
        squares[:] = 0.0
        for number in range(shares.size):
            share, square_share = shares[number], square_shares[number]
            fill_block(stream_key(seed, WEIGHTS, generation, number), block, normals, words, radii)
            for index in range(BLOCK):
                value = np.float64(normals[index])
                sums[index] += share * value
                squares[index] += square_share * (value * value - 1.0)
        begin = block * BLOCK
        for index in range(min(BLOCK, moved.size - begin)):
            moved[begin + index] = sums[index]
            widened[begin + index] = squares[index]
