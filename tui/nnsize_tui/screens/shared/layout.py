"""The layout that the screens of a search and of an evolution share."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from textual.geometry import Region

from nnsize_tui.screens.shared.pane_sizes import lines_of
from nnsize_tui.widgets.run_header import SUMMARY_LINES

Part: TypeAlias = Literal[
    "summary",
    "answer",
    "table",
    "folds",
    "detail",
    "histogram",
    "chart",
    "picture2",
    "picture3",
    "picture4",
    "picture_mark",
    "log",
    "workers",
    "keys",
]
"""The parts of the screen. Only a search has folds and pictures beside the chart; only an evolution has detail and
histogram.

The workers of a cluster are shown alone.
"""


Focus: TypeAlias = Literal["all", "chart", "picture", "table", "detail", "workers"]
"""The content of the middle: every part, or one alone; "chart" shows all pictures, "picture" one of several, "detail"
the histogram too."""


WIDE, TALL = 118, 30
"""Columns and lines of the screen from which on parts stand side by side."""


MIN_LOG_WIDTH = 40
"""Columns that a log in a region of its own needs."""


MIN_CHART_LINES = 7


MIN_TABLE_LINES = 6
"""Lines that the table keeps, even if the chart could use more."""


CHART_SHARE = 0.52
"""Share of the middle for the chart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartSize:
    """The lines that a chart can use."""

    min_lines: int = 0
    step: int = 0
    """Lines by which the chart can grow: a map has equally many for each of its rows."""

    def fitted(self, lines: int) -> int:
        """Return the lines that the chart can use, at most these."""
        return lines if not self.step or lines < self.min_lines else lines - (lines - self.min_lines) % self.step


ANY_CHART_SIZE = ChartSize()


def part_alone(focus: Literal["chart", "picture", "table", "detail", "workers"]) -> Part:
    """Return the part that fills the middle; a screen divides a chart's region among its pictures."""
    return "chart" if focus == "picture" else focus


def frame(width: int, height: int, answer: int, summary: int = SUMMARY_LINES) -> tuple[dict[Part, Region], Region]:
    """Return the parts at the top and at the bottom, which every open run has, and the middle between them.

    ``answer`` and ``summary`` are the numbers of their lines.
    """
    gap = 1 if height >= TALL else 0
    top = summary + gap + answer + gap
    parts: dict[Part, Region] = {
        "summary": Region(0, 0, width, summary),
        "answer": Region(0, summary + gap, width, answer),
        "keys": Region(0, height - 1, width, 1),
    }
    return parts, Region(0, top, width, max(3, height - top - 1))


def halves(
    middle: Region, *, has_log: bool, chart: ChartSize = ANY_CHART_SIZE, share: float | None = None
) -> tuple[dict[Part, Region], Region | None]:
    """Return the chart or the log, and the region above it; the table or the log alone where both do not fit.

    ``share`` is the part of the lines for the chart that the user chose; None for the usual part.
    """
    lower = max(
        MIN_CHART_LINES, round(middle.height * CHART_SHARE), min(chart.min_lines, middle.height - MIN_TABLE_LINES)
    )
    lower = lines_of(share, lower if has_log else chart.fitted(lower), middle.height)
    if middle.height - lower < 4:
        return {"log" if has_log else "table": middle}, None
    upper, bottom = middle.split_horizontal(middle.height - lower)
    return {"log" if has_log else "chart": bottom}, upper
