"""The explorer: themes, keys that work everywhere, and the first screen."""

import gc
import os
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, work
from textual.binding import Binding, BindingType
from textual.keys import key_to_character
from textual.notifications import Notify
from textual.screen import Screen
from textual.widget import Widget

from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.start_runner import compile_ahead
from nnsize_engine.runs.view import AnyView
from nnsize_engine.settings.run import Kind
from nnsize_tui.app.config import ExplorerConfig
from nnsize_tui.app.keys import EVERYWHERE, KEY_NAMES
from nnsize_tui.app.kinds import SCREENS
from nnsize_tui.app.notices import outdated
from nnsize_tui.app.notifications import EndedRunWatch, end_text
from nnsize_tui.app.refusals import refusal_of
from nnsize_tui.app.saved_state import save_draft, save_theme, save_value, saved_draft, saved_value
from nnsize_tui.app.slow_link_app import SlowLinkApp
from nnsize_tui.follow.messages import RunRow, RunsSeen
from nnsize_tui.follow.pending_requests import PendingRequests
from nnsize_tui.follow.runs import RunsFollower
from nnsize_tui.screens.base import BaseScreen, steered_kinds
from nnsize_tui.screens.home.screen import HomeScreen
from nnsize_tui.terminal.driver import SlowLinkDriver
from nnsize_tui.terminal.glyphs import Glyphs, glyphs_for
from nnsize_tui.terminal.key_bindings import apply_key_remaps
from nnsize_tui.terminal.themes import CHOICES, DARK, THEMES, choice_of, theme_name
from nnsize_tui.terminal.timers import after_refresh
from nnsize_tui.widgets.small_terminal import cover_if_too_small

if TYPE_CHECKING:
    from nnsize_tui.screens.dialogs.palette import Command
    from nnsize_tui.text.column_words import Subject


class ExplorerApp(SlowLinkApp, inherit_bindings=False):
    """The explorer. It shows runs and computes nothing, so that it can be closed at any moment."""

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
        config: ExplorerConfig | None = None,
    ) -> None:
        """Show the runs below a home.

        Args:
            home: the folder of all runs.
            unicode: True if the terminal can show Unicode.
            theme: name of the theme.
            runs: follower of the runs, if they have been read before.
            rows: runs that have been read before, for the first frame.
            first: a run to open at once.
            config: settings of the explorer.
        """
        super().__init__()
        self.glyphs: Glyphs = glyphs_for(unicode=unicode)
        self.pending_requests = PendingRequests()
        self.unseen_runs: set[Path] = set()
        self.config = config or ExplorerConfig()
        self.refresh_seconds = self.config.refresh
        self._ends = EndedRunWatch()
        self.home = home
        self.has_kept_draft = False
        """True if the explorer was left in a half-filled setup."""

        self._runs = runs or RunsFollower(home)
        self._home_screen = HomeScreen(self._runs, rows, self.config.refresh)
        self._first = first
        for known in THEMES:
            self.register_theme(known)
        apply_key_remaps(self, self.config.keys)
        self.theme = theme

    def get_default_screen(self) -> Screen[None]:
        """Return the table of runs, which is below all other screens."""
        return self._home_screen

    def on_mount(self) -> None:
        self.screen_change_signal.subscribe(self, self._fit)
        if self._first is not None:
            view = self._first.view if isinstance(self._first, RunRow) else self._first
            kind = self._first.header.kind if self._first.header is not None else "size"
            self.open_run(self._first.folder, kind, view)
        after_refresh(self, self._after_first_frame)

    def on_resize(self, event: events.Resize) -> None:
        cover_if_too_small(self.screen, self.glyphs, event.size)

    def _fit(self, screen: Screen[object]) -> None:
        """Cover the screen with a notice if the terminal is too small for it."""
        cover_if_too_small(screen, self.glyphs, self.size)

    def _after_first_frame(self) -> None:
        """Enable the garbage collector, without the objects made so far, which stay anyway; then start slow work."""
        gc.freeze()
        gc.enable()
        if not self.is_headless:
            self.run_worker(compile_ahead, thread=True)

    def follower(self, folder: Path) -> RunFollower:
        """Return the follower of a run, which all screens share."""
        return self._runs.follower(folder)

    def saved_value(self, name: str) -> object:
        """Return what was saved under a name; None if there is nothing."""
        return saved_value(name)

    def save_value(self, name: str, value: object) -> None:
        """Save a value for later starts."""
        save_value(name, value)

    def open_run(self, folder: Path, kind: Kind, view: AnyView | None = None) -> None:
        """Open a run above the table, with the last look at it if there is one."""
        view = view or next((row.view for row in self._home_screen.rows if row.folder == folder), None)
        is_of_kind = view is not None and view.kind == kind  # the folder may hold another run now
        self.push_screen(SCREENS[kind](folder, view if is_of_kind else None))

    def get_key_display(self, binding: Binding) -> str:
        """Return the label of a key, in ASCII."""
        if binding.key_display is not None:
            return binding.key_display
        key = binding.key.partition(",")[0]
        if key not in KEY_NAMES and len(key) > 1:
            character = key_to_character(key) or ""
            if character.isprintable() and character.strip():
                return character
        return KEY_NAMES.get(key, key.replace("ctrl+", "^"))

    def saved_draft(self, kind: Kind) -> tuple[Mapping[str, Any], float] | None:
        """Return the fields of a draft that was left half-filled, and when; None if there is none."""
        return saved_draft(kind)

    def save_draft(self, kind: Kind, fields: Mapping[str, Any] | None) -> None:
        """Save the fields of a draft for the next start, or forget them."""
        save_draft(kind, fields)
        self.has_kept_draft = fields is not None and self._is_closing

    @property
    def live_runs(self) -> Sequence[Path]:
        """Runs that were live when they were last seen: those started here, the one named at the start, all others."""
        first = [] if self._first is None else [self._first.folder]
        seen = [row.folder for row in self._home_screen.rows if row.state in LIVE_STATES]
        return [*self.unseen_runs, *first, *seen]

    def exit(self, result: None = None, return_code: int = 0, message: Any = None) -> None:
        """Let the screens keep what was typed, and close the explorer."""
        if not self._is_closing:
            self._is_closing = True
            for screen in self.screen_stack:
                if isinstance(screen, BaseScreen):
                    screen.keep_before_exit()
        super().exit(result, return_code, message)

    def on_notify(self, event: Notify) -> None:
        """Withdraw older notices that a new one replaces, and find a place; Textual then shows the new one."""
        if isinstance(self.screen, BaseScreen):
            self.screen.place_notices()
        shown = self.notices
        for place in outdated([one.message for one in shown], event.notification.message):
            self.withdraw(shown[place])

    def on_key(self, event: events.Key) -> None:
        """Say why a key that the help promises does nothing now."""
        reason = refusal_of(self, event.key)
        if reason:
            self.notify(f"Not now: {reason}.", markup=False)

    def withdraw_notice(self, words: str) -> None:
        """Remove a notice before its time, if it is still there."""
        for notice in self.notices:
            if notice.message == words:
                self.withdraw(notice)

    # Actions that work everywhere

    def widget_joined(self, widget: Widget) -> None:
        """Give a widget or screen the keys that the user chose."""
        if self.config.keys:
            apply_key_remaps(widget, self.config.keys)

    def on_runs_seen(self, message: RunsSeen) -> None:
        """Notify of runs that have ended, on any screen."""
        if not self.screen_stack:
            return  # the explorer is being closed
        self._home_screen.keep_rows(message.rows)
        self.unseen_runs.difference_update(row.folder for row in message.rows)
        for row in self._ends.look(message.rows):
            words = end_text(row)
            self.notify(words, severity="information" if row.state == "finished" else "warning", markup=False)
            if self.config.bell:
                self.bell()
            if self.config.notify and isinstance(self.driver, SlowLinkDriver):
                self.driver.ask_to_notify(f"nnsize: {words}")

    def action_keys(self) -> None:
        """Show every key of the screen, then those of other screens."""
        self._help()

    def action_explain(self) -> None:
        """Explain what is under the cursor, above the keys of the screen."""
        from nnsize_tui.screens.dialogs.help import subject_of

        self._help(subject=subject_of(self.screen))

    def action_term(self, term: str) -> None:
        """Show a word of the glossary in the help."""
        self._help(term=term)

    def _help(self, *, subject: "Subject | None" = None, term: str = "") -> None:
        from nnsize_tui.screens.dialogs.help import Help, sections_of, words_on

        sections, words = sections_of(self, self.screen), words_on(self.glyphs, self.screen)
        self.push_screen(Help(self.glyphs, sections, words, self.config.keys, subject=subject, term=term))

    async def action_palette(self) -> None:
        """Let the user choose a command, and run it."""
        from nnsize_tui.app.commands import commands_of
        from nnsize_tui.screens.dialogs.palette import Palette

        if self.screen.is_modal:  # the key was pressed twice
            return
        # Wait until it is mounted, so that it gets the keys typed meanwhile.
        await self.push_screen(Palette(self.glyphs, commands_of(self, self._home_screen.rows)), self._do)

    async def _do(self, chosen: "Command | None") -> None:
        """Run the chosen command."""
        if chosen is None:
            return
        node = chosen.node
        if node is self or (node.is_attached and node.screen is self.screen):  # its screen may be closed by now
            await self.run_action(chosen.action, node)

    def action_theme_step(self) -> None:
        """Change to the next theme."""
        names = list(CHOICES)
        self.action_take_theme(names[(names.index(choice_of(self.theme)) + 1) % len(names)])

    def action_take_theme(self, choice: str) -> None:
        """Change the theme, now and for later starts."""
        self.theme = theme_name(os.environ, choice)
        save_theme(choice, self.config.theme)
        self.notify(f"Theme: {choice}", timeout=1.5, markup=False)

    @work(thread=True)
    def action_settings_file(self) -> None:
        """Write the template of the user's file if there is no file, and tell its path."""
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
        """Open a run of the list, and close the one that is open."""
        row = next((row for row in self._home_screen.rows if str(row.folder) == folder), None)
        if row is None or row.header is None:
            self.notify(f"Run {Path(folder).name} is gone.", severity="warning", markup=False)
            return
        if steered_kinds(self.screen) and self.screen is not self._home_screen:
            self.screen.dismiss()
        self.open_run(row.folder, row.header.kind)

    def action_save_screen(self) -> None:
        """Write the screen to an SVG file in the working folder."""
        from nnsize_tui.app.screenshot import save_screen

        opened = getattr(self.screen, "folder", None)
        try:
            path = save_screen(self, Path.cwd(), opened.name if isinstance(opened, Path) else None)
        except OSError as error:
            self.notify(f"The screen cannot be written: {error}", severity="error", markup=False)
        else:
            self.notify(f"Written to {path}", markup=False)
