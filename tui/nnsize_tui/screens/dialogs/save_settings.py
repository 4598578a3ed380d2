"""The dialog that saves the settings of the setup screen."""

from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from nnsize_engine.export.atomic_file import find_place, write_whole
from nnsize_engine.results.left_out import left_out_comments
from nnsize_engine.settings.command_options import COMMANDS
from nnsize_engine.settings.run import RunSettings
from nnsize_engine.settings.toml import config_text
from nnsize_tui.follow.messages import Exported, Trouble
from nnsize_tui.screens.base import BaseDialog
from nnsize_tui.screens.dialogs.file_writer import FileExists, FileWriter
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.text_input import TextInput


class SaveSettings(BaseDialog[None]):
    """Ask for a file's name, and ask again before it replaces a file."""

    CSS_PATH: ClassVar = ["../../styles/dialogs.tcss", "../../styles/setup.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "write", "Save", id="save.write", tooltip="Write the file"),
        Binding("escape", "close", "Cancel", id="save.leave", tooltip="Write nothing"),
    ]

    def __init__(self, glyphs: Glyphs, settings: RunSettings) -> None:
        super().__init__(glyphs)
        self._settings = settings
        self._writer = FileWriter(self, glyphs)
        self._command = COMMANDS[settings.kind]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Save these settings as a file", markup=False, classes="heading")
            yield TextInput(id="find")
            yield Static(f"start it with: nnsize {self._command} --config FILE", markup=False, classes="hint")
            yield Static("", markup=False, id="problem")
            with Horizontal(classes="answers"):
                yield Button("Cancel (esc)", id="cancel", compact=True)
                yield Button("Save (enter)", id="write", compact=True, variant="primary")
        yield KeyBar(self._glyphs)

    def on_mount(self) -> None:
        self.query_one(TextInput).begin(f"{self._command}-{self._settings.known.name}.toml".replace("/", "-"))
        self.query_one(TextInput).focus()

    def on_input_changed(self) -> None:
        """Hide the problem of the old path."""
        self._writer.clear_problem()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "write":
            self.action_write()
        else:
            self.action_close()

    def action_write(self) -> None:
        """Write to the typed path."""
        self._writer.write(self.query_one(TextInput).value.strip(), self._save)

    def action_close(self) -> None:
        """Write nothing."""
        self.dismiss(None)

    def _save(self, path: Path, force: bool) -> None:
        content = config_text(self._settings, left_out_comments(self._settings)).encode(errors="surrogateescape")
        write_whole(find_place(path, force=force), content, force=force)

    @work
    async def on_file_exists(self, message: FileExists) -> None:
        await self._writer.ask_to_replace(message)

    def on_trouble(self, message: Trouble) -> None:
        """Show why the file was not written; the path can be changed."""
        self._writer.end(message.reason)

    def on_exported(self, message: Exported) -> None:
        """Show the command that reads the file."""
        self.app.notify(f"Saved: nnsize {self._command} --config {message.path}", markup=False)
        self.dismiss(None)
