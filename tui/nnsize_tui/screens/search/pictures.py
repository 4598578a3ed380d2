"""The pictures of a search: the curve of scores, the losses by epoch, heat maps, importances. One is in sight."""

from collections.abc import Callable
from typing import Literal, TypeAlias

from textual.binding import Binding
from textual.geometry import Region

from nnsize_engine.charts.bar_chart import BarChart
from nnsize_engine.charts.description import Chart
from nnsize_engine.charts.heat_map import HeatMap
from nnsize_engine.charts.importance_data import has_importances
from nnsize_engine.charts.learning_curves import learning_curve
from nnsize_engine.charts.search_chart import SearchChart
from nnsize_engine.charts.search_map import SearchMap
from nnsize_engine.charts.search_space import Pair, SearchSpace, space_of
from nnsize_engine.runs.loss_curves import LossCurve
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.follow.messages import ImportancesSeen, LossesSeen
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.component import Component
from nnsize_tui.screens.search.candidate_table import CandidateTable
from nnsize_tui.screens.search.importance_pictures import IMPORTANCE_KEYS, ImportancePictures
from nnsize_tui.screens.search.map_cursor import MapCursor
from nnsize_tui.screens.search.picture_grid import (
    ONE,
    PARTS,
    SAVED_AS,
    Grid,
    cells,
    fitting,
    grid_of,
    saved_text,
    shown_grid,
)
from nnsize_tui.screens.shared.chart_zoom import ChartZoom
from nnsize_tui.screens.shared.layout import ANY_CHART_SIZE, ChartSize, Focus, Part
from nnsize_tui.screens.shared.open_run import OpenRun
from nnsize_tui.screens.shared.panes import Panes
from nnsize_tui.widgets.explored_chart import ExploredChart

Picture: TypeAlias = Pair | Literal["curve", "learning", "importances"]
"""A curve of scores, the losses by epoch, bars and effects of parameters, or the two dimensions of a heat map."""

MAP_KEYS: tuple[Binding, ...] = (
    Binding("left,h", "cell(-1, 0)", "Cell", id="map.left", tooltip="A heat map alone: the cell to the left"),
    Binding("right,l", "cell(1, 0)", "Cell", id="map.right", show=False,
            tooltip="A heat map alone: the cell to the right"),
    Binding("up,k", "cell(0, 1)", "Cell", id="map.up", show=False, tooltip="A heat map alone: the cell above"),
    Binding("down,j", "cell(0, -1)", "Cell", id="map.down", show=False, tooltip="A heat map alone: the cell below"),
)  # fmt: skip
"""The keys that select the candidate of a cell."""

KEYS: tuple[Binding, ...] = (
    Binding("m", "picture(1, 'learning')", "Learning", id="run.learning",
            tooltip="The losses by epoch of the selected candidate, also of its fits under way"),
    Binding("m", "picture(1, 'map')", "Map", id="run.map",
            tooltip="The next heat map: a score for every two values of two parameters"),
    Binding("m", "picture(1, 'curve')", "Curve", id="run.curve", tooltip="The curve of scores again"),
    Binding("M", "picture(-1, None)", "Picture back", id="run.map_back", show=False, tooltip="The picture before"),
    *IMPORTANCE_KEYS,
    Binding("number_sign", "grid", "Grid", id="run.grid",
            tooltip="Several pictures side by side, as many as have room; the first one is zoomed and read"),
    Binding("T", "training", "Training", id="run.training",
            tooltip="The curve with the mean scores on the rows trained on; again: without them"),
)  # fmt: skip

MIN_PICTURE_LINES = 11
"""Lines for a curve of a search that also has maps."""

MAP_FRAME_LINES = 3
"""Lines of a heat map without its rows: an axis, and a legend of two lines."""


class Pictures(Component):
    """Show one picture of a search for the selected candidate, and select candidates in it."""

    def __init__(
        self,
        screen: BaseScreen[None],
        run: OpenRun[SizeView],
        panes: Panes[Part, Focus],
        zoom: ChartZoom,
        *,
        show: Callable[[bool], None],
    ) -> None:
        """``show`` shows the selected candidate again, at once if True, else soon."""
        self._screen, self._run, self._panes, self._zoom = screen, run, panes, zoom
        self._show = show
        self._space: SearchSpace | None = None
        self._settings: SizeSettings | None = None
        self._pictures: list[Picture] = ["curve"]
        self._place = 0
        self._importances = ImportancePictures(run.wanted)
        self._losses: tuple[int, tuple[LossCurve, ...]] | None = None
        """The candidate whose losses were read last, and the losses."""

        self._has_training = False
        """True if the curve includes the training scores, which may take most of its height."""

        self._curve: SearchChart | None = None
        self._map: SearchMap | None = None
        self._grid: Grid | None = None
        """The grid that the user wants; None until it is read from the saved state."""

        self._region = Region()
        """The room for all pictures, as it was when they were arranged last."""

    @property
    def _picture(self) -> Picture:
        return "importances" if self._importances.are_shown else self._pictures[self._place]

    @property
    def _table(self) -> CandidateTable:
        return self._screen.query_one(CandidateTable)

    def is_of(self, view: SizeView) -> bool:
        """Return whether the pictures are those of this view's settings; an extended run has others."""
        return self._settings == view.settings

    def begin(self, view: SizeView) -> None:
        """Find the pictures that the settings of a search allow."""
        self._settings, self._losses = view.settings, None
        self._space = space = space_of(view.settings, [summary.candidate for summary in view.summaries])
        # A map shows all of a grid of layers, and a curve does not.
        first = space.pairs[:1] if space.layers else ()
        self._pictures = [*first, "curve", *space.pairs[len(first) :], "learning"]
        self._place = 0
        self._importances.begin()

    def forget_drawn(self) -> None:
        """Draw the next picture from the newest view."""
        self._curve = self._map = None

    def arrange(self, parts: dict[Part, Region]) -> dict[Part, Region]:
        """Return the regions of all parts, with the chart's divided among the pictures in sight."""
        before, self._region = self._shown_grid, parts.get("chart", Region())
        if self._shown_grid == ONE:
            return parts
        if self._shown_grid != before:
            self._screen.call_later(self._show, True)  # further pictures came into sight
        return parts | dict(cells(self._shown_grid, self._region))

    @property
    def _wanted_grid(self) -> Grid:
        if self._grid is None:
            self._grid = grid_of(self._screen.explorer.saved_value(SAVED_AS))
        return self._grid

    @property
    def _shown_grid(self) -> Grid:
        return shown_grid(self._wanted_grid, self._region, len(self._pictures))

    @property
    def _in_sight(self) -> list[Picture]:
        """The pictures in sight: the one that the keys are about, and those that follow it."""
        further = range(1, self._shown_grid.count)
        return [self._picture, *(self._pictures[(self._place + step) % len(self._pictures)] for step in further)]

    def draw(self, view: SizeView, number: int, *, is_best_alone: bool, at_once: bool = False) -> None:
        """Show the pictures for a candidate; losses are shown as soon as they are read."""
        pictures = self._in_sight
        self._want(number if "learning" in pictures else None)
        for part, picture in zip(PARTS, pictures, strict=False):
            if picture != "learning" or (self._losses is not None and self._losses[0] == number):
                chart = self._chart(picture, view, number, is_best_alone=is_best_alone)
                self._screen.query_one(f"#{part}", ChartView).show(chart, at_once=at_once)

    def _want(self, candidate: int | None) -> None:
        """Ask for the losses of this candidate; None for no losses."""
        if candidate != self._run.wanted.candidate:
            self._run.wanted.candidate = candidate
            if candidate is not None:
                self._run.look_now()

    def _chart(
        self, picture: Picture, view: SizeView, selected: int, *, is_best_alone: bool
    ) -> Chart | HeatMap | BarChart:
        assert self._space is not None
        if picture == "importances":
            return self._importances.picture()
        if picture == "learning":
            curves = self._losses[1] if self._losses is not None else ()
            return learning_curve(curves, view.summaries[selected].candidate, view.settings)
        if picture == "curve":
            self._curve = self._curve or SearchChart(view, self._space, has_training=self._has_training)
            return self._curve.chart(selected, is_best_alone=is_best_alone)
        self._map = self._map or SearchMap(view, self._space)
        return self._map.heat(picture, selected)

    def losses_seen(self, message: LossesSeen) -> None:
        """Show the losses of the selected candidate."""
        is_another = self._losses is None or self._losses[0] != message.candidate
        self._losses = (message.candidate, message.curves)
        if "learning" in self._in_sight:
            self._show(is_another)  # at once, because they answer a key
            self._screen.refresh_bindings()

    def importances_seen(self, message: ImportancesSeen) -> None:
        """Show newer importances."""
        is_first = self._importances.take(message.found)
        if self._importances.are_shown:
            self._show(is_first)  # at once, because they answer a key
            self._screen.refresh_bindings()

    def wanted_size(self) -> ChartSize:
        """Return the lines that the picture can use; a map has equally many for each row."""
        if self._space is None or len(self._space.dimensions) == 1:
            return ANY_CHART_SIZE
        if isinstance(self._picture, str):
            return ChartSize(min_lines=MIN_PICTURE_LINES)
        rows = len(self._space.dimensions[self._picture[1]].labels)
        return ChartSize(min_lines=rows + MAP_FRAME_LINES, step=rows)

    # Keys and the mouse.

    def can_do(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Return whether a key of the pictures works now."""
        if action == "cell":
            return self._zoom.is_map_alone
        if action == "training":
            return "curve" in self._in_sight
        if action == "grid":
            return len(fitting(self._region, len(self._pictures))) > 1
        if action in ("importances", "effect"):
            return self._has_importances and self._importances.can_do(action, parameters)
        if self._importances.are_shown:
            return parameters[1] in (None, self._kind_of(self._pictures[self._place]))
        following = self._pictures[(self._place + 1) % len(self._pictures)]
        return len(self._pictures) > 1 and parameters[1] in (None, self._kind_of(following))

    @property
    def _has_importances(self) -> bool:
        return self._space is not None and has_importances(self._space)

    @staticmethod
    def _kind_of(picture: Picture) -> str:
        return picture if isinstance(picture, str) else "map"

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return the reason why a key of the pictures does not work now."""
        if self.can_do(action, parameters):
            return ""
        if action == "cell":
            return "it is for a heat map alone, as Zoom shows it"
        if action == "training":
            return "it is for the curve of scores, and another picture is shown"
        if action == "grid":
            return "there is no room for several pictures"
        if action in ("importances", "effect"):
            return self._importances.why_not(action, parameters, has_any=self._has_importances)
        return "there is no other picture" if len(self._pictures) == 1 else "another picture is the next one"

    def action_picture(self, step: int, _: str | None) -> None:
        """Show the next picture, or the one before; from the importances, the one that they replaced."""
        if self._importances.are_shown:
            self._importances.leave()
        else:
            self._place = (self._place + step) % len(self._pictures)
        self._show_another()

    def action_effect(self, _: str) -> None:
        """Show the next effect, or the picture that was there before."""
        self.action_importances()

    def action_importances(self) -> None:
        """Show the bars of the importances, or what follows them."""
        self._importances.go_on()
        self._run.look_now()
        self._show_another()

    def _show_another(self) -> None:
        self._screen.query_one(ExploredChart).reset_zoom()
        if self._panes.focus_on == "table":
            self._panes.show_all()
        self._show(True)
        self._panes.place()
        self._screen.refresh_bindings()

    def action_grid(self) -> None:
        """Show the next number of pictures side by side that has room; after the largest, one."""
        found = fitting(self._region, len(self._pictures))
        self._grid = found[(found.index(self._shown_grid) + 1) % len(found)]
        self._screen.explorer.save_value(SAVED_AS, saved_text(self._grid))
        self._panes.place()
        self._show(True)
        self._screen.notify(f"Pictures: {self._grid.words}", markup=False)
        self._screen.refresh_bindings()

    def action_training(self) -> None:
        """Add the training scores to the curve, or leave them out again."""
        self._has_training = not self._has_training
        self._curve = None
        self._show(True)

    def action_cell(self, across: int, up: int) -> None:
        """Select the candidate of the next cell in a direction."""
        cursor = self._map_cursor()
        if cursor is not None:
            self._table.choose(cursor.next(across, up))

    def pointed(self, message: ExploredChart.Pointed) -> None:
        """Select the candidate nearest to the mouse; read losses there, with the chart alone."""
        if self._picture in ("learning", "importances"):
            self._panes.show_only("chart")
            self._zoom.chart.read_near(message.x)
        elif self._curve is not None:
            table = self._table
            numbers = [item.summary.candidate.number for item in table.items]
            near = self._curve.nearest(message.x, message.y, numbers)
            if near is not None:
                table.choose(near)

    def cell_pointed(self, message: ExploredChart.CellPointed) -> None:
        """Select the candidate of the cell."""
        cursor = self._map_cursor()
        if cursor is not None and self._run.view is not None:
            self._table.choose(cursor.best_of(message.spots, self._run.view))

    def _map_cursor(self) -> MapCursor | None:
        """Return a cursor on the selected candidate, where a heat map is in sight."""
        table = self._table
        if isinstance(self._picture, str) or table.highlighted is None or self._space is None:
            return None
        chosen = table.highlighted.summary.candidate.number
        return MapCursor(self._space, self._picture, chosen, lambda number: table.index_of(number) is not None)
