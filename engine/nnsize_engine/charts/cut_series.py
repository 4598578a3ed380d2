"""The parts of series that lie in a window of a chart."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import assert_never

from nnsize_engine.charts.description import Band, Cursor, Highlight, Level, Limits, Line, Points, Series, Values
from nnsize_engine.charts.finite import finite_all


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A window to which series are cut; None for an axis that shows everything."""

    x: Limits | None
    y: Limits | None
    x_log: bool
    y_log: bool


def cut_series(series: Series, to: Cut) -> list[Series]:
    """Return the part of a series in the window; a value drawn on the border would look like a measured one."""
    match series:
        case Highlight():
            return [series] if _holds(to.x, series.x) and _holds(to.y, series.y) else []
        case Band():
            return [_cut_band(_band_with_ends(series, to), to)]
        case Line():
            return [_cut_points(_line_with_ends(series, to), to)]
        case Points():
            return [_cut_points(series, to)]
        case Cursor() | Level():
            return [series]
        case _:
            assert_never(series)


def _cut_points(series: Line | Points, to: Cut) -> Line | Points:
    kept = [place for place, at in enumerate(series.x) if _holds(to.x, at)]
    return replace(
        series,
        x=tuple(series.x[place] for place in kept),
        y=tuple(series.y[place] if _holds(to.y, series.y[place]) else None for place in kept),
    )


def _line_with_ends(line: Line, to: Cut) -> Line:
    """Return the line with points where it enters and leaves the window, so that it reaches the window's edges."""
    rows = _with_ends(line.x, (line.y,), to)
    line = replace(line, half=())  # values are read from the whole line
    return line if rows is None else replace(line, x=tuple(row[0] for row in rows), y=tuple(row[1] for row in rows))


def _band_with_ends(band: Band, to: Cut) -> Band:
    """Return the band with edges where it enters and leaves the window."""
    rows = _with_ends(band.x, (band.lower, band.upper), to)
    if rows is None:
        return band
    x, lower, upper = (tuple(row[column] for row in rows) for column in range(3))
    return replace(band, x=x, lower=lower, upper=upper, half=())


def _with_ends(x: Values, columns: tuple[Values, ...], to: Cut) -> list[tuple[float | None, ...]] | None:
    """Return the rows in order of x with one more at each end of the window that lies between two; None without any.

    A new row is on the straight line between its neighbours, as the axes draw it. It lies in a gap if one of them does.
    """
    limits = to.x
    if limits is None:
        return None
    known = zip(finite_all(x), *map(finite_all, columns), strict=True)
    rows = sorted((row for row in known if row[0] is not None), key=lambda row: row[0] or 0.0)
    along = [row[0] or 0.0 for row in rows]
    ends: list[tuple[float | None, ...]] = []
    for limit in limits:
        place = bisect_left(along, limit)
        if 0 < place < len(rows) and along[place] > limit:
            share = _share(limit, along[place - 1], along[place], log=to.x_log)
            pairs = zip(rows[place - 1][1:], rows[place][1:], strict=True)
            ends.append((limit, *(_between(low, high, share, log=to.y_log) for low, high in pairs)))
    return sorted([*rows, *ends], key=lambda row: row[0] or 0.0) if ends else None


def _share(value: float, lower: float, upper: float, *, log: bool) -> float:
    """Return the share of the way from a lower to an upper value at which a value lies on its axis."""
    if log and lower > 0:
        return math.log(value / lower) / math.log(upper / lower)
    return (value - lower) / (upper - lower)


def _between(low: float | None, high: float | None, share: float, *, log: bool) -> float | None:
    """Return the value at a share of the way from one value to another on their axis."""
    if low is None or high is None:
        return None
    if log and low > 0 and high > 0:
        return float(low * (high / low) ** share)
    return low + (high - low) * share


def _cut_band(band: Band, to: Cut) -> Band:
    rows = [row for row in zip(band.x, band.lower, band.upper, strict=True) if _holds(to.x, row[0])]
    cut: list[tuple[float | None, float | None, float | None]] = []
    for at, low, high in rows:
        is_seen = low is not None and high is not None and (to.y is None or (low <= to.y[1] and high >= to.y[0]))
        if to.y is None or not is_seen or low is None or high is None:
            cut.append((at, low, high) if is_seen else (at, None, None))
        else:
            cut.append((at, max(low, to.y[0]), min(high, to.y[1])))
    x, lower, upper = (tuple(row[column] for row in cut) for column in range(3))
    return replace(band, x=x, lower=lower, upper=upper, half=())


def _holds(limits: Limits | None, value: float | None) -> bool:
    return limits is None or (value is not None and limits[0] <= value <= limits[1])
