"""The explorer: themes, keys that work everywhere, and the first screen."""

import asyncio
import contextlib
import gc
import os
import signal
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.binding import Binding, BindingType
from textual.keys import key_to_character
from textual.screen import Screen
from textual.widget import Widget

from nnsize_engine.runs.launch import compile_ahead
from nnsize_engine.runs.view import AnyView, EvolutionView, RunFollower, SizeView
from nnsize_engine.settings.run import Kind
from nnsize_tui.app.config import ExplorerConfig
from nnsize_tui.app.keys import EVERYWHERE, KEY_NAMES
from nnsize_tui.app.lean_app import LeanApp
from nnsize_tui.app.notifications import EndedRuns, end_text
from nnsize_tui.app.saved_state import save_theme
from nnsize_tui.follow.messages import RunRow, RunsSeen
from nnsize_tui.follow.pending_requests import PendingRequests
from nnsize_tui.follow.runs import RunsFollower
from nnsize_tui.screens.base import steered_kinds
from nnsize_tui.screens.home.screen import HomeScreen
from nnsize_tui.terminal.driver import QuietDriver, end_without_terminal
from nnsize_tui.terminal.glyphs import Glyphs, glyphs_for
from nnsize_tui.terminal.key_bindings import apply_key_remaps
from nnsize_tui.terminal.themes import CHOICES, DARK, THEMES, choice_of, theme_name
from nnsize_tui.terminal.timers import after_refresh
from nnsize_tui.widgets.too_small import cover_if_too_small

if TYPE_CHECKING:
    from nnsize_tui.screens.dialogs.palette import Command


class ExplorerApp(LeanApp, inherit_bindings=False):
    """Shows runs; computes nothing, so that closing it at any moment costs nothing."""

    TITLE = "nnsize"
    CSS_PATH: ClassVar[list[str | PurePath]] = [
        "../styles/app.tcss",
        "../styles/home.tcss",
    ]  # the first screen must have its own
    ENABLE_COMMAND_PALETTE = False
    NOTIFICATION_TIMEOUT = 3
    BINDINGS: ClassVar[list[BindingType]] = list(EVERYWHERE)

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
        config: ExplorerConfig | None = None,
    ) -> None:
        """Show the runs below a home.

        ``rows`` were read before, so that the first frame has them; ``first`` is a run to open at once,
        read as far as that was quick;
        ``has_to_start`` starts the built-in search.
        """
        super().__init__()
        self.glyphs: Glyphs = glyphs_for(unicode=unicode)
        self.pending_requests = PendingRequests()
        self.config = config or ExplorerConfig()
        self.refresh_seconds = self.config.refresh
        self._ends = EndedRuns()
        self._runs = runs or RunsFollower(home)
        self._home_screen = HomeScreen(self._runs, rows, self.config.refresh)
        self._first = first
        self._has_to_start = has_to_start
        for known in THEMES:
            self.register_theme(known)
        apply_key_remaps(self, self.config.keys)
        self.theme = theme

    def get_default_screen(self) -> Screen[None]:
        """The table of runs is below everything else."""
        return self._home_screen

    def on_mount(self) -> None:
        self._end_on_signals()
        self.screen_change_signal.subscribe(self, self._fit)
        if self._first is not None:
            view = self._first.view if isinstance(self._first, RunRow) else self._first
            kind = self._first.header.kind if self._first.header is not None else "size"
            self.open_run(self._first.folder, kind, view)
        after_refresh(self, self._after_first_frame)

    def on_resize(self, event: events.Resize) -> None:
        cover_if_too_small(self.screen, self.glyphs, event.size)

    def _fit(self, screen: Screen[object]) -> None:
        """Say so instead, where there is too little room for the screen in front."""
        cover_if_too_small(screen, self.glyphs, self.size)

    def _after_first_frame(self) -> None:
        """Collect garbage again; what was made until now stays, so it need not be looked at."""
        gc.freeze()
        gc.enable()
        if not self.is_headless:
            self.run_worker(compile_ahead, thread=True)
        if self._has_to_start:
            self._home_screen.new_runs.action_start()

    def _end_on_signals(self) -> None:
        """Leave the terminal as it was, also when told to go."""
        if self.is_headless:
            return
        self.set_interval(2.0, end_without_terminal)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            with contextlib.suppress(NotImplementedError):
                loop.add_signal_handler(number, self.exit)

    def follower(self, folder: Path) -> RunFollower:
        """Who looks at this run: one for all screens."""
        return self._runs.follower(folder)

    def open_run(self, folder: Path, kind: Kind, view: AnyView | None = None) -> None:
        """Show one run on top of the table; first as it was last seen, if it was."""
        view = view or next((row.view for row in self._home_screen.rows if row.folder == folder), None)
        if kind == "evolution":
            from nnsize_tui.screens.evolution.screen import EvolutionScreen

            self.push_screen(EvolutionScreen(folder, view if isinstance(view, EvolutionView) else None))
        else:
            from nnsize_tui.screens.search.screen import SearchScreen

            self.push_screen(SearchScreen(folder, view if isinstance(view, SizeView) else None))

    def get_key_display(self, binding: Binding) -> str:
        """A key as it is written on it, in ASCII."""
        key = binding.key.partition(",")[0]
        if key not in KEY_NAMES and len(key) > 1:
            character = key_to_character(key) or ""
            if character.isprintable() and character.strip():
                return character
        return KEY_NAMES.get(key, key.replace("ctrl+", "^"))

    # What can be done everywhere.

    def widget_joined(self, widget: Widget) -> None:
        """Give a widget or screen the keys that the user chose."""
        if self.config.keys:
            apply_key_remaps(widget, self.config.keys)

    def on_runs_seen(self, message: RunsSeen) -> None:
        """Say which runs have ended, on whatever screen one is."""
        if not self.screen_stack:
            return  # news that came while the explorer was being closed
        self._home_screen.keep_rows(message.rows)
        for row in self._ends.look(message.rows):
            words = end_text(row)
            self.notify(words, severity="information" if row.state == "finished" else "warning", markup=False)
            if self.config.bell:
                self.bell()
            if self.config.notify and isinstance(self.driver, QuietDriver):
                self.driver.ask_to_notify(f"nnsize: {words}")

    def action_keys(self) -> None:
        """Show every key of the screen, from the tables that bind them; then those of other screens."""
        from nnsize_tui.screens.dialogs.help import Help, sections_of, words_of

        words = getattr(self.screen, "WORDS", None) or words_of(self.glyphs, steered_kinds(self.screen))
        self.push_screen(Help(self.glyphs, sections_of(self, self.screen), words, self.config.keys))

    async def action_palette(self) -> None:
        """Choose from all commands, and do that one."""
        from nnsize_tui.app.commands import commands_of
        from nnsize_tui.screens.dialogs.palette import Palette

        if self.screen.is_modal:  # the key was pressed twice
            return
        # Waits until it is there, so that what is typed ahead is typed into it.
        await self.push_screen(Palette(self.glyphs, commands_of(self, self._home_screen.rows)), self._do)

    async def _do(self, chosen: "Command | None") -> None:
        """Do what was chosen from all commands."""
        if chosen is None:
            return
        node = chosen.node
        if node is self or (node.is_attached and node.screen is self.screen):  # its screen may have been left meanwhile
            await self.run_action(chosen.action, node)

    def action_theme_step(self) -> None:
        """The next theme."""
        names = list(CHOICES)
        self.action_take_theme(names[(names.index(choice_of(self.theme)) + 1) % len(names)])

    def action_take_theme(self, choice: str) -> None:
        """Another theme, now and the next time."""
        self.theme = theme_name(os.environ, choice)
        save_theme(choice, self.config.theme)
        self.notify(f"Theme: {choice}", timeout=1.5, markup=False)

    @work(thread=True)
    def action_settings_file(self) -> None:
        """Write the user's file, with everything as it usually is, where there is none; say where it is."""
        from nnsize_engine.settings.user_config import defaults_path
        from nnsize_tui.app.config_template import write_config_template

        path = defaults_path()
        try:
            is_new = write_config_template(path)
        except OSError as error:
            words = f"{path} cannot be written: {error.strerror or error}"
            self.notify(words, severity="error", timeout=8, markup=False)
        else:
            words = "Written to {}; it is read at the start." if is_new else "{} is there already; read at the start."
            self.notify(words.format(path), timeout=8, markup=False)

    def action_open_known_run(self, folder: str) -> None:
        """Open a run of the list, in the place of the one that is open."""
        row = next((row for row in self._home_screen.rows if str(row.folder) == folder), None)
        if row is None or row.header is None:
            self.notify(f"Run {Path(folder).name} is gone.", severity="warning", markup=False)
            return
        if steered_kinds(self.screen) and self.screen is not self._home_screen:
            self.screen.dismiss()
        self.open_run(row.folder, row.header.kind)

    def action_save_screen(self) -> None:
        """Write what is seen to an SVG file in the working folder."""
        from nnsize_tui.app.screenshot import save_screen

        opened = getattr(self.screen, "folder", None)
        try:
            path = save_screen(self, Path.cwd(), opened.name if isinstance(opened, Path) else None)
        except OSError as error:
            self.notify(f"The screen cannot be written: {error}", severity="error", markup=False)
        else:
            self.notify(f"Written to {path}", markup=False)
