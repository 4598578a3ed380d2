"""Start the run of the setup screen, once the user agrees to the code that it runs."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from nnsize_engine.runs.waiting_runner import WaitingRunner
from nnsize_engine.settings.run import Kind, StartedSettings, code_of
from nnsize_tui.follow.run_starter import RunStarter
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.component import Component
from nnsize_tui.screens.dialogs.run_code import asks_about_code
from nnsize_tui.screens.setup.result import SetupResult


class Starting(Component):
    """Start one run. Its screen gets `RunStarted` and leaves, or `Trouble` and calls `end`."""

    def __init__(
        self,
        screen: BaseScreen[SetupResult],
        home: Path,
        *,
        settings: Callable[[], StartedSettings | None],
        show: Callable[[], None],
    ) -> None:
        """``settings`` returns those to start with, None if they are not complete; ``show`` shows the present state."""
        self._screen, self._settings, self._show = screen, settings, show
        self._waiting = WaitingRunner()
        self._starter = RunStarter(screen, home, self._waiting)
        self.is_watched = True
        """True if the run that is being started is opened then."""

    @property
    def is_starting(self) -> bool:
        """Return whether a run is being started."""
        return self._starter.is_starting

    def let_runner_wait(self, kind: Kind) -> None:
        """Start a runner that loads its libraries until the user starts a run of this kind, unless one waits."""
        if not self._screen.app.is_headless:
            self._screen.run_worker(partial(self._waiting.start, kind), thread=True, group="waiting runner")

    def leave(self) -> None:
        """End the runner that waits."""
        self._waiting.end()

    def action_start(self, is_watched: bool = True) -> None:
        """Start the run, or go to the first field with a problem."""
        settings = None if self.is_starting else self._settings()
        if settings is None:
            return
        self.is_watched = is_watched
        code = code_of(settings)
        if code is None:
            self._start(settings)
        else:
            self._screen.run_task(partial(self._ask_about_code, settings, code))

    async def _ask_about_code(self, settings: StartedSettings, code: str) -> None:
        """Start a run that calls a Python function of the user, if the user agrees."""
        screen = self._screen
        if screen.app.screen is screen and await asks_about_code(screen.app, screen.explorer.glyphs, code):
            self._start(settings)

    def _start(self, settings: StartedSettings) -> None:
        self._starter.start(settings, self._screen.explorer.unseen_runs)
        self._show()

    def end(self) -> None:
        """Allow the next start."""
        self._starter.end()
