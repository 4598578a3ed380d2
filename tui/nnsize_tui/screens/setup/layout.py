"""The layout of the setup screen at every size."""

from typing import Literal

from textual.geometry import Region

Part = Literal["title", "settings", "plan", "overview", "keys"]

WIDE = 118  # columns from which on the data is shown beside the settings
TALL_LINES = 46  # lines from which on all settings are shown at the start

PLAN_LINES = 3  # of the plan without the help of a field: a rule, the fits, the time


def arrange(width: int, height: int) -> dict[Part, Region]:
    """Return the region of each part in sight."""
    parts: dict[Part, Region] = {
        "title": Region(0, 0, width, 1),
        "keys": Region(0, height - 1, width, 1),
    }
    if width >= WIDE:
        left = min(84, width * 11 // 20)
        parts["settings"] = Region(0, 1, left, height - 2)
        right = Region(left + 2, 1, width - left - 2, height - 2)
        plan = PLAN_LINES + help_lines(right.width)
        parts["overview"] = Region(right.x, right.y, right.width, right.height - plan)
        parts["plan"] = Region(right.x, right.bottom - plan, right.width, plan)
    else:
        plan = PLAN_LINES + help_lines(width)
        parts["settings"] = Region(0, 1, width, max(1, height - 2 - plan))
        parts["plan"] = Region(0, height - 1 - plan, width, plan)
    return parts


def help_lines(width: int) -> int:
    """Return the lines that the longest help of a field takes at a width."""
    return 2 if width >= 80 else 3 if width >= 60 else 4
