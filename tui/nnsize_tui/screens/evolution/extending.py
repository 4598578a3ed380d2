"""Extend the open evolution: by a dialog, or at once to twice its limits while it still improves."""

from collections.abc import Callable

from textual.binding import Binding

from nnsize_engine.answers.advice import evolution_advice
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.evolution_extension import EvolutionExtension, extended_evolution
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.component import Component
from nnsize_tui.screens.shared.extending import EXTENSIBLE, ExtensionStart, obstacle
from nnsize_tui.screens.shared.open_run import OpenRun
from nnsize_tui.text.evolution_extension import extended_words, seconds_more

LONGER = Binding(
    "E", "larger", "Longer", id="run.larger",
    tooltip="Where the fitness still improves: go on to twice the generations, evaluations or seconds",
)  # fmt: skip
EXTEND = Binding(
    "e", "extend", "Extend", id="run.extend",
    tooltip="Give an evolution that has ended more generations, evaluations or seconds; none is repeated",
)  # fmt: skip


class Extending(Component):
    """Add generations to the open evolution once it has ended."""

    def __init__(
        self, screen: BaseScreen[None], run: OpenRun[EvolutionView], *, show_request: Callable[[], None]
    ) -> None:
        """``show_request`` shows that the run is being extended, before it is."""
        self._screen, self._run = screen, run
        self._start = ExtensionStart(screen, run, show_request=show_request)
        self._advised: tuple[EvolutionView, EvolutionExtension | None] | None = None
        """The newest view, with the limits that are advised."""

    def can_do(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Return whether the run has ended and, for a longer one at once, whether it still improves."""
        del parameters
        view = self._run.view
        if view is None or view.state not in EXTENSIBLE:
            return False
        return action == "extend" or self._advice(view) is not None

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return the reason why the run cannot be extended, or why no extension is advised."""
        if self.can_do(action, parameters):
            return ""
        return obstacle(self._run.view, unadvised="nothing says that it still improves")

    def _advice(self, view: EvolutionView) -> EvolutionExtension | None:
        if self._advised is None or self._advised[0] is not view:
            self._advised = view, evolution_advice(view)
        return self._advised[1]

    def action_extend(self) -> None:
        """Ask for the new limits, and start."""
        self._screen.run_task(self._ask)

    async def _ask(self) -> None:
        from nnsize_tui.screens.evolution.extend_dialog import ExtendDialog

        screen, view = self._screen, self._run.view
        if view is None or not screen.is_active:  # the key was pressed twice
            return
        extension = await screen.app.push_screen_wait(ExtendDialog(screen.explorer.glyphs, view))
        if extension is not None:
            await self._start.begin(view.folder, extension)

    def action_larger(self) -> None:
        """Go on to twice the limits; ask first if that takes long."""
        self._screen.run_task(self._go_on)

    async def _go_on(self) -> None:
        view = self._run.view
        extension = None if view is None else self._advice(view)
        if view is None or extension is None or not self._screen.is_active:
            return
        seconds = seconds_more(view, extended_evolution(view.settings, extension))
        if await self._start.is_wanted(view.folder.name, extended_words(view, extension), seconds):
            await self._start.begin(view.folder, extension)
