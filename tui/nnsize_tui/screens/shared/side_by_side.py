"""Several pictures of a screen side by side, one of which is chosen: the keys of charts are about it."""

from collections.abc import Callable, Mapping
from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.geometry import Region

from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.component import Component
from nnsize_tui.screens.shared.chart_zoom import ChartZoom
from nnsize_tui.screens.shared.panes import Panes
from nnsize_tui.screens.shared.picture_grid import (
    ONE,
    PARTS,
    Grid,
    PicturePart,
    cells,
    fitting,
    grid_of,
    saved_text,
    shown_grid,
)
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.widgets.explored_chart import ExploredChart
from nnsize_tui.widgets.picture_mark import PictureMark

KEYS: tuple[Binding, ...] = (
    Binding("number_sign", "grid", "Grid", id="chart.grid",
            tooltip="Several pictures side by side, as many as have room; it is remembered"),
    Binding("tab", "choose_picture(1)", "Next picture", id="chart.next_picture",
            tooltip="Several pictures alone: the next one, which all keys are about then; as a click does"),
    Binding("shift+tab", "choose_picture(-1)", "Picture before", id="chart.picture_before", show=False,
            tooltip="Several pictures alone: the one before"),
)  # fmt: skip

ONE_PICTURE = "picture"
"""The content of the middle after several pictures: the chosen one alone."""

MARK = "picture_mark"


class SideBySide(Component):
    """Arrange pictures in the grid that the user wants, and know which of them is chosen."""

    def __init__(
        self,
        screen: BaseScreen[None],
        panes: Panes[Any, Any],
        zoom: ChartZoom,
        *,
        saved_as: str,
        pictures: Callable[[], int],
        show: Callable[[], None],
    ) -> None:
        """``pictures`` counts those that there are; ``show`` draws those in sight at once."""
        self._screen, self._panes, self._zoom = screen, panes, zoom
        self._saved_as, self._pictures, self._show = saved_as, pictures, show
        self._wanted: Grid | None = None
        """The grid that the user wants; None until it is read from the saved state."""

        self._region = Region()
        """The room for all pictures, as it was when they were arranged last."""

        self._chosen = 0

    @property
    def grid(self) -> Grid:
        """The grid that has room."""
        if self._wanted is None:
            self._wanted = grid_of(self._screen.explorer.saved_value(self._saved_as))
        return shown_grid(self._wanted, self._region, self._pictures())

    @property
    def chosen(self) -> int:
        """The place of the chosen picture in the grid."""
        return min(self._chosen, self.grid.count - 1)

    @property
    def in_sight(self) -> tuple[PicturePart, ...]:
        """The parts of the screen that show pictures now."""
        grid = self.grid
        return (PARTS[self.chosen],) if self._is_one_alone else PARTS[: grid.count]

    @property
    def _is_one_alone(self) -> bool:
        return bool(self._panes.focus_on == ONE_PICTURE)

    @property
    def _has_room(self) -> bool:
        """True if several pictures have room where all are now."""
        return len(fitting(self._region, self._pictures())) > 1 and not self._is_one_alone

    def skips(self, focus: str) -> bool:
        """Return whether the key that zooms passes over a content of the middle: one picture alone where all are."""
        return focus == ONE_PICTURE and self.grid == ONE

    def place_of(self, chart: ExploredChart) -> int:
        """Return the place of a chart in the grid."""
        return PARTS.index(chart.id)

    def arrange(self, parts: Mapping[Any, Region]) -> dict[Any, Region]:
        """Return the regions of all parts, with the chart's divided among the pictures in sight."""
        before, had_room = self.in_sight, self._has_room
        self._region = parts.get("chart", Region())
        if self._has_room != had_room:
            self._screen.call_later(self._screen.refresh_bindings)  # the key that shows several is offered, or not
        after, found = self.in_sight, dict[Any, Region](parts)
        self._zoom.part = PARTS[self.chosen]
        if after != before:
            self._screen.call_later(self._show)  # further pictures came into sight
        if not self._region:
            return found
        if self._is_one_alone:
            found[after[0]] = found.pop("chart")
        elif self.grid != ONE:
            found |= dict(cells(self.grid, self._region))
            picture = found[PARTS[self.chosen]]
            found[MARK] = Region(picture.x - 1, picture.y, 1, picture.height)
        return found

    def choose(self, place: int) -> None:
        """Choose the picture at a place of the grid."""
        if place != self.chosen:
            self._chosen = place
            self._panes.place()
            self._show()  # words elsewhere on the screen may be about the chosen one
            self._screen.refresh_bindings()

    # Keys.

    def can_do(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Return whether there are several pictures to show, or to choose from."""
        return not self.why_not(action, parameters)

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return the reason why there are not several pictures."""
        del parameters
        if action == "grid":
            return "" if self._has_room else "there is no room for several pictures"
        is_possible = self.grid != ONE and self._panes.focus_on == "chart"
        return "" if is_possible else "it is for several pictures alone, as Grid and Zoom show them"

    def action_grid(self) -> None:
        """Show the next number of pictures side by side that has room; after the largest, one."""
        found = fitting(self._region, self._pictures())
        self._wanted = found[(found.index(self.grid) + 1) % len(found)]
        self._screen.explorer.save_value(self._saved_as, saved_text(self._wanted))
        self._panes.place()
        self._show()
        self._screen.notify(f"Pictures: {self._wanted.words}", markup=False)
        self._screen.refresh_bindings()

    def action_choose_picture(self, step: int) -> None:
        """Choose the next picture, or the one before."""
        self.choose((self.chosen + step) % self.grid.count)


def pictures_of(glyphs: Glyphs) -> ComposeResult:
    """Return the widgets of the pictures and of their mark."""
    yield from (ExploredChart(unicode=glyphs.unicode, id=part) for part in PARTS)
    yield PictureMark(glyphs, id=MARK)
