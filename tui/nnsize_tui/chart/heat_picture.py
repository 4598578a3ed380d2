"""Draw a heat map: cells in colours, or in shades without colours, and with numbers where they have room."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import assert_never

from nnsize_engine.charts.heat_map import Cell, CoarseMap, HeatMap, Spot, coarsen
from nnsize_tui.chart.heat_legend import FAILED, OUT, WAITING, legend
from nnsize_tui.chart.palette import Palette
from nnsize_tui.chart.pen import RESET, SHAPES, Pen
from nnsize_tui.chart.shades import Shades, numbers, shades_of
from nnsize_tui.chart.ticks import Tick, labels_with_room

MIN_WIDTH, MIN_HEIGHT = 16, 4
"""Smallest picture that has room for a map, in columns and lines."""

MARGIN = 1
"""Empty columns on the right."""

MAX_CELL_WIDTH, MAX_CELL_HEIGHT = 28, 9
"""Columns and rows of the largest cell: a few values would otherwise fill a large screen with plain colour."""

FRAMES = ("┌─┐│└┘", "+-+|++")
SIDES = "[]"
SELECTED_ALONE = ("□", "O")
"""Stands for the frame in a cell of one column."""

MIN_UNEVEN_HEIGHT = 3
"""Lines from which on cells may differ in height by one line; in lower cells the difference is visible."""

MARK_ROOM = 3
"""Columns of a cell besides its number: for a frame, and for a star."""

MIN_SPARE_COLUMNS = 6
"""Columns of a cell besides its number that leave room for blanks around the number."""

Signs = list[tuple[str, str]]
"""Characters of one line, each with the codes of its colours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The layout of a map."""

    label_width: int
    columns: tuple[int, ...]
    """The first column of each cell, and the end of the last one."""

    rows: tuple[int, ...]
    """The first line of each cell from the top, and the end of the last one; the highest values come first."""

    decimals: int | None
    """Decimals of the numbers in the cells; None where they have no room."""


def render_heat(heat: HeatMap, width: int, height: int, *, palette: Palette, unicode: bool) -> list[str]:
    """Return the picture: `height` lines, each of `width` columns and some colour codes."""
    pen = Pen(palette=palette, unicode=unicode)
    if width < MIN_WIDTH or height < MIN_HEIGHT or not heat.columns or not heat.rows:
        return [("..." if row == 0 else "")[:width].ljust(width) for row in range(height)]
    inner = width - MARGIN
    shades = shades_of(heat.limits, pen)
    above, coarse, room = _plan(heat, width, height, pen, shades)
    lines = [*above, *_map(coarse.map, room, pen, shades), _names_of_columns(coarse.map, room, pen)]
    lines = [line + " " * (inner - room.label_width - 1 - room.columns[-1]) if number >= len(above) else line
             for number, line in enumerate(lines)]  # fmt: skip
    lines += [" " * inner] * (height - len(lines))
    return [line + " " * MARGIN for line in lines]


def spots_at(
    heat: HeatMap, at: tuple[int, int], width: int, height: int, *, palette: Palette, unicode: bool
) -> tuple[Spot, ...]:
    """Return the cells drawn at a character of the picture: several in a coarse map, none outside the map."""
    if width < MIN_WIDTH or height < MIN_HEIGHT or not heat.columns or not heat.rows:
        return ()
    pen = Pen(palette=palette, unicode=unicode)
    above, coarse, room = _plan(heat, width, height, pen, shades_of(heat.limits, pen))
    across, down = at[0] - room.label_width - 1, at[1] - len(above)
    if not (0 <= across < room.columns[-1] and 0 <= down < room.rows[-1]):
        return ()
    left = (bisect_right(room.columns, across) - 1) * coarse.across
    low = (len(coarse.map.rows) - bisect_right(room.rows, down)) * coarse.down
    return tuple(
        (one, other)
        for other in range(low, min(low + coarse.down, len(heat.rows)))
        for one in range(left, min(left + coarse.across, len(heat.columns)))
    )


def _plan(heat: HeatMap, width: int, height: int, pen: Pen, shades: Shades) -> tuple[list[str], CoarseMap, Room]:
    """Return the heading, the map coarse enough to fit, and the places of its cells."""
    inner = width - MARGIN
    label_width = min(inner // 3, max(len(pen.plain(label)) for label in heat.rows))
    columns = inner - label_width - 1
    above: list[str] = [""]
    for _ in range(2):  # the heading may need another line, and the map be coarser then
        coarse = coarsen(heat, columns, height - len(above) - 1)
        above = legend(coarse, inner, height, pen, shades)
    coarse = coarsen(heat, columns, height - len(above) - 1)
    return above, coarse, _room(coarse.map, label_width, columns, height - len(above) - 1)


def _room(heat: HeatMap, label_width: int, columns: int, rows: int) -> Room:
    across = edges(len(heat.columns), columns, MAX_CELL_WIDTH)
    narrowest = min(right - left for left, right in pairwise(across))
    scores = [cell for row in heat.cells for cell in row if isinstance(cell, float)]
    return Room(
        label_width=label_width,
        columns=across,
        rows=edges(len(heat.rows), rows, MAX_CELL_HEIGHT, may_leave=rows // 3),
        decimals=numbers(scores, narrowest - MARK_ROOM),
    )


def edges(count: int, room: int, largest: int, *, may_leave: int = 0) -> tuple[int, ...]:
    """Return the place where each of `count` cells begins, and where the last one ends.

    The cells fill the room. Low cells are equally high instead, and may leave `may_leave` of the room empty.
    """
    size = min(largest, room // count)
    if size == largest or (size < MIN_UNEVEN_HEIGHT and room - size * count <= may_leave):
        return tuple(size * number for number in range(count + 1))
    return tuple(room * number // count for number in range(count + 1))


def _map(heat: HeatMap, room: Room, pen: Pen, shades: Shades) -> list[str]:
    lines = []
    for place, (top, bottom) in enumerate(pairwise(room.rows)):
        row = len(heat.rows) - 1 - place
        cells = [_cell(heat, (column, row), room, pen, shades) for column in range(len(heat.columns))]
        for line in range(bottom - top):
            label = pen.plain(heat.rows[row])[: room.label_width] if line == (bottom - top - 1) // 2 else ""
            signs = [sign for cell in cells for sign in cell[line]]
            lines.append(pen.paint(label.rjust(room.label_width), "text") + " " + _painted(signs))
    return lines


def _painted(signs: Signs) -> str:
    """Return one line; neighbours of equal colours share their codes."""
    pieces = []
    for codes, group in groupby(signs, key=lambda one: one[1]):
        text = "".join(sign for sign, _ in group)
        pieces.append(f"\x1b[{codes}m{text}{RESET}" if codes else text)
    return "".join(pieces)


def _cell(heat: HeatMap, spot: Spot, room: Room, pen: Pen, shades: Shades) -> list[Signs]:
    """Return the lines of one cell."""
    column, row = spot
    cell: Cell = heat.cells[row][column]
    width, height = room.columns[column + 1] - room.columns[column], room.rows[-row - 1] - room.rows[-row - 2]
    place = 0 if pen.unicode else 1
    fill, codes, words = " ", "", ""
    match cell:
        case float():
            shade = shades.of(cell)
            fill, codes = shade.sign, shade.codes
            words = "" if room.decimals is None else f"{cell:.{room.decimals}f}"
            if words and fill != " " and width >= len(words) + MIN_SPARE_COLUMNS:
                words = f" {words} "
        case "failed":
            codes, words = pen.codes("reference", strong=True), FAILED[place]
        case "waiting":
            codes, words = pen.codes("axis"), WAITING[place]
        case "out":
            codes, words = pen.codes("axis"), OUT[place]
        case "absent":
            pass
        case _:
            assert_never(cell)
    mark = _mark(heat, spot, place)
    lines = [[fill] * width for _ in range(height)]
    middle = (height - 1) // 2
    _write(lines[middle], mark, words)
    if spot == heat.selected:
        _frame(lines, middle, mark, place)
    if codes and (mark or spot == heat.selected) and isinstance(cell, float):
        codes = f"{codes};1"
    return [[(sign, codes) for sign in line] for line in lines]


def _mark(heat: HeatMap, spot: Spot, place: int) -> str:
    if spot == heat.best:
        return SHAPES["star"][place]
    return SHAPES["diamond"][place] if spot == heat.recommended else ""


def _write(line: list[str], mark: str, words: str) -> None:
    """Put words in the middle of a line, and a mark before them; the words stand where they would without it."""
    shown = words.strip() or mark
    start = (len(line) - len(shown) + 1) // 2 if len(shown) > 1 else (len(line) - 1) // 2
    line[start : start + len(shown)] = shown
    around = (" " if words.startswith(" ") else "") if shown == mark or not mark else mark
    if around and start > 0:
        line[start - 1] = around
    if words.endswith(" ") and start + len(shown) < len(line):
        line[start + len(shown)] = " "


def _frame(lines: list[list[str]], middle: int, mark: str, place: int) -> None:
    """Draw the selected cell's frame: a box, brackets, or as much of them as there is room for."""
    width, height = len(lines[0]), len(lines)
    if width == 1:
        lines[middle][0] = mark or SELECTED_ALONE[place]
    elif width == 2:
        lines[middle][:] = [SIDES[0], mark or SIDES[1]]
    elif height < 3 or width < 5:
        lines[middle][0], lines[middle][-1] = SIDES[0], SIDES[1]
    else:
        top_left, along, top_right, side, bottom_left, bottom_right = tuple(FRAMES[place])
        lines[0][:] = [top_left, *along * (width - 2), top_right]
        lines[-1][:] = [bottom_left, *along * (width - 2), bottom_right]
        for line in lines[1:-1]:
            line[0] = line[-1] = side


def _names_of_columns(heat: HeatMap, room: Room, pen: Pen) -> str:
    """Return the values of x below the middle of their cells, as many as have room."""
    width = room.columns[-1]
    middles = [(left + right - 1) / 2 + 0.5 for left, right in pairwise(room.columns)]
    ticks = [
        Tick(place=middle / width, label=pen.plain(label)) for middle, label in zip(middles, heat.columns, strict=True)
    ]
    text = ""
    for start, label in labels_with_room(ticks, width):
        text = text.ljust(start) + label
    return " " * (room.label_width + 1) + pen.paint(text.ljust(width), "text")
