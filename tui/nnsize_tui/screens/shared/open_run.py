"""What a screen with one open run has in common whatever the run computes: following it, its answer, log and zoom."""

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import ClassVar, Generic, TypeVar, get_args

from textual import events, work
from textual.binding import Binding
from textual.geometry import Region
from textual.reactive import var

from nnsize_engine.runs.view import AnyView, EvolutionView, SizeView
from nnsize_tui.follow import runs
from nnsize_tui.follow.details import DetailRequest
from nnsize_tui.follow.messages import RunDeleted, RunSeen, RunUnreadable, UsageSeen
from nnsize_tui.screens.shared.auto_follow import Follow, Follower
from nnsize_tui.screens.shared.layout import WIDE, Focus, Part
from nnsize_tui.screens.shared.steering import SteeringScreen, Target
from nnsize_tui.screens.shared.zoomable_chart import ZoomableChartScreen
from nnsize_tui.widgets.live_table import LiveTable
from nnsize_tui.widgets.log_pane import LogPane
from nnsize_tui.widgets.place_parts import place_parts
from nnsize_tui.widgets.run_header import Answer, RunSummary

SECONDS = 0.25
"""Between two looks at the run."""

CLOSE = Binding("escape", "close", "Back", id="run.close", tooltip="Back to all runs")
LOG = Binding("l", "log", "Log", id="run.log", tooltip="Show or hide the log")

Seen = TypeVar("Seen", SizeView, EvolutionView)


class OpenRunScreen(SteeringScreen, ZoomableChartScreen, Generic[Seen]):
    """Follows one run until it is closed; a child class says of what kind it is, and what is shown of it."""

    CSS_PATH = "../../styles/run.tcss"
    ZOOM: ClassVar[tuple[Focus, ...]] = ("all", "chart", "table")

    view: var[Seen | None] = var(None, init=False, always_update=True)  # not reactive: that repaints the screen
    """The newest look at the run."""

    focus_on: var[Focus] = var("all", init=False)
    has_log: var[bool | None] = var(None, init=False)
    """Whether the log is wanted; None while the user has not said, then where there is room for it."""

    def __init__(self, folder: Path, view: Seen | None = None) -> None:
        super().__init__()
        self.folder = folder
        self._first: Seen | None = view
        self._pace = runs.Pace(SECONDS)
        self._detail_request = DetailRequest()
        self._follower = Follower()
        self._problem = ""
        self._has_to_leave = False
        self._parts: Mapping[Part, Region] = {}
        self._answer_lines: tuple[int, int] = (0, 0)
        """The width of the screen, and the most lines that the answer has needed at it."""

    # A child class gives these.

    def mine(self, view: AnyView) -> Seen | None:
        """The view, if it is of the kind that this screen shows."""
        raise NotImplementedError

    def show_parts(self, view: Seen) -> None:
        """Hand the newest look to the parts that only this kind of run has."""
        raise NotImplementedError

    def answer_of(self, view: Seen) -> str:
        """The run's answer so far, in words."""
        raise NotImplementedError

    def row_to_follow(self, view: Seen, what: Follow) -> Hashable | None:
        """The key of the newest or of the best row."""
        raise NotImplementedError

    def places(self, width: int, height: int) -> Mapping[Part, Region]:
        """Where each part in sight stands."""
        raise NotImplementedError

    # Following the run.

    def on_mount(self) -> None:
        self._pace.take(self.explorer.refresh_seconds or SECONDS)
        self.query_one("#table").focus()
        self.place_parts()
        if self._first is not None:
            self.view = self._first
        else:
            self.query_one(Answer).show(f"Reading run {self.folder.name}{self.explorer.glyphs.ellipsis}")
        self._follow()

    def on_unmount(self) -> None:
        self._pace.end()

    @work(thread=True, group="follow")
    def _follow(self) -> None:
        runs.follow_run(self.explorer.follower(self.folder), self._pace, self.post_message, self._detail_request)

    def on_run_seen(self, message: RunSeen) -> None:
        """A newer look has arrived."""
        view = self.mine(message.view)
        if view is None:
            words = f"Run {self.folder.name} is another one now: its file was replaced."
            self.notify(words, severity="warning", markup=False)
            self._leave()
            return
        self._problem = ""
        self.view = view

    def on_usage_seen(self, message: UsageSeen) -> None:
        """What its processes use of the machine."""
        self.query_one(RunSummary).show_use(message.use)

    def on_run_unreadable(self, message: RunUnreadable) -> None:
        """The run is gone, or damaged."""
        if message.is_gone:
            self.notify(f"The folder of run {self.folder.name} is gone.", severity="warning", markup=False)
            self.explorer.pending_requests.ask(self.folder, "gone", ())  # else all runs say it once more
            self._leave()
        else:
            self._problem = f"{message.reason}. All else here was read before."
            self._show_answer()

    def watch_view(self, view: Seen | None) -> None:
        """Hand the newest look to the parts."""
        if view is None:
            return
        self.query_one(RunSummary).show(view, self.explorer.pending_requests.word(self.folder, view.state))
        self.query_one(LogPane).show(view.log)
        self.show_parts(view)
        self._go_along(view)
        self._show_answer()
        self.place_parts()
        self.refresh_bindings()

    def _show_answer(self) -> None:
        answer = self.query_one(Answer)
        if self._problem:
            answer.show(self._problem, "bad")
        elif self.view is not None:
            has_failed = self.view.state in ("failed", "refused")
            answer.show(self.answer_of(self.view), "bad" if has_failed else "strong")

    def lines_of_answer(self, width: int) -> int:
        """As many as it has ever needed: it changes with the results, and everything below must stand still."""
        least = 1 if width >= WIDE else 2
        before = self._answer_lines[1] if self._answer_lines[0] == width else least
        self._answer_lines = (width, max(before, self.query_one(Answer).height_at(width)))
        return self._answer_lines[1]

    def _go_along(self, view: Seen) -> None:
        self._follower.go_along(self.query_one("#table", LiveTable), self.row_to_follow(view, self._follower.what))

    def action_follow(self, what: Follow) -> None:
        """Keep the cursor on the newest row, on the best, or on none."""
        self._follower.what = what
        if self.view is not None:
            self._go_along(self.view)
            self.query_one("#table", LiveTable).redraw()
        self._show_followed()

    def on_live_table_moved(self) -> None:
        """Whoever moves the cursor wants it to stay there."""
        if self._follower.was_moved(self.query_one("#table", LiveTable)):
            self._show_followed()

    def _show_followed(self) -> None:
        self.query_one(RunSummary).show_followed(self._follower.words)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Which keys work now."""
        if action == "follow":
            return parameters == (self._follower.following,)
        if action == "cell" or action.startswith("chart_"):
            return ZoomableChartScreen.check_action(self, action, parameters)
        return super().check_action(action, parameters)

    # Where the parts stand.

    def on_resize(self, _: events.Resize) -> None:
        self.place_parts()

    def watch_focus_on(self) -> None:
        self.chart_view.stand_alone(is_alone=self.focus_on == "chart")
        self.place_parts()
        self.refresh_bindings()

    def watch_has_log(self) -> None:
        self.place_parts()

    def place_parts(self) -> None:
        """Put every part in its place, if that is another one than before."""
        parts = self.places(*self.app.size)
        if parts == self._parts:
            return  # setting a style, also to what it is, lays everything out and sends the whole screen
        self._parts = parts
        place_parts(self, parts, get_args(Part))
        if "table" in parts and (self.focused is None or not self.focused.display):
            self.query_one("#table").focus()

    # What the keys do.

    def target(self) -> Target | None:
        if self.view is None:
            return None
        header = self.view.header
        return Target(folder=self.folder, state=self.view.state, done=header.done, kind=header.kind)

    def look_now(self) -> None:
        self._pace.look_now()

    def request_noted(self) -> None:
        if self.view is not None:
            self.query_one(RunSummary).show(
                self.view, self.explorer.pending_requests.word(self.folder, self.view.state)
            )

    def action_log(self) -> None:
        """Show or hide the log."""
        self.focus_on = "all"
        self.has_log = not self.query_one(LogPane).display

    def action_log_level(self) -> None:
        """Show only the log's warnings and errors, or everything again."""
        self._show_log()
        self.query_one(LogPane).next_level()

    def action_log_order(self) -> None:
        """Turn the order of the log round."""
        self._show_log()
        self.query_one(LogPane).turn_round()

    def _show_log(self) -> None:
        """Have the log in sight: keys about it mean nothing without it."""
        if not self.query_one(LogPane).display:
            self.action_log()

    def action_zoom(self) -> None:
        """Show one part alone, then the next, then everything again."""
        self.focus_on = self.ZOOM[(self.ZOOM.index(self.focus_on) + 1) % len(self.ZOOM)]

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
