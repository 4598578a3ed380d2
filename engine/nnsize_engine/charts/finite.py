"""Numbers that can be drawn: finite, and within bounds that arithmetic survives."""

from __future__ import annotations

import math
from collections.abc import Iterable

LARGEST = 1e300
"""Larger values count as this, so that no difference of two values is infinite."""


SMALLEST = 1e-300
"""Smaller values count as zero, so that no ratio of two values is infinite."""


def finite(value: float | None) -> float | None:
    """The value if it can be drawn, within bounds that arithmetic survives; otherwise None."""
    if value is None:
        return None
    try:
        number = float(value)
    except (OverflowError, TypeError, ValueError):
        return None
    if not math.isfinite(number):
        return None
    if abs(number) < SMALLEST:
        return 0.0
    return max(-LARGEST, min(LARGEST, number))


def finite_all(values: Iterable[float | None]) -> list[float | None]:
    """`finite` of every value; the common case is told apart here, because a call for each costs four times as much."""
    return [
        value if value is not None and (SMALLEST <= value <= LARGEST or value == 0) else finite(value)
        for value in values
    ]
