"""Compiled vectors of normal numbers: one for each trial of a generation, and weighted sums of many.

The numbers of a trial follow from the seed, the generation and its number. So a strategy learns from them exactly where
trials are rounded or clipped. They are kept until then if they are few enough, and made again otherwise.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.normal_blocks import BLOCK, fill_block
from nnsize_engine.evolution.streams import WEIGHTS, stream_key
from nnsize_engine.network.jit import Matrix, Real, Vector, compiled, compiled_part

MAX_KEPT_BYTES = 64_000_000
"""Normal numbers of a generation that are kept; with more, making them again takes less memory and little more time."""


def room_for_normals(vectors: int, weights: int) -> NDArray[Any]:
    """Return room for so many vectors of normal numbers, a row of whole blocks for each; no row if too many."""
    columns = -(-weights // BLOCK) * BLOCK  # as `padded`, which only compiled code can call
    return np.empty((vectors if 4 * vectors * columns <= MAX_KEPT_BYTES else 0, columns), np.float32)


NO_NORMALS = np.empty((0, BLOCK), np.float32)
"""Instead of kept numbers, if there are none."""


@compiled_part
def fill_normals(seed: Real, generation: int, trial: int, normals: Vector, words: Vector, radii: Vector) -> None:
    """Fill in the normal numbers of one trial.

    Args:
        seed: of the run, uint64.
        generation: of the trial.
        trial: its number.
        normals: output, float32, of `padded(weights)` numbers.
        words: scratch of :func:`fill_block`.
        radii: scratch of :func:`fill_block`.
    """
    key = stream_key(seed, WEIGHTS, generation, trial)
    for block in range(normals.size // BLOCK):
        fill_block(key, block, normals[block * BLOCK : (block + 1) * BLOCK], words, radii)


@compiled_part
def padded(weights: int) -> int:
    """Return the length of whole blocks that hold so many numbers."""
    return (weights + BLOCK - 1) // BLOCK * BLOCK


@compiled
def normals_of(seed: Real, generation: int, trial: int, weights: int) -> Vector:
    """Return the normal numbers of one trial, `(weights,)`, float32."""
    words, radii = np.empty(BLOCK // 2, np.uint64), np.empty(BLOCK // 2, np.float32)
    normals = np.empty(padded(weights), np.float32)
    fill_normals(seed, generation, trial, normals, words, radii)
    return normals[:weights]


@compiled
def sum_normals(seed: Real, generation: int, chosen: Vector, shares: Vector, kept: Matrix, total: Vector) -> None:
    """Compute the weighted sum of the normal numbers of some trials, in their order, in float64.

    Args:
        seed: of the run, uint64.
        generation: of the trials.
        chosen: their numbers.
        shares: their factors, float64.
        kept: normal numbers of all trials, a row for each; without rows, they are made again.
        total: output, `(weights,)`, float64.
    """
    words, radii = np.empty(BLOCK // 2, np.uint64), np.empty(BLOCK // 2, np.float32)
    normals, sums = np.empty(BLOCK, np.float32), np.empty(BLOCK)
    for block in range(padded(total.size) // BLOCK):
        sums[:] = 0.0
        for number in range(chosen.size):
            share = shares[number]
            if share == 0.0:
                continue
            values = normals
            if kept.shape[0] > 0:
                values = kept[chosen[number]][block * BLOCK : (block + 1) * BLOCK]
            else:
                fill_block(stream_key(seed, WEIGHTS, generation, chosen[number]), block, normals, words, radii)
            for index in range(BLOCK):
                sums[index] += share * values[index]
        part = total[block * BLOCK : (block + 1) * BLOCK]
        for index in range(part.size):
            part[index] = sums[index]


@compiled
def fill_all_normals(seed: Real, generation: int, first: int, normals: Matrix) -> None:
    """Fill in the normal numbers of the trials from number `first` on, one for each row, in float64."""
    words, radii = np.empty(BLOCK // 2, np.uint64), np.empty(BLOCK // 2, np.float32)
    numbers = np.empty(padded(normals.shape[1]), np.float32)
    for row in range(normals.shape[0]):
        fill_normals(seed, generation, first + row, numbers, words, radii)
        for weight in range(normals.shape[1]):
            normals[row, weight] = numbers[weight]
