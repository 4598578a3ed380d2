"""The frame of a plot: heading and legend above, axes with their labels, and the name of x below.

These axes replace plotext's own. They keep their labels apart at 20 columns, cost no time, and are plain ASCII where
the terminal is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from nnsize_engine.charts.description import Band, Chart, Cursor, Highlight, Level, Line, Points, Series
from nnsize_tui.chart.clean import column_of, row_of
from nnsize_tui.chart.pen import Pen
from nnsize_tui.chart.ticks import Tick, labels_with_room

MIN_HEIGHT_WITH_HEADING = 7
"""Smallest height with room for the heading, in lines."""

ROWS_PER_HEADING = 4
"""Lines of the picture for each line of its heading."""

MIN_HEIGHT_WITH_X_LABEL = 9
"""Smallest height with room for the name of x, in lines."""

BETWEEN = "  "


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The rows and columns of each part of a picture."""

    width: int
    height: int
    label_width: int
    heading_rows: int
    has_x_label: bool

    @property
    def columns(self) -> int:
        """Columns of the plot itself: without the labels of y and the axis."""
        return self.width - self.label_width - 1

    @property
    def rows(self) -> int:
        """Rows of the plot itself: without heading, axis, labels of x and the name of x."""
        return self.height - 2 - self.heading_rows - self.has_x_label


def layout_of(chart: Chart, width: int, height: int, y_ticks: Sequence[Tick], heading_rows: int) -> Layout:
    """Divide the picture among its parts. Labels of y wider than a third of it are left out."""
    widest = max((len(tick.label) for tick in y_ticks), default=0)
    return Layout(
        width=width,
        height=height,
        label_width=widest if widest <= width // 3 else 0,
        heading_rows=heading_rows,
        has_x_label=bool(chart.x_label) and height >= MIN_HEIGHT_WITH_X_LABEL,
    )


def heading(chart: Chart, width: int, height: int, pen: Pen) -> list[str]:
    """Return title and name of y on the left, and the legend on the right, on one line or more."""
    has_words = chart.title or chart.y_label or any(one.label for one in chart.series)
    if height < MIN_HEIGHT_WITH_HEADING or not has_words:
        return []
    parts = [(pen.plain(chart.title), True), (_name_of_y(chart, pen), False)]
    left = [(text, strong) for text, strong in parts if text]
    used = sum(len(text) for text, _ in left) + len(BETWEEN) * max(0, len(left) - 1)
    if used > width:
        text = pen.plain(chart.title or chart.y_label)[:width].ljust(width)
        return [pen.paint(text, "text", strong=bool(chart.title))]
    most = max(1, min(chart.legend_rows, height // ROWS_PER_HEADING))
    painted_left = BETWEEN.join(pen.paint(text, "text", strong=strong) for text, strong in left)
    entries = [Entry(series=one, sign=pen.sign(one), words=pen.plain(one.label)) for one in chart.series if one.label]
    rows = legend_rows(entries, width, used + 3 if used else 0, most) or [[]]
    lines = []
    for number, row in enumerate(rows):
        blank = width - _length(row) - (used if number == 0 else 0)
        painted = BETWEEN.join(entry.sign + " " + pen.paint(entry.words, "text") for entry in row)
        lines.append((painted_left if number == 0 else "") + " " * blank + painted)
    return lines


def _name_of_y(chart: Chart, pen: Pen) -> str:
    """Return the name of y; in ASCII with the sign of the one line that no other words name."""
    unnamed = [one for one in chart.series if isinstance(one, Line) and not one.label]
    name = pen.plain(chart.y_label)
    return name if pen.unicode or not name or len(unnamed) != 1 else f"{pen.marker(unnamed[0])} {name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of the legend."""

    series: Series
    sign: str
    """Painted; one column."""

    words: str


def legend_rows(entries: Sequence[Entry], width: int, used: int, most: int) -> list[list[Entry]]:
    """Return the entries in at most `most` rows; the least important ones are left out where they do not fit.

    ``used`` columns of the first row are taken already.
    """
    kept = list(entries)
    while kept:
        rows: list[list[Entry]] = [[]]
        for entry in kept:
            room = width - (used if len(rows) == 1 else 0)
            if _length([*rows[-1], entry]) > room:
                rows.append([])
            rows[-1].append(entry)
        if len(rows) <= most and all(_length(row) <= width for row in rows):
            return rows
        kept.remove(min(kept, key=lambda entry: _importance(entry.series)))
    return []


def _length(row: Sequence[Entry]) -> int:
    return sum(2 + len(entry.words) for entry in row) + len(BETWEEN) * max(0, len(row) - 1)


def _importance(series: Series) -> tuple[int, bool]:
    """Return a rank: the lowest leaves the legend first when it is too long."""
    is_first = series.role == "line"
    match series:
        case Band():
            return 0, is_first
        case Points():
            return 1, is_first
        case Cursor():
            return 2, is_first
        case Line(role="axis"):
            return -1, is_first
        case Line(shape=None):
            return 3, is_first
        case Level(role="axis"):
            return -2, is_first
        case Level():
            return 4, is_first
        case Highlight():
            return 5, is_first
        case Line():  # nothing else names a line with a shape
            return 6, True
        case _:
            assert_never(series)


def left_side(layout: Layout, y_ticks: Sequence[Tick], pen: Pen) -> list[str]:
    """Return the labels of y and the axis, one text for each row of the plot."""
    labels: dict[int, str] = {}
    for tick in y_ticks if layout.label_width else ():
        labels.setdefault(row_of(tick.place, layout.rows), tick.label)
    side, marked = ("│", "┤") if pen.unicode else ("|", "+")
    return [
        pen.paint(labels.get(row, "").rjust(layout.label_width), "text")
        + pen.paint(marked if row in labels else side, "axis")
        for row in range(layout.rows)
    ]


def below(chart: Chart, layout: Layout, x_ticks: Sequence[Tick], pen: Pen) -> list[str]:
    """Return the axis of x, its labels, and its name if there is room for it."""
    corner, along, marked = ("└", "─", "┬") if pen.unicode else ("+", "-", "+")
    plain_ticks = [Tick(place=tick.place, label=pen.plain(tick.label)) for tick in x_ticks]
    shown = labels_with_room(plain_ticks, layout.columns)
    # The column of the tick, not of its label: a label at the edge is moved inside, its mark is not.
    stride = -(-len(plain_ticks) // len(shown)) if shown else 1
    places = {column_of(tick.place, layout.columns) for tick in plain_ticks[::stride]} if shown else set()
    axis = "".join(marked if column in places else along for column in range(layout.columns))
    text = ""
    for start, label in shown:
        text = text.ljust(start) + label
    margin = " " * layout.label_width
    lines = [
        margin + pen.paint(corner + axis, "axis"),
        margin + " " + pen.paint(text.ljust(layout.columns), "text"),
    ]
    if layout.has_x_label:
        name = pen.plain(chart.x_title)[: layout.columns].center(layout.columns)
        lines.append(margin + " " + pen.paint(name, "text"))
    return lines
