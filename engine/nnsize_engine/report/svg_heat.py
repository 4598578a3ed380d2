"""Drawing of a heat map as an SVG element."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from nnsize_engine.charts.description import Role, Shape
from nnsize_engine.charts.heat_map import STATE_WORDS, Cell, HeatMap, Spot
from nnsize_engine.report.plot_area import LETTER, WIDTH
from nnsize_engine.report.svg_parts import draw_mark, write_text
from nnsize_engine.text import escape_text, score_text

MAX_CELLS = 1200  # of a drawn map; each takes some hundred bytes
MIN_CELL, MAX_CELL = 14.0, 40.0  # height of a row
TOP, BOTTOM, RIGHT = 6, 30, 10
MAX_LETTERS = 14  # of a value along an axis
MAX_NAMED_COLUMNS = 10
STEPS = 10
"""Colours from the lowest to the highest score, as classes of the page."""

MIN_WIDTH_WITH_SCORE = 52.0  # of a cell whose score is written in it


def has_room(heat: HeatMap) -> bool:
    """Return whether the map is small enough to be drawn."""
    return len(heat.columns) * len(heat.rows) <= MAX_CELLS


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grid:
    """Where the cells of a map stand."""

    left: float
    width: float
    """Of a cell."""

    height: float
    rows: int

    @property
    def total(self) -> float:
        """Return the height of the whole drawing."""
        return TOP + self.height * self.rows + BOTTOM

    def corner(self, column: int, row: int) -> tuple[float, float]:
        """Return the upper left corner of a cell; rows are counted from the lowest."""
        return self.left + self.width * column, TOP + self.height * (self.rows - 1 - row)


def heat_svg(heat: HeatMap, *, name: str) -> str:
    """Return the element; each cell names its place and its score, which the page's script shows."""
    left = 12 + LETTER * min(MAX_LETTERS, max((len(row) for row in heat.rows), default=1))
    grid = _Grid(
        left=left,
        width=(WIDTH - RIGHT - left) / max(1, len(heat.columns)),
        height=min(MAX_CELL, max(MIN_CELL, 280 / max(1, len(heat.rows)))),
        rows=len(heat.rows),
    )
    box = f"0 0 {WIDTH} {grid.total:g}"
    svg = Element("svg", {"viewBox": box, "role": "img", "aria-label": escape_text(name), "class": "plot"})
    svg.set("data-columns", str(len(heat.columns)))
    for row, cells in enumerate(heat.cells):
        for column, cell in enumerate(cells):
            _draw_cell(svg, heat, grid, (column, row), cell)
    _name(svg, heat, grid)
    _mark(svg, heat.recommended, "diamond", "recommended", grid)
    _mark(svg, heat.best, "star", "best", grid)
    return tostring(svg, encoding="unicode")


def _draw_cell(svg: Element, heat: HeatMap, grid: _Grid, spot: Spot, cell: Cell) -> None:
    column, row = spot
    x, y = grid.corner(column, row)
    kind, words = (
        (f"h{_step(cell, heat)}", score_text(cell, 5)) if isinstance(cell, float) else (cell, STATE_WORDS[cell])
    )
    size = {"width": f"{grid.width - 1:.1f}", "height": f"{grid.height - 1:.1f}"}
    rect = SubElement(svg, "rect", {"x": f"{x:.1f}", "y": f"{y:.1f}", **size, "class": f"heat {kind}"})
    where = f"{heat.x_label} {heat.columns[column]}, {heat.y_label} {heat.rows[row]}"
    SubElement(rect, "title").text = escape_text(f"{where}: {words}")
    if isinstance(cell, float) and grid.width >= MIN_WIDTH_WITH_SCORE:
        place = {"x": f"{x + grid.width / 2:.1f}", "y": f"{y + grid.height / 2 + 4:.1f}", "class": f"in {kind}"}
        SubElement(svg, "text", place).text = words[:6]


def _name(svg: Element, heat: HeatMap, grid: _Grid) -> None:
    """Write the values of both dimensions, of many columns every n-th."""
    for row, words in enumerate(heat.rows):
        _, y = grid.corner(0, row)
        write_text(svg, words[:MAX_LETTERS], grid.left - 8, y + grid.height / 2, {"class": "up"})
    for column in range(0, len(heat.columns), -(-len(heat.columns) // MAX_NAMED_COLUMNS)):
        x, _ = grid.corner(column, 0)
        write_text(svg, heat.columns[column][:MAX_LETTERS], x + grid.width / 2, grid.total - 10, {"class": "along"})


def _mark(svg: Element, spot: Spot | None, shape: Shape, role: Role, grid: _Grid) -> None:
    if spot is not None:
        x, y = grid.corner(*spot)
        draw_mark(svg, x + min(10, grid.width / 2), y + grid.height / 2, shape, role, " highlight")


def _step(value: float, heat: HeatMap) -> int:
    low, high = heat.limits or (0.0, 1.0)
    share = (value - low) / (high - low) if high > low else 1.0
    return min(STEPS - 1, max(0, int(share * STEPS)))
