"""Growing curves, thinned to the points that a screen can show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

MAX_BUCKETS = 512
"""Most buckets of a curve, at least half the columns of a very wide screen. When it is reached, pairs are joined."""

Point: TypeAlias = "tuple[float, float]"

Extremes: TypeAlias = "tuple[Point, Point] | None"
"""The lowest and the highest point of one curve in one bucket, each as `(y, x)`; None without points."""


class ThinnedCurves:
    """Several curves over the same growing x, in buckets that keep their lowest and highest points exactly.

    Adding points takes a time that does not depend on the points before.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._names = tuple(names)
        self._size = 1
        self._in_last = 0
        self._buckets: list[list[Extremes]] = []

    def take(self, x: Sequence[float], columns: Sequence[Sequence[float | None]]) -> None:
        """Add points with larger x: one column of y per curve, in the order of the names, None for a gap."""
        while not self._buckets and len(x) > self._size * MAX_BUCKETS:
            self._size *= 2  # as coarse as joining would make it
        start = 0
        while start < len(x):
            if not self._buckets or self._in_last == self._size:
                if len(self._buckets) == MAX_BUCKETS:
                    self._halve()
                self._buckets.append([None] * len(self._names))
                self._in_last = 0
            end = min(len(x), start + self._size - self._in_last)
            self._add(x[start:end], [ys[start:end] for ys in columns])
            start = end

    def _add(self, x: Sequence[float], columns: Sequence[Sequence[float | None]]) -> None:
        """Add points to the last bucket; the caller makes sure that they fit."""
        bucket = self._buckets[-1]
        self._in_last += len(x)
        for place, ys in enumerate(columns):
            known = [y for y in ys if y is not None]
            if known:
                low, high = min(known), max(known)
                here = (low, x[ys.index(low)]), (high, x[ys.index(high)])
                bucket[place] = _joined(bucket[place], here)

    def _halve(self) -> None:
        pairs = zip(self._buckets[::2], self._buckets[1::2], strict=True)
        self._buckets = [[_joined(*both) for both in zip(*pair, strict=True)] for pair in pairs]
        self._size *= 2
        self._in_last = self._size

    def points(self, name: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Return the x and the y of a curve's points, in order of x."""
        place = self._names.index(name)
        xs: list[float] = []
        ys: list[float] = []
        for bucket in self._buckets:
            found = bucket[place]
            if found is None:
                continue
            for y, x in sorted({found[0], found[1]}, key=lambda point: point[1]):
                xs.append(x)
                ys.append(y)
        return tuple(xs), tuple(ys)

    def band(self, lower: str, upper: str) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
        """Return x, the lowest ``lower`` and the highest ``upper`` of each bucket that has both."""
        below, above = self._names.index(lower), self._names.index(upper)
        both = [(bucket[below], bucket[above]) for bucket in self._buckets]
        rows = [(low[0][1], low[0][0], high[1][0]) for low, high in both if low is not None and high is not None]
        return tuple(row[0] for row in rows), tuple(row[1] for row in rows), tuple(row[2] for row in rows)


def _joined(one: Extremes, other: Extremes) -> Extremes:
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])
