"""Start the extension of the open run; the two keys and the question that come before it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from nnsize_engine.errors import NnsizeError
from nnsize_engine.results.records import LIVE_STATES, State
from nnsize_engine.runs import launch
from nnsize_engine.runs.view import AnyView
from nnsize_engine.settings.run import RunExtension, code_of
from nnsize_tui.follow.messages import Trouble
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.dialogs.confirm import Confirm
from nnsize_tui.screens.dialogs.run_code import asks_about_code
from nnsize_tui.screens.shared.open_run import OpenRun

EXTENSIBLE: frozenset[State] = frozenset({"finished", "stopped", "interrupted", "failed"})

MAX_UNASKED_SECONDS = 60.0
"""Expected seconds of computing that one key starts without a question."""


def obstacle(view: AnyView | None, *, unadvised: str) -> str:
    """Return the reason why a run cannot be extended; ``unadvised`` of one that can, but needs no extension."""
    if view is None:
        return "the run is not read yet"
    return unadvised if view.state in EXTENSIBLE else f"the run is {view.state}, and it must have ended"


class ExtensionStart:
    """Start of an extension; a screen's component holds one."""

    def __init__(self, screen: BaseScreen[None], run: OpenRun[Any], *, show_request: Callable[[], None]) -> None:
        """``show_request`` shows that the run is being extended, before it is."""
        self._screen, self._run, self._show_request = screen, run, show_request

    async def is_wanted(self, name: str, words: str, seconds: float | None) -> bool:
        """Return whether an extension that one key starts is wanted; ask only if it takes long."""
        if seconds is not None and seconds <= MAX_UNASKED_SECONDS:
            return True
        question = f"Extend run {name}? {words[0].upper()}{words[1:]}."
        confirm = Confirm(self._screen.explorer.glyphs, question, yes="Extend", no="Leave it")
        return await self._screen.app.push_screen_wait(confirm)

    async def begin(self, folder: Path, extension: RunExtension) -> None:
        """Extend the run; ask first if it calls a Python function."""
        screen, code = self._screen, code_of(self._run.view.settings) if self._run.view is not None else None
        if code is not None and not await asks_about_code(screen.app, screen.explorer.glyphs, code):
            return
        screen.explorer.pending_requests.ask(folder, "extending", LIVE_STATES)
        self._show_request()
        work = partial(self._extend, folder, extension, runs_code=code is not None)
        screen.run_worker(work, group="steer", thread=True)

    def _extend(self, folder: Path, extension: RunExtension, *, runs_code: bool) -> None:
        """Extend the run in a thread; the screen may be left meanwhile."""
        home = self._screen.app.get_default_screen()
        try:
            launch.extend(folder, extension, runs_code=runs_code)
        except NnsizeError as error:
            trouble = Trouble(str(error), folder)
            if not self._screen.post_message(trouble):
                home.post_message(trouble)
        else:  # a short extension may have ended already, in the state that it began with
            self._screen.explorer.pending_requests.forget(folder)
        self._run.look_now()
