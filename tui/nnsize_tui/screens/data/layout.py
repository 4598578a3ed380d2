"""The layout of the data screen at every size; parts without room are hidden."""

from typing import Literal

from textual.geometry import Region

Part = Literal["title", "said", "table", "column", "facts", "rows", "keys"]
View = Literal["column", "rows", "facts"]
"""The part below the columns where there is no room for all parts."""

VIEWS: tuple[View, ...] = ("column", "rows", "facts")

WIDE, TALL = 118, 30
"""Columns and lines from which on all parts are in sight."""

MIN_LINES = 13  # of the middle for two stacked parts

MAX_UPPER_LINES = 24  # of the upper parts; more only for more columns of the data


def arrange(width: int, height: int, *, said: int, columns: int, view: View, is_alone: bool) -> dict[Part, Region]:
    """Return the region of each part in sight.

    ``said`` are the lines of words above; ``columns`` is the number of the data's columns. ``is_alone`` leaves only
    the view in the middle.
    """
    parts: dict[Part, Region] = {
        "title": Region(0, 0, width, 1),
        "said": Region(0, 1, width, said),
        "keys": Region(0, height - 1, width, 1),
    }
    middle = Region(0, 1 + said, width, max(1, height - 2 - said))
    if is_alone:
        parts[view] = middle
    elif width >= WIDE and height >= TALL:
        most = middle.height - max(8, middle.height * 3 // 10)
        upper, rows = middle.split_horizontal(min(most, max(MAX_UPPER_LINES, columns + 1)))
        left, rest = upper.split_vertical(width * 21 // 40)
        right = Region(rest.x + 2, rest.y, rest.width - 2, rest.height)
        column, facts = right.split_horizontal(right.height * 11 // 20)
        parts |= {"table": left, "column": column, "facts": facts, "rows": rows}
    elif middle.height < MIN_LINES:
        parts["table"] = middle
    else:
        table, below = middle.split_horizontal(middle.height // 2)
        parts |= {"table": table, view: below}
    return parts
