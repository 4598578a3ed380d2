"""Smooth a score curve of hundreds to thousands of sizes, with NumPy.

Sums over all pairs of 10,000 sizes would take seconds. Two facts avoid most pairs. On a grid of layers the kernel is a
product of one factor for each layer. With one layer the smoothed curve is analytic in the logarithm of the size: a
polynomial through `NODES` Chebyshev points of an octave equals the curve within rounding (Trefethen, *Approximation
theory and approximation practice*, 2013). A part where it does not is halved.
"""

import math
from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.results.smoothing import MIN_PIVOT, Layers

NODES = 24
"""Points of an octave at which the curve is computed. The interpolation then misses it by less than 1e-12."""

MIN_INTERPOLATED_SIZES = 3 * NODES
"""A part with fewer sizes is computed size by size."""

CHECKED_SIZES = 12
"""Sizes of each part that are computed both ways."""

TOLERANCE = 1e-11
"""Share of the largest value by which both ways may differ."""

MAX_BLOCK = 400_000
"""Pairs of a size and another one that are in memory at once: an array of 3 MB."""

MAX_EMPTY_SHARE = 8
"""Layers form a grid if it has at most so many times as many places as there are sizes."""

Array = NDArray[np.float64]


def smooth_many(sizes: Sequence[Layers], values: Sequence[float]) -> list[float]:
    """Return the smoothed value of each size, as `smoothing.smooth` does."""
    smoothed = _smooth(np.log2(np.array(sizes, dtype=float)), np.array(values, dtype=float))
    return [float(score) for score in smoothed]


def _smooth(x: Array, y: Array) -> Array:
    """Smooth by the fastest way; ``x`` is of shape ``(sizes, layers)``."""
    if x.shape[1] == 1:
        return _smooth_line(x, y)
    axes = [np.unique(axis, return_inverse=True) for axis in x.T]
    if math.prod(len(axis) for axis, _ in axes) <= MAX_EMPTY_SHARE * len(x):
        places = tuple(place.reshape(-1) for _, place in axes)
        return _smooth_grid([axis for axis, _ in axes], places, y)
    return _smooth_at(x, x, y)


def _smooth_line(x: Array, y: Array) -> Array:
    """Smooth a curve of one layer, octave by octave; ``x`` has one column."""
    order = np.argsort(x[:, 0], kind="stable")
    x, y = x[order], y[order]
    octaves = np.flatnonzero(np.diff(np.floor(x[:, 0]))) + 1
    parts = [_smooth_part(part, x, y) for part in np.split(x, octaves)]
    smoothed = np.empty_like(y)
    smoothed[order] = np.concatenate(parts)
    return smoothed


def _smooth_part(part: Array, x: Array, y: Array) -> Array:
    """Return the smoothed values at neighbouring sizes."""
    if len(part) < MIN_INTERPOLATED_SIZES:
        return _smooth_at(part, x, y)
    low, high = part[0, 0], part[-1, 0]
    nodes = (low + high - (high - low) * np.cos(np.pi * np.arange(NODES) / (NODES - 1))) / 2
    interpolated = _interpolate(part[:, 0], nodes, _smooth_at(nodes[:, np.newaxis], x, y))
    checked = np.arange(CHECKED_SIZES) * len(part) // CHECKED_SIZES
    if np.abs(interpolated[checked] - _smooth_at(part[checked], x, y)).max() <= TOLERANCE * np.abs(y).max():
        return interpolated
    middle = int(np.searchsorted(part[:, 0], (low + high) / 2))
    return np.concatenate([_smooth_part(half, x, y) for half in (part[:middle], part[middle:]) if len(half)])


def _interpolate(x: Array, nodes: Array, values: Array) -> Array:
    """Evaluate the polynomial through Chebyshev points by the barycentric formula."""
    signs = np.where(np.arange(len(nodes)) % 2 == 0, 1.0, -1.0)
    signs[[0, -1]] /= 2
    apart = x[:, np.newaxis] - nodes
    is_node = apart == 0
    apart[is_node] = 1.0
    shares = signs / apart
    interpolated: Array = (shares @ values) / shares.sum(axis=1)
    row, node = np.nonzero(is_node)
    interpolated[row] = values[node]
    return interpolated


def _smooth_at(centres: Array, x: Array, y: Array) -> Array:
    """Return the smoothed values at any places ``(places, layers)``, in blocks of pairs."""
    step = max(1, MAX_BLOCK // len(x))
    return np.concatenate([_smooth_block(centres[i : i + step], x, y) for i in range(0, len(centres), step)])


def _smooth_block(centres: Array, x: Array, y: Array) -> Array:
    apart = [x[:, one] - centres[:, one, np.newaxis] for one in range(x.shape[1])]
    kernel = np.exp(-0.5 * reduce(np.add, (u * u for u in apart)))
    weighted = [kernel, *(kernel * u for u in apart)]
    moments = [[one.sum(axis=1), *(np.einsum("ij,ij->i", one, u) for u in apart)] for one in weighted]
    return _intercepts(moments, [one @ y for one in weighted])


def _smooth_grid(axes: Sequence[Array], places: tuple[NDArray[np.intp], ...], y: Array) -> Array:
    """Smooth on a grid of layers, where places without a size weigh nothing."""
    shape = tuple(len(axis) for axis in axes)
    present, scores = np.zeros(shape), np.zeros(shape)
    present[places], scores[places] = 1.0, y
    apart = [axis - axis[:, np.newaxis] for axis in axes]
    kernels = [np.exp(-0.5 * u * u) for u in apart]

    def total(of: Array, *coordinates: int) -> Array:
        """Sum the kernel times these coordinates' distances over the grid, at each size."""
        for layer, (kernel, u) in enumerate(zip(kernels, apart, strict=True)):
            factor = kernel * u ** coordinates.count(layer)
            of = np.moveaxis(np.tensordot(factor, of, axes=(1, layer)), 0, layer)
        found: Array = of[places]
        return found

    terms = [(), *((layer,) for layer in range(len(axes)))]
    moments = [[total(present, *one, *other) for other in terms] for one in terms]
    return _intercepts(moments, [total(scores, *one) for one in terms])


def _intercepts(moments: Sequence[Sequence[Array]], right: Sequence[Array]) -> Array:
    """Solve each place's normal equations by elimination, and return what the first unknown is.

    A coordinate that depends on earlier ones is left out, by the same test as in `smoothing`.
    """
    count = len(moments)
    rows = [[*row, end] for row, end in zip(moments, right, strict=True)]
    kept = []
    for column in range(count):
        pivot = rows[column][column]
        is_kept = pivot > MIN_PIVOT * moments[column][column]
        kept.append((is_kept, np.where(is_kept, pivot, 1.0)))
        for below in range(column + 1, count):
            factor = np.where(is_kept, rows[below][column] / kept[column][1], 0.0)
            rows[below] = [one - factor * other for one, other in zip(rows[below], rows[column], strict=True)]
    solution = [np.zeros_like(right[0]) for _ in range(count)]
    for column in reversed(range(count)):
        is_kept, pivot = kept[column]
        left = rows[column][count]
        for place in range(column + 1, count):
            left = left - rows[column][place] * solution[place]
        solution[column] = np.where(is_kept, left / pivot, 0.0)
    return solution[0]
