"""A size search, live: table, curve, folds, log, and the answer in words."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Literal, TypeAlias

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region

from nnsize_engine.charts.description import Chart
from nnsize_engine.charts.heat_map import HeatMap
from nnsize_engine.charts.learning_curves import learning_curve
from nnsize_engine.charts.score_map import ScoreMap
from nnsize_engine.charts.search_scores import ScoreCurve
from nnsize_engine.charts.search_space import Pair, SearchSpace, space_of
from nnsize_engine.runs.loss_curves import LossCurve
from nnsize_engine.runs.view import AnyView, SizeView
from nnsize_engine.settings.run import Kind
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.follow.messages import LossesSeen
from nnsize_tui.screens.search.candidate_columns import columns_of
from nnsize_tui.screens.search.candidate_table import CandidateTable, best_of_sizes, in_order, items_of
from nnsize_tui.screens.search.fold_pane import FoldPane, lines_of
from nnsize_tui.screens.search.layout import arrange
from nnsize_tui.screens.search.map_cursor import MapCursor
from nnsize_tui.screens.shared.auto_follow import KEYS as FOLLOW_KEYS
from nnsize_tui.screens.shared.auto_follow import Follow
from nnsize_tui.screens.shared.chart_keys import KEYS as CHART_KEYS
from nnsize_tui.screens.shared.chart_keys import MAP_KEYS
from nnsize_tui.screens.shared.layout import ANY_CHART_SIZE, WIDE, Part, Wish
from nnsize_tui.screens.shared.open_run import CLOSE, LOG, OpenRunScreen
from nnsize_tui.screens.shared.sortable import KEYS as SORT_KEYS
from nnsize_tui.screens.shared.sortable import SortingScreen
from nnsize_tui.screens.shared.steering import KEYS
from nnsize_tui.text import numbers
from nnsize_tui.widgets.explored_chart import ExploredChart
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.log_pane import KEYS as LOG_KEYS
from nnsize_tui.widgets.log_pane import LogPane
from nnsize_tui.widgets.run_header import Answer, RunSummary

Picture: TypeAlias = Pair | Literal["curve", "learning"]
"""The curve of scores, the losses by epoch, or the dimensions of a heat map."""


class SearchScreen(OpenRunScreen[SizeView], SortingScreen):
    """Follows one size search until it is closed."""

    KINDS: ClassVar[tuple[Kind, ...]] = ("size",)
    LARGE_FIRST: ClassVar[Collection[str]] = ("mean", "train")
    BINDINGS: ClassVar[list[BindingType]] = [
        CLOSE,
        *MAP_KEYS,
        *CHART_KEYS,
        *KEYS,
        Binding("b", "best", "Best", id="run.best",
                tooltip="One row for each size: the best of it, whatever its other parameters"),
        Binding("b", "every", "All", id="run.every", tooltip="A row for every candidate again"),
        Binding("m", "picture(1, 'learning')", "Learning", id="run.learning",
                tooltip="The losses by epoch of the selected candidate, also of its fits under way"),
        Binding("m", "picture(1, 'map')", "Map", id="run.map",
                tooltip="The next heat map: a score for every two values of two parameters"),
        Binding("m", "picture(1, 'curve')", "Curve", id="run.curve", tooltip="The curve of scores again"),
        Binding("M", "picture(-1, None)", "Picture back", id="run.map_back", show=False, tooltip="The picture before"),
        Binding("T", "training", "Training", id="run.training",
                tooltip="The curve with the mean scores on the rows trained on; again: without them"),
        *SORT_KEYS,
        *FOLLOW_KEYS,
        LOG,
        *LOG_KEYS,
        Binding("z", "zoom", "Zoom", id="run.zoom", tooltip="The chart alone, the table alone, everything"),
    ]  # fmt: skip

    def __init__(self, folder: Path, view: SizeView | None = None) -> None:
        super().__init__(folder, view)
        self._space: SearchSpace | None = None
        self._pictures: list[Picture] = ["curve"]
        self._picture = 0
        self._losses: tuple[int, tuple[LossCurve, ...]] | None = None
        """The candidate whose losses were last read, and these."""

        self._is_best_alone = False
        self._has_training = False
        """Whether the curve has the scores on the rows trained on, which may take most of its height."""

        self._curve: ScoreCurve | None = None
        self._map: ScoreMap | None = None

    def compose(self) -> ComposeResult:
        glyphs = self.explorer.glyphs
        yield RunSummary(glyphs, id="summary")
        yield Answer(glyphs, id="answer")
        yield CandidateTable(glyphs, id="table")
        yield ExploredChart(unicode=glyphs.unicode, id="chart")
        yield FoldPane(glyphs, id="folds")
        yield LogPane(glyphs, id="log")
        yield KeyBar(glyphs, id="keys")

    def on_mount(self) -> None:
        self.query_one(CandidateTable).sorted_by = "neurons"  # the base class then does the rest

    def mine(self, view: AnyView) -> SizeView | None:
        return view if isinstance(view, SizeView) else None

    def show_parts(self, view: SizeView) -> None:
        if self._space is None or len(self._space.places) != len(view.summaries):
            self._begin(view)
        self._curve = self._map = None  # they are of the look before
        self._show_rows(view)

    def _begin(self, view: SizeView) -> None:
        """What follows from the settings alone."""
        candidates = [summary.candidate for summary in view.summaries]
        self._space = space = space_of(view.settings, candidates)
        # Of a grid of layers one map shows everything, which a curve does not.
        first = space.pairs[:1] if space.layers else ()
        self._pictures = [*first, "curve", *space.pairs[len(first) :], "learning"]
        self._picture = 0
        self.query_one(CandidateTable).shape = columns_of(view.settings, candidates)

    def _show_rows(self, view: SizeView, *, at_once: bool = False) -> None:
        table = self.query_one(CandidateTable)
        items = items_of(view)
        if self._is_best_alone:
            items = best_of_sizes(view, items)
        rows = in_order(items, table.sorted_by or "neurons", is_descending=table.is_descending)
        table.show(rows, at_once=at_once)
        self._show_chosen(at_once=at_once)

    def _show_chosen(self, *, at_once: bool = False) -> None:
        chosen = self.query_one(CandidateTable).chosen
        if self.view is not None and chosen is not None:
            self.query_one(FoldPane).show(chosen.summary, self.view.settings, self.view.under_way)
            number = chosen.summary.candidate.number
            is_learning = self._pictures[self._picture] == "learning"
            self._want(number if is_learning else None)
            if not is_learning or (self._losses is not None and self._losses[0] == number):
                self.query_one(ChartView).show(self._chart(self.view, number), at_once=at_once)

    def _want(self, candidate: int | None) -> None:
        """Have the losses of this candidate read, from now on."""
        if candidate != self._detail_request.candidate:
            self._detail_request.candidate = candidate
            if candidate is not None:
                self.look_now()

    def _chart(self, view: SizeView, selected: int) -> Chart | HeatMap:
        assert self._space is not None
        picture = self._pictures[self._picture]
        if picture == "learning":
            return self._learning(view, selected)
        if picture != "curve":
            self._map = self._map or ScoreMap(view, self._space)
            return self._map.heat(picture, selected)
        self._curve = self._curve or ScoreCurve(view, self._space, has_training=self._has_training)
        return self._curve.chart(selected, is_best_alone=self._is_best_alone)

    def _learning(self, view: SizeView, selected: int) -> Chart:
        curves = self._losses[1] if self._losses is not None else ()
        return learning_curve(curves, view.summaries[selected].candidate, view.settings)

    def on_losses_seen(self, message: LossesSeen) -> None:
        """Losses of the selected candidate were read."""
        is_another = self._losses is None or self._losses[0] != message.candidate
        self._losses = (message.candidate, message.curves)
        if self._pictures[self._picture] == "learning":
            self._show_chosen(at_once=is_another)  # a key asked for these
            self.refresh_bindings()

    def row_to_follow(self, view: SizeView, what: Follow) -> Hashable | None:
        if what == "newest":
            return view.newest
        return view.choice.best.number if view.choice is not None else None

    def copyable(self) -> Sequence[tuple[str, str]]:
        from nnsize_tui.screens.shared import copying

        chosen = self.query_one(CandidateTable).chosen
        number = None if chosen is None else chosen.summary.candidate.number
        own = [] if self.view is None else copying.of_candidate(self.view, number, self.answer_of(self.view))
        return [*own, *super().copyable()]

    def answer_of(self, view: SizeView) -> str:
        answer = numbers.answer_text(view, unicode=self.explorer.glyphs.unicode)
        if view.state in ("failed", "refused") and view.choice is not None and view.header.reason:
            return f"The run {view.state}: {view.header.reason}. {answer}"
        return answer

    def places(self, width: int, height: int) -> Mapping[Part, Region]:
        is_wide = width >= WIDE
        shape = self.query_one(CandidateTable).shape
        return arrange(
            width,
            height,
            answer=self.lines_of_answer(width),
            table=shape.width(is_wide=is_wide),
            least_table=shape.least_width if self._has_more_columns() else None,
            chart=self._wish(),
            focus=self.focus_on,
            has_log=self.has_log,
            folds=lines_of(self.view.settings) if self.view else 9,
        )

    def _has_more_columns(self) -> bool:
        """Whether the table may hide some for the sake of the folds beside it."""
        return self.view is not None and bool(self.view.settings.grid or self.view.settings.repeats > 1)

    def _wish(self) -> Wish:
        """The lines for the picture: as many for each row of a map as for the others; a legend of two lines."""
        picture = self._pictures[self._picture]
        if self._space is None or len(self._space.dimensions) == 1:
            return ANY_CHART_SIZE
        if picture == "curve" or picture == "learning":
            return Wish(least=11)
        rows = len(self._space.dimensions[picture[1]].labels)
        return Wish(least=rows + 3, step=rows)

    # What the keys do.

    def on_live_table_moved(self) -> None:
        super().on_live_table_moved()
        self._show_chosen()

    @property
    def sorted_table(self) -> CandidateTable:
        return self.query_one(CandidateTable)

    def columns_to_sort_by(self) -> Sequence[str]:
        return self.sorted_table.shape.keys

    def show_sorted(self) -> None:
        if self.view is not None:
            self._show_rows(self.view, at_once=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Which keys work now."""
        if action in ("best", "every"):
            return self._has_several_a_size() and self._is_best_alone == (action == "every")
        if action == "picture":
            following = self._pictures[(self._picture + 1) % len(self._pictures)]
            kind = following if isinstance(following, str) else "map"
            return len(self._pictures) > 1 and parameters[1] in (None, kind)
        if action == "training":
            return self._pictures[self._picture] == "curve"
        return super().check_action(action, parameters)

    def _has_several_a_size(self) -> bool:
        """Whether one size has several candidates."""
        return self.view is not None and len(self.view.summaries) > len(self.view.settings.candidates)

    def action_best(self) -> None:
        """One row for each size."""
        self._show_best(alone=True)

    def action_every(self) -> None:
        """A row for every candidate."""
        self._show_best(alone=False)

    def _show_best(self, *, alone: bool) -> None:
        table = self.query_one(CandidateTable)
        before = table.chosen
        self._is_best_alone = alone
        if self.view is None or before is None:
            return
        self._show_rows(self.view, at_once=True)
        layers = before.summary.candidate.hidden_layer_sizes
        same = [item for item in table.items if item.summary.candidate.hidden_layer_sizes == layers]
        if same and before.summary.candidate not in (item.summary.candidate for item in same):
            table.choose(table.key_of(same[0]))
        self.refresh_bindings()

    def action_training(self) -> None:
        """Draw the scores on the rows trained on beside the others, or leave them out again."""
        self._has_training = not self._has_training
        self._curve = None
        self._show_chosen(at_once=True)

    def point_at(self, x: float, y: float) -> None:
        """Select the candidate nearest to there; of losses, read them there with the chart alone."""
        picture = self._pictures[self._picture]
        if picture == "learning":
            self.focus_on = "chart"
            self.chart_view.read_near(x)
        elif self._curve is not None:
            table = self.query_one(CandidateTable)
            near = self._curve.nearest(x, y, [item.summary.candidate.number for item in table.items])
            if near is not None:
                table.choose(near)

    def on_explored_chart_cell_pointed(self, message: ExploredChart.CellPointed) -> None:
        """Select the candidate of that cell."""
        cursor = self._map_cursor()
        if cursor is not None and self.view is not None:
            self.query_one(CandidateTable).choose(cursor.best_of(message.spots, self.view))

    def action_cell(self, across: int, up: int) -> None:
        """Select the candidate of the next cell in a direction."""
        cursor = self._map_cursor()
        if cursor is not None:
            self.query_one(CandidateTable).choose(cursor.next(across, up))

    def _map_cursor(self) -> MapCursor | None:
        """In the heat map in sight, on the selected candidate."""
        picture, table = self._pictures[self._picture], self.query_one(CandidateTable)
        if isinstance(picture, str) or table.chosen is None or self._space is None:
            return None
        chosen = table.chosen.summary.candidate.number
        return MapCursor(self._space, picture, chosen, lambda number: table.index_of(number) is not None)

    def action_picture(self, step: int, _: str | None) -> None:
        """Show the next picture, or the one before."""
        self._picture = (self._picture + step) % len(self._pictures)
        self.query_one(ExploredChart).begin_anew()
        if self.focus_on == "table":
            self.focus_on = "all"
        self._show_chosen(at_once=True)
        self.place_parts()
        self.refresh_bindings()
