"""One run, live: table, curve, folds, log, and the answer in words."""

from pathlib import Path
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.reactive import var
from textual.widget import Widget

from nnsize_engine.run_view import SizeView
from nnsize_tui import follow, text
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.messages import RunDeleted, RunSeen, RunUnreadable
from nnsize_tui.screens.run_layout import WIDE, Focus, Part, arrange
from nnsize_tui.screens.steering import KEYS, SteeringScreen, Target
from nnsize_tui.themes import Ink
from nnsize_tui.widgets.candidate_table import SORTABLE, CandidateTable, in_order, items_of, width_of
from nnsize_tui.widgets.fold_pane import FoldPane
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.live_table import LiveTable
from nnsize_tui.widgets.log_pane import LogPane
from nnsize_tui.widgets.run_header import Answer, RunSummary
from nnsize_tui.widgets.score_curve import ScoreCurve

SECONDS = 0.25
"""Between two looks at the run."""

ZOOM: tuple[Focus, ...] = ("all", "chart", "table")


class RunScreen(SteeringScreen):
    """Follows one run until it is closed."""

    CSS_PATH = "../styles/run.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back", id="run.close", tooltip="Back to all runs"),
        *KEYS,
        Binding("o,greater_than_sign", "sort(1)", "Sort", id="run.sort", tooltip="Sort by the next column"),
        Binding("less_than_sign", "sort(-1)", "Sort back", id="run.sort_back", show=False,
                tooltip="Sort by the column before"),
        Binding("O", "reverse", "Reverse", id="run.reverse", show=False, tooltip="Turn the order of the rows round"),
        Binding("l", "log", "Log", id="run.log", tooltip="Show or hide the log"),
        Binding("z", "zoom", "Zoom", id="run.zoom", tooltip="The chart alone, the table alone, everything"),
    ]  # fmt: skip

    view: var[SizeView | None] = var(None, init=False, always_update=True)  # not reactive: that repaints the screen
    """The newest look at the run."""

    focus_on: var[Focus] = var("all", init=False)
    has_log: var[bool | None] = var(None, init=False)
    """Whether the log is wanted; None while the user has not said, then where there is room for it."""

    def __init__(self, folder: Path, view: SizeView | None = None) -> None:
        super().__init__()
        self.folder = folder
        self._first = view
        self._pace = follow.Pace(SECONDS)
        self._problem = ""
        self._has_to_leave = False
        self._curve: ScoreCurve | None = None
        self._parts: dict[Part, Region] = {}

    def compose(self) -> ComposeResult:
        glyphs = self.explorer.glyphs
        yield RunSummary(glyphs, id="summary")
        yield Answer(glyphs, id="answer")
        yield CandidateTable(glyphs, id="table")
        yield ChartView(unicode=glyphs.unicode, id="chart")
        yield FoldPane(glyphs, id="folds")
        yield LogPane(glyphs, id="log")
        yield KeyBar(glyphs, id="keys")

    def on_mount(self) -> None:
        table = self.query_one(CandidateTable)
        table.sorted_by = "neurons"
        table.focus()
        self._arrange()
        if self._first is not None:
            self.view = self._first
        self._follow()

    def on_unmount(self) -> None:
        self._pace.end()

    @work(thread=True, group="follow")
    def _follow(self) -> None:
        follow.follow_run(self.folder, self._pace, self.post_message)

    # What the follower says.

    def on_run_seen(self, message: RunSeen) -> None:
        """A newer look has arrived."""
        if not isinstance(message.view, SizeView):
            self._leave()  # another run was put in this one's place
            return
        self._problem = ""
        self.view = message.view

    def on_run_unreadable(self, message: RunUnreadable) -> None:
        """The run is gone, or damaged."""
        if message.is_gone:
            self.notify(f"The folder of run {self.folder.name} is gone.", severity="warning", markup=False)
            self._leave()
        else:
            self._problem = message.reason
            self._show_answer()

    def watch_view(self, view: SizeView | None) -> None:
        """Hand the newest look to the parts."""
        if view is None:
            return
        wish = self.explorer.wishes.word(self.folder, view.state)
        self.query_one(RunSummary).show(view, wish)
        self.query_one(LogPane).show(view.log)
        self._curve = ScoreCurve(view)
        self._show_rows(view)
        self._show_answer()
        self._arrange()
        self.refresh_bindings()

    def _show_rows(self, view: SizeView, *, at_once: bool = False) -> None:
        table = self.query_one(CandidateTable)
        rows = in_order(items_of(view), table.sorted_by or "neurons", is_descending=table.is_descending)
        table.show(rows, at_once=at_once)
        self._show_chosen()

    def _show_chosen(self) -> None:
        chosen = self.query_one(CandidateTable).chosen
        if self._curve is not None and chosen is not None:
            self.query_one(FoldPane).show(chosen.summary, self.view.under_way if self.view else ())
            self.query_one(ChartView).show(self._curve.chart(chosen.summary.candidate.number))

    def _show_answer(self) -> None:
        answer, ink = self._problem, "bad"
        if not answer and self.view is not None:
            has_failed = self.view.state in ("failed", "refused")
            answer = text.answer_text(self.view, unicode=self.explorer.glyphs.unicode)
            if has_failed and self.view.choice is not None and self.view.header.reason:
                answer = f"The run {self.view.state}: {self.view.header.reason}. {answer}"
            ink = "bad" if has_failed else "strong"
        self.query_one(Answer).show(answer, _ink(ink))

    # Where the parts stand.

    def on_resize(self, _: events.Resize) -> None:
        self._arrange()

    def watch_focus_on(self) -> None:
        self._arrange()

    def watch_has_log(self) -> None:
        self._arrange()

    def _arrange(self) -> None:
        width, height = self.app.size
        is_wide = width >= WIDE
        items = self.query_one(CandidateTable).items
        parts = arrange(
            width,
            height,
            answer=max(1 if is_wide else 2, self.query_one(Answer).height_at(width)),
            table=width_of(items, is_wide=is_wide),
            focus=self.focus_on,
            has_log=self.has_log,
            folds=(self.view.settings.cv if self.view else 5) + 4,
        )
        if parts == self._parts:
            return  # setting a style, also to what it is, lays everything out and sends the whole screen
        self._parts = parts
        for widget in self.query("#summary, #answer, #table, #chart, #folds, #log, #keys").results(Widget):
            region = next((region for part, region in parts.items() if part == widget.id), None)
            widget.display = region is not None
            if region is not None:
                widget.styles.offset = (region.x, region.y)
                widget.styles.width = region.width
                widget.styles.height = region.height

    # What the keys do.

    def target(self) -> Target | None:
        if self.view is None:
            return None
        return Target(folder=self.folder, state=self.view.state, done=self.view.header.done)

    def look_now(self) -> None:
        self._pace.look_now()

    def wish_noted(self) -> None:
        if self.view is not None:
            self.query_one(RunSummary).show(self.view, self.explorer.wishes.word(self.folder, self.view.state))

    def on_live_table_moved(self) -> None:
        self._show_chosen()

    def on_live_table_title_clicked(self, message: LiveTable.TitleClicked) -> None:
        """Sort by that column; turn the order round if it already is."""
        if self.query_one(CandidateTable).sorted_by == message.column:
            self.action_reverse()
        else:
            self._sort_by(message.column)

    def action_sort(self, step: int) -> None:
        """Sort by the column so many further on."""
        now = self.query_one(CandidateTable).sorted_by or "neurons"
        self._sort_by(SORTABLE[(SORTABLE.index(now) + step) % len(SORTABLE)])

    def action_reverse(self) -> None:
        """Turn the order of the rows round."""
        table = self.query_one(CandidateTable)
        table.is_descending = not table.is_descending
        if self.view is not None:
            self._show_rows(self.view, at_once=True)

    def _sort_by(self, column: str) -> None:
        table = self.query_one(CandidateTable)
        table.sorted_by = column
        table.is_descending = column in ("mean", "train")  # the good ones first
        if self.view is not None:
            self._show_rows(self.view, at_once=True)

    def action_log(self) -> None:
        """Show or hide the log."""
        self.focus_on = "all"
        self.has_log = not self.query_one(LogPane).display

    def action_zoom(self) -> None:
        """Show the chart alone, then the table alone, then everything again."""
        self.focus_on = ZOOM[(ZOOM.index(self.focus_on) + 1) % len(ZOOM)]

    def action_close(self) -> None:
        """Back to all runs; from a zoomed part, first back to everything."""
        if self.focus_on != "all":
            self.focus_on = "all"
        else:
            self._leave()

    def on_run_deleted(self, message: RunDeleted) -> None:
        """It was deleted from here."""
        self.notify(f"Run {message.folder.name} is deleted.", markup=False)
        self._leave()

    def _leave(self) -> None:
        """Close this screen, or let it be closed by :meth:`on_screen_resume` when what is on top of it is gone."""
        self._pace.end()
        self._has_to_leave = True
        if self.app.screen is self:
            self.dismiss(None)

    def on_screen_resume(self) -> None:
        if self._has_to_leave and self.app.screen is self:
            self.dismiss(None)


def _ink(name: str) -> Ink:
    return "bad" if name == "bad" else "strong"
