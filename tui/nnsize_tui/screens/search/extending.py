"""Extend the open search: by a dialog, or at once by the larger sizes that its answer advises."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from textual.binding import Binding

from nnsize_engine.errors import NnsizeError
from nnsize_engine.results.records import LIVE_STATES, State
from nnsize_engine.runs import launch
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.extension import Extension, extended, extension_words
from nnsize_tui.follow.messages import Trouble
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.component import Component
from nnsize_tui.screens.dialogs.confirm import Confirm
from nnsize_tui.screens.shared.open_run import OpenRun
from nnsize_tui.text.extension import advice_of, cost_of, cost_words

LARGER = Binding(
    "E", "larger", "Larger", id="run.larger",
    tooltip="Where the curve still rises: add larger sizes to this run, and go on",
)  # fmt: skip
EXTEND = Binding(
    "e", "extend", "Extend", id="run.extend",
    tooltip="Add sizes, repeats or rounds of folds to a search that has ended; no finished fit is repeated",
)  # fmt: skip

EXTENSIBLE: frozenset[State] = frozenset({"finished", "stopped", "interrupted", "failed"})

MAX_UNASKED_SECONDS = 60.0
"""Expected seconds of fits that one key starts without a question."""


class Extending(Component):
    """Add fits to the open search once it has ended."""

    def __init__(self, screen: BaseScreen[None], run: OpenRun[SizeView], *, show_request: Callable[[], None]) -> None:
        """``show_request`` shows that the run is being extended, before it is."""
        self._screen, self._run, self._show_request = screen, run, show_request
        self._advised: tuple[SizeView, Extension | None] | None = None
        """The newest view, with the larger sizes that its answer advises."""

    def can_do(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Return whether the run has ended and, for larger sizes, whether they are advised."""
        del parameters
        view = self._run.view
        if view is None or view.state not in EXTENSIBLE:
            return False
        return action == "extend" or self._advice(view) is not None

    def _advice(self, view: SizeView) -> Extension | None:
        if self._advised is None or self._advised[0] is not view:
            self._advised = view, advice_of(view)
        return self._advised[1]

    def action_extend(self) -> None:
        """Ask what to add, and start."""
        self._screen.run_task(self._ask)

    async def _ask(self) -> None:
        from nnsize_tui.screens.search.extend_dialog import ExtendDialog

        screen, view = self._screen, self._run.view
        if view is None or not screen.is_active:  # the key was pressed twice
            return
        extension = await screen.app.push_screen_wait(ExtendDialog(screen.explorer.glyphs, view))
        if extension is not None:
            self._begin(view.folder, extension)

    def action_larger(self) -> None:
        """Add the larger sizes that the answer advises; ask first if they take long."""
        self._screen.run_task(self._add_larger)

    async def _add_larger(self) -> None:
        screen, view = self._screen, self._run.view
        extension = None if view is None else self._advice(view)
        if view is None or extension is None or not screen.is_active:
            return
        after = extended(view.settings, extension)
        cost = cost_of(view, after)
        if cost.seconds is None or cost.seconds > MAX_UNASKED_SECONDS:
            words = f"{extension_words(view.settings, after)}: {cost_words(cost)}"
            question = f"Extend run {view.folder.name}? {words[0].upper()}{words[1:]}."
            if not await screen.app.push_screen_wait(
                Confirm(screen.explorer.glyphs, question, yes="Extend", no="Leave it")
            ):
                return
        self._begin(view.folder, extension)

    def _begin(self, folder: Path, extension: Extension) -> None:
        self._screen.explorer.pending_requests.ask(folder, "extending", LIVE_STATES)
        self._show_request()
        self._screen.run_worker(partial(self._extend, folder, extension), group="steer", thread=True)

    def _extend(self, folder: Path, extension: Extension) -> None:
        """Extend the run in a thread; the screen may be left meanwhile."""
        home = self._screen.app.get_default_screen()
        try:
            launch.extend(folder, extension)
        except NnsizeError as error:
            trouble = Trouble(str(error), folder)
            if not self._screen.post_message(trouble):
                home.post_message(trouble)
        else:  # a short extension may have ended already, in the state that it began with
            self._screen.explorer.pending_requests.forget(folder)
        self._run.look_now()
