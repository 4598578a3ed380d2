"""Ask preflight processes about a draft, after each pause in typing."""

from asyncio import TimerHandle
from collections.abc import Callable
from functools import partial
from typing import Any

from textual.screen import Screen

from nnsize_engine.preflight.client import Question
from nnsize_engine.settings.run import StartedSettings
from nnsize_engine.settings.table_address import is_address
from nnsize_engine.settings.table_choice import OPENML
from nnsize_tui.screens.setup import preflight_results
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.messages import Measured, TableInspected
from nnsize_tui.screens.setup.preflight_results import measure_key
from nnsize_tui.screens.setup.read_draft import InspectionRequest
from nnsize_tui.screens.setup.state import SetupState
from nnsize_tui.terminal.timers import call_after

PAUSE_SECONDS = 0.3  # without a key, before data is inspected or a fit is measured

NETWORK_PAUSE_SECONDS = 1.2  # the same before data is loaded from another machine


class BackgroundPreflight:
    """Keep the state of a draft up to date: take drafts, ask questions about them, and take the results.

    The results are posted to the screen as `TableInspected` and `Measured`, and it passes them on.
    """

    def __init__(
        self,
        screen: Screen[Any],
        state: SetupState,
        show_state: Callable[[], None],
        has_room_for_data: Callable[[], bool],
    ) -> None:
        """``show_state`` is called whenever the state has changed.

        ``has_room_for_data`` returns whether the screen shows the data, so that built-in data is inspected too.
        """
        self._screen, self._state = screen, state
        self._show_state, self._has_room_for_data = show_state, has_room_for_data
        self._timer: TimerHandle | None = None
        self.is_typing = False
        """True shortly after a key: a half-typed value is not marked as wrong yet."""

    def check(self, draft: Draft) -> None:
        """Take a draft, show its state, and ask questions about it after a pause."""
        self._state.take(draft)
        self.is_typing = True
        self._show_state()
        if self._timer is not None:
            self._timer.cancel()
        request = self._state.reading.inspection
        is_far = request is not None and (request.choice.source.startswith(OPENML) or is_address(request.choice.source))
        self._timer = call_after(self._screen, NETWORK_PAUSE_SECONDS if is_far else PAUSE_SECONDS, self._ask)

    def end_typing(self) -> None:
        """Show all problems at once."""
        self.is_typing = False
        self._show_state()

    def cancel(self) -> None:
        """Cancel every question under way."""
        self._state.cancel()

    # Questions.

    def _ask(self) -> None:
        """Ask the questions that have no result yet; cancel those of an older draft."""
        if self.is_typing:
            self.end_typing()
        state = self._state
        request, settings = state.reading.inspection, state.plan.settings
        question = state.inspections.ask(request)
        if question is not None and request is not None:
            self._run(self._inspect, "inspect", request, question)
        question = state.measurements.ask(measure_key(settings) if settings is not None else None)
        if question is not None and settings is not None:
            self._run(self._measure, "measure", settings, question)
        elif self._has_room_for_data() and state.measurements.asked is None:
            self.inspect_builtin()  # last, because the run does not depend on it

    def inspect_builtin(self, *, again: bool = False) -> None:
        """Inspect the built-in data of the draft, unless the result is known; ``again`` forgets it first."""
        name = self._state.builtin
        if not name:
            return
        if again:
            self._state.builtin_inspections.forget(name)
        question = self._state.builtin_inspections.ask(name)
        if question is not None:
            self._run(self._inspect, "inspect", name, question)
            self._show_state()

    def _run(self, work: Callable[..., None], group: str, *arguments: object) -> None:
        """Work in a thread."""
        self._screen.run_worker(partial(work, *arguments), thread=True, group=group)

    def _inspect(self, request: InspectionRequest | str, question: Question) -> None:
        result = preflight_results.inspect(request, question)
        if result is not None:
            self._screen.post_message(TableInspected(request, result))

    def _measure(self, settings: StartedSettings, question: Question) -> None:
        result = preflight_results.measure(settings, question)
        if result is not None:
            self._screen.post_message(Measured(measure_key(settings), result))

    # Results.

    def take_table(self, message: TableInspected) -> None:
        """Take the summary of a table, and ask for the measurement of a fit on it."""
        self._state.take_inspection(message)
        self._show_state()
        self._ask()

    def take_measurement(self, message: Measured) -> None:
        """Take the measurement of a fit."""
        self._state.take_measurement(message)
        self._show_state()
        self._ask()  # the file may have changed while the fit was measured
