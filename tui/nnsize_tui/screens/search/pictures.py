"""The pictures of a search: the curve of scores, the losses by epoch, heat maps, importances."""

from collections.abc import Callable
from typing import Literal, TypeAlias

from textual.binding import Binding

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
from nnsize_tui.follow.messages import ImportancesSeen, LossesSeen
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.component import Component
from nnsize_tui.screens.search.candidate_table import CandidateTable
from nnsize_tui.screens.search.importance_pictures import IMPORTANCE_KEYS, ImportancePictures
from nnsize_tui.screens.search.map_cursor import MapCursor
from nnsize_tui.screens.shared.chart_zoom import ChartZoom
from nnsize_tui.screens.shared.layout import ANY_CHART_SIZE, ChartSize, Focus, Part
from nnsize_tui.screens.shared.open_run import OpenRun
from nnsize_tui.screens.shared.panes import Panes
from nnsize_tui.screens.shared.picture_grid import PARTS, PicturePart
from nnsize_tui.screens.shared.side_by_side import SideBySide
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
    Binding("T", "training", "Training", id="run.training",
            tooltip="The curve with the mean scores on the rows trained on; again: without them"),
)  # fmt: skip

SAVED_AS = "pictures"

MIN_PICTURE_LINES = 11
"""Lines for a curve of a search that also has maps."""

MAP_FRAME_LINES = 3
"""Lines of a heat map without its rows: an axis, and a legend of two lines."""


class Pictures(Component):
    """Show pictures of a search for the selected candidate, and select candidates in them."""

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
        self.side_by_side = SideBySide(
            screen, panes, zoom, saved_as=SAVED_AS, pictures=lambda: len(self._pictures), show=lambda: show(True)
        )
        self._importances_at = 0
        """The place of the importances in the grid."""

    @property
    def _picture(self) -> Picture:
        """The picture that the keys are about."""
        return self._at(self.side_by_side.chosen)

    def _at(self, place: int) -> Picture:
        """Return the picture at a place of the grid."""
        if self._importances.are_shown and place == min(self._importances_at, self.side_by_side.grid.count - 1):
            return "importances"
        return self._pictures[(self._place + place) % len(self._pictures)]

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

    @property
    def _in_sight(self) -> list[tuple[PicturePart, Picture]]:
        """The pictures in sight, and the parts of the screen that show them."""
        return [(part, self._at(PARTS.index(part))) for part in self.side_by_side.in_sight]

    def _is_in_sight(self, picture: Picture) -> bool:
        return any(one == picture for _, one in self._in_sight)

    def draw(self, view: SizeView, number: int, *, is_best_alone: bool, at_once: bool = False) -> None:
        """Show the pictures for a candidate; losses are shown as soon as they are read."""
        self._want(number if self._is_in_sight("learning") else None)
        for part, picture in self._in_sight:
            if picture != "learning" or (self._losses is not None and self._losses[0] == number):
                chart = self._chart(picture, view, number, is_best_alone=is_best_alone)
                self._screen.query_one(f"#{part}", ExploredChart).show(chart, at_once=at_once)

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
        if self._is_in_sight("learning"):
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
            return self._is_in_sight("curve")
        if action in ("importances", "effect"):
            return self._has_importances and self._importances.can_do(action, parameters)
        following = self._pictures[(self._place + self.side_by_side.chosen + 1) % len(self._pictures)]
        if self._importances.are_shown:
            return parameters[1] in (None, self._kind_of(self._replaced))
        return len(self._pictures) > 1 and parameters[1] in (None, self._kind_of(following))

    @property
    def _replaced(self) -> Picture:
        """The picture that the importances have replaced."""
        place = min(self._importances_at, self.side_by_side.grid.count - 1)
        return self._pictures[(self._place + place) % len(self._pictures)]

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
        if not self._importances.are_shown:
            self._importances_at = self.side_by_side.chosen
        self._importances.go_on()
        self._run.look_now()
        self._show_another()

    def _show_another(self) -> None:
        for chart in self._screen.query(ExploredChart):
            chart.reset_zoom()
        if self._panes.focus_on == "table":
            self._panes.show_all()
        self._show(True)
        self._panes.place()
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
        picture = self._at(self.side_by_side.place_of(message.chart))
        if picture in ("learning", "importances"):
            self._panes.show_only("chart")
            message.chart.read_near(message.x)
        elif self._curve is not None:
            table = self._table
            numbers = [item.summary.candidate.number for item in table.items]
            near = self._curve.nearest(message.x, message.y, numbers)
            if near is not None:
                table.choose(near)

    def cell_pointed(self, message: ExploredChart.CellPointed) -> None:
        """Select the candidate of the cell."""
        self.side_by_side.choose(self.side_by_side.place_of(message.chart))
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
