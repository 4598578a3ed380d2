"""Extend the open search: by a dialog, or at once by the larger sizes that its answer advises."""

from collections.abc import Callable

from textual.binding import Binding

from nnsize_engine.answers.advice import search_advice
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.extension import Extension, extended
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.component import Component
from nnsize_tui.screens.shared.extending import EXTENSIBLE, ExtensionStart, obstacle
from nnsize_tui.screens.shared.open_run import OpenRun
from nnsize_tui.text.extension import cost_of, extended_words

LARGER = Binding(
    "E", "larger", "Larger", id="run.larger",
    tooltip="Where the curve still rises: add larger sizes to this run, and go on",
)  # fmt: skip
EXTEND = Binding(
    "e", "extend", "Extend", id="run.extend",
    tooltip="Add sizes, repeats or rounds of folds to a search that has ended; no finished fit is repeated",
)  # fmt: skip


class Extending(Component):
    """Add fits to the open search once it has ended."""

    def __init__(self, screen: BaseScreen[None], run: OpenRun[SizeView], *, show_request: Callable[[], None]) -> None:
        """``show_request`` shows that the run is being extended, before it is."""
        self._screen, self._run = screen, run
        self._start = ExtensionStart(screen, run, show_request=show_request)
        self._advised: tuple[SizeView, Extension | None] | None = None
        """The newest view, with the larger sizes that its answer advises."""

    def can_do(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Return whether the run has ended and, for larger sizes, whether they are advised."""
        del parameters
        view = self._run.view
        if view is None or view.state not in EXTENSIBLE:
            return False
        return action == "extend" or self._advice(view) is not None

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return the reason why the run cannot be extended, or why no extension is advised."""
        if self.can_do(action, parameters):
            return ""
        return obstacle(self._run.view, unadvised="the curve does not rise at its end")

    def _advice(self, view: SizeView) -> Extension | None:
        if self._advised is None or self._advised[0] is not view:
            self._advised = view, search_advice(view)
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
            await self._start.begin(view.folder, extension)

    def action_larger(self) -> None:
        """Add the larger sizes that the answer advises; ask first if they take long."""
        self._screen.run_task(self._add_larger)

    async def _add_larger(self) -> None:
        view = self._run.view
        extension = None if view is None else self._advice(view)
        if view is None or extension is None or not self._screen.is_active:
            return
        cost = cost_of(view, extended(view.settings, extension))
        words = extended_words(view, extension).replace("; ", ": ")
        if await self._start.is_wanted(view.folder.name, words, cost.seconds):
            await self._start.begin(view.folder, extension)
