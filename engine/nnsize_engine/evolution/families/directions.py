"""Compiled trials of LM-MA-ES, from normal numbers and a few directions, and how directions follow the best trials.

Line numbers are those of algorithm 3 of Loshchilov, Glasmachers and Beyer, https://arxiv.org/abs/1705.06693.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.normal_blocks import BLOCK, fill_block
from nnsize_engine.evolution.scalar_product import LANES, scalar_product
from nnsize_engine.evolution.streams import WEIGHTS, stream_key
from nnsize_engine.network.jit import Matrix, Real, Vector, compiled, compiled_part

SUMS = 32
"""Running sums of a product of a trial and a direction: few for a cache that holds those of all trials, and enough for
SIMD registers."""

LINE_BYTES = 64
"""Bytes of a line of the cache; numbers that two lines share take twice the time to load."""

DIRECTIONS_AT_ONCE = 4
"""Directions added to a trial in one pass, which takes half the time of four passes."""


def aligned_zeros(rows: int, columns: int, precision: "np.dtype[Any]") -> NDArray[Any]:
    """Return a matrix with whole SIMD registers in each row, `(rows, columns or more)`."""
    columns += -columns % LINE_BYTES
    numbers = np.empty(rows * columns + LINE_BYTES, precision)
    numbers.fill(0)  # np.zeros would take fresh pages from the system
    first = -numbers.ctypes.data % LINE_BYTES // precision.itemsize
    return numbers[first : first + rows * columns].reshape(rows, columns)


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
def project(normals: Vector, directions: Matrix, begin: int, sums: Matrix) -> None:
    """Add the products of a block of normal numbers and directions to running sums, `(directions, SUMS)`."""
    for number in range(sums.shape[0]):
        direction, lanes = directions[number][begin : begin + normals.size], sums[number]
        whole = direction.size - direction.size % (4 * SUMS)
        for first in range(0, whole, 4 * SUMS):
            z, d = normals[first : first + 4 * SUMS], direction[first : first + 4 * SUMS]
            for lane in range(SUMS):
                near = z[lane] * d[lane] + z[SUMS + lane] * d[SUMS + lane]
                far = z[2 * SUMS + lane] * d[2 * SUMS + lane] + z[3 * SUMS + lane] * d[3 * SUMS + lane]
                lanes[lane] += near + far
        for weight in range(whole, direction.size):
            lanes[weight % SUMS] += normals[weight] * direction[weight]


@compiled_part
def combine(mean: Vector, directions: Matrix, factors: Vector, begin: int, trial: Vector) -> None:
    """Make a block of a trial of its normal numbers z: y + sigma a z + sum_j sigma b_j m_j, four directions at a time.

    Args:
        mean: y, `(weights,)`.
        directions: m_j, `(directions, weights)`.
        factors: sigma a and sigma b_j.
        begin: number of the first weight of the block.
        trial: the normal numbers of the block; output.
    """
    end, factor = begin + trial.size, factors[0]
    middle = mean[begin:end]
    for weight in range(trial.size):
        trial[weight] = middle[weight] + factor * trial[weight]
    for first in range(0, directions.shape[0], DIRECTIONS_AT_ONCE):
        f0, f1, f2, f3 = factors[first + 1], factors[first + 2], factors[first + 3], factors[first + 4]
        d0, d1 = directions[first][begin:end], directions[first + 1][begin:end]
        d2, d3 = directions[first + 2][begin:end], directions[first + 3][begin:end]
        for weight in range(trial.size):
            trial[weight] += (f0 * d0[weight] + f1 * d1[weight]) + (f2 * d2[weight] + f3 * d3[weight])


@compiled
def draw(seed: Real, generation: int, step: float, mean: Vector, directions: Matrix, products: Matrix, rates: Vector,
         first: int, trials: Matrix) -> None:  # fmt: skip
    """Draw the trials from number `first` on, one for each row.

    A block of all directions stays in the L1 cache while it is used for one trial after the other.

    Args:
        seed: of the run, uint64.
        generation: of the trials.
        step: sigma.
        mean: y, in the precision of the trials, `(weights,)`.
        directions: m_j, likewise, `(directions, weights or more)`, with rows of zeros up to a multiple of
            `DIRECTIONS_AT_ONCE`.
        products: of each two directions.
        rates: c_d of each direction.
        first: number of the first trial.
        trials: output, `(trials, weights)`.
    """
    words, radii = np.empty(BLOCK // 2, np.uint64), np.empty(BLOCK // 2, np.float32)
    normals, sums = np.empty(BLOCK, np.float32), np.zeros((trials.shape[0], rates.size, SUMS), mean.dtype)
    for begin in range(0, mean.size, BLOCK):
        for row in range(trials.shape[0]):
            key = stream_key(seed, WEIGHTS, generation, first + row)
            fill_block(key, begin // BLOCK, normals, words, radii)
            part = trials[row][begin : begin + BLOCK]
            part[:] = normals[: part.size]
            project(part, directions, begin, sums[row])
    factors = np.zeros((trials.shape[0], directions.shape[0] + 1), mean.dtype)
    projections, exact = np.empty(rates.size), np.empty(rates.size + 1)
    for row in range(trials.shape[0]):
        for number in range(rates.size):
            projections[number] = total_of(sums[row, number])
        compose(step, products, rates, projections, exact)
        factors[row, : exact.size] = exact
    for begin in range(0, mean.size, BLOCK):
        for row in range(trials.shape[0]):
            combine(mean, directions, factors[row], begin, trials[row][begin : begin + BLOCK])


@compiled_part
def total_of(lanes: Vector) -> float:
    """Return the sum of running sums."""
    total = 0.0
    for lane in range(lanes.size):
        total += lanes[lane]
    return total


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
