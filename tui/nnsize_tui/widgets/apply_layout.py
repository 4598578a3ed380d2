"""Apply a layout to the widgets of a screen."""

from collections.abc import Mapping
from typing import Any

from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget

from nnsize_tui.chart.widget import ChartView
from nnsize_tui.widgets.canvas import Canvas


def apply_layout(screen: Screen[Any], parts: Mapping[Any, Region], ids: tuple[str, ...]) -> None:
    """Give each widget with one of these ids its region, drawn for it; hide widgets without a region."""
    for widget in screen.query(", ".join(f"#{name}" for name in ids)).results(Widget):
        region = parts.get(widget.id)
        widget.display = region is not None
        if region is not None:
            widget.styles.offset = (region.x, region.y)
            widget.styles.width, widget.styles.height = region.width, region.height
            if isinstance(widget, Canvas | ChartView):
                widget.prepare(region.width, region.height)
