"""The explorer: themes, keys that work everywhere, and the first screen."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.screen import Screen

from nnsize_engine.launch import compile_ahead
from nnsize_engine.run_settings import Kind
from nnsize_engine.run_view import AnyView, EvolutionView, SizeView
from nnsize_tui.follow import RunsFollower
from nnsize_tui.glyphs import Glyphs, glyphs_for
from nnsize_tui.messages import RunRow
from nnsize_tui.screens.home import HomeScreen
from nnsize_tui.screens.steering import SteeringScreen
from nnsize_tui.screens.wishes import Wishes
from nnsize_tui.terminal import QuietDriver, end_without_terminal
from nnsize_tui.themes import DARK, THEMES
from nnsize_tui.widgets.canvas import Canvas

KEY_NAMES = {
    "escape": "esc",
    "enter": "enter",
    "up": "up",
    "down": "down",
    "left": "left",
    "right": "right",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "question_mark": "?",
    "greater_than_sign": ">",
    "less_than_sign": "<",
}


class ExplorerApp(App[None], inherit_bindings=False):
    """Shows runs; computes nothing, so that closing it at any moment costs nothing."""

    TITLE = "nnsize"
    CSS_PATH: ClassVar[list[str | PurePath]] = [
        "styles/app.tcss",
        "styles/home.tcss",
    ]  # the first screen must have its own
    ENABLE_COMMAND_PALETTE = False
    NOTIFICATION_TIMEOUT = 3
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "keys", "Help", id="app.help", tooltip="This help"),
        Binding("q,ctrl+q,ctrl+c", "quit", "Quit", id="app.quit", tooltip="Close the explorer; runs go on"),
    ]

    def __init__(
        self,
        home: Path,
        *,
        unicode: bool,
        theme: str = DARK.name,
        runs: RunsFollower | None = None,
        rows: Sequence[RunRow] = (),
        first: AnyView | RunRow | None = None,
        has_to_start: bool = False,
    ) -> None:
        """Show the runs below a home.

        ``rows`` were read before, so that the first frame has them; ``first`` is a run to open at once,
        read as far as that was quick;
        ``has_to_start`` starts the built-in search.
        """
        super().__init__(driver_class=QuietDriver)
        self.glyphs: Glyphs = glyphs_for(unicode=unicode)
        self.wishes = Wishes()
        self._home_screen = HomeScreen(runs or RunsFollower(home), rows)
        self._first = first
        self._has_to_start = has_to_start
        for known in THEMES:
            self.register_theme(known)
        self.theme = theme

    def get_default_screen(self) -> Screen[None]:
        """The table of runs is below everything else."""
        return self._home_screen

    def on_mount(self) -> None:
        self._end_on_signals()
        if self._first is not None:
            view = self._first.view if isinstance(self._first, RunRow) else self._first
            kind = self._first.header.kind if self._first.header is not None else "size"
            self.open_run(self._first.folder, kind, view)
        self.call_after_refresh(self._after_first_frame)

    def _after_first_frame(self) -> None:
        """Collect garbage again; what was made until now stays, so it need not be looked at."""
        gc.freeze()
        gc.enable()
        if not self.is_headless:
            self.run_worker(compile_ahead, thread=True)
        if self._has_to_start:
            self._home_screen.action_start()

    def _end_on_signals(self) -> None:
        """Leave the terminal as it was, also when told to go."""
        if self.is_headless:
            return
        self.set_interval(2.0, end_without_terminal)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            with contextlib.suppress(NotImplementedError):
                loop.add_signal_handler(number, self.exit)

    def open_run(self, folder: Path, kind: Kind, view: AnyView | None = None) -> None:
        """Show one run on top of the table."""
        if kind == "evolution":
            from nnsize_tui.screens.evolution import EvolutionScreen

            self.push_screen(EvolutionScreen(folder, view if isinstance(view, EvolutionView) else None))
        else:
            from nnsize_tui.screens.run import RunScreen

            self.push_screen(RunScreen(folder, view if isinstance(view, SizeView) else None))

    def get_key_display(self, binding: Binding) -> str:
        """A key as it is written on it, in ASCII."""
        key = binding.key.partition(",")[0]
        return KEY_NAMES.get(key, key.replace("ctrl+", "^"))

    def action_keys(self) -> None:
        """Show every key of the screen, from the tables that bind them."""
        from nnsize_tui.screens.help import Help, words_of

        screen, focused = self.screen, self.screen.focused
        sections = [("This screen", list(type(screen).BINDINGS))]
        if isinstance(focused, Canvas):  # not what one types into
            own: list[BindingType] = next(
                (one.__dict__["BINDINGS"] for one in type(focused).__mro__ if one.__dict__.get("BINDINGS")), []
            )
            sections.append(("Moving", own))
        sections.append(("Everywhere", self.BINDINGS))
        kinds = screen.KINDS if isinstance(screen, SteeringScreen) else ()
        words = getattr(screen, "WORDS", None) or words_of(self.glyphs, kinds)
        self.push_screen(Help(self.glyphs, sections, words))
