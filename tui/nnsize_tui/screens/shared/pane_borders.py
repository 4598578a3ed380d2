"""Borders between the panes of a screen, which the mouse drags and keys move; where they were put is saved."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, assert_never

from textual.binding import Binding
from textual.geometry import Region

from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.component import Draggable
from nnsize_tui.screens.shared.pane_sizes import USUAL, PaneSizes
from nnsize_tui.screens.shared.panes import Panes

KEYS: tuple[Binding, ...] = (
    Binding("left_square_bracket", "resize_chart(1, False)", "Wider chart", id="run.wider", show=False, key_display="[",
            tooltip="Move the border between table and chart: more room for the chart; it is remembered"),
    Binding("right_square_bracket", "resize_chart(-1, False)", "Narrower chart", id="run.narrower", show=False,
            key_display="]", tooltip="Move the border between table and chart: more room for the table"),
    Binding("left_curly_bracket", "resize_chart(1, True)", "Taller chart", id="run.taller", show=False,
            key_display="{", tooltip="Move the border below or above the chart: more lines for the chart"),
    Binding("right_curly_bracket", "resize_chart(-1, True)", "Lower chart", id="run.lower", show=False,
            key_display="}", tooltip="Move the border below or above the chart: fewer lines for the chart"),
)  # fmt: skip

STEP_COLUMNS, STEP_LINES = 4, 2
"""Columns and lines by which a key moves a border."""

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

    @property
    def _table_and_chart(self) -> tuple[Region | None, Region | None]:
        """The regions of both; None for one that is hidden."""
        parts = self._panes.placed
        return parts.get(self._panes.table), parts.get("chart")

    def can_do(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Return whether there is a border to move."""
        del action
        return self._for_key(*parameters) is not None if len(parameters) == 2 else False

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return the reason why there is no border to move."""
        return "" if self.can_do(action, parameters) else "table and chart have no such border now"

    def _for_key(self, step: object, is_height: object) -> tuple[Border, int, int] | None:
        """Return the border that a key moves, and the place to which; None if there is none."""
        table, chart = self._table_and_chart
        if table is None or chart is None or not isinstance(step, int):
            return None
        if chart.x < table.right:
            return "lower", chart.x, chart.y - step * STEP_LINES
        if not is_height:
            return "table", table.right - step * STEP_COLUMNS, chart.y
        end = self._chart_end(self._panes.placed)
        return ("chart", chart.x, end + step * STEP_LINES) if self._at(chart.x, end) == "chart" else None

    def action_resize_chart(self, step: int, is_height: bool) -> None:
        """Give the chart more room or less; do nothing where a pane would become too small."""
        found, sizes, before = self._for_key(step, is_height), self.sizes, self._panes.placed
        if found is None:
            return
        self._held, column, row = found
        self.drag(column, row)
        if self._panes.placed == before:  # the next key in the other direction must move it
            self._sizes = sizes
        self.drop()

    def grab(self, column: int, row: int) -> bool:
        """Take hold of the border at a place: the gap beside the table, or the first line of a pane below another."""
        self._held = self._at(column, row)
        return self._held is not None

    def _at(self, column: int, row: int) -> Border | None:
        parts = self._panes.placed
        table, chart = self._table_and_chart
        if table is None or chart is None:
            return None  # a pane is alone
        if chart.x < table.right:
            return "lower" if row == chart.y else None  # the headings of all pictures
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
        table, chart = self._table_and_chart
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
