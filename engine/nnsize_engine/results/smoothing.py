"""Smooth a score curve over the logarithm of the size.

The smoother is local linear regression (Cleveland, *Robust locally weighted regression and smoothing scatterplots*,
1979; Fan and Gijbels, *Local polynomial modelling and its applications*, 1996) with a Gaussian kernel whose bandwidth
is one octave, a factor of two in the number of neurons. With several layers, each layer is one coordinate.

Up to `MAX_PLAIN_SIZES` sizes are smoothed in plain Python, because NumPy would delay the explorer's first frame.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from operator import mul

MIN_SIZES_TO_SMOOTH = 3
"""Fewer sizes on a curve are left as they are: a line through two points is no evidence."""


MIN_PIVOT = 1e-9
"""Share of a coordinate's own spread below which it is taken for a combination of the coordinates before it."""

Layers = Sequence[int]


def smoothing_weights(sizes: Sequence[Layers], at: int) -> list[float]:
    """Return the weight of each size's score in the smoothed score of one of them.

    All sizes have the same number of layers. With one layer and ``u = log2(size_j) - log2(size_at)`` these are
    ``w (C - B u) / (A C - B^2)``, where ``w = exp(-u^2 / 2)`` and A, B, C are the sums of ``w``, ``w u``, ``w u^2``.
    """
    if len(sizes) < MIN_SIZES_TO_SMOOTH:
        return [float(number == at) for number in range(len(sizes))]
    return _weights([[math.log2(layers[one]) for layers in sizes] for one in range(len(sizes[0]))], at)


@lru_cache(maxsize=32)
def all_weights(sizes: tuple[tuple[int, ...], ...]) -> list[list[float]]:
    """Return a row of weights for each size.

    The rows are kept, because the next fold has the same sizes, and so have the curves of other combinations.
    """
    axes = [[math.log2(layers[one]) for layers in sizes] for one in range(len(sizes[0]))]
    return [_weights(axes, at) for at in range(len(sizes))]


def _weights(axes: Sequence[Sequence[float]], at: int) -> list[float]:
    """Return one row of weights; ``axes`` holds the logarithms of each layer's sizes."""
    apart = [[x - axis[at] for x in axis] for axis in axes]
    squares = map(sum, zip(*([u * u for u in axis] for axis in apart), strict=True))
    kernel = [math.exp(-0.5 * square) for square in squares]
    columns = [[1.0] * len(kernel), *apart]
    weighted = [kernel, *(list(map(mul, kernel, axis)) for axis in apart)]
    moments = [[math.fsum(map(mul, one, other)) for other in columns] for one in weighted]
    solution = _first_row_of_inverse(moments)
    return [math.fsum(map(mul, solution, row)) for row in zip(*weighted, strict=True)]


def _first_row_of_inverse(moments: Sequence[Sequence[float]]) -> list[float]:
    """Solve ``moments x = (1, 0, ..., 0)`` by elimination; a coordinate that depends on earlier ones gets 0.

    The first pivot is the sum of the kernel, at least 1. Leaving out a dependent coordinate changes no fitted value.
    """
    count = len(moments)
    rows = [[*row, float(number == 0)] for number, row in enumerate(moments)]
    kept: list[int] = []
    for column in range(count):
        if not rows[column][column] > MIN_PIVOT * moments[column][column]:
            continue
        kept.append(column)
        for below in range(column + 1, count):
            factor = rows[below][column] / rows[column][column]
            for place in range(column, count + 1):
                rows[below][place] -= factor * rows[column][place]
    solution = [0.0] * count
    for column in reversed(kept):
        known = math.fsum(rows[column][place] * solution[place] for place in kept if place > column)
        solution[column] = (rows[column][count] - known) / rows[column][column]
    return solution
