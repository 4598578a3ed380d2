"""Follow one run, show its header, its answer and its log, and leave it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

from textual.binding import Binding

from nnsize_engine.runs.view import AnyView, EvolutionView, SizeView, WatchedView
from nnsize_tui.follow import runs
from nnsize_tui.follow.details import DetailRequest
from nnsize_tui.follow.messages import RunDeleted, RunSeen, RunUnreadable, UsageSeen
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.component import Component
from nnsize_tui.screens.shared.layout import WIDE
from nnsize_tui.screens.shared.live_frames import LiveFrames
from nnsize_tui.screens.shared.panes import Panes
from nnsize_tui.screens.shared.target import Target
from nnsize_tui.text.cluster import waiting_sentence, waits_for_workers
from nnsize_tui.text.sentences import broken_words
from nnsize_tui.text.stalls import stall_sentence
from nnsize_tui.widgets.log_pane import LogPane
from nnsize_tui.widgets.run_header import Answer, RunSummary
from nnsize_tui.widgets.workers_pane import WorkersPane

LOOK_SECONDS = 0.25
"""Seconds between two reads of the run."""

CLOSE = Binding("escape", "close", "Back", id="run.close", tooltip="Back to all runs")

Seen = TypeVar("Seen", SizeView, EvolutionView, WatchedView)


class OpenRun(Component, Generic[Seen]):
    """Follow one run until it is closed."""

    def __init__(
        self,
        screen: BaseScreen[None],
        folder: Path,
        *,
        shown: type[Seen],
        first: Seen | None,
        panes: Panes[Any, Any],
        show: Callable[[Seen], None],
        answers: Callable[[Seen], Sequence[str]],
    ) -> None:
        """``shown`` is the type of view that the screen shows, and ``first`` one that was read before.

        ``show`` gives the newest view to the parts that only this kind of run has; ``answers`` are its
        answer in words, and shorter ones.
        """
        self._screen, self._folder, self._panes = screen, folder, panes
        self._shown: type[Seen] = shown
        self._first: Seen | None = first
        self._show_parts: Callable[[Seen], None] = show
        self._answers_of: Callable[[Seen], Sequence[str]] = answers
        self._pace = runs.Pace(LOOK_SECONDS)
        self.wanted = DetailRequest()
        """The details that are read besides the view."""

        self.view: Seen | None = None
        """The view of the run that the screen shows."""

        self._frames: LiveFrames[Seen] = LiveFrames(screen, self._take)

        self._problem = ""
        self._has_to_leave = False
        self._answer_lines: tuple[int, int] = (0, 0)
        """The width of the screen, and the most lines that the answer has needed at this width."""

    # Following the run.

    def begin(self) -> None:
        """Show the first view, and begin to follow the run. The widgets must be mounted."""
        screen = self._screen
        self._pace.take(screen.explorer.refresh_seconds or LOOK_SECONDS)
        screen.query_one("#table").focus()
        self._panes.place()
        if self._first is not None:
            self._take(self._first)
        else:
            words = f"Reading run {self._folder.name}{screen.explorer.glyphs.ellipsis}"
            screen.query_one(Answer).show(words)
        screen.run_worker(self._follow, group="follow", thread=True)

    def end(self) -> None:
        """Stop following the run."""
        self._pace.end()

    def look_now(self) -> None:
        """Read the run at once."""
        self._pace.look_now()

    def _follow(self) -> None:
        screen = self._screen
        runs.follow_run(screen.explorer.follower(self._folder), self._pace, screen.post_message, self.wanted)

    def run_seen(self, message: RunSeen) -> None:
        """Show a newer view."""
        if not isinstance(message.view, self._shown):
            self._warn(f"Run {self._folder.name} is another one now: its file was replaced.")
            self._leave()
            return
        is_back, self._problem = bool(self._problem), ""
        is_another = self.view is None or _standing(message.view) != _standing(self.view)
        self._frames.take(message.view, at_once=is_back or is_another)

    def usage_seen(self, message: UsageSeen) -> None:
        """Show the use of the machine by the run's processes."""
        self._screen.query_one(RunSummary).show_use(message.use)

    def run_unreadable(self, message: RunUnreadable) -> None:
        """Leave a run that is gone; say why another one cannot be read."""
        if message.is_gone:
            self._warn(f"The folder of run {self._folder.name} is gone.")
            self._screen.explorer.pending_requests.ask(self._folder, "gone", ())  # else home reports it again
            self._leave()
        else:
            self._problem = f"{message.reason}. All else here was read before."
            self._show_answer()

    def _warn(self, words: str) -> None:
        self._screen.notify(words, severity="warning", markup=False)

    # Content.

    def _take(self, view: Seen) -> None:
        self.view = view
        self.show_request()
        self._screen.query_one(LogPane).show(view.log)
        self._screen.query_one(WorkersPane).show(view.cluster)
        self._show_parts(view)
        self._show_answer()
        self._panes.place()
        self._screen.refresh_bindings()

    def show_request(self) -> None:
        """Show a request to the run, before the run has answered it."""
        if self.view is not None:
            word = self._screen.explorer.pending_requests.word(self._folder, self.view.state)
            self._screen.query_one(RunSummary).show(self.view, word)

    def show_followed(self, words: str) -> None:
        """Show the row that the cursor follows, in words."""
        self._screen.query_one(RunSummary).show_followed(words)
        self._screen.refresh_bindings()

    def _show_answer(self) -> None:
        answer = self._screen.query_one(Answer)
        if self._problem:
            answer.show(self._problem, "bad")
        elif self.view is not None:
            has_failed = self.view.state in ("failed", "refused")
            longest, *shorter = self._answers_of(self.view)
            problems = [stall_sentence(self.view), broken_words(self._folder.name, self.view.broken)]
            problems = [words for words in problems if words]
            waits = waiting_sentence(self.view)
            if problems:
                words = " ".join(problems)
                answer.show(f"{words} {longest}", "bad", (words, problems[0]))
            elif waits:
                answer.show(f"{waits} {longest}", "warn", (waits,))
            else:
                answer.show(longest, "bad" if has_failed else "strong", shorter)

    def answer_lines(self, width: int) -> int:
        """Return the most lines that the answer has needed at a width, so that the parts below stay in their places."""
        least = 1 if width >= WIDE else 2
        before = self._answer_lines[1] if self._answer_lines[0] == width else least
        self._answer_lines = (width, max(before, self._screen.query_one(Answer).height_at(width)))
        return self._answer_lines[1]

    def target(self) -> Target | None:
        """Return the run, for the keys that steer it."""
        if self.view is None:
            return None
        header = self.view.header
        return Target(
            folder=self._folder,
            state=self.view.state,
            done=header.done,
            kind=header.kind,
            is_broken=bool(self.view.broken),
        )

    # Leaving the run.

    def action_close(self) -> None:
        """Go back to all runs; from a part that is alone, first to all parts."""
        if self._panes.shows_all:
            self._leave()
        else:
            self._panes.show_all()

    def run_deleted(self, message: RunDeleted) -> None:
        """Leave a run that was deleted on this screen."""
        self._screen.notify(f"Run {message.folder.name} is deleted.", markup=False)
        self._leave()

    def screen_resumed(self) -> None:
        """Close the screen if the run was lost while another screen was on top of this one."""
        if self._has_to_leave and self._screen.app.screen is self._screen:
            self._screen.dismiss(None)
        else:
            self._frames.show_soon()

    def _leave(self) -> None:
        """Close the screen now, or in :meth:`screen_resumed`."""
        self.end()
        self._has_to_leave = True
        if self._screen.app.screen is self._screen:
            self._screen.dismiss(None)


def _standing(view: AnyView) -> tuple[object, ...]:
    """Return what is shown at once when it changes: where the run stands, and what hinders it."""
    return (view.state, view.stall is None, view.broken, waits_for_workers(view), view.header.settings)
