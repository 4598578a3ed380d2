"""Borders between the panes of a screen, which the mouse drags; where they were put is saved."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, assert_never

from textual.geometry import Region

from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.component import Draggable
from nnsize_tui.screens.shared.pane_sizes import USUAL, PaneSizes
from nnsize_tui.screens.shared.panes import Panes

SAVED_AS = "borders"

Border = Literal["table", "chart", "lower"]
"""The border that ends the pane of this name in :class:`PaneSizes`."""


class PaneBorders(Draggable):
    """Drag the borders of a screen's panes, and save where they are."""

    def __init__(self, screen: BaseScreen[None], name: str, panes: Panes[Any, Any]) -> None:
        """``name`` is that of the kind of screen, for which the borders are saved."""
        self._screen, self._name, self._panes = screen, name, panes
        self._sizes: PaneSizes | None = None
        self._held: Border | None = None

    @property
    def sizes(self) -> PaneSizes:
        """The shares of the panes."""
        if self._sizes is None:
            self._sizes = _read(self._screen.explorer.saved_value(SAVED_AS), self._name)
        return self._sizes

    def grab(self, column: int, row: int) -> bool:
        """Take hold of the border at a place: the gap beside the table, or the first line of a pane below another."""
        self._held = self._at(column, row)
        return self._held is not None

    def _at(self, column: int, row: int) -> Border | None:
        parts = self._panes.placed
        table, chart = parts.get("table"), parts.get("chart")
        if table is None or chart is None:
            return None  # a pane is alone
        if chart.x < table.right:
            return "lower" if row == chart.y and chart.x <= column < chart.right else None
        if table.right <= column < chart.x and row >= chart.y:
            return "table"
        below = [one.y for name, one in parts.items() if one.y >= self._chart_end(parts) and name != "keys"]
        return "chart" if below and row == min(below) and column >= chart.x else None

    def _chart_end(self, parts: Mapping[Any, Region]) -> int:
        """Return the line below the chart and all pictures beside it."""
        chart = parts["chart"]
        pictures = [one for name, one in parts.items() if name == "chart" or name.startswith("picture")]
        return max(one.bottom for one in pictures if one.x >= chart.x)

    def drag(self, column: int, row: int) -> None:
        """Move the border that is held."""
        parts = self._panes.placed
        table, chart = parts.get("table"), parts.get("chart")
        if self._held is None or table is None or chart is None:
            return
        width, bottom = self._screen.size.width, parts["keys"].y
        match self._held:
            case "table":
                sizes = replace(self.sizes, table=column / width)
            case "chart":
                sizes = replace(self.sizes, chart=(row - chart.y) / (bottom - chart.y))
            case "lower":
                sizes = replace(self.sizes, lower=(bottom - row) / (bottom - table.y))
            case _:
                assert_never(self._held)
        if sizes != self._sizes:
            self._sizes = sizes
            self._panes.place()

    def drop(self) -> None:
        """Save the places of the borders."""
        if self._held is None:
            return
        self._held = None
        saved = self._screen.explorer.saved_value(SAVED_AS)
        known = saved if isinstance(saved, dict) else {}
        shares = {name: getattr(self.sizes, name) for name in PaneSizes.__dataclass_fields__}
        self._screen.explorer.save_value(SAVED_AS, known | {self._name: shares})


def _read(saved: object, name: str) -> PaneSizes:
    """Return the saved shares of a kind of screen; the usual ones for all that is none."""
    of_screen = saved.get(name) if isinstance(saved, dict) else None
    if not isinstance(of_screen, dict):
        return USUAL
    shares = {
        field: share
        for field in PaneSizes.__dataclass_fields__
        if isinstance(share := of_screen.get(field), float) and 0 < share < 1
    }
    return PaneSizes(**shares)
