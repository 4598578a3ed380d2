"""The layout of an open evolution at any size. Parts without room are hidden."""

from textual.geometry import Region

from nnsize_tui.screens.evolution import generation_detail
from nnsize_tui.screens.shared.layout import MIN_LOG_WIDTH, TALL, WIDE, Focus, Part, frame, halves, part_alone
from nnsize_tui.screens.shared.pane_sizes import USUAL, PaneSizes, columns_of, lines_of
from nnsize_tui.widgets.run_header import SUMMARY_LINES

MIN_TABLE_WIDTH = 50
"""Columns that the table keeps next to another part."""

MIN_HISTOGRAM_WIDTH = 26
"""Columns that the population's histogram needs."""

MIN_DETAIL_WIDTH, WIDE_DETAIL_WIDTH = generation_detail.MIN_WIDTH, generation_detail.WIDE
"""Columns that the generation in numbers needs, for one number on a line and for two."""

MIN_LOWER_LINES, MAX_LOWER_LINES, LOWER_SHARE = 9, 17, 0.4
"""Lines of the parts below the chart on a large screen, and their share of the middle."""

MIN_LINES_FOR_LOG = 30
"""Lines of the middle from which on the log has room below the table."""

MIN_LINES_FOR_BOTH = 18
"""Lines from which on detail and histogram may be stacked."""


def arrange(
    width: int,
    height: int,
    *,
    answer: int,
    summary: int = SUMMARY_LINES,
    table: int,
    focus: Focus = "all",
    has_log: bool | None,
    sizes: PaneSizes = USUAL,
) -> dict[Part, Region]:
    """Return the region of each part in sight.

    ``answer`` and ``summary`` are the numbers of their lines, ``table`` the width that shows every column,
    ``sizes`` the shares of panes that the user chose.

    ``has_log`` asks for the log: in a region of its own where there is room, else in that of the chart. None asks
    for it only where there is room.
    """
    parts, middle = frame(width, height, answer, summary)
    if focus == "detail":
        parts |= _detail_and_histogram(middle)
    elif focus != "all":
        parts[part_alone(focus)] = middle
    elif width >= WIDE and height >= TALL:
        left = columns_of(sizes.table, min(table, middle.width // 2), middle.width)
        parts |= _side_by_side(middle, left, has_log=has_log, share=sizes.chart)
    else:
        parts |= _stacked(middle, table, has_log=bool(has_log), share=sizes.lower)
    return parts


def _side_by_side(middle: Region, table: int, *, has_log: bool | None, share: float | None) -> dict[Part, Region]:
    """Put the table at the left, with the log below it where it has room; at the right chart and generation."""
    left, rest = middle.split_vertical(table)
    right = Region(rest.x + 2, rest.y, rest.width - 2, rest.height)
    below = max(MIN_LOWER_LINES, min(MAX_LOWER_LINES, round(middle.height * LOWER_SHARE)))
    chart, lower = right.split_horizontal(lines_of(share, right.height - below, right.height))
    parts: dict[Part, Region] = {"table": left, "chart": chart, **_detail_and_histogram(lower)}
    if has_log is not False and middle.height >= MIN_LINES_FOR_LOG and left.width >= MIN_LOG_WIDTH:
        parts["table"], parts["log"] = left.split_horizontal(left.height - below)
    elif has_log:
        parts["log"] = parts.pop("chart")
    return parts


def _stacked(middle: Region, table: int, *, has_log: bool, share: float | None) -> dict[Part, Region]:
    """Put the table and the generation side by side, and below them the chart or the log."""
    parts, upper = halves(middle, has_log=has_log, share=share)
    if upper is None:
        return parts
    room = upper.width - MIN_TABLE_WIDTH - 2
    if room < MIN_HISTOGRAM_WIDTH:
        return parts | {"table": upper}
    both = MIN_HISTOGRAM_WIDTH + 2 + MIN_DETAIL_WIDTH
    beside = max(both if room >= both else MIN_HISTOGRAM_WIDTH, upper.width - table - 2)
    left, rest = upper.split_vertical(upper.width - beside - 2)
    return parts | {"table": left} | _detail_and_histogram(Region(rest.x + 2, rest.y, beside, rest.height))


def _detail_and_histogram(region: Region) -> dict[Part, Region]:
    """Put both side by side, stacked, or the histogram alone: the table shows the numbers of the detail."""
    if region.width >= MIN_DETAIL_WIDTH + 2 + MIN_HISTOGRAM_WIDTH:
        most = region.width - 2 - MIN_HISTOGRAM_WIDTH
        detail, rest = region.split_vertical(min(WIDE_DETAIL_WIDTH, most))
        return {"detail": detail, "histogram": Region(rest.x + 2, rest.y, rest.width - 2, rest.height)}
    if region.height >= MIN_LINES_FOR_BOTH:
        histogram, detail = region.split_horizontal(region.height // 2)
        return {"histogram": histogram, "detail": detail}
    return {"histogram": region}
