"""The screen of one run that compares strategies: answer, strategies, their curves, seeds and log, live."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import ClassVar, get_args

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region

from nnsize_engine.answers.strategies_answer import short_answers, strategies_answer
from nnsize_engine.charts.strategies_chart import AXES, Axis, StrategiesChart
from nnsize_engine.results.series import StrategySummary, summarise_strategies
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.run import Kind
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.follow.messages import RunDeleted, RunSeen, RunUnreadable, Trouble, UsageSeen
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.evolution.strategies_layout import arrange
from nnsize_tui.screens.evolution.strategy_detail import StrategyDetail
from nnsize_tui.screens.evolution.strategy_table import StrategyTable, size_of
from nnsize_tui.screens.shared import chart_zoom, sorting, steering
from nnsize_tui.screens.shared.chart_zoom import ChartZoom
from nnsize_tui.screens.shared.layout import Focus, Part
from nnsize_tui.screens.shared.log_keys import LOG, LogKeys
from nnsize_tui.screens.shared.open_run import CLOSE, OpenRun
from nnsize_tui.screens.shared.panes import Panes
from nnsize_tui.screens.shared.sorting import Sorting
from nnsize_tui.screens.shared.steering import Copyable, Steering
from nnsize_tui.screens.shared.workers_key import WORKERS, WorkersKey
from nnsize_tui.widgets.explored_chart import ExploredChart
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.live_table import LiveTable
from nnsize_tui.widgets.log_pane import KEYS as LOG_KEYS
from nnsize_tui.widgets.log_pane import LogPane
from nnsize_tui.widgets.run_header import Answer, RunSummary
from nnsize_tui.widgets.workers_pane import WorkersPane

FOCUSES: tuple[Focus, ...] = ("all", "chart", "table", "detail")


class StrategiesScreen(BaseScreen[None]):
    """Follow one run that compares strategies until the screen is closed."""

    READABLE: ClassVar[str] = "Answer, KeyBar"
    CSS_PATH = "../../styles/run.tcss"
    KINDS: ClassVar[tuple[Kind, ...]] = ("evolution",)
    BINDINGS: ClassVar[list[BindingType]] = [
        CLOSE,
        *chart_zoom.KEYS,
        *steering.KEYS,
        *sorting.KEYS,
        LOG,
        *LOG_KEYS,
        WORKERS,
        Binding("m", "axis(1)", "X axis", id="strategies.axis", tooltip="The chart by evaluations or by seconds"),
        Binding("M", "axis(-1)", "X axis back", id="strategies.axis_back", show=False, tooltip="The x axis before"),
        Binding("b", "bands", "Bands", id="strategies.bands",
                tooltip="The quartiles of the strategy under the cursor alone, or of all"),
        Binding("z", "zoom", "Zoom", id="strategies.zoom",
                tooltip="The chart alone, the table alone, the seeds alone, everything"),
    ]  # fmt: skip

    def __init__(self, folder: Path, view: EvolutionView | None = None) -> None:
        super().__init__()
        self.folder = folder
        self._chart = StrategiesChart()
        self._axis: Axis = AXES[0]
        self._has_all_bands = True
        self._summaries: tuple[StrategySummary, ...] = ()
        self._zoom = self.hold(ChartZoom(self))
        self.panes: Panes[Part, Focus] = self.hold(
            Panes(self, parts=get_args(Part), focuses=FOCUSES, arrange=self._arrange, table="table")
        )
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
                answers=lambda view: [strategies_answer(view), *short_answers(view)],
            )
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

    def compose(self) -> ComposeResult:
        glyphs = self.explorer.glyphs
        yield RunSummary(glyphs, id="summary")
        yield Answer(glyphs, id="answer")
        yield StrategyTable(glyphs, id="table")
        yield ExploredChart(unicode=glyphs.unicode, id="chart")
        yield StrategyDetail(glyphs, id="detail")
        yield LogPane(glyphs, id="log")
        yield WorkersPane(glyphs, id="workers")
        yield KeyBar(glyphs, id="keys")

    @property
    def view(self) -> EvolutionView | None:
        """The newest view of the run."""
        return self._run.view

    @property
    def unwanted(self) -> Collection[str]:
        return self._zoom.unwanted

    @property
    def _table(self) -> StrategyTable:
        return self.query_one(StrategyTable)

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
        self._show_chosen(at_once=True)

    def on_live_table_title_clicked(self, message: LiveTable.TitleClicked) -> None:
        """Sort by the column of the title."""
        self._sorting.click_title(message.column)

    def on_explored_chart_pointed(self, message: ExploredChart.Pointed) -> None:
        """Show the chart alone, and read the curves at the mouse."""
        self.panes.show_only("chart")
        self._zoom.chart.read_near(message.x)

    # Content.

    def _show_parts(self, view: EvolutionView) -> None:
        self._summaries = summarise_strategies(view.series)
        self._table.take(view, self._summaries)
        self._show_chosen()

    def _show_chosen(self, *, at_once: bool = False) -> None:
        view, chosen = self.view, self._table.highlighted
        if view is None or chosen is None:
            return
        self.query_one(StrategyDetail).show(view, chosen, at_once=at_once)
        banded = None if self._has_all_bands else chosen.name
        self.query_one(ChartView).show(self._chart.chart(view, self._axis, banded), at_once=at_once)

    def _show_sorted(self) -> None:
        if self.view is not None:
            self._table.take(self.view, self._summaries, at_once=True)

    def _copyable(self) -> Copyable:
        from nnsize_tui.screens.shared import copying

        view, chosen = self.view, self._table.highlighted
        return () if view is None else copying.of_strategy(chosen, strategies_answer(view))

    def _arrange(self, width: int, height: int) -> Mapping[Part, Region]:
        view = self.view
        return arrange(
            width,
            height,
            answer=self._run.answer_lines(width),
            summary=self.query_one(RunSummary).height_wanted,
            table=(width, 1) if view is None else size_of(view),
            focus=self.panes.focus_on,
            has_log=self._log_keys.is_wanted,
        )

    # Actions.

    def action_axis(self, step: int) -> None:
        """Draw the chart by the next quantity along x, or by the one before."""
        self._axis = AXES[(AXES.index(self._axis) + step) % len(AXES)]
        self._zoom.chart.reset_zoom()
        self._show_chosen(at_once=True)

    def action_bands(self) -> None:
        """Draw the quartiles of one strategy, or of all."""
        self._has_all_bands = not self._has_all_bands
        self._show_chosen(at_once=True)
