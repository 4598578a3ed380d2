"""The values of a chart that its script shows for the place a reader points at."""

from dataclasses import dataclass

from nnsize_engine.charts.description import Band, Chart, Highlight, Level, Line, Points, Series, Values
from nnsize_engine.charts.finite import finite
from nnsize_engine.report.plot_area import PlotArea
from nnsize_engine.text import escape_text, score_text, seconds_text

DIGITS = 5  # of a shown score


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    x: float
    y: float
    at: float
    """Its place along the drawing."""

    height: float
    text: str


def hover_values(chart: Chart, area: PlotArea) -> dict[str, object]:
    """Return what the script needs: places along x with their names, and the points and texts of each series.

    ``x`` holds pairs of a place and its name. ``series`` has for each series its name, the class of its colour, and
    triples of an index of ``x``, a height and a text. ``levels`` names the horizontal lines, which are the same
    everywhere.
    """
    shown = [one for one in chart.series if one.label or not isinstance(one, Band)]  # a band without a name is plain
    found = [(series, _points_of(series, area)) for series in shown]
    known = {point.at: point.x for _, points in found for point in points}
    places = {at: number for number, at in enumerate(sorted(known))}
    names = dict(chart.x_ticks or ())
    return {
        "label": escape_text(chart.x_label),
        "x": [[at, escape_text(names.get(known[at]) or _x_text(known[at], chart.x_label))] for at in places],
        "series": [
            {
                "name": _name_of(series, chart),
                "role": series.role,
                "points": [[places[point.at], point.height, point.text] for point in points],
            }
            for series, points in found
            if points
        ],
        "levels": [
            {"name": escape_text(one.text or f"{one.label} {score_text(one.y, DIGITS)}"), "role": one.role}
            for one in chart.series
            if isinstance(one, Level) and (one.text or one.label)
        ],
    }


def _name_of(series: Series, chart: Chart) -> str:
    match series:
        case Highlight(label=label):
            return escape_text(label)
        case _:
            return escape_text(series.label or chart.y_label or chart.title)


def _x_text(x: float, label: str) -> str:
    if label == "seconds":
        return seconds_text(x)
    return f"{x:,.0f}" if x == round(x) else f"{x:.5g}"


def _points_of(series: Series, area: PlotArea) -> list[_Point]:
    match series:
        case Line(x=x, y=y) | Points(x=x, y=y):
            return _placed(x, y, [None if value is None else score_text(value, DIGITS) for value in y], area)
        case Band(x=x, lower=lower, upper=upper):
            middle = tuple(None if a is None or b is None else b for a, b in zip(lower, upper, strict=True))
            texts = [
                None if a is None or b is None else f"{score_text(a, DIGITS)} to {score_text(b, DIGITS)}"
                for a, b in zip(lower, upper, strict=True)
            ]
            return _placed(x, middle, texts, area)
        case _:
            return []


def _placed(x: Values, y: Values, texts: list[str | None], area: PlotArea) -> list[_Point]:
    found: list[_Point] = []
    for one, height, text in zip(x, y, texts, strict=True):
        across, value = finite(one), finite(height)
        if across is None or value is None or text is None or not area.x.holds(across):
            continue
        at, up = area.x.place(across), area.y.place(value)
        if at is not None and up is not None:
            found.append(_Point(x=across, y=value, at=round(at, 1), height=round(up, 1), text=text))
    return found
