"""The layout of an open run that compares strategies, at any size. Parts without room are hidden."""

from textual.geometry import Region

from nnsize_tui.screens.shared.layout import MIN_CHART_LINES, TALL, WIDE, Focus, Part, frame, part_alone
from nnsize_tui.widgets.run_header import SUMMARY_LINES

MIN_DETAIL_WIDTH = 44
"""Columns that the seeds of a strategy need next to the table."""

MIN_ROWS, MAX_TABLE_SHARE = 4, 0.45
"""Rows of the table at least, and its largest share of the middle."""

MIN_LOG_LINES = 6
"""Lines of a log below the seeds."""


def arrange(
    width: int,
    height: int,
    *,
    answer: int,
    summary: int = SUMMARY_LINES,
    table: tuple[int, int],
    focus: Focus = "all",
    has_log: bool | None,
) -> dict[Part, Region]:
    """Return the region of each part in sight.

    ``answer`` and ``summary`` are the numbers of their lines, ``table`` are the columns and the lines that show the
    whole table. The table and the seeds of a strategy stand above the chart; a log takes the place of the seeds, or
    that of the chart.
    """
    parts, middle = frame(width, height, answer, summary)
    if focus != "all":
        parts[part_alone(focus)] = middle
        return parts
    is_large = width >= WIDE and height >= TALL
    most = max(MIN_ROWS, round(middle.height * MAX_TABLE_SHARE))
    lines = min(most, max(MIN_ROWS, table[1] + is_large))
    if middle.height - lines < MIN_CHART_LINES:
        parts["log" if has_log else "table"] = middle
        return parts
    upper, lower = middle.split_horizontal(lines)
    parts["log" if has_log and not is_large else "chart"] = lower
    room = width - table[0] - 2
    if room < MIN_DETAIL_WIDTH:
        parts["table"] = upper
        return parts
    left, rest = upper.split_vertical(table[0])
    parts["table"] = left
    parts["log" if has_log and is_large else "detail"] = Region(rest.x + 2, rest.y, rest.width - 2, rest.height)
    return parts
