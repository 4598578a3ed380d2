"""Decisions about an axis: round steps, round ends, and whether it is logarithmic."""

from __future__ import annotations

import math


def round_step(span: float, count: int) -> float:
    """The smallest of 1, 2 or 5 times a power of ten that divides the span into at most `count` parts."""
    rough = span / max(count, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    return next((factor * power for factor in (1, 2, 5) if factor * power >= rough * (1 - 1e-9)), 10 * power)


LOG_FROM = 8.0
"""A loss whose values differ by such a factor is drawn on a logarithmic axis."""


def round_end(number: int, most: int) -> int:
    """The end of an axis that has to hold a number: one that seldom moves while numbers grow, and is at most another.

    A still axis is a still picture, which is quick over a slow line.
    """
    if number <= 0:
        return min(most, 10)
    power: int = 10 ** (len(str(number)) - 1)
    halves = (2, 3, 4, 6, 8, 12, 16, 20)
    return min(most, next(half * power // 2 for half in halves if half * power >= 2 * number))
