"""The layout that the screens of a search and of an evolution share."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from textual.geometry import Region

Part: TypeAlias = Literal["summary", "answer", "table", "folds", "detail", "histogram", "chart", "log", "keys"]
"""Only a search has folds; only an evolution has detail and histogram."""


Focus: TypeAlias = Literal["all", "chart", "table", "detail"]
"""What fills the middle: every part, or one alone; the detail of a generation stands with its histogram."""


WIDE, TALL = 118, 30
"""Columns and lines from which on the folds stand below the chart."""


MIN_LOG_WIDTH = 40
"""Columns that a log in a place of its own needs."""


MIN_CHART_LINES = 7


MIN_TABLE_LINES = 6
"""Lines that stay for the table, however many a chart would use."""


CHART_SHARE = 0.52
"""Share of the middle that is for the chart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartSize:
    """The lines that a chart can use."""

    min_lines: int = 0
    step: int = 0
    """More lines are of use only in multiples of this: a map has equally many for each of its rows."""

    def fitted(self, lines: int) -> int:
        """Return so many lines or fewer, as far as they are of use."""
        return lines if not self.step or lines < self.min_lines else lines - (lines - self.min_lines) % self.step


ANY_CHART_SIZE = ChartSize()


def frame(width: int, height: int, answer: int) -> tuple[dict[Part, Region], Region]:
    """Return the parts above and below, which every open run has, and what they leave for the others."""
    gap = 1 if height >= TALL else 0
    top = 2 + gap + answer + gap
    parts: dict[Part, Region] = {
        "summary": Region(0, 0, width, 2),
        "answer": Region(0, 2 + gap, width, answer),
        "keys": Region(0, height - 1, width, 1),
    }
    return parts, Region(0, top, width, max(3, height - top - 1))


def halves(
    middle: Region, *, has_log: bool, chart: ChartSize = ANY_CHART_SIZE
) -> tuple[dict[Part, Region], Region | None]:
    """Return the chart or the log below, and what it leaves above; the table or the log alone where two do not fit."""
    lower = max(
        MIN_CHART_LINES, round(middle.height * CHART_SHARE), min(chart.min_lines, middle.height - MIN_TABLE_LINES)
    )
    lower = lower if has_log else chart.fitted(lower)
    if middle.height - lower < 4:
        return {"log" if has_log else "table": middle}, None
    upper, bottom = middle.split_horizontal(middle.height - lower)
    return {"log" if has_log else "chart": bottom}, upper
