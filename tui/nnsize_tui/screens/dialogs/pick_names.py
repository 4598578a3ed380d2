"""The picker of names: a list to choose one or several names from."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from nnsize_engine.results.table_summary import ColumnSummary, DataSummary
from nnsize_engine.text import escape_text
from nnsize_tui.screens.base import BaseDialog
from nnsize_tui.screens.dialogs.explanation import Explanation
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.widgets.canvas import Line, Piece
from nnsize_tui.widgets.columns import Column, fit_columns
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.live_table import LiveTable
from nnsize_tui.widgets.text_input import TextInput

COLUMNS = (
    Column(key="name", title="name", width=20, is_left=True, grows=24, is_sortable=False),
    Column(key="note", title="", width=22, is_left=True, rank=1, grows=80, is_sortable=False),
)

MIN_EXPLAINED = 40  # characters of a note that has no room in its row at 80 columns
MAX_EXPLANATION_LINES = 3  # enough for a note of 190 characters at 80 columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name of the list."""

    name: str
    note: str
    is_picked: bool


class NameTable(LiveTable[Name]):
    """Show names; the picked ones are marked."""

    def key_of(self, item: Name) -> Hashable:
        return item.name

    def columns_for(self, width: int) -> Sequence[Column]:
        longest = max((cell_len(item.name) for item in self.items), default=0)
        name, note = COLUMNS  # names get no more room than the longest needs: the rest is for the notes
        return fit_columns((replace(name, grows=max(0, min(longest - name.width, name.grows))), note), width)

    def cell(self, item: Name, column: Column) -> Line:
        if column.key == "name":
            return [(item.name, "strong" if item.is_picked else "text")]
        return [(item.note, "dim")]

    def mark(self, item: Name) -> Piece:
        return (self.glyphs.on, "accent") if item.is_picked else (" ", "text")


class PickNames(BaseDialog[tuple[str, ...] | None]):
    """Show a list that is filtered by the typed text; return the picked names, None if the dialog was left."""

    CSS_PATH: ClassVar = ["../../styles/dialogs.tcss", "../../styles/setup.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "Take", id="names.take", tooltip="Take the row of the cursor; the marked ones, if you "
                "marked some"),
        Binding("space", "mark", "Mark", id="names.mark", tooltip="Mark the row, to take several"),
        Binding("escape", "leave", "Cancel", id="names.leave", tooltip="Leave everything as it is"),
        Binding("up,shift+tab", "rows('move', -1)", "Up", id="names.up", show=False, tooltip="The row above"),
        Binding("down,tab", "rows('move', 1)", "Down", id="names.down", show=False, tooltip="The row below"),
        Binding("pageup", "rows('page', -1)", "Page up", id="names.page_up", show=False, tooltip="A screen up"),
        Binding("pagedown", "rows('page', 1)", "Page down", id="names.page_down", show=False, tooltip="A screen down"),
    ]  # fmt: skip

    def __init__(
        self,
        glyphs: Glyphs,
        title: str,
        names: Sequence[tuple[str, str]],
        picked: Sequence[str],
        *,
        many: bool,
        keeps_order: bool = False,
        takes: Callable[[str], bool] | None = None,
    ) -> None:
        """``names`` have a note each; ``picked`` are marked at the start; ``many`` allows several.

        ``keeps_order`` returns them in the order in which they were marked. ``takes`` tells whether a typed text that
        is not in the list may be picked as well.
        """
        super().__init__(glyphs)
        self._title, self._names = title, names
        self._picked = [name for name in picked if name in dict(names)]
        self._many = many
        self._keeps_order = keeps_order
        self._takes = takes
        self._has_marked = False
        self._shown = ""
        """The typed text that the rows are filtered by."""

    def compose(self) -> ComposeResult:
        hint = "type to find it; enter takes it" + (", space marks several" if self._many else "")
        with Vertical(classes="dialog", id="names-dialog"):
            yield Static(f"{self._title}: {hint}", markup=False, classes="heading")
            yield TextInput(id="find", leaves=("space",) if self._many else ())
            yield NameTable(self._glyphs, id="names")
            yield Explanation(self._glyphs, id="explanation")
        yield KeyBar(self._glyphs)

    def on_mount(self) -> None:
        longest = max((cell_len(note) for _, note in self._names), default=0)
        lines = MAX_EXPLANATION_LINES if longest > MIN_EXPLAINED else 0
        self.query_one("#names-dialog").set_class(bool(lines), "-wide")
        self.query_one(Explanation).styles.height = lines
        self.query_one(Explanation).display = bool(lines)
        height = len(self._names) + 7 + lines
        self.query_one("#names-dialog").styles.height = min(height, max(10, self.app.size.height - 4))
        self._show()
        table = self.query_one(NameTable)
        table.choose(self._picked[0] if self._picked else self._names[-1][0] if self._many else self._names[0][0])
        self.query_one(TextInput).focus()

    def on_input_changed(self) -> None:
        """Filter by the new text."""
        self._catch_up()

    def _catch_up(self) -> None:
        """Filter by the typed text; called also before a key acts, since a key can overtake the message."""
        typed = self.query_one(TextInput).value.strip().lower()
        if typed == self._shown:
            return
        self._show()
        table = self.query_one(NameTable)
        begins = next((one.name for one in table.items if one.name.lower().startswith(typed)), None)
        if typed and table.items:
            table.choose(begins if begins is not None else table.items[0].name)

    def _show(self) -> None:
        self._shown = self.query_one(TextInput).value.strip().lower()
        rows = [Name(name=name, note=note, is_picked=name in self._picked) for name, note in self._names]
        shown = [row for row in rows if self._shown in row.name.lower()]
        typed = self.query_one(TextInput).value.strip()
        if self._takes is not None and self._takes(typed) and typed not in dict(self._names):
            shown.insert(0, Name(name=typed, note="as typed", is_picked=False))
        table = self.query_one(NameTable)
        table.empty_text = f"Nothing in the list has {escape_text(typed)!r} in its name."
        table.show(shown, at_once=True)
        self._explain()

    def _explain(self) -> None:
        """Show the whole note of the row under the cursor, which may have no room in the row."""
        chosen = self.query_one(NameTable).highlighted
        self.query_one(Explanation).show(f"{chosen.name}: {chosen.note}" if chosen is not None and chosen.note else "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key works now."""
        del parameters
        return self._many if action == "mark" else True

    def action_rows(self, verb: str, number: int) -> None:
        """Move the cursor."""
        self._catch_up()
        table = self.query_one(NameTable)
        {"move": table.action_move, "page": table.action_page}[verb](number)
        self._explain()

    def action_mark(self) -> None:
        """Mark the row of the cursor, or unmark it."""
        self._catch_up()
        chosen = self.query_one(NameTable).highlighted
        if chosen is not None:
            self._has_marked = True
            if chosen.is_picked:
                self._picked.remove(chosen.name)
            else:
                self._picked.append(chosen.name)
            self._show()

    def on_live_table_moved(self) -> None:
        self._explain()
        self.query_one(TextInput).focus()

    def on_live_table_opened(self) -> None:
        self.action_take()

    def action_take(self) -> None:
        """Return the marked names, or the name under the cursor."""
        self._catch_up()
        chosen = self.query_one(NameTable).highlighted
        if self._has_marked and self._keeps_order:
            self.dismiss(tuple(self._picked))
        elif self._has_marked:
            self.dismiss(tuple(name for name, _ in self._names if name in self._picked))
        elif chosen is not None:
            self.dismiss((chosen.name,))

    def action_leave(self) -> None:
        """Leave everything as it is."""
        self.dismiss(None)


def column_names(columns: Sequence[str], summary: DataSummary | None) -> list[tuple[str, str]]:
    """Return the columns of a table, each with a few words on its content where it is known."""
    known = {column.name: column for column in summary.columns} if summary is not None else {}
    return [(name, _words(known[name]) if name in known else "") for name in columns]


def _words(column: ColumnSummary) -> str:
    missing = f", {column.missing:,} missing" if column.missing else ""
    if column.kind in ("category", "boolean"):
        return f"{column.kind}, {column.distinct:,} values{missing}"
    return f"{column.kind}{missing}"
