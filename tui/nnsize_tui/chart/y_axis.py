"""The axis of y. Its ticks are equally many rows apart, so that heights can be compared."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from nnsize_engine.charts.axis import round_step
from nnsize_tui.chart.clean import Scale, row_of
from nnsize_tui.chart.ticks import Tick, ticks

MAX_TICKS = 8

ROUNDING = 1e-9


def fit_to_rows(scale: Scale, rows: int) -> Scale:
    """Widen an axis so that a round step is a whole number of rows and its multiples lie in the middle of rows.

    New data seldom moves such an axis, and an unchanged axis costs nothing over a slow link.
    """
    if scale.log:
        return scale
    span = scale.upper - scale.lower
    fitting = [found for step, apart in _divisions(span, rows) if (found := _fitted(scale, rows, step, apart))]
    # The axis with the fewest empty rows; among equal ones, the one with more ticks.
    return min(fitting, key=lambda one: (round(one[0] / span, 6), one[1]))[2] if fitting else scale


def _divisions(span: float, rows: int) -> Iterator[tuple[float, int]]:
    """Yield round steps, each with the number of rows between two ticks."""
    least = max(1 if rows < 4 else 2 if rows < 9 else 3, math.ceil(rows / MAX_TICKS))
    most = max(least, min(rows - 1, 2 * least))
    for apart in range(least, most + 1):
        step = round_step(span * apart / rows, 1)
        yield step, apart
        yield round_step(step * 1.5, 1), apart


def _fitted(scale: Scale, rows: int, step: float, apart: int) -> tuple[float, int, Scale] | None:
    """Return `(height of a row, rows between ticks, axis)`; None if it does not hold the data and two ticks."""
    row = step / apart
    # The middle of the lowest row is a whole number of rows from zero.
    highest = math.floor(scale.lower / row + 0.5 + ROUNDING)
    lowest = math.ceil(scale.upper / row - rows + 0.5 - ROUNDING)
    first = (lowest + highest) // 2
    if lowest > highest or (first + rows - 1) // apart - -(-first // apart) < 1:
        return None
    lower, upper = (first - 0.5) * row, (first + rows - 0.5) * row
    if not (math.isfinite(lower) and math.isfinite(upper)):
        return None
    return row, apart, Scale(lower=min(lower, scale.lower), upper=max(upper, scale.upper))


def y_ticks(scale: Scale, rows: int) -> list[Tick]:
    """Return the ticks of y; where rounding to rows makes them uneven, the most that are even."""
    count = max(2, min(3, rows // 2), min(MAX_TICKS, rows // 3))
    if scale.log:
        return ticks(scale, count)
    choices = [ticks(scale, number) for number in range(2, count + 2)]
    even = [_longest_even(choice, rows) for choice in choices]
    whole = [part for part, choice in zip(even, choices, strict=True) if 1 < len(part) == len(choice)]
    if whole:
        return max(whole, key=len)
    return max(even, key=lambda part: part[-1].place - part[0].place if part else 0.0)


def _longest_even(marks: Sequence[Tick], rows: int) -> list[Tick]:
    """Return the longest part of the ticks in which neighbours are equally many rows apart."""
    places = [row_of(mark.place, rows) for mark in marks]
    best = start = 0
    end = min(1, len(marks))
    for here in range(1, len(marks)):
        if here - start > 1 and places[here - 1] - places[here] != places[start] - places[start + 1]:
            start = here - 1
        if here + 1 - start > end - best:
            best, end = start, here + 1
    return list(marks[best:end])
