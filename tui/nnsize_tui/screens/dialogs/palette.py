"""The command palette: a list of all commands, filtered by the typed text."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.dom import DOMNode

from nnsize_engine.settings.closest_match import closest_match
from nnsize_engine.text import escape_text
from nnsize_tui.screens.base import BaseDialog
from nnsize_tui.screens.dialogs.explanation import Explanation
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.widgets.canvas import Line
from nnsize_tui.widgets.columns import Column, fit_columns
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.live_table import LiveTable
from nnsize_tui.widgets.text_input import TextInput

COLUMNS = (
    Column(key="name", title="command", width=18, is_left=True, grows=8, is_sortable=False),
    Column(key="note", title="", width=14, is_left=True, rank=1, grows=39, is_sortable=False),
    Column(key="keys", title="key", width=9, is_left=True, grows=5, is_sortable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command of the palette."""

    name: str
    note: str
    """A sentence that says what it does."""

    keys: str
    """Its keys as they are displayed; empty if it has none."""

    action: str
    node: DOMNode
    """The widget, screen or app of the action."""

    is_possible: bool = True
    """True if the command would have an effect now."""

    why_not: str = ""
    """The reason why it would have no effect now."""

    is_term: bool = False
    """True for a word of the glossary, which the help explains."""

    def fits(self, typed: str) -> bool:
        """Return whether the name or the note holds every typed word."""
        text = f"{self.name} {self.note}".lower()
        return all(word in text for word in typed.lower().split())

    def distance(self, typed: str) -> int:
        """Return the rank among the fitting commands: names that begin with the text come first."""
        name, start = self.name.lower(), typed.strip().lower()
        if self.is_term and start not in name:
            return 3
        return 0 if name.startswith(start) else 1 if start in name else 2


class CommandTable(LiveTable[Command]):
    """Show commands; those without an effect now are dim."""

    def key_of(self, item: Command) -> Hashable:
        return (item.action, id(item.node))

    def columns_for(self, width: int) -> Sequence[Column]:
        return fit_columns(COLUMNS, width)

    def cell(self, item: Command, column: Column) -> Line:
        if column.key == "name":
            return [(item.name, "text" if item.is_possible else "dim")]
        if column.key == "keys":
            return [(item.keys, "accent" if item.is_possible else "dim")]
        return [(item.note, "text" if item.is_possible else "dim")]


class Palette(BaseDialog[Command | None]):
    """Show every command with its keys; return the chosen one, or None."""

    CSS_PATH: ClassVar = ["../../styles/dialogs.tcss", "../../styles/palette.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "Do it", id="palette.take", tooltip="Do what stands under the cursor"),
        Binding("escape,ctrl+p", "leave", "Close", id="palette.leave", tooltip="Close the list"),
        Binding("up,shift+tab", "rows('move', -1)", "Up", id="palette.up", show=False, tooltip="The row above"),
        Binding("down,tab", "rows('move', 1)", "Down", id="palette.down", show=False, tooltip="The row below"),
        Binding("pageup", "rows('page', -1)", "Page up", id="palette.page_up", show=False, tooltip="A screen up"),
        Binding("pagedown", "rows('page', 1)", "Page down", id="palette.page_down", show=False,
                tooltip="A screen down"),
    ]  # fmt: skip

    def __init__(self, glyphs: Glyphs, commands: Sequence[Command]) -> None:
        super().__init__(glyphs)
        self._commands = commands
        self._shown: str | None = None
        """The typed text that the rows are filtered by."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="palette"):
            yield TextInput(id="find")
            yield CommandTable(self._glyphs, id="commands")
            yield Explanation(self._glyphs, id="explanation")
        yield KeyBar(self._glyphs)

    def on_mount(self) -> None:
        self.query_one(TextInput).begin("", empty="type to find a command or a word")
        self.query_one(TextInput).focus()
        self._catch_up()

    def on_input_changed(self) -> None:
        """Filter by the new text."""
        self._catch_up()

    def _catch_up(self) -> None:
        """Filter by the typed text; called also before a key acts, since a key can overtake the message."""
        typed = self.query_one(TextInput).value
        if typed == self._shown:
            return
        self._shown = typed
        fitting = [command for command in self._commands if command.fits(typed)]
        fitting.sort(key=lambda command: (not command.is_possible, command.distance(typed) if typed.strip() else 0))
        table = self.query_one(CommandTable)
        table.empty_text = self._nothing_fits()
        table.show(fitting, at_once=True)
        table.action_jump(0)
        self._explain()

    def _explain(self) -> None:
        chosen = self.query_one(CommandTable).highlighted
        explanation = self.query_one(Explanation)
        if chosen is None:
            explanation.show("")
        elif chosen.is_possible:
            explanation.show(f"{chosen.note.removesuffix('.')}.")
        else:
            explanation.show(f"Not now: {chosen.why_not}. {chosen.note.removesuffix('.')}.", "warn")

    def _nothing_fits(self) -> str:
        """Return that nothing fits the typed text, and the closest name."""
        typed = escape_text(" ".join((self._shown or "").split()))
        near = closest_match(typed, [command.name for command in self._commands])
        hint = f"the closest is {near}" if near is not None else "try fewer letters"
        return f"Nothing fits {typed!r}, neither a command nor a word of the glossary; {hint}."

    def action_rows(self, verb: str, number: int) -> None:
        """Move the cursor."""
        self._catch_up()
        table = self.query_one(CommandTable)
        {"move": table.action_move, "page": table.action_page}[verb](number)
        self._explain()

    def on_live_table_moved(self) -> None:
        self._explain()
        self.query_one(TextInput).focus()

    def on_live_table_opened(self) -> None:
        self.action_take()

    def action_take(self) -> None:
        """Return the chosen command if it would have an effect now."""
        self._catch_up()
        chosen = self.query_one(CommandTable).highlighted
        if chosen is not None and chosen.is_possible:
            self.dismiss(chosen)

    def action_leave(self) -> None:
        """Close the palette without a command."""
        self.dismiss(None)
