"""Where the parts of an open run stand, at any size: parts hide rather than squeeze."""

from textual.geometry import Region

from nnsize_tui.screens.search import fold_pane
from nnsize_tui.screens.shared.layout import ANY_CHART_SIZE, LOG_FROM, TALL, WIDE, Focus, Part, Wish, frame, halves

FOLDS_FROM = 27
"""Least width for the folds."""

FOLDS_WIDE = fold_pane.WIDE
"""Width of the folds with everything about them."""


def arrange(
    width: int,
    height: int,
    *,
    answer: int,
    table: int,
    least_table: int | None = None,
    chart: Wish = ANY_CHART_SIZE,
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
