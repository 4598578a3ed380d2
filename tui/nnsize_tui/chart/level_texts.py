"""The places of words that stand on horizontal lines, in a picture of characters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nnsize_engine.charts.description import Chart, Highlight, Level, Line, Points
from nnsize_tui.chart.clean import Polyline, Scale, column_of, polylines, row_of
from nnsize_tui.chart.placed_series import polylines_of

GAP = 1
"""Columns between the words and the side of the plot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedText:
    """Words in the plot, from a column and row on."""

    text: str
    column: int
    row: int


def place_level_texts(chart: Chart, x_scale: Scale, y_scale: Scale, columns: int, rows: int) -> list[PlacedText]:
    """Return the words of the named levels, one text for each row.

    They stand at a side, or else where they neither hide nor touch curves, or hide least of them. Words of levels
    outside the axis stand at its edge.
    """
    found: dict[int, list[str]] = {}
    for row, text in sorted(_texts(chart, y_scale, rows), key=lambda one: one[0]):
        found.setdefault(row, []).append(text)
    if not found:
        return []
    hidden = _cells(chart, x_scale, y_scale, columns, rows)
    return [_placed(", ".join(texts), row, columns, hidden) for row, texts in found.items()]


def _texts(chart: Chart, y_scale: Scale, rows: int) -> Iterator[tuple[int, str]]:
    """Yield the row and the words of each level; those outside the axis are joined for each edge."""
    below, above = [], []
    for level in chart.series:
        if not isinstance(level, Level) or not level.is_named:
            continue
        place = y_scale.place(level.y)
        if y_scale.holds(level.y) and place is not None:
            yield row_of(place, rows), level.text
        elif level.y > y_scale.upper:
            above.append(level.text)
        else:
            below.append(level.text)
    if above:
        yield 0, f"above: {', '.join(above)}"
    if below:
        yield rows - 1, f"below: {', '.join(below)}"


def _placed(text: str, row: int, columns: int, hidden: set[tuple[int, int]]) -> PlacedText:
    shown = text[: max(0, columns - 2 * GAP)]
    right = columns - GAP - len(shown)

    def covered(start: int) -> int:
        return sum((column, row) in hidden for column in range(start - GAP, start + len(shown) + GAP))

    return PlacedText(text=shown, column=min((right, *range(GAP, right)), key=covered, default=GAP), row=row)


def _cells(chart: Chart, x_scale: Scale, y_scale: Scale, columns: int, rows: int) -> set[tuple[int, int]]:
    """Return the cells of lines, points and marks."""
    found: set[tuple[int, int]] = set()
    for series in chart.series:
        match series:
            case Line() | Points():
                runs = polylines_of(series, x_scale, y_scale)
            case Highlight():
                runs = polylines(x_scale, y_scale, (series.x,), (series.y,))
            case _:
                continue
        for run in runs:
            found.update(_along(run, columns, rows))
    return found


def _along(run: Polyline, columns: int, rows: int) -> Iterator[tuple[int, int]]:
    """Yield a cell for each column that a polyline crosses."""
    before: tuple[int, float] | None = None
    for x, y, *_ in run:
        column = column_of(x, columns)
        if before is not None:
            for between in range(before[0] + 1, column):
                share = (between - before[0]) / (column - before[0])
                yield between, row_of(before[1] + (y - before[1]) * share, rows)
        yield column, row_of(y, rows)
        before = column, y
