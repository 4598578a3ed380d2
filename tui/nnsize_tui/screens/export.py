"""Where to write which table or network of a run."""

import contextlib
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from nnsize_engine.errors import NnsizeError, StoreError
from nnsize_engine.export import FORMATS, export_run
from nnsize_engine.model_file import NETWORK_FORMATS, NETWORKS, export_network, exports_of
from nnsize_engine.records import NetworkName
from nnsize_engine.tables import TABLES_OF, TableName
from nnsize_engine.whole_file import FileExists
from nnsize_tui.glyphs import Glyphs
from nnsize_tui.messages import Exported, Trouble
from nnsize_tui.screens.confirm import Confirm
from nnsize_tui.widgets.choice import Choice
from nnsize_tui.widgets.key_bar import KeyBar

Export = TableName | NetworkName
WORDS: dict[Export, str] = {
    "candidates": "one row a candidate",
    "fits": "one row a fit",
    "generations": "generations",
    "best": "best network",
    "evolved": "evolved network",
    "gradient": "by gradient",
}


def _formats(chosen: Export) -> tuple[str, ...]:
    return NETWORK_FORMATS if chosen in NETWORKS else FORMATS


def _hint(chosen: Export) -> str:
    *others, last = [f".{name}" for name in _formats(chosen)]
    return f"{', '.join(others)} or {last} says the format"


class PathField(Input):
    """The file's name."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Write", id="export.submit", tooltip="Write the file"),
    ]


class ExportDialog(ModalScreen[None]):
    """Writes a table or a network; the file's ending says in which format."""

    CSS_PATH = "../styles/dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Cancel", id="export.close", tooltip="Write nothing"),
        Binding("enter", "write", "Write", id="export.write", tooltip="Write the file"),
        Binding("up", "app.focus_previous", "Previous field", id="export.up", show=False, tooltip="The field above"),
        Binding("down", "app.focus_next", "Next field", id="export.down", show=False, tooltip="The field below"),
    ]

    def __init__(self, glyphs: Glyphs, folder: Path) -> None:
        super().__init__(classes=None if glyphs.unicode else "-ascii")
        self._glyphs = glyphs
        self._folder = folder
        self._is_writing = False
        self._offered: tuple[Export, ...] = TABLES_OF["size"]
        with contextlib.suppress(StoreError):  # of which writing will tell
            self._offered = exports_of(folder)
        self._chosen = self._offered[0]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(f"Export run {self._folder.name}", markup=False, classes="heading")
            yield Static("File", markup=False, classes="label")
            yield PathField(self._usual_name(self._chosen), id="path", compact=True, select_on_focus=False)
            yield Static(_hint(self._chosen), markup=False, id="formats", classes="hint")
            label = "Table" if set(self._offered).isdisjoint(NETWORKS) else "Table or network"
            yield Static(label, markup=False, classes="label")
            yield Choice(self._glyphs, [(name, WORDS[name]) for name in self._offered], id="rows")
            yield Static("", markup=False, id="problem")
            with Horizontal(classes="answers"):
                yield Button("Cancel (esc)", id="cancel", compact=True)
                yield Button("Write (enter)", id="write", compact=True, variant="primary")
        yield KeyBar(self._glyphs)

    def on_mount(self) -> None:
        field = self.query_one(Input)
        field.cursor_blink = False
        field.focus()

    def on_input_submitted(self) -> None:
        self._write_to_path()

    def on_input_changed(self) -> None:
        """What was wrong with the old path need not be with this one."""
        if not self._is_writing:
            self._say("")

    def on_choice_chosen(self) -> None:
        """The file's name goes along with what is chosen."""
        self._take_choice()

    def _take_choice(self) -> None:
        """Also asked before writing, since a quick key overtakes the message."""
        before, value = self._chosen, self.query_one(Choice).value
        self._chosen = next(name for name in self._offered if name == value)
        if self._chosen == before:
            return
        field = self.query_one(Input)
        ending = Path(field.value).suffix
        if field.value == self._usual_name(before):
            field.value = self._usual_name(self._chosen)
        elif ending.lower().removeprefix(".") in _formats(before) and _formats(before) != _formats(self._chosen):
            field.value = f"{field.value.removesuffix(ending)}.{_formats(self._chosen)[0]}"
        field.cursor_position = len(field.value)
        self.query_one("#formats", Static).update(_hint(self._chosen))

    def _usual_name(self, chosen: Export) -> str:
        """The file's name, unless another is typed."""
        which = "-gradient" if chosen == "gradient" else ""
        return f"nnsize-{self._folder.name}{which}.{_formats(chosen)[0]}"

    def action_write(self) -> None:
        """Write, whichever field has the focus."""
        self._write_to_path()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "write":
            self._write_to_path()
        else:
            self.dismiss(None)

    def action_close(self) -> None:
        """Write nothing."""
        self.dismiss(None)

    def _write_to_path(self, *, force: bool = False) -> None:
        self._take_choice()
        path = self.query_one(Input).value.strip()
        if not path:
            self._say("Name a file to write to.")
        elif not self._is_writing:
            self._is_writing = True
            self._say(f"writing{self._glyphs.ellipsis}")
            self._write(Path(path).expanduser().absolute(), self._chosen, force=force)

    @work(thread=True)
    def _write(self, path: Path, chosen: Export, *, force: bool) -> None:
        try:
            if chosen == "best" or chosen == "evolved" or chosen == "gradient":
                export_network(self._folder, path, name=chosen, force=force)
            else:
                export_run(self._folder, path, table=chosen, force=force)
        except FileExists:
            self.app.call_from_thread(self._ask_to_overwrite, path)
        except NnsizeError as error:
            self.post_message(Trouble(str(error)))
        else:
            self.post_message(Exported(path))

    @work
    async def _ask_to_overwrite(self, path: Path) -> None:
        self._is_writing = False
        self._say("")
        question = f"{path} is there already. Overwrite it?"
        if await self.app.push_screen_wait(Confirm(self._glyphs, question, yes="Overwrite", no="Keep")):
            self._write_to_path(force=True)

    def on_trouble(self, message: Trouble) -> None:
        """Say why it was not written; the path can be mended."""
        self._is_writing = False
        self._say(message.reason)

    def on_exported(self, message: Exported) -> None:
        """Say where it is."""
        self.app.notify(f"Written to {message.path}", markup=False)
        self.dismiss(None)

    def _say(self, problem: str) -> None:
        self.query_one("#problem", Static).update(problem)
