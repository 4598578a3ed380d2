"""Where the parts of an open run stand, at any size: parts hide rather than squeeze."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from textual.geometry import Region

from nnsize_tui.screens.search import fold_pane

Part: TypeAlias = Literal["summary", "answer", "table", "folds", "detail", "histogram", "chart", "log", "keys"]
"""The folds are a size search's; detail and histogram an evolution's."""

Focus: TypeAlias = Literal["all", "chart", "table", "detail"]
"""What fills the middle: every part, or one alone; the detail, which only an evolution has, with its histogram."""

WIDE, TALL = 118, 30
"""From this size on the folds have a place of their own below the chart."""

FOLDS_FROM = 27
"""Least width for the folds."""

FOLDS_WIDE = fold_pane.WIDE
"""Width of the folds with everything about them."""

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


NO_WISH = Wish()


def arrange(
    width: int,
    height: int,
    *,
    answer: int,
    table: int,
    least_table: int | None = None,
    chart: Wish = NO_WISH,
    focus: Focus = "all",
    has_log: bool | None,
    folds: int,
) -> dict[Part, Region]:
    """The place of each part in sight.

    ``answer`` is the number of its lines, ``table`` the width that the table needs, ``least_table`` that with which it
    still says what matters, ``chart`` the lines that the chart would like to have, ``folds`` the lines of that pane;
    ``has_log`` asks for the log: in a place of its own where there is room, else in that of the chart; None asks for it
    only where there is room.
    """
    parts, middle = frame(width, height, answer)
    if focus != "all":
        parts[focus] = middle
    elif width >= WIDE and height >= TALL:
        parts |= _side_by_side(middle, table, folds, chart, has_log=has_log)
    else:
        parts |= _stacked(middle, table, least_table or table, chart, has_log=bool(has_log))
    return parts


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


def _side_by_side(middle: Region, table: int, folds: int, wish: Wish, *, has_log: bool | None) -> dict[Part, Region]:
    """The table at its full height; beside it the chart, and below that the folds, and the log where it has room."""
    left, rest = middle.split_vertical(min(table, middle.width // 2))
    right = Region(rest.x + 2, rest.y, rest.width - 2, rest.height)
    below = max(8, min(folds, right.height // 3))
    below += right.height - below - wish.fitted(right.height - below)
    chart, lower = right.split_horizontal(right.height - below)
    parts: dict[Part, Region] = {"table": left, "chart": chart, "folds": lower}
    log_width = min(right.width // 2, right.width - FOLDS_WIDE - 2)
    if has_log is not False and log_width >= LOG_FROM:
        parts["folds"] = Region(lower.x, lower.y, lower.width - log_width - 2, lower.height)
        parts["log"] = Region(lower.right - log_width, lower.y, log_width, lower.height)
    elif has_log:
        parts["log"] = parts.pop("chart")
    return parts


def halves(middle: Region, *, has_log: bool, chart: Wish = NO_WISH) -> tuple[dict[Part, Region], Region | None]:
    """The chart, or the log, below, and what that leaves above; where two do not fit, the table or the log alone."""
    lower = max(LEAST_CHART, round(middle.height * CHART_SHARE), min(chart.least, middle.height - LEAST_TABLE))
    lower = lower if has_log else chart.fitted(lower)
    if middle.height - lower < 4:
        return {"log" if has_log else "table": middle}, None
    upper, bottom = middle.split_horizontal(middle.height - lower)
    return {"log" if has_log else "chart": bottom}, upper


def _stacked(middle: Region, table: int, least_table: int, chart: Wish, *, has_log: bool) -> dict[Part, Region]:
    """The table with the folds beside it; below them the chart, or the log."""
    parts, upper = halves(middle, has_log=has_log, chart=chart)
    if upper is None:
        return parts
    beside = upper.width - FOLDS_FROM - 1
    if beside >= least_table:  # what else the table has is hidden rather than the folds
        left, rest = upper.split_vertical(min(table, beside))
        parts["table"] = left
        parts["folds"] = Region(rest.x + 1, rest.y, rest.width - 1, rest.height)
    else:
        parts["table"] = upper
    return parts
