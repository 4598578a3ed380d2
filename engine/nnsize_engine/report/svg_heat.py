"""Drawing of a heat map as an SVG element."""

from xml.etree.ElementTree import Element, SubElement, tostring

from nnsize_engine.charts.heat_map import STATE_WORDS, HeatMap, Spot
from nnsize_engine.report.plot_area import LETTER, WIDTH
from nnsize_engine.report.svg_marks import PATHS
from nnsize_engine.text import escape_text, score_text

MAX_CELLS = 1200  # of a drawn map; each takes some hundred bytes
MIN_CELL, MAX_CELL = 14.0, 40.0  # height of a row
TOP, BOTTOM, RIGHT = 6, 30, 10
STEPS = 10
"""Colours from the lowest to the highest score, as classes of the page."""

MIN_WIDTH_WITH_SCORE = 52.0  # of a cell whose score is written in it


def has_room(heat: HeatMap) -> bool:
    """Return whether the map is small enough to be drawn."""
    return len(heat.columns) * len(heat.rows) <= MAX_CELLS


def heat_svg(heat: HeatMap, *, name: str) -> str:
    """Return the element; each cell names its place and its score where the mouse points."""
    left = 12 + LETTER * min(14, max((len(row) for row in heat.rows), default=1))
    width = (WIDTH - RIGHT - left) / max(1, len(heat.columns))
    high = min(MAX_CELL, max(MIN_CELL, 280 / max(1, len(heat.rows))))
    total = TOP + high * len(heat.rows) + BOTTOM
    svg = Element("svg", {"viewBox": f"0 0 {WIDTH} {total:g}", "role": "img", "aria-label": escape_text(name)})
    svg.set("class", "plot")
    for row, cells in enumerate(heat.cells):
        y = TOP + high * (len(heat.rows) - 1 - row)
        for column, cell in enumerate(cells):
            x = left + width * column
            is_score = isinstance(cell, float)
            kind = f"heat h{_step(cell, heat)}" if isinstance(cell, float) else f"heat {cell}"
            box = {"x": f"{x:.1f}", "y": f"{y:.1f}", "width": f"{width - 1:.1f}", "height": f"{high - 1:.1f}"}
            rect = SubElement(svg, "rect", {**box, "class": kind})
            words = score_text(cell, 5) if isinstance(cell, float) else STATE_WORDS[cell]
            where = f"{heat.x_label} {heat.columns[column]}, {heat.y_label} {heat.rows[row]}"
            SubElement(rect, "title").text = escape_text(f"{where}: {words}")
            if is_score and width >= MIN_WIDTH_WITH_SCORE:
                _write(svg, words[:6], x + width / 2, y + high / 2 + 4, f"in h{_step(cell, heat)}")  # type: ignore[arg-type]
        _write(svg, heat.rows[row][:14], left - 8, y + high / 2 + 4, "up")
    stride = -(-len(heat.columns) // 10)
    for column in range(0, len(heat.columns), stride):
        _write(svg, heat.columns[column][:14], left + width * (column + 0.5), total - 10, "along")
    for spot, shape, role in ((heat.recommended, "diamond", "recommended"), (heat.best, "star", "best")):
        if spot is not None:
            x, y = _middle(spot, left, width, high, len(heat.rows))
            look = {"d": PATHS[shape], "class": f"r-{role} mark highlight", "transform": f"translate({x:.1f} {y:.1f})"}  # type: ignore[index]
            SubElement(svg, "path", look)
    return tostring(svg, encoding="unicode")


def _middle(spot: Spot, left: float, width: float, high: float, rows: int) -> tuple[float, float]:
    column, row = spot
    return left + width * column + 10, TOP + high * (rows - 1 - row) + high / 2


def _step(value: float, heat: HeatMap) -> int:
    low, high = heat.limits or (0.0, 1.0)
    share = (value - low) / (high - low) if high > low else 1.0
    return min(STEPS - 1, max(0, int(share * STEPS)))


def _write(svg: Element, text: str, x: float, y: float, kind: str) -> None:
    SubElement(svg, "text", {"x": f"{x:.1f}", "y": f"{y:.1f}", "class": kind}).text = escape_text(text)
