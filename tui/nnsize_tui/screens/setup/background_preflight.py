"""Ask other processes about a run that is being set up, whenever there is a pause in typing."""

from asyncio import TimerHandle
from collections.abc import Callable
from functools import partial
from typing import Any

from textual.screen import Screen

from nnsize_engine.preflight.client import Question
from nnsize_engine.settings.run import RunSettings
from nnsize_engine.settings.table import OPENML
from nnsize_tui.screens.setup import answers
from nnsize_tui.screens.setup.answers import measure_key
from nnsize_tui.screens.setup.draft import Draft, LookAt
from nnsize_tui.screens.setup.messages import Measured, TableSeen
from nnsize_tui.screens.setup.state import SetupState
from nnsize_tui.terminal.timers import call_after

PAUSE_SECONDS = 0.3  # without a key, before data is looked at or a fit is measured

NETWORK_PAUSE_SECONDS = 1.2  # the same before another machine is asked


class BackgroundPreflight:
    """Keeps a run's state up to date: takes drafts, asks what is not known about them, takes the answers.

    The screen is sent the answers as `TableSeen` and `Measured`, and hands them over.
    """

    def __init__(
        self,
        screen: Screen[Any],
        state: SetupState,
        show_state: Callable[[], None],
        has_room_for_data: Callable[[], bool],
    ) -> None:
        """``show_state`` is called whenever the state is another one.

        ``has_room_for_data`` says whether the data has a place of its own on the screen, so that it is looked at.
        """
        self._screen, self._state = screen, state
        self._show_state, self._has_room_for_data = show_state, has_room_for_data
        self._timer: TimerHandle | None = None
        self.is_typing = False
        """Whether a key was pressed a moment ago: a half-typed value need not be called wrong yet."""

    def check(self, draft: Draft) -> None:
        """Take what is typed now, show what it amounts to, and ask what is not known after a pause."""
        self._state.take(draft)
        self.is_typing = True
        self._show_state()
        if self._timer is not None:
            self._timer.cancel()
        look = self._state.reading.look
        is_far = look is not None and look.choice.source.startswith(OPENML)
        self._timer = call_after(self._screen, NETWORK_PAUSE_SECONDS if is_far else PAUSE_SECONDS, self._ask)

    def end_typing(self) -> None:
        """Show everything that is wrong, without a pause."""
        self.is_typing = False
        self._show_state()

    def cancel(self) -> None:
        """Cancel every question under way."""
        self._state.cancel()

    # Questions.

    def _ask(self) -> None:
        """Ask what is not known yet; a question that nobody waits for any more is cancelled."""
        if self.is_typing:
            self.end_typing()
        state = self._state
        look, settings = state.reading.look, state.plan.settings
        question = state.looks.ask(look)
        if question is not None and look is not None:
            self._run(self._look, "look", look, question)
        question = state.measures.ask(measure_key(settings) if settings is not None else None)
        if question is not None and settings is not None:
            self._run(self._measure, "measure", settings, question)
        elif self._has_room_for_data() and state.measures.asked is None:
            self.inspect_builtin()  # after everything else: the run does not depend on it

    def inspect_builtin(self, *, again: bool = False) -> None:
        """Ask about the built-in data that is typed, unless it is known, or that is asked ``again``."""
        name = self._state.builtin
        if not name:
            return
        if again:
            self._state.builtin_looks.forget(name)
        question = self._state.builtin_looks.ask(name)
        if question is not None:
            self._run(self._look, "look", name, question)
            self._show_state()

    def _run(self, work: Callable[..., None], group: str, *arguments: object) -> None:
        """Work in a thread."""
        self._screen.run_worker(partial(work, *arguments), thread=True, group=group)

    def _look(self, look: LookAt | str, question: Question) -> None:
        answer = answers.look(look, question)
        if answer is not None:
            self._screen.post_message(TableSeen(look, answer))

    def _measure(self, settings: RunSettings, question: Question) -> None:
        answer = answers.measure(settings, question)
        if answer is not None:
            self._screen.post_message(Measured(measure_key(settings), answer))

    # Answers.

    def take_table(self, message: TableSeen) -> None:
        """A table was looked at; now a fit on it can be measured."""
        self._state.looked(message)
        self._show_state()
        self._ask()

    def take_measurement(self, message: Measured) -> None:
        """A fit was measured."""
        self._state.was_measured(message)
        self._show_state()
        self._ask()  # the file may have changed while the fit was measured
