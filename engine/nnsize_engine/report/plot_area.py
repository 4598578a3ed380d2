"""The place of values in a drawing: the axes of a chart, in units of its SVG element."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nnsize_engine.charts.axis_ticks import Ticks, log_ticks, round_ticks
from nnsize_engine.charts.description import Band, Chart, Cursor, Highlight, Level, Limits, Line, Points
from nnsize_engine.charts.finite import finite

WIDTH, HEIGHT = 640, 320
TOP, RIGHT, BOTTOM = 12, 18, 30
LETTER = 10  # width of a letter of a tick on a phone, where letters are large
MAX_VALUE = 1e150  # of an axis: beyond, differences and powers of ten are no numbers
MARGIN_SHARE = 0.04  # of the axis, on either side of the values
NEAR_SHARE = 0.3  # of the height of all values, by which a named level may be above or below them
MAX_X_TICKS, MAX_Y_TICKS = 9, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """One axis: values from ``low`` to ``high`` stand from ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float
    is_log: bool

    def place(self, value: float) -> float | None:
        """Return where a value stands; None if the axis cannot hold it."""
        if not math.isfinite(value) or (self.is_log and value <= 0):
            return None
        low, high = self._on_axis(self.low), self._on_axis(self.high)
        return self.start + (self._on_axis(value) - low) / (high - low) * (self.end - self.start)

    def holds(self, value: float) -> bool:
        """Return whether a value is within the axis."""
        return self.low <= value <= self.high

    def _on_axis(self, value: float) -> float:
        return math.log10(value) if self.is_log else value


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotArea:
    """The axes of a chart with their ticks."""

    x: Scale
    y: Scale
    x_ticks: Ticks
    y_ticks: Ticks


def plot_area(chart: Chart) -> PlotArea:
    """Return the axes that hold all values of a chart, or those that its limits hold."""
    is_x_log, is_y_log = chart.x_log, chart.y_log
    x_low, x_high = _ends(_usable(chart.x_limits, is_x_log) or _range(_all_x(chart), is_x_log), is_x_log)
    y_low, y_high = _usable(chart.y_limits, is_y_log) or _ends(_with_levels(chart, is_y_log), is_y_log)
    y_ticks = _ticks(y_low, y_high, MAX_Y_TICKS, is_log=is_y_log)
    left = 12 + LETTER * max((len(text) for _, text in y_ticks), default=1)
    if chart.x_ticks is None:
        x_ticks = _ticks(x_low, x_high, MAX_X_TICKS, is_log=is_x_log, is_whole=chart.x_is_whole)
    else:
        x_ticks = _named_ticks(chart.x_ticks)
    return PlotArea(
        x=Scale(low=x_low, high=x_high, start=left, end=WIDTH - RIGHT, is_log=is_x_log),
        y=Scale(low=y_low, high=y_high, start=HEIGHT - BOTTOM, end=TOP, is_log=is_y_log),
        x_ticks=x_ticks,
        y_ticks=y_ticks,
    )


def _ticks(low: float, high: float, most: int, *, is_log: bool, is_whole: bool = False) -> Ticks:
    found = log_ticks if is_log else round_ticks
    return found(low, high, most, is_whole=is_whole)


def _named_ticks(ticks: Ticks) -> Ticks:
    """Return as many of the names as there is room for."""
    letters = max((len(text) for _, text in ticks), default=1)
    most = max(2, (WIDTH - 100) // (LETTER * (letters + 2)))
    stride = -(-len(ticks) // most) or 1
    return ticks[::stride]


def _usable(limits: Limits | None, is_log: bool) -> Limits | None:
    """Return the limits; None if the axis cannot have them."""
    return None if limits is None or limits[0] >= limits[1] or (is_log and limits[0] <= 0) else limits


def _ends(limits: Limits, is_log: bool) -> Limits:
    """Return limits with some room on either side."""
    low, high = limits
    if is_log:
        room = (high / low) ** MARGIN_SHARE if high > low else 2.0
        return low / room, high * room
    room = MARGIN_SHARE * (high - low) or abs(high) / 10 or 0.5
    return low - room, high + room


def _range(values: Iterable[float | None], is_log: bool) -> Limits:
    known = [value for value in map(finite, values) if value is not None and (value > 0 or not is_log)]
    if not known:
        return (0.1, 1.0) if is_log else (0.0, 1.0)
    least = 1 / MAX_VALUE if is_log else -MAX_VALUE
    return max(least, min(*known, MAX_VALUE)), min(MAX_VALUE, max(*known, least))


def _with_levels(chart: Chart, is_log: bool) -> Limits:
    """Return the ends of all values, and of the named levels that are near enough not to flatten these."""
    low, high = _range(_all_y(chart), is_log)
    near = NEAR_SHARE * (high - low)
    levels = [one.y for one in chart.series if isinstance(one, Level) and one.is_named]
    return _range([low, high, *(y for y in levels if low - near <= y <= high + near)], is_log)


def _all_x(chart: Chart) -> Sequence[float | None]:
    found: list[float | None] = []
    for series in chart.series:
        if isinstance(series, Line | Points | Band):
            found += series.x
        elif isinstance(series, Highlight | Cursor):
            found.append(series.x)
    return found


def _all_y(chart: Chart) -> Sequence[float | None]:
    found: list[float | None] = []
    for series in chart.series:
        if isinstance(series, Line | Points):
            found += series.y
        elif isinstance(series, Band):
            found += (*series.lower, *series.upper)
        elif isinstance(series, Highlight) or (isinstance(series, Level) and not series.is_named):
            found.append(series.y)
    return found
