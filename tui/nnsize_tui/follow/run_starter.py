"""Start a run in the background, and tell a screen the outcome."""

from functools import partial
from pathlib import Path
from typing import Any

from textual.screen import Screen

from nnsize_engine.errors import NnsizeError
from nnsize_engine.runs import launch
from nnsize_engine.runs.waiting_runner import WaitingRunner
from nnsize_engine.settings.run import StartedSettings
from nnsize_tui.follow.messages import RunStarted, Trouble


class RunStarter:
    """Component that starts one run at a time. Its screen gets `RunStarted` or `Trouble`, and then calls `end`."""

    def __init__(self, screen: Screen[Any], home: Path, waiting: WaitingRunner | None = None) -> None:
        """Start runs below ``home``, for ``screen``; ``waiting`` may have a runner that has loaded its libraries."""
        self._screen, self._home, self._waiting = screen, home, waiting
        self.is_starting = False

    def start(self, settings: StartedSettings, unseen: set[Path]) -> None:
        """Start a run with these settings; do nothing while another run is being started.

        The run is added to ``unseen`` at once, because the explorer may be left before the screen gets its message.
        """
        if not self.is_starting:
            self.is_starting = True
            self._screen.run_worker(partial(self._start, settings, unseen), thread=True, group="steer")

    def _start(self, settings: StartedSettings, unseen: set[Path]) -> None:
        try:
            folder = launch.start(settings, self._home, waiting=self._waiting)
        except NnsizeError as error:
            self._screen.post_message(Trouble(str(error)))
        else:
            unseen.add(folder)
            self._screen.post_message(RunStarted(folder, settings.kind))

    def end(self) -> None:
        """Allow the next start."""
        self.is_starting = False
