"""Horizontal lines with words in a chart, such as references."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from nnsize_engine.charts.description import Chart, Highlight, Level, Line
from nnsize_engine.report.plot_area import BOTTOM, HEIGHT, RIGHT, TOP, WIDTH, PlotArea
from nnsize_engine.report.svg_parts import draw_path, horizontal, placed, write_text

LINE_HEIGHT = 17  # between words
WORDS_SHARE = 0.4  # of the width, which words may take
MARK_WEIGHT = 5  # of a mark that words cover, against that of a point of a line


def draw_named_levels(svg: Element, chart: Chart, area: PlotArea) -> None:
    """Draw the levels that the axis holds, and the words of all: those outside stand at the edge, with an arrow.

    The words stand on the side where they cover less of the curves.
    """
    top, floor = TOP + 12.0, HEIGHT - BOTTOM - 7.0
    levels = [one for one in chart.series if isinstance(one, Level) and one.is_named]
    named: list[tuple[float, str]] = []
    for level in sorted(levels, key=lambda one: -one.y):
        y = area.y.place(level.y)
        if y is not None and area.y.holds(level.y):
            draw_path(svg, horizontal(y, area), f"r-{level.role} level named-level")
            named.append((max(top, y - 5), level.text))
        else:
            named.append((top, f"↑ {level.text}") if level.y > area.y.low else (floor, f"↓ {level.text}"))
    places = _apart([y for y, _ in named], floor)
    is_left = _covered(chart, area, places, is_left=True) < _covered(chart, area, places, is_left=False)
    x, kind = (area.x.start + 6, "named left") if is_left else (WIDTH - RIGHT - 4, "named")
    for y, (_, text) in zip(places, named, strict=True):
        write_text(svg, text, x, y, {"class": kind})


def _apart(places: Sequence[float], floor: float) -> list[float]:
    """Return places from the top down that are a line apart, as near to the given ones as they can be."""
    found: list[float] = []
    for place in places:
        found.append(max(place, found[-1] + LINE_HEIGHT) if found else place)
    for at in range(len(found) - 1, -1, -1):
        found[at] = min(found[at], floor if at == len(found) - 1 else found[at + 1] - LINE_HEIGHT)
    return found


def _covered(chart: Chart, area: PlotArea, places: Sequence[float], *, is_left: bool) -> int:
    """Return how much words at these heights cover on one side: points of lines, and marks."""
    start, end = area.x.start, area.x.end
    reach = WORDS_SHARE * (end - start)
    low, high = (start, start + reach) if is_left else (end - reach, end)
    found = 0
    for series in chart.series:
        if isinstance(series, Line):
            points, weight = placed(series.x, series.y, area), 1
        elif isinstance(series, Highlight):
            points, weight = placed((series.x,), (series.y,), area), MARK_WEIGHT
        else:
            continue
        inside = [y for x, y in points if low <= x <= high]
        found += weight * sum(any(-LINE_HEIGHT < y - place < 7 for place in places) for y in inside)
    return found
