"""Where to write the settings of a run that is being set up."""

import os
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from nnsize_engine.config import COMMANDS, config_text
from nnsize_engine.errors import NnsizeError
from nnsize_engine.run_settings import RunSettings, kind_of
from nnsize_engine.whole_file import FileExists, find_place, write_whole
from nnsize_tui.glyphs import Glyphs
from nnsize_tui.screens.confirm import Confirm
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.typing import Typing


class SaveSettings(ModalScreen[None]):
    """Asks for a file's name; asks again before it replaces a file."""

    CSS_PATH: ClassVar = ["../styles/dialogs.tcss", "../styles/setup.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "write", "Save", id="save.write", tooltip="Write the file"),
        Binding("escape", "leave", "Cancel", id="save.leave", tooltip="Write nothing"),
    ]

    def __init__(self, glyphs: Glyphs, settings: RunSettings) -> None:
        super().__init__(classes=None if glyphs.unicode else "-ascii")
        self._glyphs, self._settings = glyphs, settings
        self._command = COMMANDS[kind_of(settings)]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Save these settings as a file", markup=False, classes="heading")
            yield Typing(id="find")
            yield Static(f"start it with: nnsize {self._command} --config FILE", markup=False, classes="hint")
            yield Static("", markup=False, id="problem")
        yield KeyBar(self._glyphs)

    def on_mount(self) -> None:
        self.query_one(Typing).begin(f"{self._command}-{self._settings.known.name}.toml".replace("/", "-"))
        self.query_one(Typing).focus()

    def on_input_changed(self, _: Input.Changed) -> None:
        """What was wrong with the old name need not be with this one."""
        self._say("")

    def _say(self, problem: str) -> None:
        self.query_one("#problem", Static).update(problem)

    @work
    async def action_write(self) -> None:
        """Write the file."""
        typed = self.query_one(Typing).value.strip()
        if not typed:
            self._say("Name a file to write to.")
            return
        if self.app.screen is not self:
            return
        path = Path(os.path.expanduser(typed)).absolute()  # noqa: PTH111  # leaves an unknown ~user alone
        try:
            try:
                self._write(path, force=False)
            except FileExists:
                question = f"{path} is there already. Overwrite it?"
                if not await self.app.push_screen_wait(Confirm(self._glyphs, question, yes="Overwrite", no="Keep")):
                    return
                self._write(path, force=True)
        except NnsizeError as error:
            self._say(str(error))
            return
        self.app.notify(f"Saved: nnsize {self._command} --config {path}", markup=False, timeout=6)
        self.dismiss(None)

    def _write(self, path: Path, *, force: bool) -> None:
        write_whole(find_place(path, force=force), config_text(self._settings), force=force)

    def action_leave(self) -> None:
        """Write nothing."""
        self.dismiss(None)
