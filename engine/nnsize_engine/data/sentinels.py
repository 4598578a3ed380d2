"""Numbers that may mean a missing value: they stand far outside the rest and repeat, such as -200, 999 or 9999."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.data.summarise import value_text

MIN_REPEATS = 2  # rows with the number; a single extreme value may be a slip

MIN_OTHERS = 3  # different other values; with fewer, nothing can stand far outside of them

MIN_GAP = 1.0  # distance to the rest, as a multiple of the range of the rest, for numbers that are often sentinels

MIN_GAP_OF_ANY = 10.0  # the same for any other number

MIN_GAP_OF_MIDDLE = 3.0  # the same as a multiple of the range of the middle half, if the number repeats often

MIN_SHARE = 0.01  # share of rows with the number, for that

MAX_SENTINELS = 3  # of one column

MAX_EXAMINED_ROWS = 200_000  # evenly spaced rows of a large column


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentinel:
    """A number that may mean a missing value."""

    value: float
    rows: int
    low: float
    """Smallest value of the rest."""

    high: float

    @property
    def text(self) -> str:
        """The number as a user types it."""
        return value_text("number", self.value)


def find_sentinels(column: TypedColumn) -> list[Sentinel]:
    """Return the numbers of a column that stand far outside the rest and repeat."""
    if column.kind != "number":
        return []
    step = max(1, -(-len(column.values) // MAX_EXAMINED_ROWS))
    some = column.values[::step]
    some = some[np.isfinite(some)]
    if not _may_have(some):
        return []
    values, counts = np.unique(some, return_counts=True)
    found: list[Sentinel] = []
    while len(found) < MAX_SENTINELS and len(values) > MIN_OTHERS:
        end = next((end for end in (0, -1) if _is_sentinel(values, counts, end)), None)
        if end is None:
            break
        value = float(values[end])
        rest = slice(1, None) if end == 0 else slice(None, -1)
        values, counts = values[rest], counts[rest]
        rows = int((column.values == column.values.dtype.type(value)).sum())
        found.append(Sentinel(value=value, rows=rows, low=0.0, high=0.0))
    low, high = (float(values[0]), float(values[-1])) if len(values) else (0.0, 0.0)
    return [Sentinel(value=one.value, rows=one.rows, low=low, high=high) for one in found]


def _may_have(some: NDArray[np.floating]) -> bool:
    """Return quickly whether an end of the range repeats at all, before the values are sorted."""
    if len(some) <= MIN_OTHERS:
        return False
    return any(int((some == end).sum()) >= MIN_REPEATS for end in (some.min(), some.max()))


def _is_sentinel(values: NDArray[np.floating], counts: NDArray[np.int64], end: int) -> bool:
    """Return whether the lowest (0) or highest (-1) of sorted values is a sentinel."""
    if counts[end] < MIN_REPEATS or values[end] != np.floor(values[end]):
        return False
    rest, rest_counts = (values[1:], counts[1:]) if end == 0 else (values[:-1], counts[:-1])
    gap = float(abs(values[end] - rest[end]))
    width = float(rest[-1] - rest[0])
    if gap > MIN_GAP_OF_ANY * width:
        return True
    if not _looks_like_one(float(values[end]), float(rest[0])):
        return False
    if gap > MIN_GAP * width:
        return True
    shares = np.cumsum(rest_counts) / rest_counts.sum()
    quarter, three = (float(rest[np.searchsorted(shares, share)]) for share in (0.25, 0.75))
    is_frequent = counts[end] >= max(3, MIN_SHARE * counts.sum())
    return bool(is_frequent and three > quarter and gap > MIN_GAP_OF_MIDDLE * (three - quarter))


def _looks_like_one(value: float, lowest: float) -> bool:
    """Return whether a whole number is one that people write for a missing value: nines, or below zero alone."""
    digits = str(int(abs(value)))
    return set(digits) == {"9"} or (value < 0 <= lowest) or (abs(value) >= 100 and set(digits[1:]) == {"0"})
