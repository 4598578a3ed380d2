"""The legend of a chart: a small drawing and the words of each series that has some."""

from xml.etree.ElementTree import Element, SubElement, tostring

from nnsize_engine.charts.description import Band, Chart, Cursor, Highlight, Level, Line, Points, Series
from nnsize_engine.report.svg_marks import HOLLOW, PATHS

MAX_ENTRIES = 24  # of a legend; a chart has seldom more than ten


def legend_of(chart: Chart) -> list[tuple[str, str]]:
    """Return pairs of an SVG element and words."""
    named = [one for one in chart.series if one.label and not isinstance(one, Cursor)]
    return [(_swatch(series), series.label) for series in named[:MAX_ENTRIES]]


def _swatch(series: Series) -> str:
    svg = Element("svg", {"viewBox": "-14 -8 28 16", "class": "swatch", "aria-hidden": "true"})
    role = f"r-{series.role}"
    match series:
        case Line(dotted=dotted, shape=shape):
            SubElement(svg, "path", {"d": "M-12 0H12", "class": f"{role} line{' dotted' if dotted else ''}"})
            if shape is not None:
                kind = "hollow" if shape in HOLLOW else "mark"
                SubElement(svg, "path", {"d": PATHS[shape], "class": f"{role} {kind}"})
        case Points(shape=shape) | Highlight(shape=shape):
            kind = "hollow" if shape in HOLLOW else "mark"
            SubElement(svg, "path", {"d": PATHS[shape], "class": f"{role} {kind}"})
        case Band():
            SubElement(svg, "path", {"d": "M-12 -5H12V5H-12Z", "class": f"{role} band"})
        case Level() | Cursor():
            SubElement(svg, "path", {"d": "M-12 0H12", "class": f"{role} level"})
    return tostring(svg, encoding="unicode")
