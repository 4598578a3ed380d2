"""The screen of one search: answer, table, pictures, folds and log, live."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, get_args

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region

from nnsize_engine.answers.search_answer import answer_details, answers
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.run import Kind
from nnsize_tui.follow.messages import (
    ImportancesSeen,
    LossesSeen,
    RunDeleted,
    RunSeen,
    RunUnreadable,
    Trouble,
    UsageSeen,
)
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.search import extending, pictures
from nnsize_tui.screens.search.candidate_columns import columns_of
from nnsize_tui.screens.search.candidate_table import CandidateTable, best_of_sizes, in_order, items_of, reference_row
from nnsize_tui.screens.search.extending import Extending
from nnsize_tui.screens.search.fold_pane import FoldPane, lines_of
from nnsize_tui.screens.search.layout import arrange
from nnsize_tui.screens.search.pictures import Pictures
from nnsize_tui.screens.shared import auto_follow, chart_zoom, pane_borders, side_by_side, sorting, steering
from nnsize_tui.screens.shared.auto_follow import AutoFollow, Follow
from nnsize_tui.screens.shared.chart_zoom import ChartZoom
from nnsize_tui.screens.shared.layout import WIDE, Focus, Part
from nnsize_tui.screens.shared.log_keys import LOG, LogKeys
from nnsize_tui.screens.shared.open_run import CLOSE, OpenRun
from nnsize_tui.screens.shared.pane_borders import PaneBorders
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

FOCUSES: tuple[Focus, ...] = ("all", "chart", "picture", "table")

USUAL_FOLD_LINES = 9
"""Lines for the folds before the run was read."""


class SearchScreen(BaseScreen[None]):
    """Follow one search until the screen is closed."""

    READABLE: ClassVar[str] = "Answer, KeyBar"
    CSS_PATH = "../../styles/run.tcss"
    KINDS: ClassVar[tuple[Kind, ...]] = ("size",)
    BINDINGS: ClassVar[list[BindingType]] = [
        CLOSE,
        extending.LARGER,
        *pictures.MAP_KEYS,
        *chart_zoom.KEYS,
        *steering.KEYS,
        extending.EXTEND,
        Binding("b", "best", "Best", id="run.best",
                tooltip="One row for each size: the best of it, whatever its other parameters"),
        Binding("b", "every", "All", id="run.every", tooltip="A row for every candidate again"),
        *pictures.KEYS,
        *side_by_side.KEYS,
        Binding("tab", "app.focus_next", "Next pane", id="run.next", show=False, tooltip="The next pane"),
        Binding("shift+tab", "app.focus_previous", "Pane before", id="run.previous", show=False,
                tooltip="The pane before"),
        *sorting.KEYS,
        *auto_follow.KEYS,
        LOG,
        *LOG_KEYS,
        WORKERS,
        Binding("z", "zoom", "Zoom", id="run.zoom",
                tooltip="The charts alone, the chosen one of several, the table alone, everything"),
        *pane_borders.KEYS,
    ]  # fmt: skip

    def __init__(self, folder: Path, view: SizeView | None = None) -> None:
        super().__init__()
        self.folder = folder
        self._is_best_alone = False
        self._zoom = self.hold(ChartZoom(self))
        self.panes: Panes[Part, Focus] = self.hold(
            Panes(
                self,
                parts=get_args(Part),
                focuses=FOCUSES,
                arrange=self._arrange,
                table="table",
                skips=lambda focus: self._side_by_side.skips(focus),
            )
        )
        self._borders = self.hold(PaneBorders(self, "search", self.panes))
        self._log_keys = self.hold(LogKeys(self, self.panes))
        self._workers_key = self.hold(WorkersKey(self, self.panes, lambda: self.view))
        self._run = self.hold(
            OpenRun(
                self,
                folder,
                shown=SizeView,
                first=view,
                panes=self.panes,
                show=self._show_parts,
                answers=self._answers_of,
            )
        )
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
        self._pictures = self.hold(Pictures(self, self._run, self.panes, self._zoom, show=self._show_chosen))
        self._side_by_side = self.hold(self._pictures.side_by_side)
        self._extending = self.hold(Extending(self, self._run, show_request=self._run.show_request))
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
        yield CandidateTable(glyphs, id="table")
        yield from side_by_side.pictures_of(glyphs)
        yield FoldPane(glyphs, id="folds")
        yield LogPane(glyphs, id="log")
        yield WorkersPane(glyphs, id="workers")
        yield KeyBar(glyphs, id="keys")

    @property
    def view(self) -> SizeView | None:
        """The newest view of the run."""
        return self._run.view

    @property
    def kept(self) -> Collection[str]:
        return () if self._zoom.unwanted else ("importances", "workers")

    @property
    def unwanted(self) -> Collection[str]:
        return (*self._zoom.unwanted, "larger") if self._zoom.unwanted else ()

    @property
    def _table(self) -> CandidateTable:
        return self.query_one(CandidateTable)

    # Messages.

    def on_mount(self) -> None:
        self._table.sorted_by = "neurons"
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

    def on_losses_seen(self, message: LossesSeen) -> None:
        """Show the losses of the selected candidate."""
        self._pictures.losses_seen(message)

    def on_importances_seen(self, message: ImportancesSeen) -> None:
        """Show the importances of the parameters."""
        self._pictures.importances_seen(message)

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

    def on_explored_chart_chosen(self, message: ExploredChart.Chosen) -> None:
        """Choose the picture that the mouse pressed on."""
        self._side_by_side.choose(self._side_by_side.place_of(message.chart))

    def on_explored_chart_pointed(self, message: ExploredChart.Pointed) -> None:
        """Select the candidate that the mouse points at in a chart."""
        self._pictures.pointed(message)

    def on_explored_chart_cell_pointed(self, message: ExploredChart.CellPointed) -> None:
        """Select the candidate that the mouse points at in a heat map."""
        self._pictures.cell_pointed(message)

    # Content.

    def _show_parts(self, view: SizeView) -> None:
        if not self._pictures.is_of(view):
            self._pictures.begin(view)
            self._table.shape = columns_of(view.settings, [summary.candidate for summary in view.summaries])
        self._pictures.forget_drawn()
        self._show_rows(view)

    def _show_rows(self, view: SizeView, *, at_once: bool = False) -> None:
        table = self._table
        items = items_of(view)
        if self._is_best_alone:
            items = best_of_sizes(view, items)
        table.footer.rows = [reference_row(one) for one in view.references]
        rows = in_order(items, table.sorted_by or "neurons", table.shape, is_descending=table.is_descending)
        table.show(rows, at_once=at_once)
        self._auto_follow.move_cursor()
        self._show_chosen(at_once)

    def _show_sorted(self) -> None:
        if self.view is not None:
            self._show_rows(self.view, at_once=True)

    def _show_chosen(self, at_once: bool = False) -> None:
        view, chosen = self.view, self._table.highlighted
        if view is not None and chosen is not None:
            seeds = " ".join(answer_details(view))
            self.query_one(FoldPane).show(chosen.summary, view.settings, view.under_way, chosen.dropped, seeds)
            number = chosen.summary.candidate.number
            self._pictures.draw(view, number, is_best_alone=self._is_best_alone, at_once=at_once)

    def _row_to_follow(self, what: Follow) -> Hashable | None:
        view = self.view
        if view is None:
            return None
        if what == "newest":
            return view.newest
        return view.choice.best.number if view.choice is not None else None

    def _answers_of(self, view: SizeView) -> Sequence[str]:
        found = answers(view)
        if view.state in ("failed", "refused") and view.choice is not None and view.header.reason:
            return [f"The run {view.state}: {view.header.reason}. {answer}" for answer in found]
        return found

    def _copyable(self) -> Copyable:
        from nnsize_tui.screens.shared import copying

        view, chosen = self.view, self._table.highlighted
        number = None if chosen is None else chosen.summary.candidate.number
        return () if view is None else copying.of_candidate(view, number, self._answers_of(view)[0])

    def _arrange(self, width: int, height: int) -> Mapping[Part, Region]:
        view, shape = self.view, self._table.shape
        # A table with more than the usual columns may hide some to leave room for the folds.
        has_more_columns = view is not None and bool(view.settings.grid or view.settings.repeats > 1)
        parts = arrange(
            width,
            height,
            answer=self._run.answer_lines(width),
            summary=self.query_one(RunSummary).height_wanted,
            table=shape.width(is_wide=width >= WIDE),
            min_table=shape.least_width if has_more_columns else None,
            chart=self._pictures.wanted_size(),
            focus=self.panes.focus_on,
            has_log=self._log_keys.is_wanted,
            sizes=self._borders.sizes,
            folds=USUAL_FOLD_LINES if view is None else lines_of(view.settings),
        )
        return self._side_by_side.arrange(parts)

    # Actions.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action is possible now."""
        return not self.why_not(action, parameters) and super().check_action(action, parameters)

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return the reason why an action is not possible now."""
        if action not in ("best", "every"):
            return super().why_not(action, parameters)
        if not self._has_several_a_size():
            return "every size has one candidate"
        return "" if self._is_best_alone == (action == "every") else "it is shown so already"

    def _has_several_a_size(self) -> bool:
        """Return whether a size has several candidates."""
        return self.view is not None and len(self.view.summaries) > len(self.view.settings.candidates)

    def action_best(self) -> None:
        """Show one row for each size."""
        self._show_best(alone=True)

    def action_every(self) -> None:
        """Show a row for every candidate."""
        self._show_best(alone=False)

    def _show_best(self, *, alone: bool) -> None:
        table = self._table
        before = table.highlighted
        self._is_best_alone = alone
        if self.view is None or before is None:
            return
        self._show_rows(self.view, at_once=True)
        layers = before.summary.candidate.hidden_layer_sizes
        same = [item for item in table.items if item.summary.candidate.hidden_layer_sizes == layers]
        if same and before.summary.candidate not in (item.summary.candidate for item in same):
            table.choose(table.key_of(same[0]))
        self.refresh_bindings()
