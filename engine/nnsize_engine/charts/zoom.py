"""Exploration of a chart: zoom to a window, turn axes logarithmic, smooth lines, read values.

All functions are pure and turn one frozen chart into another, so that a live chart can be explored while it grows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import assert_never

from nnsize_engine.charts.cut_series import Cut, cut_series
from nnsize_engine.charts.description import Band, Chart, Cursor, Highlight, Level, Limits, Line, Points, Series, Values
from nnsize_engine.charts.finite import finite, finite_all
from nnsize_engine.charts.reading import reading

STRENGTHS = (0, 3, 9, 27, 81)
"""Numbers of points in a running mean; 0 for none. They are odd, so that the mean is centred on a point."""

ZOOM_FACTOR = 1.5
"""Factor by which one key press zooms."""

PAN_SHARE = 0.25
"""Share of the window by which one key press moves it."""

MIN_WINDOW = 1e-4
"""The smallest window, as a share of the whole axis."""

MIN_DECADE = 10.0
"""Ratio of the largest to the smallest value from which on a logarithmic axis of y shows more than a linear one."""


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
    x_whole, y_whole = axes_of(chart, x_log=x_log, y_log=y_log)
    x_part = part_of(x_whole, how.x, log=x_log)
    y_part = None if how.y.is_whole else part_of(y_whole, how.y, log=y_log)
    if how.y.is_whole and how.x.is_whole and chart.y_limits is not None and not how.turns_log[1]:
        y_part = chart.y_limits
    of = STRENGTHS[how.strength]
    name = chart.y_label.removesuffix(" (log)")
    series = [_smoothed(one, of) for one in chart.series]
    kept = [cut for one in series for cut in cut_series(one, Cut(x=x_part, y=y_part, x_log=x_log, y_log=y_log))]
    title, y_label = chart.title, f"{name} (log)" if name and y_log else name
    if how.read_at is not None:
        kept = [one for one in kept if not isinstance(one, Cursor)]
        kept.append(Cursor(x=how.read_at))
        title = reading(chart, how.read_at, width - 1)
        if len(title) + len(y_label) + 3 > width:
            y_label = ""  # the reading names it
    return replace(
        chart,
        series=tuple(kept),
        title=title,
        y_label=y_label,
        x_limits=x_part,
        y_limits=y_part,
        x_log=x_log,
        y_log=y_log,
        legend_rows=3,
    )


def can_be_log(chart: Chart) -> tuple[bool, bool]:
    """Return whether x and y can be drawn on the other kind of axis, linear or logarithmic, and that makes sense.

    On a logarithmic axis of x, what is at 0 or below is left out. One of y has to show everything, and is of use only
    where the values span a decade.
    """
    xs, ys = _all(chart)
    return (
        chart.x_log or (chart.x_ticks is None and len({x for x in xs if x > 0}) > 1),
        chart.y_log or (bool(ys) and min(ys) > 0 and max(ys) >= MIN_DECADE * min(ys)),
    )


def next_scales(chart: Chart, turns_log: tuple[bool, bool]) -> tuple[bool, bool]:
    """Return which axes swap their kind next: x, then y, then both, then none, as far as the values allow."""
    allowed = can_be_log(chart)
    order = [(False, False), (True, False), (False, True), (True, True)]
    kept = [one for one in order if all(may or not turns for may, turns in zip(allowed, one, strict=True))]
    now = kept.index(turns_log) if turns_log in kept else 0
    return kept[(now + 1) % len(kept)]


def whole_of(chart: Chart) -> tuple[Limits | None, Limits | None]:
    """Return the lowest and highest x, and the lowest and highest y."""
    xs, ys = _all(chart)
    return ((min(xs), max(xs)) if xs else None, (min(ys), max(ys)) if ys else None)


def axes_of(chart: Chart, *, x_log: bool, y_log: bool) -> tuple[Limits | None, Limits | None]:
    """Return both ends of the whole axes of x and of y; a logarithmic one begins with the lowest value above 0."""
    x_limits, y_limits = whole_of(chart)
    xs, ys = _all(chart)
    return _ends(chart.x_limits or x_limits, xs, log=x_log), _ends(chart.y_limits or y_limits, ys, log=y_log)


def _ends(limits: Limits | None, values: Sequence[float], *, log: bool) -> Limits | None:
    if limits is None or not log or limits[0] > 0:
        return limits
    lowest = min((value for value in values if value > 0), default=None)
    return None if lowest is None else (lowest, limits[1])


def part_of(whole: Limits | None, window: Window, *, log: bool) -> Limits | None:
    """Return the values at both ends of a window."""
    if whole is None or whole[0] >= whole[1]:
        return whole
    lower, upper = whole
    if log:
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
    part = part_of(axes_of(chart, x_log=x_log, y_log=False)[0], how.x, log=x_log)
    found = {
        float(x)
        for one in chart.series
        if isinstance(one, Line | Points)
        for x, y in zip(one.x, one.y, strict=True)
        if x is not None and finite(y) is not None and (part is None or part[0] <= x <= part[1])
    }
    return sorted(found)


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
