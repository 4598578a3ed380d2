"""Compiled trials with independent normal numbers, one by one or in pairs of opposites, and sums to learn from them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.families.family import Floats
from nnsize_engine.evolution.normal_blocks import BLOCK, fill_block
from nnsize_engine.evolution.normal_sums import NO_NORMALS, fill_normals, padded, room_for_normals
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

    normals: Floats
    """Normal numbers of the trials made so far, a row for each vector; without rows, they are not kept."""


def gaussian(
    seed: int,
    generation: int,
    mean: NDArray[np.float64],
    deviations: NDArray[np.float64],
    float_bytes: int,
    normals: Floats = NO_NORMALS,
) -> Gaussian:
    """Return a distribution in the precision of trials whose numbers have 4 or 8 bytes, and room for its normals."""
    precision = np.dtype(f"f{float_bytes}")
    return Gaussian(
        seed=seed,
        generation=generation,
        mean=mean.astype(precision),
        deviations=deviations.astype(precision),
        normals=normals,
    )


def fill_trials(proposal: Gaussian, first: int, trials: Floats) -> None:
    """Draw the trials from number `first` on, independently."""
    room = proposal.normals[first : first + len(trials)] if len(proposal.normals) else _one_row(proposal)
    with np.errstate(over="ignore"):  # without Numba, NumPy warns of integers that wrap around
        draw(np.uint64(proposal.seed), proposal.generation, proposal.mean, proposal.deviations, first, room, trials)


def fill_pairs(proposal: Gaussian, first: int, trials: Floats) -> None:
    """Draw the trials from number `first` on, in pairs of opposites."""
    room = proposal.normals[first // 2 :] if len(proposal.normals) else _one_row(proposal)
    with np.errstate(over="ignore"):
        draw_pairs(
            np.uint64(proposal.seed), proposal.generation, proposal.mean, proposal.deviations, first, room, trials
        )


def _one_row(proposal: Gaussian) -> Floats:
    """Return room for one vector of normal numbers, which each trial overwrites."""
    return room_for_normals(1, len(proposal.mean))


@compiled
def draw(
    seed: Real, generation: int, mean: Vector, deviations: Vector, first: int, normals: Matrix, trials: Matrix
) -> None:
    """Draw trials from number `first` on, one for each row: the mean plus normal numbers times the deviations.

    Args:
        seed: of the run, uint64.
        generation: of the trials.
        mean: in the precision of the trials, `(weights,)`.
        deviations: standard deviations, likewise.
        first: number of the first trial.
        normals: output, the normal numbers of these trials, a row of whole blocks for each; or one row for all.
        trials: output, `(trials, weights)`.
    """
    words, radii = np.empty(BLOCK // 2, np.uint64), np.empty(BLOCK // 2, np.float32)
    for row in range(trials.shape[0]):
        numbers, trial = normals[min(row, normals.shape[0] - 1)], trials[row]
        fill_normals(seed, generation, first + row, numbers, words, radii)
        for weight in range(mean.size):
            trial[weight] = mean[weight] + deviations[weight] * numbers[weight]


@compiled
def draw_pairs(
    seed: Real, generation: int, mean: Vector, deviations: Vector, first: int, normals: Matrix, trials: Matrix
) -> None:
    """Draw trials in pairs: trial 2 k and trial 2 k + 1 lie on opposite sides of the mean. For arguments see `draw`."""
    words, radii = np.empty(BLOCK // 2, np.uint64), np.empty(BLOCK // 2, np.float32)
    for row in range(trials.shape[0]):
        number, trial = first + row, trials[row]
        numbers = normals[min(number // 2 - first // 2, normals.shape[0] - 1)]
        if row == 0 or number % 2 == 0:
            fill_normals(seed, generation, number // 2, numbers, words, radii)
        if number % 2 == 0:
            for weight in range(mean.size):
                trial[weight] = mean[weight] + deviations[weight] * numbers[weight]
        else:
            for weight in range(mean.size):
                trial[weight] = mean[weight] - deviations[weight] * numbers[weight]


@compiled
def sum_moments(seed: Real, generation: int, shares: Vector, square_shares: Vector, kept: Matrix, moved: Vector,
                widened: Vector) -> None:  # fmt: skip
    """Compute weighted sums of z and of z^2 - 1 over normal vectors z, in their order, in float64.

    Args:
        seed: of the run, uint64.
        generation: of the trials.
        shares: factor of each vector in the first sum.
        square_shares: factor of each vector in the second sum.
        kept: the vectors, a row for each; without rows, they are made again.
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
            values = normals
            if kept.shape[0] > 0:
                values = kept[number][block * BLOCK : (block + 1) * BLOCK]
            else:
                fill_block(stream_key(seed, WEIGHTS, generation, number), block, normals, words, radii)
            for index in range(BLOCK):
                value = np.float64(values[index])
                sums[index] += share * value
                squares[index] += square_share * (value * value - 1.0)
        begin = block * BLOCK
        for index in range(min(BLOCK, moved.size - begin)):
            moved[begin + index] = sums[index]
            widened[begin + index] = squares[index]
