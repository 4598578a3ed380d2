"""The layout of a comparison at any size. Parts without room are hidden."""

from typing import Literal, get_args

from textual.geometry import Region

from nnsize_tui.screens.shared.layout import MIN_CHART_LINES, MIN_TABLE_LINES, TALL, WIDE
from nnsize_tui.screens.shared.pane_sizes import USUAL, PaneSizes, columns_of, lines_of

Part = Literal[
    "title", "compared", "answer", "table", "chart", "picture2", "picture3", "picture4", "picture_mark", "keys"
]  # fmt: skip
PARTS: tuple[Part, ...] = get_args(Part)

Focus = Literal["all", "chart", "picture", "table"]
"""The content of the middle: all parts, all pictures, one of several, or the table."""

FOCUSES: tuple[Focus, ...] = get_args(Focus)

MIN_CHART_WIDTH = 50
"""Columns that a chart next to the table needs."""


def arrange(
    width: int,
    height: int,
    *,
    runs: int,
    answer: int,
    table: int,
    has_chart: bool,
    focus: Focus,
    sizes: PaneSizes = USUAL,
) -> dict[Part, Region]:
    """Return the region of each part in sight.

    ``runs`` and ``answer`` are their lines, ``table`` the columns of the whole table; without ``has_chart``
    there is nothing to draw. ``sizes`` are the shares of panes that the user chose.
    """
    gap = 1 if height >= TALL else 0
    parts: dict[Part, Region] = {
        "title": Region(0, 0, width, 1),
        "compared": Region(0, 1, width, runs),
        "answer": Region(0, 1 + runs + gap, width, answer),
        "keys": Region(0, height - 1, width, 1),
    }
    top = 1 + runs + gap + answer + gap
    middle = Region(0, top, width, max(1, height - 1 - top))
    if not has_chart or focus == "table":
        parts["table"] = middle
    elif focus != "all":
        parts["chart"] = middle
    elif width >= WIDE:
        left, rest = middle.split_vertical(columns_of(sizes.table, min(table, width - MIN_CHART_WIDTH), width))
        parts["table"] = left
        parts["chart"] = Region(rest.x + 2, rest.y, rest.width - 2, rest.height)
    elif middle.height >= MIN_TABLE_LINES + MIN_CHART_LINES:
        usual = middle.height - max(MIN_TABLE_LINES, middle.height // 2)
        upper, lower = middle.split_horizontal(middle.height - lines_of(sizes.lower, usual, middle.height))
        parts |= {"table": upper, "chart": lower}
    else:
        parts["table"] = middle
    return parts
