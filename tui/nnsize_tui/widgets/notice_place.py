"""The place of notices: lines in which they cover nothing that must stay readable."""

from collections.abc import Iterable
from typing import Any

from textual.geometry import Region
from textual.screen import Screen

ENOUGH_LINES = 3
"""Lines that the notices need where each has one; the lowest part of the screen with as many is taken."""


def free_lines(height: int, taken: Iterable[Region]) -> tuple[int, int]:
    """Return the first free line and the line after the last one, of the part of a screen where notices may stand.

    The lowest part with enough lines is the best, else the largest; without any it is the first line.
    """
    parts, top = [], 0
    for region in sorted(taken, key=lambda region: region.y):
        if region.area and region.bottom > top:
            parts.append((top, min(region.y, height)))
            top = region.bottom
    parts = [(first, end) for first, end in (*parts, (top, height)) if end > first]
    enough = [(first, end) for first, end in parts if end - first >= ENOUGH_LINES]
    return enough[-1] if enough else max(parts, key=lambda part: part[1] - part[0], default=(0, 1))


def place_notices(screen: Screen[Any], readable: str) -> None:
    """Put the notices of a screen where they cover nothing that a selector matches."""
    rack = next(iter(screen.query_children("ToastRack")), None)
    if rack is None:
        return
    taken = [one.region for one in screen.query(readable) if rack not in one.ancestors_with_self]
    first, end = free_lines(screen.size.height, taken)
    at_top = first == 0
    rack.styles.dock = rack.styles.align_vertical = "top" if at_top else "bottom"
    rack.styles.margin = (0, 0, 0 if at_top else screen.size.height - end, 0)
    rack.styles.max_height = end - first
