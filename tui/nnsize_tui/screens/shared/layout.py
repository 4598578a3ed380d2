"""Layout that the screens of a search and of an evolution share."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from textual.geometry import Region

Part: TypeAlias = Literal["summary", "answer", "table", "folds", "detail", "histogram", "chart", "log", "keys"]
"""The folds are a size search's; detail and histogram an evolution's."""


Focus: TypeAlias = Literal["all", "chart", "table", "detail"]
"""What fills the middle: every part, or one alone; the detail, which only an evolution has, with its histogram."""


WIDE, TALL = 118, 30
"""From this size on the folds have a place of their own below the chart."""


LOG_FROM = 40
"""Least width for a log in a place of its own."""


LEAST_CHART = 7


LEAST_TABLE = 6
"""Lines that stay for the table, however many a chart would like."""


CHART_SHARE = 0.52


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The lines that a chart would like to have."""

    least: int = 0
    step: int = 0
    """More than the least are of use only in multiples of this: a map has equally many for each of its rows."""

    def fitted(self, lines: int) -> int:
        """So many lines or fewer, as far as they are of use."""
        return lines if not self.step or lines < self.least else lines - (lines - self.least) % self.step


ANY_CHART_SIZE = Wish()


def frame(width: int, height: int, answer: int) -> tuple[dict[Part, Region], Region]:
    """The parts above and below, which every open run has, and what they leave for the others."""
    gap = 1 if height >= TALL else 0
    top = 2 + gap + answer + gap
    parts: dict[Part, Region] = {
        "summary": Region(0, 0, width, 2),
        "answer": Region(0, 2 + gap, width, answer),
        "keys": Region(0, height - 1, width, 1),
    }
    return parts, Region(0, top, width, max(3, height - top - 1))


def halves(middle: Region, *, has_log: bool, chart: Wish = ANY_CHART_SIZE) -> tuple[dict[Part, Region], Region | None]:
    """The chart, or the log, below, and what that leaves above; where two do not fit, the table or the log alone."""
    lower = max(LEAST_CHART, round(middle.height * CHART_SHARE), min(chart.least, middle.height - LEAST_TABLE))
    lower = lower if has_log else chart.fitted(lower)
    if middle.height - lower < 4:
        return {"log" if has_log else "table": middle}, None
    upper, bottom = middle.split_horizontal(middle.height - lower)
    return {"log" if has_log else "chart": bottom}, upper
