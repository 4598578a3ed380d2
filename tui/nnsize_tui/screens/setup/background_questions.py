"""Ask other processes about a run that is being set up, whenever there is a pause in typing."""

from asyncio import TimerHandle
from dataclasses import dataclass
from pathlib import Path

from textual import work

from nnsize_engine.preflight.client import Question
from nnsize_engine.results.table_summary import DataSummary
from nnsize_engine.settings.run import RunSettings
from nnsize_engine.settings.table import OPENML
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.setup import answers
from nnsize_tui.screens.setup.answers import measure_key
from nnsize_tui.screens.setup.draft import Draft, LookAt
from nnsize_tui.screens.setup.messages import Measured, NoAnswer, TableSeen
from nnsize_tui.screens.setup.state import SetupState
from nnsize_tui.terminal.timers import call_after

PAUSE = 0.3
"""Seconds without a key before the data is looked at or a fit is measured."""

PAUSE_BEFORE_NETWORK = 1.2
"""The same before something is asked of another machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """How the screen was left."""

    draft: Draft
    started: Path | None = None
    """The run that was started, if one was."""

    is_watched: bool = True
    """Whether it is to be opened."""


class AskingScreen(BaseScreen[Left]):
    """Keeps a run's state up to date; a child class shows it."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.state = SetupState(draft)
        self.is_typing = False
        """Whether a key was pressed a moment ago: what is half typed need not be called wrong yet."""

        self._timer: TimerHandle | None = None

    def show_state(self) -> None:
        """Show the state as it is now."""
        raise NotImplementedError

    @property
    def has_room_for_data(self) -> bool:
        """Whether the data has a place of its own on this screen."""
        raise NotImplementedError

    def builtin_seen(self, answer: DataSummary | NoAnswer) -> None:
        """Built-in data was looked at, or could not be."""
        raise NotImplementedError

    def on_unmount(self) -> None:
        self.state.cancel()

    def check(self, draft: Draft) -> None:
        """Take what is typed now, show what it amounts to, and ask what is not known after a pause."""
        self.state.take(draft)
        self.is_typing = True
        self.show_state()
        if self._timer is not None:
            self._timer.cancel()
        look = self.state.reading.look
        is_far = look is not None and look.choice.source.startswith(OPENML)
        self._timer = call_after(self, PAUSE_BEFORE_NETWORK if is_far else PAUSE, self._ask)

    def _ask(self) -> None:
        """Ask what is not known yet; a question that nobody waits for any more is taken back."""
        if self.is_typing:
            self.is_typing = False
            self.show_state()
        look, settings = self.state.reading.look, self.state.plan.settings
        question = self.state.looks.ask(look)
        if question is not None and look is not None:
            self._look(look, question)
        question = self.state.measures.ask(measure_key(settings) if settings is not None else None)
        if question is not None and settings is not None:
            self._measure(settings, question)
        elif self.has_room_for_data and self.state.builtin and self.state.measures.asked is None:
            self.inspect_builtin()  # after all else that is asked: the run does not depend on it

    def inspect_builtin(self) -> None:
        """Ask about the built-in data that is typed, unless it is known."""
        name = self.state.builtin
        question = self.state.builtin_looks.ask(name)
        if question is not None:
            self._look(name, question)
            self.show_state()

    @work(thread=True, group="look")
    def _look(self, look: LookAt | str, question: Question) -> None:
        answer = answers.look(look, question)
        if answer is not None:
            self.post_message(TableSeen(look, answer))

    @work(thread=True, group="measure")
    def _measure(self, settings: RunSettings, question: Question) -> None:
        answer = answers.measure(settings, question)
        if answer is not None:
            self.post_message(Measured(measure_key(settings), answer))

    def on_table_seen(self, message: TableSeen) -> None:
        """A table was looked at; now a fit on it can be measured."""
        self.state.looked(message)
        self.show_state()
        self._ask()
        if message.look == self.state.builtin:
            self.builtin_seen(message.answer)

    def on_measured(self, message: Measured) -> None:
        """A fit was measured."""
        self.state.was_measured(message)
        self.show_state()
        self._ask()  # the file may have changed while the fit was measured
