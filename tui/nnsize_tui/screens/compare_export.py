"""Where to write the comparison of several runs."""

from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Static

from nnsize_engine.comparison_file import export_comparison
from nnsize_engine.export import FORMATS
from nnsize_tui.glyphs import Glyphs
from nnsize_tui.screens.write_dialog import WriteDialog
from nnsize_tui.widgets.key_bar import KeyBar


class ComparisonPath(Input):
    """The file's name."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Write", id="compare_export.submit", tooltip="Write the file"),
    ]


class CompareExport(WriteDialog):
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
        super().__init__(glyphs)
        self._folders = tuple(folders)

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

    def finish(self, *, force: bool = False) -> None:
        """Write to the path that stands there."""
        if not self._is_writing:
            self._begin(self.query_one(Input).value.strip(), self._export, force=force)

    def _export(self, path: Path, force: bool) -> None:
        export_comparison(self._folders, path, force=force)
