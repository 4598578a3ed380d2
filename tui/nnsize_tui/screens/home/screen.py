"""The home screen: all runs, their progress and their results."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from nnsize_engine.settings.run import Kind
from nnsize_engine.text import bytes_text
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.follow.messages import RunDeleted, RunRow, RunsDeleted, RunsSeen, Trouble
from nnsize_tui.follow.runs import Pace, RunsFollower, follow_runs
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.home import examples, marking
from nnsize_tui.screens.home.examples import ExampleRead, Examples
from nnsize_tui.screens.home.marked_targets import MarkedTargets, target_of
from nnsize_tui.screens.home.marking import Marking
from nnsize_tui.screens.home.new_runs import NewRuns
from nnsize_tui.screens.home.run_detail import RunDetail
from nnsize_tui.screens.home.run_table import RunItem, RunTable
from nnsize_tui.screens.home.selected_run import SelectedRun
from nnsize_tui.screens.home.title import HomeTitle
from nnsize_tui.screens.home.welcome import Welcome
from nnsize_tui.screens.shared import sorting, steering
from nnsize_tui.screens.shared.sorting import Sorting
from nnsize_tui.screens.shared.steering import Steering
from nnsize_tui.screens.shared.target import Target
from nnsize_tui.terminal.timers import after_refresh
from nnsize_tui.text.sentences import left_words
from nnsize_tui.text.stalls import STALLED, wrong_state
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.live_table import LiveTable

if TYPE_CHECKING:
    from nnsize_tui.screens.setup.draft import Draft

LOOK_SECONDS = 0.5
"""Seconds between two reads of all runs."""

AWAY_SECONDS = 2.0
"""Seconds between two reads while another screen is in front."""


class HomeScreen(BaseScreen[None]):
    """Show the table of runs, and the selected run in words and as a chart."""

    READABLE: ClassVar[str] = "RunDetail, KeyBar"
    KINDS: ClassVar[tuple[Kind, ...]] = ("size", "evolution")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="home.open", tooltip="Open the run: its table, curve, details and log"),
        marking.COMPARE,
        Binding("n", "setup('size')", "New search", id="home.setup",
                tooltip="Set up a search for a number of neurons; ctrl+s there starts it"),
        Binding("e", "setup('evolution')", "Evolve", id="home.evolve",
                tooltip="Set up an evolution of a network's weights; ctrl+s there starts it"),
        examples.KEY,
        *marking.KEYS,
        *steering.KEYS,
        *sorting.KEYS,
    ]  # fmt: skip

    def __init__(self, runs: RunsFollower, rows: Sequence[RunRow], seconds: float | None = None) -> None:
        """``rows`` were read before; ``seconds`` are the time between two reads."""
        super().__init__()
        self._runs = runs
        self._rows = tuple(rows)
        self._seconds = seconds or LOOK_SECONDS
        self._pace = Pace(self._seconds)
        self._rows_via_app: tuple[RunRow, ...] | None = None
        """The newest rows, if they were posted to the app and not to this screen."""

        self._choose_next: Path | None = None
        """A run that was just started; it gets the cursor as soon as it is in the table."""

        self._selected = SelectedRun(self)
        self._marking = self.hold(
            Marking(
                self,
                target=self._target,
                show=self._show_marks,
                step=lambda rows: self._table.action_move(rows),
                shown=lambda: [item.run.folder for item in self._table.items],
            )
        )
        self.new_runs = self.hold(
            NewRuns(
                self,
                runs.home,
                choose=self._choose_when_there,
                look_now=self._pace.look_now,
            )
        )
        self._examples = self.hold(
            Examples(
                self,
                runs.home,
                names=lambda: [row.folder.name for row in self._rows],
                choose=self._choose_when_there,
                look_now=self._pace.look_now,
                show=self._show_chosen,
            )
        )
        self._sorting = self.hold(
            Sorting(
                lambda: self._table,
                columns=lambda: self._table.titles_in_sight,
                show=self._show_sorted,
                large_first=("started", "score", "done"),
            )
        )
        self._steering = self.hold(
            Steering(
                self,
                target=self._target,
                look_now=self._pace.look_now,
                show_request=self._show,
                marked=MarkedTargets(self, self._marked_targets),
            )
        )

    def compose(self) -> ComposeResult:
        glyphs = self.explorer.glyphs
        yield HomeTitle(glyphs, id="title")
        yield RunTable(glyphs, id="runs")
        yield Welcome(glyphs, self._runs.home, id="welcome")
        yield RunDetail(glyphs, id="detail")
        yield ChartView(unicode=glyphs.unicode, id="curve")
        yield KeyBar(glyphs, id="keys")

    @property
    def rows(self) -> Sequence[RunRow]:
        """All runs as they were last read, newest first."""
        return self._rows

    @property
    def _table(self) -> RunTable:
        return self.query_one(RunTable)

    @property
    def unwanted(self) -> Collection[str]:
        """Actions that come last among the keys in the bottom line."""
        if not self._rows:
            return ()
        of_marks = ("open", "setup", "filter", "sort", "copy", "again") if len(self._marking.marks) else ()
        return ("examples", *of_marks)

    def set_up(self, kind: Kind, draft: "Draft | None" = None) -> None:
        """Open the setup of a run, with a draft or with the last one of this kind."""
        self.new_runs.set_up(kind, draft)

    # Following all runs.

    def on_mount(self) -> None:
        self._show()
        self._table.focus()
        after_refresh(self, self._after_first_frame)

    def _after_first_frame(self) -> None:
        self._follow()
        if not self._rows:
            self._examples.look()

    def on_resize(self) -> None:
        self._show_chosen()

    def on_unmount(self) -> None:
        self._pace.end()

    def on_screen_suspend(self, _: events.ScreenSuspend) -> None:
        """Read less often behind another screen, only to notice runs that end."""
        if not self.app.screen.is_modal:
            self._pace.take(max(self._seconds, AWAY_SECONDS))

    def on_screen_resume(self, _: events.ScreenResume) -> None:
        self._pace.take(self._seconds)
        self._show()
        self._choose_started()

    @work(thread=True, group="follow")
    def _follow(self) -> None:
        follow_runs(self._runs, self._pace, self._post)

    def _post(self, message: Message) -> None:
        """Post to this screen, but rows to the app while another screen is in front.

        A message to this screen would make Textual send the screen in front again.
        """
        stack = self.app.screen_stack  # empty while the explorer is being closed
        is_away = bool(stack) and stack[-1] is not self and not stack[-1].is_modal
        if isinstance(message, RunsSeen):
            self._rows_via_app = message.rows if is_away else None
        (self.app if is_away and isinstance(message, RunsSeen) else self).post_message(message)

    def keep_rows(self, rows: Sequence[RunRow]) -> None:
        """Keep rows that were posted to the app; show them if this screen is in front again meanwhile."""
        if rows is self._rows_via_app:
            self._rows = self._rows_via_app
            if self.app.screen is self:
                self._show()
                self._choose_started()

    def on_runs_seen(self, message: RunsSeen) -> None:
        """Take newer rows."""
        if message.rows != self._rows:
            self._say_what_is_gone(message.rows)
            self._rows = message.rows
            if self.app.screen is self or self.app.screen.is_modal:
                self._show()
        self._choose_started()

    def _choose_when_there(self, folder: Path) -> None:
        self._choose_next = folder

    def _choose_started(self) -> None:
        """Put the cursor on the run that was just started, if it is in the table."""
        if self._choose_next is not None and self._table.choose(self._choose_next):
            self._choose_next = None

    def _say_what_is_gone(self, rows: Sequence[RunRow]) -> None:
        """Notify about runs that were deleted elsewhere; a run that is deleted here has its own message."""
        here, pending_requests = {row.folder for row in rows}, self.explorer.pending_requests
        gone = [
            row.folder
            for row in self._rows
            if row.folder not in here and not pending_requests.word(row.folder, row.state)
        ]
        if gone:
            words = "Run {} is" if len(gone) == 1 else "Runs {} are"
            names = ", ".join(folder.name for folder in gone)
            self.notify(f"{words.format(names)} gone: deleted or moved elsewhere.", severity="warning", markup=False)

    def on_example_read(self, message: ExampleRead) -> None:
        """Show an example run, or that all are in the list."""
        if self.app.screen_stack:  # empty while the explorer is being closed
            self._examples.take(message)

    def on_run_deleted(self, message: RunDeleted) -> None:
        """Remove the run from the table at once."""
        self.explorer.pending_requests.forget(message.folder)
        self._rows = tuple(row for row in self._rows if row.folder != message.folder)
        self._show()
        self.notify(f"Run {message.folder.name} is deleted{left_words(message.folder, message.left)}.", markup=False)

    def on_runs_deleted(self, message: RunsDeleted) -> None:
        """Remove the runs from the table at once."""
        for folder in message.folders:
            self.explorer.pending_requests.forget(folder)
        self._rows = tuple(row for row in self._rows if row.folder not in message.folders)
        self._show()
        kept = "; files that are not theirs stay in " + ", ".join(map(str, message.kept)) if message.kept else ""
        words = f"{len(message.folders)} runs are deleted, {bytes_text(message.freed)} freed{kept}."
        self.notify(words, markup=False)

    def on_trouble(self, message: Trouble) -> None:
        """Show why a request failed."""
        self._steering.say_trouble(message)

    def on_live_table_moved(self) -> None:
        self._show_chosen()

    def on_live_table_opened(self, _: LiveTable.Opened) -> None:
        self.action_open()

    def on_live_table_title_clicked(self, message: LiveTable.TitleClicked) -> None:
        """Sort by the column of the title."""
        self._sorting.click_title(message.column)

    def on_click(self, event: events.Click) -> None:
        """Open the run by a click on its chart."""
        if event.widget is self.query_one(ChartView):
            self.action_open()

    # Content.

    def _show(self) -> None:
        is_empty = not self._rows
        pending_requests, marks = self.explorer.pending_requests, self._marking.marks
        self.query_one(Welcome).display = is_empty
        self.query_one(RunDetail).display = not is_empty
        self._table.display = not is_empty
        marks.keep([row.folder for row in self._rows])
        self._table.show(
            [
                RunItem(run=row, request=pending_requests.word(row.folder, row.state), is_marked=row.folder in marks)
                for row in self._rows
            ]
        )
        stalled = sum(wrong_state(row.view) == STALLED for row in self._rows)
        running = sum(row.state == "running" and wrong_state(row.view) != STALLED for row in self._rows)
        self.query_one(HomeTitle).show(
            len(self._rows),
            running,
            stalled=stalled,
            marked=len(marks),
        )
        self._show_chosen()

    def _show_chosen(self) -> None:
        if self._rows:
            self._selected.show(self._table.highlighted, len(self._rows))
        else:
            self._selected.reset_heights()
            self._examples.show()
        self.refresh_bindings()

    def _show_sorted(self) -> None:
        self._table.show_sorted()
        self._show_chosen()

    def _show_marks(self) -> None:
        self._show()
        self._table.redraw()

    # Actions.

    def _target(self) -> Target | None:
        if not self.is_mounted:
            return None
        chosen = self._table.highlighted
        if chosen is None:
            return None
        return target_of(chosen.run)

    def _marked_targets(self) -> Sequence[Target]:
        """Return the marked runs in the order in which they were marked."""
        rows = {row.folder: row for row in self._rows}
        return [target_of(rows[folder]) for folder in self._marking.marks.folders if folder in rows]

    @property
    def wanted(self) -> Collection[str]:
        return ("delete",) if len(self._marking.marks) else ()

    @property
    def kept(self) -> Collection[str]:
        return () if len(self._marking.marks) else ("label",)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action is possible now."""
        return not self.why_not(action, parameters) and super().check_action(action, parameters)

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return the reason why an action is not possible now."""
        if action == "open":
            target = self._target()
            can_open = target is not None and target.state is not None
            return "" if can_open else "there is no run under the cursor that can be read"
        if action in ("sort", "reverse") and len(self._rows) < 2:
            return "there are fewer than two runs"
        return super().why_not(action, parameters)

    def action_open(self) -> None:
        """Open the run under the cursor."""
        target = self._target()
        if target is not None and target.state is not None:
            self.explorer.open_run(target.folder, target.kind)
