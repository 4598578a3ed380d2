"""Put the parts of a screen in their places."""

from collections.abc import Mapping
from typing import Any

from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget


def place_parts(screen: Screen[Any], parts: Mapping[Any, Region], ids: tuple[str, ...]) -> None:
    """Give each widget with one of these ids its region; hide those that have none."""
    for name in ids:
        widget = screen.query_one(f"#{name}", Widget)
        region = parts.get(name)
        widget.display = region is not None
        if region is not None:
            widget.styles.offset = (region.x, region.y)
            widget.styles.width, widget.styles.height = region.width, region.height
