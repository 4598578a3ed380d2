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
    Series,
    Values,
    drawing_order,
)
from nnsize_engine.charts.finite import finite
from nnsize_engine.report.plot_area import BOTTOM, HEIGHT, RIGHT, TOP, WIDTH, PlotArea, Scale
from nnsize_engine.report.svg_levels import draw_named_levels
from nnsize_engine.report.svg_parts import draw_mark, draw_path, horizontal, placed, write_text
from nnsize_engine.text import escape_text

MAX_DOTTED_POINTS = 60  # of a line that has a dot at each point
MARKS_PER_LINE = 12  # about the number of points that are marked with the shape of their line


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
    draw_named_levels(svg, chart, area)
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
            write_text(labels, text, left - 8, y, {"class": "up"})
    for number, (value, text) in enumerate(area.x_ticks):
        x = area.x.place(value)
        if x is not None and area.x.holds(value):
            SubElement(grid, "path", {"d": f"M{x:.1f} {floor}v4", "class": "tick"})
            write_text(labels, text, x, floor + 20, {"class": "along odd" if number % 2 else "along"})
    SubElement(grid, "path", {"d": f"M{left:g} {floor}H{WIDTH - RIGHT}", "class": "floor"})


def _draw(parent: Element, series: Series, area: PlotArea) -> None:
    match series:
        case Line():
            _draw_line(parent, series, area)
        case Points(shape=shape, role=role):
            for x, y in placed(series.x, series.y, area):
                draw_mark(parent, x, y, shape, role)
        case Band():
            _draw_band(parent, series, area)
        case Highlight(shape=shape, role=role):
            for x, y in placed((series.x,), (series.y,), area):
                draw_mark(parent, x, y, shape, role, extra=" highlight")
        case Cursor(role=role):
            draw_path(parent, _vertical(area.x.place(series.x)), f"r-{role} line")
        case Level(role=role, is_named=is_named):
            if not is_named:
                draw_path(parent, horizontal(area.y.place(series.y), area), f"r-{role} level")


def _vertical(x: float | None) -> str:
    return "" if x is None else f"M{x:.1f} {TOP}V{HEIGHT - BOTTOM}"


def _draw_line(parent: Element, line: Line, area: PlotArea) -> None:
    parts = _runs(line.x, [line.y], area)
    d = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, (y,) in part) for part in parts if len(part) > 1)
    draw_path(parent, d, f"r-{line.role} line{' dotted' if line.dotted else ''}")
    points = [(x, y) for part in parts for x, (y,) in part]
    if line.shape is not None:
        points, shape = points[:: max(1, len(points) // MARKS_PER_LINE)], line.shape
    elif len(points) <= MAX_DOTTED_POINTS and not line.dotted:
        shape = "dot"
    else:
        points, shape = [(part[0][0], part[0][1][0]) for part in parts if len(part) == 1], "dot"
    for x, y in points:
        draw_mark(parent, x, y, shape, line.role)


def _draw_band(parent: Element, band: Band, area: PlotArea) -> None:
    drawn = []
    for part in _runs(band.x, [band.lower, band.upper], area):
        there = [f"{x:.1f} {low:.1f}" for x, (low, _) in part]
        back = [f"{x:.1f} {high:.1f}" for x, (_, high) in reversed(part)]
        if len(part) == 1:
            draw_path(parent, f"M{there[0]}L{back[0]}", f"r-{band.role} whisker")
        else:
            drawn.append(f"M{'L'.join([*there, *back])}Z")
    draw_path(parent, "".join(drawn), f"r-{band.role} band")


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
