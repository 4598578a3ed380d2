"""Compiled trials of LM-MA-ES, from normal numbers and a few directions, and how directions follow the best trials.

Line numbers are those of algorithm 3 of Loshchilov, Glasmachers and Beyer, https://arxiv.org/abs/1705.06693.
"""

import numpy as np

from nnsize_engine.evolution.normal_blocks import BLOCK
from nnsize_engine.evolution.normal_sums import fill_normals, padded
from nnsize_engine.evolution.scalar_product import LANES, scalar_product
from nnsize_engine.network.jit import Matrix, Real, Vector, compiled, compiled_part

DIRECTIONS_AT_ONCE = 4
"""Directions added to a trial in one pass, which takes half the time of four passes."""


@compiled_part
def compose(step: float, products: Matrix, rates: Vector, projections: Vector, factors: Vector) -> None:
    """Compute sigma a and sigma b_j of a trial: lines 9 and 10 with d = a z + sum_j b_j m_j.

    d becomes (1 - c) d + c m (m'd), so a and each b shrink by 1 - c, and b of this direction becomes c (m'd).
    """
    factors[0] = 1.0
    for number in range(rates.size):
        along = factors[0] * projections[number]
        for other in range(number):
            along += factors[1 + other] * products[number, other]
        for other in range(number + 1):
            factors[other] *= 1.0 - rates[number]
        factors[number + 1] = rates[number] * along
    for number in range(rates.size + 1):
        factors[number] *= step


@compiled_part
def combine(mean: Vector, normals: Vector, directions: Matrix, factors: Vector, trial: Vector) -> None:
    """Compute y + sigma a z + sum_j sigma b_j m_j, four directions at a time."""
    factor = factors[0]
    for weight in range(trial.size):
        trial[weight] = factor * normals[weight]
    for first in range(0, directions.shape[0], DIRECTIONS_AT_ONCE):
        f0, f1, f2, f3 = factors[first + 1], factors[first + 2], factors[first + 3], factors[first + 4]
        d0, d1, d2, d3 = directions[first], directions[first + 1], directions[first + 2], directions[first + 3]
        for weight in range(trial.size):
            trial[weight] += (f0 * d0[weight] + f1 * d1[weight]) + (f2 * d2[weight] + f3 * d3[weight])
    for weight in range(trial.size):
        trial[weight] += mean[weight]


@compiled
def draw(seed: Real, generation: int, step: float, mean: Vector, directions: Matrix, products: Matrix, rates: Vector,
         first: int, trials: Matrix) -> None:  # fmt: skip
    """Draw the trials from number `first` on, one for each row.

    Args:
        seed: of the run, uint64.
        generation: of the trials.
        step: sigma.
        mean: y, in the precision of the trials, `(weights,)`.
        directions: m_j, likewise, `(directions, weights)`, with rows of zeros up to a multiple of `DIRECTIONS_AT_ONCE`.
        products: of each two directions.
        rates: c_d of each direction.
        first: number of the first trial.
        trials: output, `(trials, weights)`.
    """
    words, radii = np.empty(BLOCK // 2, np.uint64), np.empty(BLOCK // 2, np.float32)
    normals, lanes = np.empty(padded(mean.size), np.float32), np.empty(LANES, mean.dtype)
    projections, exact = np.empty(rates.size), np.zeros(directions.shape[0] + 1)
    factors = np.empty(exact.size, mean.dtype)
    for row in range(trials.shape[0]):
        fill_normals(seed, generation, first + row, normals, words, radii)
        for number in range(rates.size):
            projections[number] = scalar_product(normals, directions[number], lanes)
        compose(step, products, rates, projections, exact)
        factors[:] = exact
        combine(mean, normals, directions, factors, trials[row])


@compiled
def multiply_pairs(directions: Matrix) -> Matrix:
    """Return the products of each two directions."""
    count, lanes = directions.shape[0], np.empty(LANES, directions.dtype)
    products = np.empty((count, count))
    for number in range(count):
        for other in range(number + 1):
            products[number, other] = scalar_product(directions[number], directions[other], lanes)
            products[other, number] = products[number, other]
    return products


@compiled
def squared_lengths(vectors: Matrix) -> Vector:
    """Return the sum of squares of each vector."""
    lengths, lanes = np.empty(vectors.shape[0]), np.empty(LANES)
    for number in range(vectors.shape[0]):
        lengths[number] = scalar_product(vectors[number], vectors[number], lanes)
    return lengths


@compiled
def follow(path: Vector, keep: float, gain: float, moved: Vector, followed: Vector) -> None:
    """Compute keep path + gain moved."""
    for weight in range(path.size):
        followed[weight] = keep * path[weight] + gain * moved[weight]


@compiled
def follow_all(directions: Matrix, keeps: Vector, gains: Vector, moved: Vector, followed: Matrix) -> None:
    """Compute keep m + gain moved for each direction m."""
    for number in range(directions.shape[0]):
        direction, result, keep, gain = directions[number], followed[number], keeps[number], gains[number]
        for weight in range(moved.size):
            result[weight] = keep * direction[weight] + gain * moved[weight]
