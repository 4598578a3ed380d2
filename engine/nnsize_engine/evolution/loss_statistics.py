"""Compiled statistics of the losses of a generation; one call takes less time than a dozen calls of NumPy."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.network.jit import Vector, compiled, compiled_part
from nnsize_engine.network.numpy_kernels import add_up_doubles, addresses
from nnsize_engine.results.records import HISTOGRAM_BINS


@dataclass(frozen=True, slots=True, kw_only=True)
class FitnessStatistics:
    """Statistics of the fitness of members, those without a finite loss left out; None if there is no other."""

    mean: float | None
    std: float | None
    low: float | None
    high: float | None
    counts: tuple[int, ...]
    """Number of members in each of equal bins from low to high; all in the first if these are equal."""


def fitness_statistics(losses: NDArray[np.float64], *, is_minimised: bool) -> FitnessStatistics:
    """Return statistics of losses, or of minus the losses if the fitness is maximised."""
    counts = np.zeros(HISTOGRAM_BINS, np.int64)
    with np.errstate(over="ignore"):  # without Numba, NumPy warns
        known, *found = describe(addresses("float64"), losses, is_minimised, counts)
    mean, std, low, high = (float(value) if known else None for value in found)
    return FitnessStatistics(mean=mean, std=std, low=low, high=high, counts=tuple(counts.tolist()))


@compiled_part
def mean_and_std(numpy_loops: Vector, values: Vector) -> tuple[float, float]:
    """Return the mean and the standard deviation, with the same bits as NumPy's."""
    mean = add_up_doubles(numpy_loops, values) / values.size
    squares = np.empty(values.size)
    for index in range(values.size):
        squares[index] = (values[index] - mean) * (values[index] - mean)
    return mean, math.sqrt(add_up_doubles(numpy_loops, squares) / values.size)


@compiled
def describe(numpy_loops: Vector, losses: Vector, is_minimised: bool, counts: Vector) -> Any:
    """Return the number of finite losses, and the mean, the deviation, the least and the largest fitness.

    Args:
        numpy_loops: see :mod:`nnsize_engine.network.numpy_kernels`, for float64.
        losses: `(members,)`, float64.
        is_minimised: whether the fitness is the loss, not minus the loss.
        counts: zeros, to be filled with the histogram.
    """
    found, known = np.empty(losses.size), 0
    for loss in losses:
        if np.isfinite(loss):
            found[known] = loss if is_minimised else 0.0 - loss
            known += 1
    if known == 0:
        return 0, 0.0, 0.0, 0.0, 0.0
    values = found[:known]
    mean, std = mean_and_std(numpy_loops, values)
    low, high = values[0], values[0]
    for value in values:
        low, high = min(low, value), max(high, value)
    width = high - low
    if not 0 < width < np.inf:
        counts[0] = known
        return known, mean, std, low, high
    for value in values:
        counts[int(min((value - low) / width * counts.size, counts.size - 1))] += 1
    return known, mean, std, low, high


@compiled
def mean_and_std_of_finite(numpy_loops: Vector, losses: Vector) -> Any:
    """Return the mean and the standard deviation; infinite if a loss is not finite."""
    for loss in losses:
        if not np.isfinite(loss):
            return np.inf, np.inf
    return mean_and_std(numpy_loops, losses)
