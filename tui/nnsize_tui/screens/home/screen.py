"""All runs: what each is, how far it is, what it found."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import ModalScreen

from nnsize_engine.charts.description import Chart
from nnsize_engine.charts.heat_map import HeatMap
from nnsize_engine.runs.view import AnyView
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.follow.messages import RunDeleted, RunRow, RunsSeen
from nnsize_tui.follow.runs import Pace, RunsFollower, follow_runs
from nnsize_tui.screens.home import marking
from nnsize_tui.screens.home.marking import MarkingScreen
from nnsize_tui.screens.home.run_curve import RunCurve
from nnsize_tui.screens.home.run_detail import RunDetail, TitleBar, Welcome
from nnsize_tui.screens.home.run_table import RunItem, RunTable
from nnsize_tui.screens.home.starting import StartingScreen
from nnsize_tui.screens.shared.sortable import KEYS as SORT_KEYS
from nnsize_tui.screens.shared.sortable import SortingScreen
from nnsize_tui.screens.shared.steering import KEYS, Target
from nnsize_tui.terminal.timers import after_refresh
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.live_table import LiveTable

if TYPE_CHECKING:
    pass

SECONDS = 0.5
"""Between two looks at all runs."""

CURVE_FROM = 32
"""Lines of the screen from which on half of it is for the selected run's curve, however many runs there are."""

LEAST_CURVE = 8
"""Lines that a curve needs where few runs leave room for it."""

AWAY_SECONDS = 2.0
"""The same while another screen is in front."""

LEAST_DETAIL = 6


class HomeScreen(MarkingScreen, StartingScreen, SortingScreen):
    """The table of runs, and the selected one in words."""

    LARGE_FIRST: ClassVar[Collection[str]] = ("started", "score", "done")

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="home.open", tooltip="Open the run: its table, curve, details and log"),
        marking.COMPARE,
        Binding("n", "setup('size')", "New search", id="home.setup",
                tooltip="Set up a search for a number of neurons; ctrl+s there starts it"),
        Binding("e", "setup('evolution')", "Evolve", id="home.evolve",
                tooltip="Set up an evolution of a network's weights; ctrl+s there starts it"),
        *marking.KEYS,
        *KEYS,
        *SORT_KEYS,
    ]  # fmt: skip

    def __init__(self, runs: RunsFollower, rows: Sequence[RunRow], seconds: float | None = None) -> None:
        """``rows`` were read before; ``seconds`` are between two looks."""
        super().__init__()
        self._runs = runs
        self._rows = tuple(rows)
        self._seconds = seconds or SECONDS
        self._pace = Pace(self._seconds)
        self._detail_lines = self._curve_lines = 0
        self._curve = RunCurve()
        self._by_way_of_app: tuple[RunRow, ...] | None = None
        """The newest rows, if they were sent to the app and not to this screen."""

        self._choose_next: Path | None = None
        """A run just started, to be under the cursor as soon as it is in the table."""

    def compose(self) -> ComposeResult:
        glyphs = self.explorer.glyphs
        yield TitleBar(glyphs, id="title")
        yield RunTable(glyphs, id="runs")
        yield Welcome(glyphs, self._runs.home, id="welcome")
        yield RunDetail(glyphs, id="detail")
        yield ChartView(unicode=glyphs.unicode, id="curve")
        yield KeyBar(glyphs, id="keys")

    def on_mount(self) -> None:
        self._show()
        self.query_one(RunTable).focus()
        after_refresh(self, self._follow)

    def on_resize(self) -> None:
        self._show_chosen()

    def on_unmount(self) -> None:
        self._pace.end()

    def on_screen_suspend(self, _: events.ScreenSuspend) -> None:
        """Behind another screen, look only for runs that end."""
        if not isinstance(self.app.screen, ModalScreen):
            self._pace.take(max(self._seconds, AWAY_SECONDS))

    def on_screen_resume(self, _: events.ScreenResume) -> None:
        self._pace.take(self._seconds)
        self._show()
        self._choose_started()

    @property
    def rows(self) -> Sequence[RunRow]:
        """All runs as they were last seen, newest first."""
        return self._rows

    @work(thread=True, group="follow")
    def _follow(self) -> None:
        follow_runs(self._runs, self._pace, self._post)

    def _post(self, message: Message) -> None:
        """To the app while another screen is in front: a message to this one would send the other one again."""
        stack = self.app.screen_stack  # empty while the explorer is being closed
        is_away = bool(stack) and stack[-1] is not self and not isinstance(stack[-1], ModalScreen)
        if isinstance(message, RunsSeen):
            self._by_way_of_app = message.rows if is_away else None
        (self.app if is_away and isinstance(message, RunsSeen) else self).post_message(message)

    def keep_rows(self, rows: Sequence[RunRow]) -> None:
        """Rows that were sent to the app, to be shown when this screen is in front again; it may be meanwhile."""
        if rows is self._by_way_of_app:
            self._rows = self._by_way_of_app
            if self.app.screen is self:
                self._show()
                self._choose_started()

    def on_runs_seen(self, message: RunsSeen) -> None:
        """Newer rows have arrived."""
        if message.rows != self._rows:
            self._say_what_is_gone(message.rows)
            self._rows = message.rows
            if self.app.screen is self or isinstance(self.app.screen, ModalScreen):
                self._show()
        self._choose_started()

    def _choose_started(self) -> None:
        """Put the cursor on the run that was just started, once it is in the table."""
        if self._choose_next is not None and self.query_one(RunTable).choose(self._choose_next):
            self._choose_next = None

    def _say_what_is_gone(self, rows: Sequence[RunRow]) -> None:
        """Name the runs that were deleted elsewhere; those that one deletes here are said when that is done."""
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

    def on_live_table_moved(self) -> None:
        self._show_chosen()

    def on_live_table_opened(self, _: LiveTable.Opened) -> None:
        self.action_open()

    def on_click(self, event: events.Click) -> None:
        """The curve is read and zoomed in the open run."""
        if event.widget is self.query_one(ChartView):
            self.action_open()

    def _show(self) -> None:
        is_empty = not self._rows
        pending_requests = self.explorer.pending_requests
        self.query_one(Welcome).display = is_empty
        self.query_one(RunDetail).display = not is_empty
        table = self.query_one(RunTable)
        table.display = not is_empty
        self.marks.keep([row.folder for row in self._rows])
        table.show(
            [
                RunItem(run=row, wish=pending_requests.word(row.folder, row.state), is_marked=row.folder in self.marks)
                for row in self._rows
            ]
        )
        states = [row.state for row in self._rows]
        self.query_one(TitleBar).show(
            len(states), states.count("running"), is_starting=self.is_starting, marked=len(self.marks)
        )
        self._show_chosen()

    def _show_chosen(self) -> None:
        chosen = self.query_one(RunTable).chosen
        chart = self.query_one(ChartView)
        view = chosen.run.view if chosen is not None else None
        if chosen is not None:
            self._show_detail(chosen)
        lines = self._lines_for_curve()
        curve = self._curve_of(view) if lines else None
        chart.display = curve is not None
        if curve is not None:
            if lines != self._curve_lines:
                self._curve_lines = lines
                chart.styles.height = lines
            chart.show(curve)
        self.refresh_bindings()

    def _lines_for_curve(self) -> int:
        """What titles, keys, details and the rows of all runs leave; half of a tall screen; 0 where that is none."""
        height = self.app.size.height
        left = height - 2 - self._detail_lines - len(self._rows) - 2
        return max(left, height // 2) if height >= CURVE_FROM else left if left >= LEAST_CURVE else 0

    def _curve_of(self, view: AnyView | None) -> Chart | HeatMap | None:
        """The chart of a run, if it has results to draw."""
        return None if view is None else self._curve.chart(view)

    def _show_detail(self, chosen: RunItem) -> None:
        detail = self.query_one(RunDetail)
        detail.show(chosen)
        lines = max(LEAST_DETAIL, detail.height_at(self.app.size.width))
        if lines != self._detail_lines:  # setting a height, also to what it is, lays everything out again
            self._detail_lines = lines
            detail.styles.height = lines

    # What the keys do.

    @property
    def sorted_table(self) -> RunTable:
        return self.query_one(RunTable)

    def columns_to_sort_by(self) -> Sequence[str]:
        return self.sorted_table.titles_in_sight

    def show_sorted(self) -> None:
        self.sorted_table.sort_anew()
        self._show_chosen()

    def target(self) -> Target | None:
        if not self.is_mounted:
            return None
        chosen = self.query_one(RunTable).chosen
        if chosen is None:
            return None
        row = chosen.run
        if row.header is None:
            return Target(folder=row.folder, state=row.state, done=0)
        return Target(folder=row.folder, state=row.state, done=row.header.done, kind=row.header.kind)

    def look_now(self) -> None:
        self._pace.look_now()

    def request_noted(self) -> None:
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Which keys work now."""
        if action == "open":
            target = self.target()
            return target is not None and target.state is not None
        if action in ("sort", "reverse"):
            return len(self._rows) > 1
        return super().check_action(action, parameters)

    def action_open(self) -> None:
        """Open the run under the cursor."""
        target = self.target()
        if target is None or target.state is None:
            return
        self.explorer.open_run(target.folder, target.kind)

    def show_marks(self) -> None:
        self._show()
        self.query_one(RunTable).redraw()

    def step_down(self) -> None:
        self.query_one(RunTable).action_move(1)

    @property
    def home(self) -> Path:
        return self._runs.home

    def show_starting(self) -> None:
        self._detail_lines = self._curve_lines = 0
        self._show()

    def choose_started(self, folder: Path) -> None:
        self._choose_next = folder

    def on_run_deleted(self, message: RunDeleted) -> None:
        """Take it out of the table at once."""
        self.explorer.pending_requests.forget(message.folder)
        self._rows = tuple(row for row in self._rows if row.folder != message.folder)
        self._show()
        self.notify(f"Run {message.folder.name} is deleted.", markup=False)
