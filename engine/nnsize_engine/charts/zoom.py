"""Exploration of a chart: zoom to a window, turn axes logarithmic, smooth lines, read values.

All functions are pure and turn one frozen chart into another, so that a live chart can be explored while it grows.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import assert_never

from nnsize_engine.charts.description import Band, Chart, Cursor, Highlight, Level, Limits, Line, Points, Series, Values
from nnsize_engine.charts.finite import finite, finite_all

STRENGTHS = (0, 3, 9, 27, 81)
"""Numbers of points in a running mean; 0 for none. They are odd, so that the mean is centred on a point."""

ZOOM_FACTOR = 1.5
"""Factor by which one key press zooms."""

PAN_SHARE = 0.25
"""Share of the window by which one key press moves it."""

MIN_WINDOW = 1e-4
"""The smallest window, as a share of the whole axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A part of an axis, as fractions of the whole axis."""

    start: float = 0.0
    end: float = 1.0

    @property
    def is_whole(self) -> bool:
        """Return whether the window is the whole axis."""
        return (self.start, self.end) == (0.0, 1.0)

    def nearer(self, factor: float, around: float | None = None) -> Window:
        """Return the window zoomed by a factor (out if below 1) around a fraction of the axis, or around its middle."""
        size = min(1.0, max(MIN_WINDOW, (self.end - self.start) / factor))
        middle = (self.start + self.end) / 2 if around is None else min(max(around, self.start), self.end)
        share = (middle - self.start) / (self.end - self.start)
        return _inside(middle - share * size, size)

    def moved(self, share: float) -> Window:
        """Return the window moved by a share of its size, within the axis."""
        size = self.end - self.start
        return _inside(self.start + share * size, size)


def _inside(start: float, size: float) -> Window:
    start = min(max(0.0, start), 1.0 - size)
    return Window(start=start, end=start + size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    """The settings of an explored chart."""

    x: Window = Window()
    y: Window = Window()
    turns_log: tuple[bool, bool] = (False, False)
    """True if x and y swap between a linear and a logarithmic axis."""

    strength: int = 0
    """Index into :data:`STRENGTHS`."""

    read_at: float | None = None
    """The x at which values are read."""

    @property
    def is_plain(self) -> bool:
        """Return whether the chart is shown unchanged."""
        return self == Exploration()


def explored(chart: Chart, how: Exploration, width: int = 200) -> Chart:
    """Return the explored chart; ``width`` is the columns available for the values that are read."""
    if how.is_plain:
        return chart
    x_log, y_log = (old != turned for old, turned in zip((chart.x_log, chart.y_log), how.turns_log, strict=True))
    x_limits, y_limits = whole_of(chart)
    y_whole = chart.y_limits or y_limits
    x_part = part_of(chart.x_limits or x_limits, how.x, log=x_log)
    y_part = None if how.y.is_whole else part_of(y_whole, how.y, log=y_log)
    if how.y.is_whole and how.x.is_whole and chart.y_limits is not None and not how.turns_log[1]:
        y_part = chart.y_limits
    of = STRENGTHS[how.strength]
    name = chart.y_label.removesuffix(" (log)")
    series = [_smoothed(one, of) for one in chart.series]
    kept = [cut for one in series for cut in _cut(one, x_part, y_part)]
    title = chart.title
    if how.read_at is not None:
        kept = [one for one in kept if not isinstance(one, Cursor)]
        kept.append(Cursor(x=how.read_at))
        title = reading(chart, how.read_at, width - len(name) - 9)
    return replace(
        chart,
        series=tuple(kept),
        title=title,
        y_label=f"{name} (log)" if name and y_log else name,
        x_limits=x_part,
        y_limits=y_part,
        x_log=x_log,
        y_log=y_log,
        legend_rows=3,
    )


def can_be_log(chart: Chart) -> tuple[bool, bool]:
    """Return whether x and y may be logarithmic, which needs all drawn values above zero."""
    xs, ys = _all(chart)
    return (
        bool(xs) and min(xs) > 0 and chart.x_ticks is None,
        bool(ys) and min(ys) > 0,
    )


def whole_of(chart: Chart) -> tuple[Limits | None, Limits | None]:
    """Return the lowest and highest x, and the lowest and highest y."""
    xs, ys = _all(chart)
    return ((min(xs), max(xs)) if xs else None, (min(ys), max(ys)) if ys else None)


def part_of(whole: Limits | None, window: Window, *, log: bool) -> Limits | None:
    """Return the values at both ends of a window."""
    if whole is None or whole[0] >= whole[1]:
        return whole
    lower, upper = whole
    if log:
        lower = lower if lower > 0 else upper / 1e3
        if lower <= 0:
            return whole
        span = math.log10(upper / lower)
        return lower * 10 ** (span * window.start), lower * 10 ** (span * window.end)
    return lower + (upper - lower) * window.start, lower + (upper - lower) * window.end


def share_of(whole: Limits | None, value: float, *, log: bool) -> float | None:
    """Return the fraction of the whole axis at which a value lies; None if the axis has no length."""
    if whole is None or whole[0] >= whole[1]:
        return None
    lower, upper = whole
    if log:
        return None if lower <= 0 or value <= 0 else math.log10(value / lower) / math.log10(upper / lower)
    return (value - lower) / (upper - lower)


def places(chart: Chart, how: Exploration) -> list[float]:
    """Return every x of a measured value in the window, in order."""
    x_log = chart.x_log != how.turns_log[0]
    part = part_of(chart.x_limits or whole_of(chart)[0], how.x, log=x_log)
    found = {
        float(x)
        for one in chart.series
        if isinstance(one, Line | Points)
        for x, y in zip(one.x, one.y, strict=True)
        if x is not None and finite(y) is not None and (part is None or part[0] <= x <= part[1])
    }
    return sorted(found)


def reading(chart: Chart, x: float, room: int = 200) -> str:
    """Return the values of all lines nearest to an x, in words: ``epoch 120: fold 1 0.0234``.

    Values that do not fit into ``room`` columns are counted.
    """
    names = dict(chart.x_ticks or ())
    at = names.get(x) or f"{x:,.10g}"
    found = []
    for one in chart.series:
        if isinstance(one, Line | Points) and (near := _nearest(one, x)) is not None:
            found.append(f"{one.label} {near:.4g}".strip())
    begin = f"{chart.x_label} {at}: "
    words, kept = begin + ", ".join(found or ["nothing here"]), len(found)
    while len(words) > room and kept > 1:
        kept -= 1
        words = f"{begin}{', '.join(found[:kept])}, {len(found) - kept} more"
    return words


def _nearest(series: Line | Points, x: float) -> float | None:
    """Return the y of the point nearest to an x; None if the x lies outside the series."""
    known = [(a, b) for a, b in zip(series.x, series.y, strict=True) if a is not None and finite(b) is not None]
    if not known or not min(a for a, _ in known) <= x <= max(a for a, _ in known):
        return None
    return min(known, key=lambda point: abs(point[0] - x))[1]


def _all(chart: Chart) -> tuple[list[float], list[float]]:
    pairs = [point for one in chart.series for point in _points(one)]
    if chart.x_limits is not None:
        pairs = [(x, y) for x, y in pairs if chart.x_limits[0] <= x <= chart.x_limits[1]]
    return [x for x, _ in pairs], [y for _, y in pairs]


def _columns(series: Series) -> tuple[tuple[Values, Values], ...]:
    """Return the x and the y of all measured values of a series."""
    match series:
        case Line() | Points():
            return ((series.x, series.y),)
        case Band():
            return (series.x, series.lower), (series.x, series.upper)
        case Highlight():
            return (((series.x,), (series.y,)),)
        case Cursor() | Level():
            return ()
        case _:
            assert_never(series)


def _points(series: Series) -> Iterator[tuple[float, float]]:
    for xs, ys in _columns(series):
        for x, y in zip(finite_all(xs), finite_all(ys), strict=True):
            if x is not None and y is not None:
                yield x, y


def _smoothed(series: Series, of: int) -> Series:
    """Return a line as its running mean of ``of`` points, with a label that says so."""
    if not of or not isinstance(series, Line) or len(series.x) < of:
        return series
    known = finite_all(series.y)
    sums = list(accumulate((y or 0.0 for y in known), initial=0.0))
    counts = list(accumulate((y is not None for y in known), initial=0))
    smooth: list[float | None] = []
    for place, y in enumerate(known):
        start, end = max(0, place - of // 2), min(len(known), place + of // 2 + 1)
        smooth.append(None if y is None else (sums[end] - sums[start]) / (counts[end] - counts[start]))
    return replace(series, y=tuple(smooth), label=f"{series.label} (mean of {of})".strip())


def _cut(series: Series, x: Limits | None, y: Limits | None) -> list[Series]:
    """Return the part of a series in the window; a value drawn on the border would look like a measured one."""
    match series:
        case Highlight():
            return [series] if _holds(x, series.x) and _holds(y, series.y) else []
        case Band():
            return [_cut_band(series, x, y)]
        case Line():
            return [_cut_points(series if x is None else _with_ends(series, x), x, y)]
        case Points():
            return [_cut_points(series, x, y)]
        case Cursor() | Level():
            return [series]
        case _:
            assert_never(series)


def _cut_points(series: Line | Points, x: Limits | None, y: Limits | None) -> Line | Points:
    kept = [place for place, at in enumerate(series.x) if _holds(x, at)]
    return replace(
        series,
        x=tuple(series.x[place] for place in kept),
        y=tuple(series.y[place] if _holds(y, series.y[place]) else None for place in kept),
    )


def _with_ends(line: Line, limits: Limits) -> Line:
    """Return the line with points where it enters and leaves the window, so that it reaches the window's edges."""
    points = sorted((x, y) for x, y in zip(line.x, line.y, strict=True) if x is not None and y is not None)
    along = [x for x, _ in points]
    ends = []
    for limit in limits:
        place = bisect_left(along, limit)
        if 0 < place < len(points) and along[place] > limit:
            low, high = points[place - 1], points[place]
            ends.append((limit, low[1] + (high[1] - low[1]) * (limit - low[0]) / (high[0] - low[0])))
    if not ends:
        return line
    gaps = [(x, None) for x, y in zip(line.x, line.y, strict=True) if x is not None and y is None]
    merged = sorted([*points, *ends, *gaps], key=lambda point: point[0])
    return replace(line, x=tuple(x for x, _ in merged), y=tuple(y for _, y in merged))


def _cut_band(band: Band, x: Limits | None, y: Limits | None) -> Band:
    rows = [row for row in zip(band.x, band.lower, band.upper, strict=True) if _holds(x, row[0])]
    cut: list[tuple[float | None, float | None, float | None]] = []
    for at, low, high in rows:
        is_seen = low is not None and high is not None and (y is None or (low <= y[1] and high >= y[0]))
        if y is None or not is_seen or low is None or high is None:
            cut.append((at, low, high) if is_seen else (at, None, None))
        else:
            cut.append((at, max(low, y[0]), min(high, y[1])))
    return replace(
        band, x=tuple(row[0] for row in cut), lower=tuple(row[1] for row in cut), upper=tuple(row[2] for row in cut)
    )


def _holds(limits: Limits | None, value: float | None) -> bool:
    return limits is None or (value is not None and limits[0] <= value <= limits[1])
