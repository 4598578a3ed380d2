"""The layout of an open search at any size. Parts without room are hidden."""

from textual.geometry import Region

from nnsize_tui.screens.search import fold_pane
from nnsize_tui.screens.shared.layout import (
    ANY_CHART_SIZE,
    MIN_LOG_WIDTH,
    TALL,
    WIDE,
    ChartSize,
    Focus,
    Part,
    frame,
    halves,
    part_alone,
)
from nnsize_tui.screens.shared.pane_sizes import USUAL, PaneSizes, columns_of, lines_of
from nnsize_tui.widgets.run_header import SUMMARY_LINES

MIN_FOLDS_WIDTH = 27
"""Columns that the folds need."""

FOLDS_WIDE = fold_pane.WIDE
"""Columns that the folds need with six decimals and times."""


def arrange(
    width: int,
    height: int,
    *,
    answer: int,
    summary: int = SUMMARY_LINES,
    table: int,
    min_table: int | None = None,
    chart: ChartSize = ANY_CHART_SIZE,
    focus: Focus = "all",
    has_log: bool | None,
    folds: int,
    sizes: PaneSizes = USUAL,
) -> dict[Part, Region]:
    """Return the region of each part in sight.

    ``answer`` and ``summary`` are the numbers of their lines, ``table`` is the width of the whole table, ``min_table``
    the width at which it still says what matters, ``chart`` the lines that the chart can use, ``folds`` the lines of
    that pane, ``sizes`` the shares of panes that the user chose.

    ``has_log`` asks for the log: in a region of its own where there is room, else in that of the chart. None asks
    for it only where there is room.
    """
    parts, middle = frame(width, height, answer, summary)
    if focus != "all":
        parts[part_alone(focus)] = middle
    elif width >= WIDE and height >= TALL:
        left = columns_of(sizes.table, min(table, middle.width // 2), middle.width)
        parts |= _side_by_side(middle, left, folds, chart, has_log=has_log, share=sizes.chart)
    else:
        parts |= _stacked(middle, table, min_table or table, chart, has_log=bool(has_log), share=sizes.lower)
    return parts


def _side_by_side(
    middle: Region, table: int, folds: int, chart_size: ChartSize, *, has_log: bool | None, share: float | None
) -> dict[Part, Region]:
    """Put the table at the left; at the right the chart, and below it the folds, and the log where it has room."""
    left, rest = middle.split_vertical(table)
    right = Region(rest.x + 2, rest.y, rest.width - 2, rest.height)
    below = max(8, min(folds, right.height // 3))
    lines = lines_of(share, chart_size.fitted(right.height - below), right.height)
    chart, lower = right.split_horizontal(lines)
    parts: dict[Part, Region] = {"table": left, "chart": chart, "folds": lower}
    log_width = min(right.width // 2, right.width - FOLDS_WIDE - 2)
    if has_log is not False and log_width >= MIN_LOG_WIDTH:
        parts["folds"] = Region(lower.x, lower.y, lower.width - log_width - 2, lower.height)
        parts["log"] = Region(lower.right - log_width, lower.y, log_width, lower.height)
    elif has_log:
        parts["log"] = parts.pop("chart")
    return parts


def _stacked(
    middle: Region, table: int, min_table: int, chart: ChartSize, *, has_log: bool, share: float | None
) -> dict[Part, Region]:
    """Put the table and the folds side by side, and below them the chart or the log."""
    parts, upper = halves(middle, has_log=has_log, chart=chart, share=share)
    if upper is None:
        return parts
    beside = upper.width - MIN_FOLDS_WIDTH - 1
    if beside >= min_table:  # less important columns are hidden, not the folds
        left, rest = upper.split_vertical(min(table, beside))
        parts["table"] = left
        parts["folds"] = Region(rest.x + 1, rest.y, rest.width - 1, rest.height)
    else:
        parts["table"] = upper
    return parts
