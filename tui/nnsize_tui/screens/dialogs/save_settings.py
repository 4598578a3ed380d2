"""Where to write the settings of a run that is being set up."""

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from nnsize_engine.export.atomic_file import find_place, write_whole
from nnsize_engine.settings.run import RunSettings
from nnsize_engine.settings.toml import COMMANDS, config_text
from nnsize_tui.screens.dialogs.write_dialog import WriteDialog
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.text_input import Typing


class SaveSettings(WriteDialog):
    """Asks for a file's name; asks again before it replaces a file."""

    CSS_PATH: ClassVar = ["../../styles/dialogs.tcss", "../../styles/setup.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "write", "Save", id="save.write", tooltip="Write the file"),
        Binding("escape", "close", "Cancel", id="save.leave", tooltip="Write nothing"),
    ]

    def __init__(self, glyphs: Glyphs, settings: RunSettings) -> None:
        super().__init__(glyphs)
        self._settings = settings
        self._command = COMMANDS[settings.kind]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Save these settings as a file", markup=False, classes="heading")
            yield Typing(id="find")
            yield Static(f"start it with: nnsize {self._command} --config FILE", markup=False, classes="hint")
            yield Static("", markup=False, id="problem")
            with Horizontal(classes="answers"):
                yield Button("Cancel (esc)", id="cancel", compact=True)
                yield Button("Save (enter)", id="write", compact=True, variant="primary")
        yield KeyBar(self._glyphs)

    def on_mount(self) -> None:
        self.query_one(Typing).begin(f"{self._command}-{self._settings.known.name}.toml".replace("/", "-"))
        self.query_one(Typing).focus()

    def finish(self, *, force: bool = False) -> None:
        """Write to the path that stands there."""
        if not self._is_writing:
            self._begin(self.query_one(Typing).value.strip(), self._save, force=force)

    def _save(self, path: Path, force: bool) -> None:
        content = config_text(self._settings).encode(errors="surrogateescape")
        write_whole(find_place(path, force=force), content, force=force)

    def written_words(self, path: Path) -> str:
        """What the file is for."""
        return f"Saved: nnsize {self._command} --config {path}"
