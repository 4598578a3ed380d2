"""The screen of one evolution: answer, generations, convergence, population and log, live."""

from collections.abc import Collection, Hashable, Mapping
from pathlib import Path
from typing import ClassVar, get_args

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region

from nnsize_engine.answers.evolution_answer import evolution_answer
from nnsize_engine.charts.convergence import AXES, Axis
from nnsize_engine.charts.evolution_chart import EvolutionChart
from nnsize_engine.results.records import LIVE_STATES, GenerationResult
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.run import Kind
from nnsize_engine.settings.strategies import is_climber, population_words
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.follow.messages import RunDeleted, RunSeen, RunUnreadable, Trouble, UsageSeen
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.evolution import extending
from nnsize_tui.screens.evolution.accepted_changes import accepted_up_to
from nnsize_tui.screens.evolution.extending import Extending
from nnsize_tui.screens.evolution.generation_detail import GenerationDetail
from nnsize_tui.screens.evolution.generation_table import GenerationTable, width_of
from nnsize_tui.screens.evolution.layout import arrange
from nnsize_tui.screens.shared import auto_follow, chart_zoom, pane_borders, sorting, steering
from nnsize_tui.screens.shared.auto_follow import AutoFollow, Follow
from nnsize_tui.screens.shared.chart_zoom import ChartZoom
from nnsize_tui.screens.shared.layout import Focus, Part
from nnsize_tui.screens.shared.log_keys import LOG, LogKeys
from nnsize_tui.screens.shared.open_run import CLOSE, OpenRun
from nnsize_tui.screens.shared.pane_borders import PaneBorders
from nnsize_tui.screens.shared.panes import Panes
from nnsize_tui.screens.shared.sorting import Sorting
from nnsize_tui.screens.shared.steering import Copyable, Steering
from nnsize_tui.screens.shared.workers_key import WORKERS, WorkersKey
from nnsize_tui.text.generation_columns import left_out
from nnsize_tui.widgets.explored_chart import ExploredChart
from nnsize_tui.widgets.histogram import Histogram
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.live_table import LiveTable
from nnsize_tui.widgets.log_pane import KEYS as LOG_KEYS
from nnsize_tui.widgets.log_pane import LogPane
from nnsize_tui.widgets.run_header import Answer, RunSummary
from nnsize_tui.widgets.workers_pane import WorkersPane

FOCUSES: tuple[Focus, ...] = ("all", "chart", "table", "detail")


class EvolutionScreen(BaseScreen[None]):
    """Follow one evolution until the screen is closed."""

    READABLE: ClassVar[str] = "Answer, KeyBar"
    CSS_PATH = "../../styles/run.tcss"
    KINDS: ClassVar[tuple[Kind, ...]] = ("evolution",)
    BINDINGS: ClassVar[list[BindingType]] = [
        CLOSE,
        *chart_zoom.KEYS,
        extending.LONGER,
        *steering.KEYS,
        extending.EXTEND,
        *sorting.KEYS,
        *auto_follow.KEYS,
        LOG,
        *LOG_KEYS,
        WORKERS,
        Binding("left", "step(-1)", "Before", id="run.before", show=False,
                tooltip="The generation before, also while the table is hidden"),
        Binding("right", "step(1)", "After", id="run.after", show=False, tooltip="The generation after"),
        Binding("m", "axis(1)", "X axis", id="run.axis",
                tooltip="The chart by generation, by evaluations or by seconds"),
        Binding("M", "axis(-1)", "X axis back", id="run.axis_back", show=False, tooltip="The x axis before"),
        Binding("z", "zoom", "Zoom", id="run.zoom",
                tooltip="The chart alone, the table alone, the generation alone, everything"),
        *pane_borders.KEYS,
    ]  # fmt: skip

    def __init__(self, folder: Path, view: EvolutionView | None = None) -> None:
        super().__init__()
        self.folder = folder
        self._curve: EvolutionChart | None = None
        self._axis: Axis = AXES[0]
        self._zoom = self.hold(ChartZoom(self))
        self.panes: Panes[Part, Focus] = self.hold(
            Panes(self, parts=get_args(Part), focuses=FOCUSES, arrange=self._arrange, table="table")
        )
        self._borders = self.hold(PaneBorders(self, "evolution", self.panes))
        self._log_keys = self.hold(LogKeys(self, self.panes))
        self._workers_key = self.hold(WorkersKey(self, self.panes, lambda: self.view))
        self._run = self.hold(
            OpenRun(
                self,
                folder,
                shown=EvolutionView,
                first=view,
                panes=self.panes,
                show=self._show_parts,
                answers=lambda view: [self._answer_of(view)],
            )
        )
        self._auto_follow = self.hold(
            AutoFollow(lambda: self._table, row=self._row_to_follow, show=self._run.show_followed)
        )
        self._sorting = self.hold(
            Sorting(lambda: self._table, columns=lambda: self._table.titles_in_sight, show=self._show_sorted)
        )
        self._steering = self.hold(
            Steering(
                self,
                target=self._run.target,
                look_now=self._run.look_now,
                show_request=self._run.show_request,
                copyable=self._copyable,
            )
        )

        self._extending = self.hold(Extending(self, self._run, show_request=self._run.show_request))

    def compose(self) -> ComposeResult:
        glyphs = self.explorer.glyphs
        yield RunSummary(glyphs, id="summary")
        yield Answer(glyphs, id="answer")
        yield GenerationTable(glyphs, id="table")
        yield ExploredChart(unicode=glyphs.unicode, id="chart")
        yield GenerationDetail(glyphs, id="detail")
        yield Histogram(glyphs, id="histogram")
        yield LogPane(glyphs, id="log")
        yield WorkersPane(glyphs, id="workers")
        yield KeyBar(glyphs, id="keys")

    @property
    def view(self) -> EvolutionView | None:
        """The newest view of the run."""
        return self._run.view

    @property
    def kept(self) -> Collection[str]:
        return ("workers",)

    @property
    def unwanted(self) -> Collection[str]:
        return self._zoom.unwanted

    @property
    def _table(self) -> GenerationTable:
        return self.query_one(GenerationTable)

    # Messages.

    def on_mount(self) -> None:
        self._run.begin()

    def on_unmount(self) -> None:
        self._run.end()

    def on_resize(self) -> None:
        self.panes.place()

    def on_screen_resume(self) -> None:
        self._run.screen_resumed()

    def on_run_seen(self, message: RunSeen) -> None:
        """Show a newer view of the run."""
        self._run.run_seen(message)

    def on_usage_seen(self, message: UsageSeen) -> None:
        """Show the run's use of the machine."""
        self._run.usage_seen(message)

    def on_run_unreadable(self, message: RunUnreadable) -> None:
        """Show the reason, or leave a run that is gone."""
        self._run.run_unreadable(message)

    def on_run_deleted(self, message: RunDeleted) -> None:
        """Leave a deleted run."""
        self._run.run_deleted(message)

    def on_trouble(self, message: Trouble) -> None:
        """Show why a request failed."""
        self._steering.say_trouble(message)

    def on_live_table_moved(self) -> None:
        self._auto_follow.cursor_moved()
        # A new generation also moves the cursor: only the answer to a key has to be drawn at once.
        goes_on = self._auto_follow.is_on or self._table.is_at_end
        self._show_chosen(at_once=not goes_on)

    def on_live_table_title_clicked(self, message: LiveTable.TitleClicked) -> None:
        """Sort by the column of the title."""
        self._sorting.click_title(message.column)

    def on_explored_chart_pointed(self, message: ExploredChart.Pointed) -> None:
        """Select the generation nearest to the mouse."""
        if self._curve is not None:
            self._table.choose_near(self._curve.number_near(message.x))

    # Content.

    def _show_parts(self, view: EvolutionView) -> None:
        if self._curve is None:
            self._curve = EvolutionChart(view)
        else:
            self._curve.take(view)
        table = self._table
        table.left_out = left_out(view.settings)
        has_ended = view.state not in LIVE_STATES
        table.special = view.evolved.steps if view.evolved is not None and has_ended else None
        table.take(view.generations)
        self._auto_follow.move_cursor()
        self._show_chosen()

    def _show_chosen(self, *, at_once: bool = False) -> None:
        view, curve = self.view, self._curve
        if view is None or curve is None:
            return
        chosen = self._table.highlighted
        self.query_one(GenerationDetail).show(view, chosen, at_once=at_once)
        if chosen is not None:
            self._show_population(view, chosen, at_once=at_once)
            self.query_one(ChartView).show(curve.chart(chosen.number))

    def _show_population(self, view: EvolutionView, chosen: GenerationResult, *, at_once: bool) -> None:
        """Show the spread of the trials, or what a search that walks on from one network has accepted."""
        strategy, pane = view.settings.strategy, self.query_one(Histogram)
        if is_climber(strategy):
            pane.show_accepted(accepted_up_to(view.generations, chosen.number), at_once=at_once)
        else:
            pane.show(chosen, view.settings.measure, trials=population_words(strategy), at_once=at_once)

    def _show_sorted(self) -> None:
        """Show the rows in their new order; a cursor on the newest generation follows it."""
        if self.view is not None:
            goes_on = self._table.is_at_end
            self._table.take(self.view.generations, at_once=True)
            if goes_on:
                self._auto_follow.action_follow("newest")

    def _row_to_follow(self, what: Follow) -> Hashable | None:
        view = self.view
        if view is None or not view.generations:
            return None
        newest = view.generations[-1].number
        # The newest generation has the best network, unless the held-out rows prefer an earlier one.
        return newest if what == "newest" or view.evolved is None else min(newest, view.evolved.steps)

    def _answer_of(self, view: EvolutionView) -> str:
        return evolution_answer(view, trend=self._curve.trend if self._curve else None)

    def _copyable(self) -> Copyable:
        from nnsize_tui.screens.shared import copying

        view = self.view
        return () if view is None else copying.of_generation(view, self._table.highlighted, self._answer_of(view))

    def _arrange(self, width: int, height: int) -> Mapping[Part, Region]:
        view = self.view
        return arrange(
            width,
            height,
            answer=self._run.answer_lines(width),
            summary=self.query_one(RunSummary).height_wanted,
            table=width_of(view.header.total, left_out(view.settings)) if view is not None else 0,
            focus=self.panes.focus_on,
            has_log=self._log_keys.is_wanted,
            sizes=self._borders.sizes,
        )

    # Actions.

    def action_axis(self, step: int) -> None:
        """Draw the chart by the next quantity along x, or by the one before."""
        self._axis = AXES[(AXES.index(self._axis) + step) % len(AXES)]
        if self._curve is not None:
            self._curve.draw_by(self._axis)
            self._zoom.chart.reset_zoom()
            self._show_chosen(at_once=True)

    def action_step(self, number: int) -> None:
        """Select the generation that is ``number`` later, in any order of the rows."""
        chosen = self._table.highlighted
        if chosen is not None:
            self._table.choose_near(chosen.number + number)
