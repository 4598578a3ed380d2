"""Draw a chart with plotext. Importing this takes a third of a second, so a screen does it after its first frame.

plotext's public `figure` is one object for the whole process: two charts would draw into each other. So every picture
gets a figure of its own, through a private class of plotext. This is the only module that touches plotext; its
version is pinned in pyproject.toml.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, assert_never

from plotext import marker as plotext_marker
from plotext import pixel as plotext_pixel
from plotext._kernel.terminal import terminal as plotext_terminal

from nnsize_engine.charts.description import (
    Band,
    Chart,
    Cursor,
    Highlight,
    Level,
    Line,
    Points,
    Role,
    Series,
    Shape,
    drawing_order,
)
from nnsize_engine.charts.finite import finite, finite_all
from nnsize_tui.chart import clean
from nnsize_tui.chart.band_background import BandCells
from nnsize_tui.chart.clean import Polyline, Scale
from nnsize_tui.chart.frame import Layout, below, heading, layout_of, left_side
from nnsize_tui.chart.level_texts import PlacedText, place_level_texts
from nnsize_tui.chart.palette import Palette
from nnsize_tui.chart.pen import SHAPES, Pen
from nnsize_tui.chart.placed_series import cells_of_band, edges_of_band, extent, line_on, marks_on, polylines_of
from nnsize_tui.chart.ticks import Tick, log_ticks, ticks
from nnsize_tui.chart.y_axis import fit_to_rows, y_ticks

MIN_WIDTH, MIN_HEIGHT = 12, 4
"""Smallest picture that has room for a plot, in columns and lines."""

MARGIN = 1
"""Empty columns on the right: a label at the very edge reads as if it were cut off."""

COLUMNS_BETWEEN_MARKS = 18
"""Columns between two marks of a line."""


def render(chart: Chart, width: int, height: int, *, palette: Palette, unicode: bool) -> list[str]:
    """Return the picture: `height` lines, each of `width` columns and some colour codes."""
    pen = Pen(palette=palette, unicode=unicode)
    if width < MIN_WIDTH or height < MIN_HEIGHT:
        return [("..." if row == 0 else "")[:width].ljust(width) for row in range(height)]
    plan = _plan(chart, width, height, pen)
    drawing = _Drawing(plan.x_scale, plan.y_scale, plan.layout, pen)
    for series in sorted(chart.series, key=_layer):
        drawing.add(series)
    for place in place_level_texts(chart, plan.x_scale, plan.y_scale, plan.layout.columns, plan.layout.rows):
        drawing.write(place)
    plot = drawing.lines()
    lines = _above(chart, plan, drawing, pen)
    side = left_side(plan.layout, plan.marks, pen)
    lines += [left + right for left, right in zip(side, plot, strict=True)]
    lines += below(chart, plan.layout, _x_ticks(chart, plan.x_scale, plan.layout), pen)
    return [line + " " * MARGIN for line in lines]


def values_at(
    chart: Chart, spot: tuple[int, int], width: int, height: int, *, palette: Palette, unicode: bool
) -> tuple[float, float] | None:
    """Return the x and y of the character at a column and row; outside the plot, of the nearest border.

    None where the picture has no room for a plot.
    """
    if width < MIN_WIDTH or height < MIN_HEIGHT:
        return None
    plan = _plan(chart, width, height, Pen(palette=palette, unicode=unicode))
    layout, (column, row) = plan.layout, spot
    across = (column - layout.label_width - 1 + 0.5) / layout.columns
    down = (row - layout.heading_rows + 0.5) / layout.rows
    return plan.x_scale.value(min(1.0, max(0.0, across))), plan.y_scale.value(1 - min(1.0, max(0.0, down)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """The layout and the axes of a picture."""

    above: list[str]
    x_scale: Scale
    y_scale: Scale
    marks: list[Tick]
    layout: Layout


def _plan(chart: Chart, width: int, height: int, pen: Pen) -> _Plan:
    above = heading(chart, width - MARGIN, height, pen)
    x_scale, y_scale, marks = _scales(chart, layout_of(chart, width - MARGIN, height, (), len(above)).rows)
    layout = layout_of(chart, width - MARGIN, height, marks, len(above))
    return _Plan(above=above, x_scale=x_scale, y_scale=y_scale, marks=marks, layout=layout)


def _above(chart: Chart, plan: _Plan, drawing: _Drawing, pen: Pen) -> list[str]:
    """Return the heading without the bands that curves hide wholly, where signs draw bands; as many lines as before."""
    unseen = [one for one in chart.series if isinstance(one, Band) and one.label and not drawing.shows(one)]
    if not unseen:
        return plan.above
    series = tuple(one for one in chart.series if one not in unseen)
    width, height = plan.layout.width, plan.layout.height
    found = heading(replace(chart, series=series), width, height, pen)[: len(plan.above)]
    return [*found, *[" " * width] * (len(plan.above) - len(found))]


def _layer(series: Series) -> tuple[int, bool, bool]:
    return drawing_order(series), isinstance(series, Line) and not series.dotted, series.role == "line"


def _scales(chart: Chart, rows: int) -> tuple[Scale, Scale, list[Tick]]:
    xs, ys = _values(chart)
    x_scale = clean.fit_scale(xs, limits=chart.x_limits, log=chart.x_log)
    y_scale = clean.fit_scale(ys, limits=chart.y_limits, log=chart.y_log)
    if chart.y_limits is None:
        y_scale = fit_to_rows(y_scale, rows)
    has_values = chart.y_limits is not None or any(finite(y) is not None for y in ys)
    return x_scale, y_scale, y_ticks(y_scale, rows) if has_values else []


def _values(chart: Chart) -> tuple[list[float | None], list[float | None]]:
    """Return the values of x and of y that the axes must hold; all others lie between them."""
    xs: list[float | None] = [place for place, _ in chart.x_ticks or ()]
    ys: list[float | None] = []
    for series in chart.series:
        match series:
            case Line() | Points() | Band():
                reach = extent(series)
                xs.extend(reach.x)
                ys.extend(reach.y)
            case Highlight():
                xs.append(series.x)
                ys.append(series.y)
            case Cursor():
                xs.append(series.x)
            case Level(is_named=is_named):
                ys += [] if is_named else [series.y]
            case _:
                assert_never(series)
    return xs, ys


def _x_ticks(chart: Chart, scale: Scale, layout: Layout) -> list[Tick]:
    if chart.x_ticks is not None:
        placed = [(scale.place(x), label) for x, label in chart.x_ticks if scale.holds(x)]
        return [Tick(place=place, label=label) for place, label in placed if place is not None]
    if not (values := _values(chart)[0]) and chart.x_limits is None:
        return []
    numbers = [number for number in map(finite, values) if number is not None]
    if scale.log:
        return log_ticks(scale, [*numbers, *_along(chart)], layout.columns, whole=chart.x_is_whole)
    return ticks(scale, max(1, min(12, layout.columns // 7)), whole=chart.x_is_whole)


def _along(chart: Chart) -> list[float]:
    """Return every x of the series."""
    found = [value for one in chart.series if isinstance(one, Line | Points | Band) for value in one.x]
    return [float(value) for value in finite_all(found) if value is not None]


def _place_within(scale: Scale, value: float) -> float | None:
    """Return the place of a value on its axis; None outside the axis."""
    return scale.place(value) if scale.holds(value) else None


class _Drawing:
    """A private plotext figure without axes, in which both axes go from 0 to 1."""

    def __init__(self, x_scale: Scale, y_scale: Scale, layout: Layout, pen: Pen) -> None:
        self._x_scale, self._y_scale = x_scale, y_scale
        self._columns, self._rows = layout.columns, layout.rows
        self._pen = pen
        self._bands = BandCells(self._rows, pen)
        """The cells that bands cover. plotext has no bands: one of its cells holds one thing."""

        holder = plotext_terminal()
        holder.limit(False, False)  # else the size is limited to the process's own terminal
        self._figure = holder._master
        self._figure.plot_size(self._columns, self._rows)
        self._figure.theme("colorless")  # other themes colour what has no colour
        self._figure.canvas("default")
        self._figure.axes(False)
        for axis in ("x", "y"):
            self._figure.ruler(axis, "both").ticks([]).lim(0, 1).alignment(lim="edge")

    def add(self, series: Series) -> None:
        """Draw one series over what is there."""
        sign = self._pen.marker(series)
        match series:
            case Line():
                self._add_line(series, sign)
            case Points():
                placed = (point for run in polylines_of(series, self._x_scale, self._y_scale) for point in run)
                self._mark(clean.cells(placed, self._columns, self._rows), sign, series.role)
            case Band():
                self._add_band(series)
            case Highlight():
                runs = clean.polylines(self._x_scale, self._y_scale, (series.x,), (series.y,))
                self._mark((point for run in runs for point in run), sign, series.role)
            case Cursor():
                place = _place_within(self._x_scale, series.x)
                self._join([] if place is None else [(place, 0.0), (place, 1.0)], sign, series.role)
            case Level():
                place = _place_within(self._y_scale, series.y)
                self._join([] if place is None else [(0.0, place), (1.0, place)], sign, series.role)
            case _:
                assert_never(series)

    def write(self, placed: PlacedText) -> None:
        """Write words over what is there."""
        y = 1 - (placed.row + 0.5) / self._rows
        self._bands.keep_words(placed.row, placed.column, len(placed.text))
        for column, sign in enumerate(self._pen.plain(placed.text), start=placed.column):
            self._mark([((column + 0.5) / self._columns, y)], sign, "text")

    def shows(self, band: Band) -> bool:
        """Return whether a band is seen in the lines that were drawn: a background always is."""
        return bool(self._pen.background(band.role)) or band.role in self._bands.filled

    def lines(self) -> list[str]:
        """Return the plot, one text for each row."""
        text: str = self._figure.build().string()
        drawn = text.splitlines()[: self._rows]
        return [self._bands.behind(line, row) for row, line in enumerate(drawn)]

    def _add_band(self, band: Band) -> None:
        place = (self._x_scale, self._y_scale, self._columns, self._rows)
        if self._pen.has_eighths(band.role):
            for column, lower, upper in edges_of_band(band, *place):
                self._bands.add_edges(column, lower, upper, band.role)
        else:
            for column, top, bottom in cells_of_band(band, *place):
                self._bands.add_cells(column, top, bottom, band.role)

    def _add_line(self, line: Line, sign: str) -> None:
        is_drawn_fine = self._pen.unicode and (
            sign == "─" or (line.shape is not None and self._pen.has_colour(line.role))
        )
        dot = SHAPES[line.shape or "dot"][0 if self._pen.unicode else 1]
        placed = line_on(line, self._x_scale, self._y_scale, self._columns)
        # Few points get dots, to show the measured values; a single point is visible only as a dot.
        has_dots = not line.dotted and placed.points <= self._columns // 6
        marks = (
            self._marks(line, line.shape) if line.shape is not None and is_drawn_fine else [[]] * len(placed.polylines)
        )
        for run, few in zip(placed.polylines, marks, strict=True):
            self._join(run, "braille" if is_drawn_fine else sign, line.role)
            self._mark(run if has_dots or len(run) == 1 else few, dot, line.role)

    def _marks(self, line: Line, shape: Shape) -> list[Polyline]:
        """Return a few points of each run of a line; lines of other shapes have theirs at other places."""
        order = list(SHAPES)
        apart = COLUMNS_BETWEEN_MARKS / self._columns
        return marks_on(line, self._x_scale, self._y_scale, apart * (order.index(shape) + 0.5) / len(order), apart)

    def _join(self, run: Polyline, sign: str, role: Role) -> None:
        if run:
            signal = self._signal(run, sign, role)
            self._figure.draw(signal.lines(True))

    def _mark(self, points: Iterable[tuple[float, ...]], sign: str, role: Role) -> None:
        if found := list(points):
            self._figure.draw(self._signal(found, sign, role))

    def _signal(self, points: Polyline, sign: str, role: Role) -> Any:
        marker = plotext_marker(sign, self._pixel(role))
        return self._figure.signal([point[0] for point in points], [point[1] for point in points], marker=marker)

    def _pixel(self, role: Role) -> Any:
        colour = self._pen.palette.colour(role)
        style = "bold" if self._pen.is_strong(role) else "dim" if self._pen.is_faint(role) else None
        return plotext_pixel(colour, None, style)
