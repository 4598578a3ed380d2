"""Where to write the comparison of several runs."""

from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from nnsize_engine.comparison_file import export_comparison
from nnsize_engine.errors import NnsizeError
from nnsize_engine.export import FORMATS
from nnsize_engine.whole_file import FileExists
from nnsize_tui.glyphs import Glyphs
from nnsize_tui.messages import Exported, Trouble
from nnsize_tui.screens.confirm import Confirm
from nnsize_tui.widgets.key_bar import KeyBar


class ComparisonPath(Input):
    """The file's name."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Write", id="compare_export.submit", tooltip="Write the file"),
    ]


class CompareExport(ModalScreen[None]):
    """Writes the table of results and differing settings; the file's ending says in which format."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["../styles/dialogs.tcss", "../styles/compare.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Cancel", id="compare_export.close", tooltip="Write nothing"),
        Binding("enter", "write", "Write", id="compare_export.write", tooltip="Write the file"),
        Binding("up", "app.focus_previous", "Previous field", id="compare_export.up", show=False,
                tooltip="The field above"),
        Binding("down", "app.focus_next", "Next field", id="compare_export.down", show=False,
                tooltip="The field below"),
    ]  # fmt: skip

    def __init__(self, glyphs: Glyphs, folders: Sequence[Path]) -> None:
        super().__init__(classes=None if glyphs.unicode else "-ascii")
        self._glyphs = glyphs
        self._folders = tuple(folders)
        self._is_writing = False

    def compose(self) -> ComposeResult:
        *others, last = [f".{name}" for name in FORMATS]
        with Vertical(classes="dialog"):
            yield Static(f"Export the comparison of {len(self._folders)} runs", markup=False, classes="heading")
            yield Static("File", markup=False, classes="label")
            yield ComparisonPath(self._usual_name(), id="path", compact=True, select_on_focus=False)
            hint = f"a row a result or differing setting, a column a run; {', '.join(others)} or {last}"
            yield Static(hint, markup=False, classes="hint")
            yield Static("", markup=False, id="problem")
            with Horizontal(classes="answers"):
                yield Button("Cancel (esc)", id="cancel", compact=True)
                yield Button("Write (enter)", id="write", compact=True, variant="primary")
        yield KeyBar(self._glyphs)

    def _usual_name(self) -> str:
        return f"nnsize-{'-'.join(folder.name for folder in self._folders)}.csv"

    def on_mount(self) -> None:
        field = self.query_one(Input)
        field.cursor_blink = False
        field.focus()

    def on_input_submitted(self) -> None:
        self.action_write()

    def on_input_changed(self) -> None:
        """What was wrong with the old path need not be with this one."""
        if not self._is_writing:
            self._say("")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "write":
            self.action_write()
        else:
            self.dismiss(None)

    def action_close(self) -> None:
        """Write nothing."""
        self.dismiss(None)

    def action_write(self, *, force: bool = False) -> None:
        """Write to the path that stands there."""
        path = self.query_one(Input).value.strip()
        if not path:
            self._say("Name a file to write to.")
        elif not self._is_writing:
            self._is_writing = True
            self._say(f"writing{self._glyphs.ellipsis}")
            self._write(Path(path).expanduser().absolute(), force=force)

    @work(thread=True)
    def _write(self, path: Path, *, force: bool) -> None:
        try:
            export_comparison(self._folders, path, force=force)
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
            self.action_write(force=True)

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
