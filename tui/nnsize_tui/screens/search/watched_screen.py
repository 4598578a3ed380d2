"""The screen of a watched search: answer, table, curve, folds and log, live; scikit-learn runs it."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, get_args

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region

from nnsize_engine.answers.watched_answer import watched_answers
from nnsize_engine.charts.importance_data import varies_parameters
from nnsize_engine.charts.watched_chart import WatchedChart
from nnsize_engine.runs.view import WatchedView
from nnsize_engine.settings.run import Kind
from nnsize_tui.follow.messages import ImportancesSeen, RunDeleted, RunSeen, RunUnreadable, Trouble, UsageSeen
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.search.candidate_table import CandidateTable, in_order
from nnsize_tui.screens.search.importance_pictures import IMPORTANCE_KEYS, ImportancePictures
from nnsize_tui.screens.search.layout import arrange
from nnsize_tui.screens.search.watched_folds import WatchedFolds
from nnsize_tui.screens.search.watched_table import EXAMPLE, watched_columns, watched_items
from nnsize_tui.screens.shared import auto_follow, chart_zoom, pane_borders, sorting, steering
from nnsize_tui.screens.shared.auto_follow import AutoFollow, Follow
from nnsize_tui.screens.shared.chart_zoom import ChartZoom
from nnsize_tui.screens.shared.layout import WIDE, Focus, Part
from nnsize_tui.screens.shared.log_keys import LOG, LogKeys
from nnsize_tui.screens.shared.open_run import CLOSE, OpenRun
from nnsize_tui.screens.shared.pane_borders import PaneBorders
from nnsize_tui.screens.shared.panes import Panes
from nnsize_tui.screens.shared.sorting import Sorting
from nnsize_tui.screens.shared.steering import Copyable, Steering
from nnsize_tui.text import watched
from nnsize_tui.widgets.explored_chart import ExploredChart
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.live_table import LiveTable
from nnsize_tui.widgets.log_pane import KEYS as LOG_KEYS
from nnsize_tui.widgets.log_pane import LogPane
from nnsize_tui.widgets.run_header import Answer, RunSummary
from nnsize_tui.widgets.workers_pane import WorkersPane

FOCUSES: tuple[Focus, ...] = ("all", "chart", "table")

FRAME_LINES = 4  # of the folds: their title, heading and mean, and one below


class WatchedScreen(BaseScreen[None]):
    """Follow one watched search until the screen is closed."""

    READABLE: ClassVar[str] = "Answer, KeyBar"
    CSS_PATH = "../../styles/run.tcss"
    KINDS: ClassVar[tuple[Kind, ...]] = ("watched",)
    BINDINGS: ClassVar[list[BindingType]] = [
        CLOSE,
        *chart_zoom.KEYS,
        *steering.KEYS,
        Binding("T", "training", "Training", id="run.training",
                tooltip="The curve with the mean scores on the rows trained on; again: without them"),
        *IMPORTANCE_KEYS,
        *sorting.KEYS,
        *auto_follow.KEYS,
        LOG,
        *LOG_KEYS,
        Binding("z", "zoom", "Zoom", id="run.zoom", tooltip="The chart alone, the table alone, everything"),
        *pane_borders.KEYS,
    ]  # fmt: skip

    def __init__(self, folder: Path, view: WatchedView | None = None) -> None:
        super().__init__()
        self.folder = folder
        self._curve: WatchedChart | None = None
        self._has_training = False
        self._zoom = self.hold(ChartZoom(self))
        self.panes: Panes[Part, Focus] = self.hold(
            Panes(self, parts=get_args(Part), focuses=FOCUSES, arrange=self._arrange, table="table")
        )
        self._borders = self.hold(PaneBorders(self, "search", self.panes))
        self._log_keys = self.hold(LogKeys(self, self.panes))
        self._run = self.hold(
            OpenRun(
                self, folder, shown=WatchedView, first=view, panes=self.panes,
                show=self._show_parts, answers=self._answers_of,
            )
        )  # fmt: skip
        self._importances = ImportancePictures(self._run.wanted)
        self._auto_follow = self.hold(
            AutoFollow(lambda: self._table, row=self._row_to_follow, show=self._run.show_followed)
        )
        self._sorting = self.hold(
            Sorting(
                lambda: self._table,
                columns=lambda: self._table.shape.keys,
                show=self._show_sorted,
                large_first=("mean", "train"),
            )
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
        yield CandidateTable(glyphs, id="table", example=EXAMPLE)
        yield ExploredChart(unicode=glyphs.unicode, id="chart")
        yield WatchedFolds(glyphs, id="folds")
        yield LogPane(glyphs, id="log")
        yield WorkersPane(glyphs, id="workers")
        yield KeyBar(glyphs, id="keys")

    @property
    def view(self) -> WatchedView | None:
        """The newest view of the run."""
        return self._run.view

    @property
    def unwanted(self) -> Collection[str]:
        return self._zoom.unwanted

    @property
    def _table(self) -> CandidateTable:
        return self.query_one(CandidateTable)

    # Messages.

    def on_mount(self) -> None:
        self._table.sorted_by = watched.NUMBER.key
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

    def on_importances_seen(self, message: ImportancesSeen) -> None:
        """Show the importances of the parameters."""
        is_first = self._importances.take(message.found)
        if self._importances.are_shown:
            self._show_chosen(is_first)
            self.refresh_bindings()

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
        self._show_chosen()

    def on_live_table_title_clicked(self, message: LiveTable.TitleClicked) -> None:
        """Sort by the column of the title."""
        self._sorting.click_title(message.column)

    def on_explored_chart_pointed(self, message: ExploredChart.Pointed) -> None:
        """Select the candidate that the mouse points at in the curve."""
        place = None if self._curve is None or self._importances.are_shown else self._curve.nearest(message.x)
        if place is not None and self.view is not None:
            self._table.choose(self.view.summaries[place].candidate.number)

    # Content.

    def _show_parts(self, view: WatchedView) -> None:
        self._curve = WatchedChart(view, has_training=self._has_training)
        self._show_rows(view)

    def _show_rows(self, view: WatchedView, *, at_once: bool = False) -> None:
        table, items = self._table, watched_items(view)
        table.shape = watched_columns(view, items)
        if table.sorted_by not in table.shape.keys:
            table.sorted_by = watched.NUMBER.key
        rows = in_order(items, table.sorted_by or watched.NUMBER.key, table.shape, is_descending=table.is_descending)
        table.show(rows, at_once=at_once)
        self._auto_follow.move_cursor()
        self._show_chosen(at_once)

    def _show_sorted(self) -> None:
        if self.view is not None:
            self._show_rows(self.view, at_once=True)

    def _chosen_place(self) -> int | None:
        """Return the place of the candidate under the cursor in the newest view."""
        view, chosen = self.view, self._table.highlighted
        if view is None or chosen is None:
            return None
        number = chosen.summary.candidate.number
        return next((place for place, one in enumerate(view.candidates) if one.number == number), None)

    def _show_chosen(self, at_once: bool = False) -> None:
        place = self._chosen_place()
        if self._importances.are_shown:
            self.query_one(ExploredChart).show(self._importances.picture(), at_once=at_once)
        elif self._curve is not None:
            self.query_one(ExploredChart).show(self._curve.chart(place), at_once=at_once)
        if self.view is not None and place is not None:
            self.query_one(WatchedFolds).show(self.view, place)

    def _row_to_follow(self, what: Follow) -> Hashable | None:
        view = self.view
        if view is None:
            return None
        if what == "newest":
            return view.newest
        return None if view.best is None else view.candidates[view.best].number

    def _answers_of(self, view: WatchedView) -> Sequence[str]:
        found = watched_answers(view)
        if view.state == "failed" and view.best is not None and view.header.reason:
            return [f"The search failed: {view.header.reason.rstrip('.')}. {answer}" for answer in found]
        return found

    def _copyable(self) -> Copyable:
        from nnsize_tui.screens.shared import copying

        view = self.view
        return () if view is None else copying.of_watched(view, self._chosen_place(), self._answers_of(view)[0])

    def _arrange(self, width: int, height: int) -> Mapping[Part, Region]:
        view, shape = self.view, self._table.shape
        return arrange(
            width,
            height,
            answer=self._run.answer_lines(width),
            table=shape.width(is_wide=width >= WIDE),
            min_table=shape.least_width,
            focus=self.panes.focus_on,
            has_log=self._log_keys.is_wanted,
            sizes=self._borders.sizes,
            folds=FRAME_LINES + (5 if view is None else view.settings.splits),
        )

    # Actions.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action is possible now."""
        return not self.why_not(action, parameters) and super().check_action(action, parameters)

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return the reason why an action is not possible now."""
        if action in ("importances", "effect"):
            has_any = self.view is not None and varies_parameters(self.view.settings)
            return self._importances.why_not(action, parameters, has_any=has_any)
        if action == "training":
            if self._importances.are_shown:
                return "it is for the curve, and importances are shown"
            has_any = self.view is not None and any(shared.train_mean is not None for shared in self.view.shared)
            return "" if has_any else "no candidate has training scores; return_train_score=True computes them"
        return super().why_not(action, parameters)

    def action_effect(self, _: str) -> None:
        """Show the next effect, or the curve again."""
        self.action_importances()

    def action_importances(self) -> None:
        """Show the bars of the importances, or what follows them."""
        self._importances.go_on()
        self._run.look_now()
        self.query_one(ExploredChart).reset_zoom()
        if self.panes.focus_on == "table":
            self.panes.show_all()
        self._show_chosen(at_once=True)
        self.refresh_bindings()

    def action_training(self) -> None:
        """Add the training scores to the curve, or leave them out again."""
        self._has_training = not self._has_training
        if self.view is not None:
            self._curve = WatchedChart(self.view, has_training=self._has_training)
            self._show_chosen(at_once=True)
