"""Round numbers for axes, and the decision whether an axis is logarithmic."""

from __future__ import annotations

import math
from collections.abc import Iterable

from nnsize_engine.charts.finite import finite

MIN_LOG_RATIO = 8.0
"""Smallest ratio of the largest to the smallest value for which a linear axis becomes logarithmic."""


def is_wide(values: Iterable[float | None]) -> bool:
    """Return whether all values are above zero and differ by a factor of :data:`MIN_LOG_RATIO` or more."""
    numbers = [number for number in map(finite, values) if number is not None]
    return bool(numbers) and min(numbers) > 0 and max(numbers) / min(numbers) >= MIN_LOG_RATIO


def round_step(span: float, count: int) -> float:
    """Return the smallest of 1, 2 or 5 times a power of ten that divides the span into at most ``count`` parts."""
    rough = span / max(count, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    return next((factor * power for factor in (1, 2, 5) if factor * power >= rough * (1 - 1e-9)), 10 * power)


def round_end(number: int, most: int) -> int:
    """Return a round end, at most ``most``, for an axis that holds a growing number.

    The end seldom moves while the number grows. As long as it stays, little is sent over a slow line.
    """
    if number <= 0:
        return min(most, 10)
    power: int = 10 ** (len(str(number)) - 1)
    halves = (2, 3, 4, 6, 8, 12, 16, 20)
    return min(most, next(half * power // 2 for half in halves if half * power >= 2 * number))
