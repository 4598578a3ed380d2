"""The parts of which charts are drawn: paths, marks and texts."""

from xml.etree.ElementTree import Element, SubElement

from nnsize_engine.charts.description import Role, Shape, Values
from nnsize_engine.charts.finite import finite
from nnsize_engine.report.plot_area import RIGHT, WIDTH, PlotArea
from nnsize_engine.report.svg_marks import HOLLOW, PATHS
from nnsize_engine.text import escape_text


def write_text(parent: Element, text: str, x: float, y: float, attributes: dict[str, str]) -> None:
    """Add text at a place."""
    SubElement(parent, "text", {"x": f"{x:.1f}", "y": f"{y:.1f}", **attributes}).text = escape_text(text)


def horizontal(y: float | None, area: PlotArea) -> str:
    """Return the path of a line across the plot; empty without a height."""
    return "" if y is None else f"M{area.x.start:g} {y:.1f}H{WIDTH - RIGHT}"


def draw_path(parent: Element, d: str, kind: str) -> None:
    """Add a path, unless it is empty."""
    if d:
        SubElement(parent, "path", {"d": d, "class": kind})


def draw_mark(parent: Element, x: float, y: float, shape: Shape, role: Role, extra: str = "") -> None:
    """Add the mark of a point."""
    kind = f"r-{role} {'hollow' if shape in HOLLOW else 'mark'}{extra}"
    SubElement(parent, "path", {"d": PATHS[shape], "class": kind, "transform": f"translate({x:.1f} {y:.1f})"})


def placed(x: Values, y: Values, area: PlotArea) -> list[tuple[float, float]]:
    """Return the places of the points that the axes hold; one above or below them stands on the border."""
    found: list[tuple[float, float]] = []
    for one, other in zip(x, y, strict=True):
        across, up = finite(one), finite(other)
        if across is None or up is None or not area.x.holds(across):
            continue
        at = area.x.place(across), area.y.place(min(max(up, area.y.low), area.y.high))
        if at[0] is not None and at[1] is not None:
            found.append((at[0], at[1]))
    return found
