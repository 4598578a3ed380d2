"""Drawing of a chart as an SVG element, which takes its colours from the page: light, dark or printed."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

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
    Values,
    drawing_order,
)
from nnsize_engine.charts.finite import finite
from nnsize_engine.report.plot_area import BOTTOM, HEIGHT, RIGHT, TOP, WIDTH, PlotArea, Scale
from nnsize_engine.report.svg_marks import HOLLOW, PATHS
from nnsize_engine.text import escape_text

MAX_DOTTED_POINTS = 60  # of a line that has a dot at each point
MARKS_PER_LINE = 12  # about the number of points that are marked with the shape of their line
LINE_HEIGHT = 17  # between texts at an edge


def svg_of(chart: Chart, area: PlotArea, *, number: int, name: str) -> str:
    """Return the element; ``number`` is that of the chart on its page, ``name`` its words for those who do not see it.

    Texts are escaped as XML demands it, which is how HTML reads them, too.
    """
    box = f"0 0 {WIDTH} {HEIGHT}"
    svg = Element("svg", {"viewBox": box, "role": "img", "aria-label": escape_text(name), "class": "plot"})
    clip = SubElement(SubElement(svg, "clipPath", id=f"clip{number}"), "rect")
    for key, value in _frame(area).items():
        clip.set(key, value)
    _draw_axes(svg, area)
    inside = SubElement(svg, "g", {"clip-path": f"url(#clip{number})"})
    for series in sorted(chart.series, key=drawing_order):
        # A mark on the border is drawn whole.
        _draw(svg if isinstance(series, Highlight) else inside, series, area)
    _draw_named_levels(svg, [one for one in chart.series if isinstance(one, Level) and one.is_named], area)
    return tostring(svg, encoding="unicode")


def _frame(area: PlotArea) -> dict[str, str]:
    left = area.x.start
    return {"x": f"{left:g}", "y": str(TOP), "width": f"{WIDTH - RIGHT - left:g}", "height": str(HEIGHT - TOP - BOTTOM)}


def _draw_axes(svg: Element, area: PlotArea) -> None:
    left, floor = area.x.start, HEIGHT - BOTTOM
    grid = SubElement(svg, "g", {"class": "grid"})
    labels = SubElement(svg, "g", {"class": "ticks"})
    for value, text in area.y_ticks:
        y = area.y.place(value)
        if y is not None:
            SubElement(grid, "path", d=f"M{left:g} {y:.1f}H{WIDTH - RIGHT}")
            _write(labels, text, left - 8, y, {"class": "up"})
    for number, (value, text) in enumerate(area.x_ticks):
        x = area.x.place(value)
        if x is not None and area.x.holds(value):
            SubElement(grid, "path", {"d": f"M{x:.1f} {floor}v4", "class": "tick"})
            _write(labels, text, x, floor + 20, {"class": "along odd" if number % 2 else "along"})
    SubElement(grid, "path", {"d": f"M{left:g} {floor}H{WIDTH - RIGHT}", "class": "floor"})


def _write(parent: Element, text: str, x: float, y: float, attributes: dict[str, str]) -> None:
    SubElement(parent, "text", {"x": f"{x:.1f}", "y": f"{y:.1f}", **attributes}).text = escape_text(text)


def _draw(parent: Element, series: Series, area: PlotArea) -> None:
    match series:
        case Line():
            _draw_line(parent, series, area)
        case Points(shape=shape, role=role):
            for x, y in _placed(series.x, series.y, area):
                _mark(parent, x, y, shape, role)
        case Band():
            _draw_band(parent, series, area)
        case Highlight(shape=shape, role=role):
            for x, y in _placed((series.x,), (series.y,), area):
                _mark(parent, x, y, shape, role, extra=" highlight")
        case Cursor(role=role):
            _path(parent, _vertical(area.x.place(series.x)), f"r-{role} line")
        case Level(role=role, is_named=is_named):
            if not is_named:
                _path(parent, _horizontal(area.y.place(series.y), area), f"r-{role} level")


def _vertical(x: float | None) -> str:
    return "" if x is None else f"M{x:.1f} {TOP}V{HEIGHT - BOTTOM}"


def _horizontal(y: float | None, area: PlotArea) -> str:
    return "" if y is None else f"M{area.x.start:g} {y:.1f}H{WIDTH - RIGHT}"


def _path(parent: Element, d: str, kind: str) -> None:
    if d:
        SubElement(parent, "path", {"d": d, "class": kind})


def _mark(parent: Element, x: float, y: float, shape: Shape, role: Role, extra: str = "") -> None:
    kind = f"r-{role} {'hollow' if shape in HOLLOW else 'mark'}{extra}"
    SubElement(parent, "path", {"d": PATHS[shape], "class": kind, "transform": f"translate({x:.1f} {y:.1f})"})


def _placed(x: Values, y: Values, area: PlotArea) -> list[tuple[float, float]]:
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


def _draw_line(parent: Element, line: Line, area: PlotArea) -> None:
    parts = _runs(line.x, [line.y], area)
    d = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, (y,) in part) for part in parts if len(part) > 1)
    _path(parent, d, f"r-{line.role} line{' dotted' if line.dotted else ''}")
    points = [(x, y) for part in parts for x, (y,) in part]
    if line.shape is not None:
        points, shape = points[:: max(1, len(points) // MARKS_PER_LINE)], line.shape
    elif len(points) <= MAX_DOTTED_POINTS and not line.dotted:
        shape = "dot"
    else:
        points, shape = [(part[0][0], part[0][1][0]) for part in parts if len(part) == 1], "dot"
    for x, y in points:
        _mark(parent, x, y, shape, line.role)


def _draw_band(parent: Element, band: Band, area: PlotArea) -> None:
    drawn = []
    for part in _runs(band.x, [band.lower, band.upper], area):
        there = [f"{x:.1f} {low:.1f}" for x, (low, _) in part]
        back = [f"{x:.1f} {high:.1f}" for x, (_, high) in reversed(part)]
        if len(part) == 1:
            _path(parent, f"M{there[0]}L{back[0]}", f"r-{band.role} whisker")
        else:
            drawn.append(f"M{'L'.join([*there, *back])}Z")
    _path(parent, "".join(drawn), f"r-{band.role} band")


_Run = list[tuple[float, tuple[float, ...]]]


def _runs(x: Values, columns: Sequence[Values], area: PlotArea) -> list[_Run]:
    """Return the points in order of x, in parts that gaps divide; heights far outside are cut."""
    rows = [row for row in zip(x, *columns, strict=True) if finite(row[0]) is not None]
    rows.sort(key=lambda row: row[0] or 0.0)
    runs: list[_Run] = [[]]
    for across, *heights in rows:
        at = area.x.place(across or 0.0)
        ups = [_height(area.y, height) for height in heights]
        if at is None or None in ups:
            runs.append([])
        else:
            runs[-1].append((at, tuple(up for up in ups if up is not None)))
    return [run for run in runs if run]


def _height(scale: Scale, value: float | None) -> float | None:
    known = finite(value)
    if known is None:
        return None
    up = scale.place(known)
    if up is None and scale.is_log:
        return float(10 * HEIGHT)  # zero or less lies below any logarithmic axis
    return None if up is None else min(max(up, -10.0 * HEIGHT), 10.0 * HEIGHT)


def _draw_named_levels(svg: Element, levels: Sequence[Level], area: PlotArea) -> None:
    """Draw the levels that the axis holds, each with its words; the words of the others stand at its edge."""
    edges: dict[str, list[Level]] = {"below": [], "above": []}
    taken: list[float] = []
    for level in sorted(levels, key=lambda one: -one.y):
        y = area.y.place(level.y)
        if y is None or not area.y.holds(level.y):
            edges["below" if level.y < area.y.low else "above"].append(level)
            continue
        _path(svg, _horizontal(y, area), f"r-{level.role} level named-level")
        text_y = y - 5
        while any(abs(text_y - other) < LINE_HEIGHT for other in taken):
            text_y += LINE_HEIGHT
        taken.append(text_y)
        _write(svg, level.text, WIDTH - RIGHT - 4, text_y, {"class": "named"})
    for edge, found in edges.items():
        for number, level in enumerate(reversed(found) if edge == "below" else found):
            y = HEIGHT - BOTTOM - 7 - number * LINE_HEIGHT if edge == "below" else TOP + 12 + number * LINE_HEIGHT
            sign = "↓" if edge == "below" else "↑"
            _write(svg, f"{sign} {level.text}", WIDTH - RIGHT - 4, y, {"class": "named"})
