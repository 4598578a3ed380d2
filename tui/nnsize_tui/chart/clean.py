"""Clean data for plotext. All data passes through here before plotext draws it.

plotext's drawing is compiled: a NaN, an infinity or a point far outside the limits ends the whole process, and a very
small range hangs it for many seconds. So every value is first placed on its axis as a fraction between 0 and 1, and
plotext is only ever given those: it never sees a logarithm, a limit or a number of the user's.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

from nnsize_engine.charts.description import Limits
from nnsize_engine.charts.finite import MAX_MAGNITUDE, MIN_MAGNITUDE, finite, finite_all

MIN_SPAN = 1e-6
"""Smallest range of an axis, as a share of its largest value; smaller ranges show rounding errors."""

MIN_DECADES = 0.01
"""Smallest range of a logarithmic axis, in powers of ten."""

EIGHTHS = 8
"""Parts of a cell that a band's edge can cover."""

HEIGHT = itemgetter(1)

Polyline: TypeAlias = "list[tuple[float, ...]]"
"""Points without a gap between them, as fractions of the axes, in order of x."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """An axis; it places values between 0 and 1. `fit_scale` makes it and checks the limits."""

    lower: float
    upper: float
    log: bool = False

    def place(self, value: float | None) -> float | None:
        """Return the fraction of the axis for a value: 0 or 1 outside the limits, None if it cannot be drawn."""
        number = finite(value)
        if number is None or (self.log and number <= 0):
            return None
        if number <= self.lower:
            return 0.0
        if number >= self.upper:
            return 1.0
        if self.log:
            fraction = math.log10(number / self.lower) / math.log10(self.upper / self.lower)
        else:
            fraction = (number - self.lower) / (self.upper - self.lower)
        return max(0.0, min(1.0, fraction))

    def places(self, values: Iterable[float | None]) -> list[float | None]:
        """Return the `place` of every value; on a linear axis four times as fast as one by one."""
        if self.log:
            return [self.place(value) for value in values]
        lower, upper, span = self.lower, self.upper, self.upper - self.lower
        return [
            (value - lower) / span if value is not None and lower <= value <= upper else self.place(value)
            for value in values
        ]

    def value(self, fraction: float) -> float:
        """Return the value at a fraction of the axis."""
        if self.log:
            return float(self.lower * (self.upper / self.lower) ** fraction)
        return self.lower + (self.upper - self.lower) * fraction

    def holds(self, value: float | None) -> bool:
        """Return whether the value lies within the limits."""
        number = finite(value)
        return number is not None and self.lower <= number <= self.upper


def fit_scale(values: Iterable[float | None], *, limits: Limits | None = None, log: bool = False) -> Scale:
    """Return the smallest safe axis that holds the values, or one with the given limits."""
    numbers = [number for number in finite_all(limits or values) if number is not None and (number > 0 or not log)]
    if limits is not None and len(numbers) < 2:
        return fit_scale(values, log=log)
    if not numbers:
        return Scale(lower=1.0, upper=10.0, log=True) if log else Scale(lower=0.0, upper=1.0)
    lower, upper = min(numbers), max(numbers)
    return _log_scale(lower, upper) if log else _linear_scale(lower, upper)


def _linear_scale(lower: float, upper: float) -> Scale:
    largest = max(abs(lower), abs(upper))
    if lower == upper:
        # A single value gets an axis around it; a twentieth on either side gives readable labels.
        margin = largest / 20 or 0.5
        return Scale(lower=lower - margin, upper=upper + margin)
    missing = max(largest * MIN_SPAN, 10 * MIN_MAGNITUDE) - (upper - lower)
    if missing > 0:
        lower, upper = lower - missing / 2, upper + missing / 2
    return Scale(lower=lower, upper=upper)


def _log_scale(lower: float, upper: float) -> Scale:
    if math.log10(upper / lower) < MIN_DECADES:
        lower, upper = max(lower / 2, MIN_MAGNITUDE), min(upper * 2, MAX_MAGNITUDE)
    return Scale(lower=lower, upper=upper, log=True)


def polylines(x_scale: Scale, y_scale: Scale, x: Sequence[float | None], *ys: Sequence[float | None]) -> list[Polyline]:
    """Place points `(x, y, ...)` on their axes, in order of x, split wherever a y can't be drawn.

    A point without a drawable x, or with one outside the limits, is left out; it makes no gap.
    """
    lower, upper = x_scale.lower, x_scale.upper
    along = finite_all(x)
    order = [place for place, value in enumerate(along) if value is not None and lower <= value <= upper]
    order.sort(key=lambda place: along[place] or 0.0)
    found: list[Polyline] = [[]]
    columns = [x_scale.places(along), *(y_scale.places(y) for y in ys)]
    for row in zip(*([column[place] for place in order] for column in columns), strict=True):
        point = tuple(value for value in row if value is not None)
        if len(point) == len(row):
            found[-1].append(point)
        else:
            found.append([])
    return [run for run in found if run]


def thin(run: Polyline, columns: int) -> Polyline:
    """Keep the lowest and highest point of every column, in order, so that peaks survive; also both ends.

    plotext needs a third of a second for 10,000 points; a screen can't show more than these.
    """
    if len(run) <= 2 * columns:
        return run
    kept = [run[0]]
    for group in _by_column(run, columns):
        low, high = min(group, key=HEIGHT), max(group, key=HEIGHT)
        kept.extend([low, high] if low[0] <= high[0] else [high, low])
    kept.append(run[-1])
    return kept


def _by_column(run: Polyline, columns: int) -> Iterator[Polyline]:
    return (list(group) for _, group in groupby(run, key=lambda point: min(int(point[0] * columns), columns - 1)))


def column_of(fraction: float, columns: int) -> int:
    """Return the column, counted from the left, that holds this fraction of the axis."""
    return min(int(fraction * columns), columns - 1)


def row_of(fraction: float, rows: int) -> int:
    """Return the row, counted from the top, that holds this fraction of the axis."""
    return min(int((1 - fraction) * rows + 1e-9), rows - 1)


def band_cells(run: Polyline, columns: int, rows: int) -> list[tuple[int, int, int]]:
    """Return the cells of a band `(x, lower, upper)`: `(column, top row, bottom row)` for every column that it crosses.

    A cell belongs to it where the band covers a quarter of it or more; otherwise a band would look up to two rows too
    wide. One lower than that keeps the cell of its middle: every column has some, so that the band has no holes.
    """
    quarter = 0.25 / rows
    found = []
    for column, low, high in _every_column(run, columns):
        top, bottom = high - quarter, low + quarter
        if top < bottom:
            top = bottom = (low + high) / 2
        found.append((column, row_of(top, rows), row_of(bottom, rows)))
    return found


def band_eighths(run: Polyline, columns: int, rows: int) -> list[tuple[int, int, int]]:
    """Return the edges of a band `(x, lower, upper)`: `(column, lower, upper)` for every column that it crosses.

    Both are in eighths of a cell, counted from the bottom of the plot. A band has at least one eighth, so that it has
    no holes.
    """
    found = []
    for column, low, high in _every_column(run, columns):
        lower, upper = round(low * rows * EIGHTHS), round(high * rows * EIGHTHS)
        lower = min(lower, rows * EIGHTHS - 1)
        found.append((column, lower, max(upper, lower + 1)))
    return found


def _every_column(run: Polyline, columns: int) -> Iterator[tuple[int, float, float]]:
    """Yield the band's `(column, lowest, highest)`; a column without a point has those of its middle."""
    before: tuple[float, ...] | None = None
    for group in _by_column(run, columns):
        if before is not None:
            after = group[0]
            for column in range(column_of(before[0], columns) + 1, column_of(after[0], columns)):
                share = ((column + 0.5) / columns - before[0]) / (after[0] - before[0])
                low, high = (before[end] + (after[end] - before[end]) * share for end in (1, -1))
                yield column, low, high
        heights = [height for point in group for height in point[1:]]
        yield column_of(group[0][0], columns), min(heights), max(heights)
        before = group[-1]


def cells(placed: Iterable[tuple[float, ...]], columns: int, rows: int) -> Polyline:
    """Return points `(x, y)`, one for each character cell."""
    return list({(column_of(point[0], columns), row_of(point[1], rows)): point for point in placed}.values())
