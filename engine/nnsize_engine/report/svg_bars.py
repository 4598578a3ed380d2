"""Drawing of bars with intervals as an SVG element."""

from xml.etree.ElementTree import Element, SubElement, tostring

from nnsize_engine.charts.bar_chart import Bar, BarChart, fitting
from nnsize_engine.report.plot_area import LETTER, WIDTH
from nnsize_engine.report.svg_parts import draw_path, write_text
from nnsize_engine.text import escape_text

MAX_BARS = 24  # of a drawing; a table has all
MAX_LETTERS = 30  # of a label
ROW, TOP, WORDS = 24.0, 4.0, 120.0
"""Height of a bar with its gap, the room above, and that for the share in words at the right."""

CAP = 4.0  # of the stroke at each end of an interval, to each side


def bars_svg(chart: BarChart, *, name: str) -> str:
    """Return the element; each bar names its part and its share."""
    bars, _ = fitting(chart.bars, MAX_BARS)
    left = 12 + LETTER * min(MAX_LETTERS, max((len(bar.label) for bar in bars), default=1))
    box = f"0 0 {WIDTH} {TOP + ROW * len(bars):g}"
    svg = Element("svg", {"viewBox": box, "role": "img", "aria-label": escape_text(name), "class": "plot"})
    for number, bar in enumerate(bars):
        _draw_bar(svg, bar, left, TOP + ROW * number)
    return tostring(svg, encoding="unicode")


def _draw_bar(svg: Element, bar: Bar, left: float, top: float) -> None:
    whole, middle = WIDTH - WORDS - left, top + ROW / 2
    write_text(svg, bar.label[:MAX_LETTERS], left - 8, middle, {"class": "up"})
    place = {"x": f"{left:.1f}", "y": f"{top + 4:.1f}", "width": f"{whole * bar.share:.1f}", "height": f"{ROW - 8:.1f}"}
    rect = SubElement(svg, "rect", {**place, "class": f"bar r-{'second' if bar.is_rest else 'line'}"})
    SubElement(rect, "title").text = escape_text(f"{bar.label}: {bar.text}")
    end = bar.share
    if bar.low is not None and bar.high is not None:
        low, high = left + whole * bar.low, left + whole * bar.high
        caps = "".join(f"M{at:.1f} {middle - CAP:.1f}v{2 * CAP:g}" for at in (low, high))
        draw_path(svg, f"M{low:.1f} {middle:.1f}H{high:.1f}{caps}", "interval")
        end = max(end, bar.high)
    write_text(svg, bar.text, left + whole * end + 8, middle + 4, {"class": "share"})
