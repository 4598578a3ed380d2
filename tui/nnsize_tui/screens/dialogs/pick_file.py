"""The file picker: type a path, or go through the folders."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Static

from nnsize_engine.errors import DataError
from nnsize_engine.text import escape_text
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.dialogs.file_table import UP, Entry, FileTable
from nnsize_tui.screens.dialogs.folder import completed, expanded, list_folder, matching, shortened
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.terminal.plain_text import plain_text
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.live_table import LiveTable
from nnsize_tui.widgets.text_input import TextInput
from nnsize_tui.widgets.title_bar import TitleBar

LABEL = " file  "


class FolderSeen(Message):
    """A folder was listed, or could not be listed."""

    def __init__(self, folder: Path, entries: tuple[Entry, ...], reason: str = "") -> None:
        super().__init__()
        self.folder = folder
        self.entries = entries
        self.reason = reason


class PickFile(BaseScreen[Path | None]):
    """Show the typed path, and below it the entries that begin with it."""

    READABLE: ClassVar[str] = "TextInput, #word, KeyBar"
    CSS_PATH = "../../styles/setup.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "Choose", id="file.take", tooltip="Choose the file, open the folder"),
        Binding("tab", "complete", "Complete", id="file.complete", tooltip="Type the rest of the name, as far as it is "
                "clear"),
        Binding("escape", "leave", "Cancel", id="file.leave", tooltip="Back without choosing"),
        Binding("up", "rows('move', -1)", "Up", id="file.up", show=False, tooltip="The row above"),
        Binding("down", "rows('move', 1)", "Down", id="file.down", show=False, tooltip="The row below"),
        Binding("pageup", "rows('page', -1)", "Page up", id="file.page_up", show=False, tooltip="A screen of rows up"),
        Binding("pagedown", "rows('page', 1)", "Page down", id="file.page_down", show=False,
                tooltip="A screen of rows down"),
        Binding("ctrl+home", "rows('jump', 0)", "First", id="file.first", show=False, tooltip="The first row"),
        Binding("ctrl+end", "rows('jump', -1)", "Last", id="file.last", show=False, tooltip="The last row"),
        Binding("shift+tab", "parent", "Folder above", id="file.parent", show=False, tooltip="The folder above"),
    ]  # fmt: skip

    def __init__(self, glyphs: Glyphs, start: str) -> None:
        """``start`` is a file or folder to begin at; the working folder where it is neither."""
        super().__init__()
        self._glyphs = glyphs
        path = expanded(start)
        is_file = "/" in start and path.parent.is_dir() and not path.is_dir()
        self._folder = path if path.is_dir() else path.parent if is_file else expanded("")
        self._choose_first = path.name if is_file else ""
        self._entries: tuple[Entry, ...] = ()
        self._listed: Path | None = None
        self._reason = ""
        self._shown = ""
        """The typed text that the rows are filtered by."""

        self._real: dict[str, Path] = {}
        """Folders whose names a terminal cannot show, by their escaped names."""

    def compose(self) -> ComposeResult:
        yield TitleBar(self._glyphs, "Which file?", "csv, tsv, xlsx, parquet, arff, jsonl, npz and more", id="title")
        yield Static(LABEL, markup=False, id="label")
        yield FileTable(self._glyphs, id="files")
        yield Static("", markup=False, id="word")
        yield TextInput(id="typing")
        yield KeyBar(self._glyphs, id="keys")

    def on_mount(self) -> None:
        self._place()
        self._go_to(self._folder)
        self.query_one(TextInput).focus()

    def on_resize(self) -> None:
        self._place()

    def _place(self) -> None:
        width, height = self.app.size
        rows = {"#title": (0, 1), "#label": (2, 1), "#files": (4, height - 6), "#word": (height - 2, 1),
                "#keys": (height - 1, 1)}  # fmt: skip
        for name, (top, lines) in rows.items():
            widget = self.query_one(name)
            widget.styles.offset = (0, top)
            widget.styles.width, widget.styles.height = width, max(1, lines)
        typing = self.query_one(TextInput)
        typing.styles.offset = (len(LABEL), 2)
        typing.styles.width = max(10, width - len(LABEL) - 1)

    # The folder.

    @property
    def _typed(self) -> tuple[str, str]:
        """Return the typed folder, and the beginning of a name in it."""
        head, slash, tail = self.query_one(TextInput).value.rpartition("/")
        return (head + slash, tail) if tail != "~" or head else ("~/", "")

    def _go_to(self, folder: Path) -> None:
        text = shortened(folder)
        spelt = escape_text(text)
        if spelt != text:
            self._real[spelt] = folder
        self.query_one(TextInput).begin(spelt)
        self._look()

    def on_input_changed(self, _: TextInput.Changed) -> None:
        """Show the entries of the new path."""
        self._look()

    def _look(self) -> None:
        """List the typed folder if it is another one; show the entries that begin with the rest."""
        typed, _ = self._typed
        self._folder = self._real.get(typed) or expanded(typed)
        if self._folder != self._listed:
            self._say(f"reading{self._glyphs.ellipsis}", is_bad=False)
            self._list(self._folder)
        else:
            self._show()

    @work(thread=True, group="list")
    def _list(self, folder: Path) -> None:
        try:
            self.post_message(FolderSeen(folder, list_folder(folder)))
        except DataError as error:
            self.post_message(FolderSeen(folder, (), str(error)))

    def on_folder_seen(self, message: FolderSeen) -> None:
        """Show a listed folder, unless another one is typed by now."""
        if message.folder == self._folder:
            self.query_one(FileTable).forget_sizes()
            self._listed, self._entries, self._reason = message.folder, message.entries, message.reason
            self._show()
            if self._choose_first:
                self.query_one(FileTable).choose(self._choose_first)
                self._choose_first = ""

    def _catch_up(self) -> None:
        """Take the typed text before a key acts, since a key can overtake the message."""
        if self.query_one(TextInput).value != self._shown:
            self._look()

    def _show(self) -> None:
        self._shown = self.query_one(TextInput).value
        _, start = self._typed
        rows: Sequence[Entry] = matching(self._entries, start)
        if not start and self._folder != self._folder.parent:
            rows = [Entry(name=UP, path=str(self._folder.parent), is_folder=True), *rows]
        table = self.query_one(FileTable)
        table.show(rows, at_once=True)
        if start:  # a name that is typed in full is meant
            exact = next((entry.name for entry in rows if escape_text(entry.name) == start), None)
            table.choose(exact if exact is not None else rows[0].name if rows else "")
        elif len(rows) > 1 and table.highlighted is not None and table.highlighted.name == UP:
            table.action_jump(1)
        self._say(self._reason or _counted(rows, start), is_bad=bool(self._reason))

    def _say(self, words: str, *, is_bad: bool) -> None:
        word = self.query_one("#word", Static)
        word.set_class(is_bad, "bad")
        word.update(plain_text(f" {words}", unicode=self._glyphs.unicode))

    # Actions.

    def action_rows(self, verb: str, number: int) -> None:
        """Move the cursor of the table."""
        self._catch_up()
        table = self.query_one(FileTable)
        {"move": table.action_move, "page": table.action_page, "jump": table.action_jump}[verb](number)

    def on_live_table_moved(self) -> None:
        self.query_one(TextInput).focus()

    def on_live_table_opened(self, _: LiveTable.Opened) -> None:
        self.action_take()

    def action_take(self) -> None:
        """Open the folder, or choose the file."""
        self._catch_up()
        chosen = self.query_one(FileTable).highlighted
        _, start = self._typed
        if self._folder != self._listed:
            return
        if chosen is not None:
            if chosen.is_folder:
                self._go_to(Path(chosen.path))
            else:
                self.dismiss(Path(chosen.path))
        elif start and (self._folder / start).is_file():
            self.dismiss(self._folder / start)
        elif start:
            self._say(f"there is no file {start}", is_bad=True)

    def action_complete(self) -> None:
        """Type the rest of a name."""
        self._catch_up()
        head, start = self._typed
        if self._folder == self._listed and start:
            rest = completed(matching(self._entries, start), start)
            if rest.endswith("/"):
                self._go_to(self._folder / next(e.name for e in matching(self._entries, start)))
            else:
                self.query_one(TextInput).value = head + rest
                self.query_one(TextInput).cursor_position = len(head + rest)

    def action_parent(self) -> None:
        """Go to the folder above."""
        self._choose_first = self._folder.name
        self._go_to(self._folder.parent)

    def action_leave(self) -> None:
        """Go back without choosing."""
        self.dismiss(None)


def _counted(rows: Sequence[Entry], start: str) -> str:
    files = sum(not entry.is_folder for entry in rows)
    if not files:
        return f"no table begins with {start}" if start else "no tables here"
    return f"{files:,} table{'' if files == 1 else 's'}"
