"""Drawing of bars with intervals with matplotlib."""

from typing import Any

from nnsize_engine.charts.bar_chart import BarChart, fitting
from nnsize_engine.text import escape_text

BAR, REST = "#56b4e9", "#b0b0b0"
MAX_BARS = 14  # of a picture; more would be too thin for their names


def draw_bars(axes: Any, chart: BarChart) -> None:
    """Draw the bars from the top, each with its interval and its share in words."""
    bars, _ = fitting(chart.bars, MAX_BARS)
    for place, bar in enumerate(bars):
        axes.barh(place, bar.share, color=REST if bar.is_rest else BAR, height=0.7)
        end = bar.share
        if bar.low is not None and bar.high is not None:
            axes.plot([bar.low, bar.high], [place, place], color="black", linewidth=1.2, marker="|", markersize=7)
            end = max(end, bar.high)
        axes.text(end + 0.015, place, bar.text, va="center", fontsize=9)
    axes.set_yticks(range(len(bars)), [escape_text(bar.label).replace("$", r"\$") for bar in bars])
    axes.invert_yaxis()
    # Room for the words at the right.
    axes.set_xlim(0, max((bar.high or bar.share for bar in bars), default=1.0) + 0.3)
    right = axes.get_xlim()[1]
    ticks = [tick / 10 for tick in range(11) if tick / 10 < right]
    axes.set_xticks(ticks, [f"{100 * tick:.0f} %" for tick in ticks])
    axes.set_xlabel(chart.label)
