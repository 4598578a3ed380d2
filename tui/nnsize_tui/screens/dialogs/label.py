"""The dialog that labels a run: its name, a note, tags; of several runs their tags alone."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Button, Static

from nnsize_engine.errors import NnsizeError
from nnsize_engine.runs.label import LabelChange, RunLabel
from nnsize_engine.runs.relabel import label_in, relabel
from nnsize_tui.follow.messages import Trouble
from nnsize_tui.screens.base import BaseDialog
from nnsize_tui.screens.dialogs.file_writer import FileWriter
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.text_input import TextInput

FIELDS: Mapping[str, str] = {
    "name": "such as baseline; commands find the run by it",
    "note": "what to remember of it",
    "tags": "words to find it by, with blanks between them",
}
"""What each field is for."""


class LabelDialog(BaseDialog[bool]):
    """Ask for name, note and tags; the answer is whether they were changed."""

    CSS_PATH: ClassVar = ["../../styles/dialogs.tcss", "../../styles/setup.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "save", "Save", id="label.save", tooltip="Keep this with the run"),
        Binding("escape", "close", "Cancel", id="label.close", tooltip="Change nothing"),
        Binding("up", "app.focus_previous", "Previous field", id="label.up", show=False, tooltip="The field above"),
        Binding("down", "app.focus_next", "Next field", id="label.down", show=False, tooltip="The field below"),
    ]

    class Saved(Message, bubble=False):
        """The label has been written."""

    def __init__(self, glyphs: Glyphs, folders: Sequence[Path]) -> None:
        super().__init__(glyphs)
        self._folders = tuple(folders)
        self._writer = FileWriter(self, glyphs)
        labels = [label_in(folder) for folder in folders]
        self._before = labels[0] if len(labels) == 1 else RunLabel(tags=_shared(labels))

    @property
    def _fields(self) -> Sequence[str]:
        return tuple(FIELDS) if len(self._folders) == 1 else ("tags",)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            is_one = len(self._folders) == 1
            title = f"Name run {self._folders[0].name}" if is_one else f"Tags of {len(self._folders)} runs"
            yield Static(title, markup=False, classes="heading")
            for name in self._fields:
                with Horizontal(classes="field"):
                    yield Static(name.capitalize(), classes="label")
                    yield TextInput(id=name)
            yield Static("", markup=False, id="problem")
            with Horizontal(classes="answers"):
                yield Button("Cancel (esc)", id="cancel", compact=True)
                yield Button("Save (enter)", id="save", compact=True, variant="primary")
        yield KeyBar(self._glyphs)

    def on_mount(self) -> None:
        values = {"name": self._before.name, "note": self._before.note, "tags": " ".join(self._before.tags)}
        for name in self._fields:
            self.query_one(f"#{name}", TextInput).begin(values[name], empty=FIELDS[name])
        self.query_one(f"#{self._fields[0]}").focus()

    def on_input_changed(self) -> None:
        """Hide the problem of the old text."""
        self._writer.clear_problem()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "save":
            self.action_save()
        else:
            self.action_close()

    def action_close(self) -> None:
        """Change nothing."""
        self.dismiss(False)

    def action_save(self) -> None:
        """Write what has changed."""
        typed = {name: self.query_one(f"#{name}", TextInput).value for name in self._fields}
        tags = tuple(tag.removeprefix("#") for tag in typed["tags"].replace(",", " ").split())
        change = LabelChange(
            name=typed.get("name"),
            note=typed.get("note"),
            tags=tags,
            removed=tuple(tag for tag in self._before.tags if tag not in tags),
        )
        self._writer.run(partial(self._save, change))

    def _save(self, change: LabelChange) -> None:
        try:
            for folder in self._folders:
                relabel(folder, change)
        except NnsizeError as error:
            words = str(error)
            self.post_message(Trouble(f"{words[:1].upper()}{words[1:]}."))
        else:
            self.post_message(self.Saved())

    def on_trouble(self, message: Trouble) -> None:
        """Show why the label was not written; it can be changed."""
        self._writer.end(message.reason)

    def on_label_dialog_saved(self) -> None:
        """Close the dialog."""
        self.dismiss(True)


def _shared(labels: Sequence[RunLabel]) -> tuple[str, ...]:
    """Return the tags that all runs have."""
    return tuple(tag for tag in labels[0].tags if all(tag in label.tags for label in labels))
