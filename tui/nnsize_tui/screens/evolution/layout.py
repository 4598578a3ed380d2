"""Where the parts of an open evolution stand, at any size: parts hide rather than squeeze."""

from textual.geometry import Region

from nnsize_tui.screens.evolution import generation_detail
from nnsize_tui.screens.shared.layout import LOG_FROM, TALL, WIDE, Focus, Part, frame, halves

TABLE_FROM = 50
"""Least width that the table keeps beside something else."""

HISTOGRAM_FROM = 26
"""Least width for the population's histogram."""

DETAIL_FROM, DETAIL_WIDE = generation_detail.LEAST_WIDE, generation_detail.WIDE
"""Least width for the generation in numbers, and the width with everything about it."""

LEAST_LOWER, MOST_LOWER, LOWER_SHARE = 9, 17, 0.4
"""Lines of what stands below the chart on a large screen, and its share of them."""

LOG_BELOW_FROM = 30
"""Lines from which on the table leaves room for the log below it."""

DETAIL_BELOW_FROM = 18
"""Lines from which on detail and histogram may stand one above the other."""


def arrange(
    width: int, height: int, *, answer: int, table: int, focus: Focus = "all", has_log: bool | None
) -> dict[Part, Region]:
    """The place of each part in sight.

    ``answer`` is the number of its lines, ``table`` the width that shows every column; ``has_log`` asks for the log: in
    a place of its own where there is room, else in that of the chart; None asks for it only where there is room.
    """
    parts, middle = frame(width, height, answer)
    if focus == "detail":
        parts |= _detail_and_histogram(middle)
    elif focus != "all":
        parts[focus] = middle
    elif width >= WIDE and height >= TALL:
        parts |= _side_by_side(middle, table, has_log=has_log)
    else:
        parts |= _stacked(middle, table, has_log=bool(has_log))
    return parts


def _side_by_side(middle: Region, table: int, *, has_log: bool | None) -> dict[Part, Region]:
    """The table, below it the log where it has room; beside it the chart, and below that the generation."""
    left, rest = middle.split_vertical(min(table, middle.width // 2))
    right = Region(rest.x + 2, rest.y, rest.width - 2, rest.height)
    below = max(LEAST_LOWER, min(MOST_LOWER, round(middle.height * LOWER_SHARE)))
    chart, lower = right.split_horizontal(right.height - below)
    parts: dict[Part, Region] = {"table": left, "chart": chart, **_detail_and_histogram(lower)}
    if has_log is not False and middle.height >= LOG_BELOW_FROM and left.width >= LOG_FROM:
        parts["table"], parts["log"] = left.split_horizontal(left.height - below)
    elif has_log:
        parts["log"] = parts.pop("chart")
    return parts


def _stacked(middle: Region, table: int, *, has_log: bool) -> dict[Part, Region]:
    """The table with the generation beside it; below them the chart, or the log."""
    parts, upper = halves(middle, has_log=has_log)
    if upper is None:
        return parts
    room = upper.width - TABLE_FROM - 2
    if room < HISTOGRAM_FROM:
        return parts | {"table": upper}
    both = HISTOGRAM_FROM + 2 + DETAIL_FROM
    beside = max(both if room >= both else HISTOGRAM_FROM, upper.width - table - 2)
    left, rest = upper.split_vertical(upper.width - beside - 2)
    return parts | {"table": left} | _detail_and_histogram(Region(rest.x + 2, rest.y, beside, rest.height))


def _detail_and_histogram(region: Region) -> dict[Part, Region]:
    """Beside each other; one above the other; or the histogram alone, of which the table has nothing."""
    if region.width >= DETAIL_FROM + 2 + HISTOGRAM_FROM:
        most = region.width - 2 - HISTOGRAM_FROM
        detail, rest = region.split_vertical(min(DETAIL_WIDE, most))
        return {"detail": detail, "histogram": Region(rest.x + 2, rest.y, rest.width - 2, rest.height)}
    if region.height >= DETAIL_BELOW_FROM:
        histogram, detail = region.split_horizontal(region.height // 2)
        return {"histogram": histogram, "detail": detail}
    return {"histogram": region}
