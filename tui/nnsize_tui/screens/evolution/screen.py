"""An evolution, live: generations, convergence, the population, and the answer in words."""

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region

from nnsize_engine.charts.live_convergence import ConvergenceCurve
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs.view import AnyView, EvolutionView
from nnsize_engine.settings.run import Kind
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.screens.evolution.generation_detail import GenerationDetail
from nnsize_tui.screens.evolution.generation_table import GenerationTable, width_of
from nnsize_tui.screens.evolution.layout import arrange
from nnsize_tui.screens.shared.auto_follow import KEYS as FOLLOW_KEYS
from nnsize_tui.screens.shared.auto_follow import Follow
from nnsize_tui.screens.shared.chart_keys import KEYS as CHART_KEYS
from nnsize_tui.screens.shared.layout import Focus, Part
from nnsize_tui.screens.shared.open_run import CLOSE, LOG, OpenRunScreen
from nnsize_tui.screens.shared.sortable import KEYS as SORT_KEYS
from nnsize_tui.screens.shared.sortable import SortingScreen
from nnsize_tui.screens.shared.steering import KEYS
from nnsize_tui.text import evolution
from nnsize_tui.widgets.explored_chart import ExploredChart
from nnsize_tui.widgets.histogram import Histogram
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.log_pane import KEYS as LOG_KEYS
from nnsize_tui.widgets.log_pane import LogPane
from nnsize_tui.widgets.run_header import Answer, RunSummary


class EvolutionScreen(OpenRunScreen[EvolutionView], SortingScreen):
    """Follows one evolution until it is closed."""

    KINDS: ClassVar[tuple[Kind, ...]] = ("evolution",)
    ZOOM: ClassVar[tuple[Focus, ...]] = ("all", "chart", "table", "detail")
    BINDINGS: ClassVar[list[BindingType]] = [
        CLOSE,
        *CHART_KEYS,
        *KEYS,
        *SORT_KEYS,
        *FOLLOW_KEYS,
        LOG,
        *LOG_KEYS,
        Binding("left", "step(-1)", "Before", id="run.before", show=False,
                tooltip="The generation before, also while the table is hidden"),
        Binding("right", "step(1)", "After", id="run.after", show=False, tooltip="The generation after"),
        Binding("z", "zoom", "Zoom", id="run.zoom",
                tooltip="The chart alone, the table alone, the generation alone, everything"),
    ]  # fmt: skip

    def __init__(self, folder: Path, view: EvolutionView | None = None) -> None:
        super().__init__(folder, view)
        self._curve: ConvergenceCurve | None = None

    def compose(self) -> ComposeResult:
        glyphs = self.explorer.glyphs
        yield RunSummary(glyphs, id="summary")
        yield Answer(glyphs, id="answer")
        yield GenerationTable(glyphs, id="table")
        yield ExploredChart(unicode=glyphs.unicode, id="chart")
        yield GenerationDetail(glyphs, id="detail")
        yield Histogram(glyphs, id="histogram")
        yield LogPane(glyphs, id="log")
        yield KeyBar(glyphs, id="keys")

    def mine(self, view: AnyView) -> EvolutionView | None:
        return view if isinstance(view, EvolutionView) else None

    def show_parts(self, view: EvolutionView) -> None:
        if self._curve is None:
            self._curve = ConvergenceCurve(view)
        else:
            self._curve.take(view)
        table = self.query_one(GenerationTable)
        table.has_held_out = view.settings.validation_fraction > 0
        has_ended = view.state not in LIVE_STATES
        table.special = view.evolved.steps if view.evolved is not None and has_ended else None
        table.take(view.generations)
        self._show_chosen()

    def _show_chosen(self, *, at_once: bool = False) -> None:
        view, curve = self.view, self._curve
        if view is None or curve is None:
            return
        chosen = self.query_one(GenerationTable).chosen
        self.query_one(GenerationDetail).show(view, chosen, at_once=at_once)
        if chosen is not None:
            self.query_one(Histogram).show(chosen, view.settings.fitness, at_once=at_once)
            self.query_one(ChartView).show(curve.chart(chosen.number))

    def row_to_follow(self, view: EvolutionView, what: Follow) -> Hashable | None:
        if not view.generations:
            return None
        newest = view.generations[-1].number
        # The best network is that of the newest generation, unless held-out rows say that an earlier one is.
        return newest if what == "newest" or view.evolved is None else min(newest, view.evolved.steps)

    def copyable(self) -> Sequence[tuple[str, str]]:
        from nnsize_tui.screens.shared import copying

        chosen, view = self.query_one(GenerationTable).chosen, self.view
        own = [] if view is None else copying.of_generation(view, chosen, self.answer_of(view))
        return [*own, *super().copyable()]

    def answer_of(self, view: EvolutionView) -> str:
        return evolution.evolution_answer(view, trend=self._curve.trend if self._curve else None)

    def places(self, width: int, height: int) -> Mapping[Part, Region]:
        view = self.view
        has_held_out = view is not None and view.settings.validation_fraction > 0
        table = width_of(view.header.total if view is not None else 0, has_held_out=has_held_out)
        return arrange(
            width,
            height,
            answer=self.lines_of_answer(width),
            table=table,
            focus=self.focus_on,
            has_log=self.has_log,
        )

    def point_at(self, x: float, y: float) -> None:
        """Select the generation nearest to there."""
        del y
        self.query_one(GenerationTable).choose_near(round(x))

    def action_step(self, number: int) -> None:
        """Select the generation so many after, whatever the order of the rows."""
        table = self.query_one(GenerationTable)
        if table.chosen is not None:
            table.choose_near(table.chosen.number + number)

    @property
    def sorted_table(self) -> GenerationTable:
        return self.query_one(GenerationTable)

    def columns_to_sort_by(self) -> Sequence[str]:
        return self.sorted_table.titles_in_sight

    def show_sorted(self) -> None:
        """A cursor that went on to new generations stays on the newest, wherever that now stands."""
        if self.view is not None:
            goes_on = self.sorted_table.is_at_end
            self.sorted_table.take(self.view.generations, at_once=True)
            if goes_on:
                self.action_follow("newest")

    def on_live_table_moved(self) -> None:
        super().on_live_table_moved()
        # Also told when a new generation came: only what a key asked for has to be drawn at once.
        goes_on = self._follower.what != "off" or self.query_one(GenerationTable).is_at_end
        self._show_chosen(at_once=not goes_on)
