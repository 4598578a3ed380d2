"""The export dialog: a result, its format, its file, and a preview."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Button, Input, Static

from nnsize_engine.errors import NnsizeError
from nnsize_tui.follow.messages import Exported, Trouble
from nnsize_tui.screens.base import BaseDialog
from nnsize_tui.screens.dialogs.file_writer import FileExists, FileWriter
from nnsize_tui.screens.export.offer import Offer
from nnsize_tui.screens.export.preview import Preview
from nnsize_tui.terminal.clipboard import clipboard_part, copied_words
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.widgets.choice import Choice
from nnsize_tui.widgets.key_bar import KeyBar

FILE, CLIPBOARD = ("file", "a file"), ("clipboard", "the clipboard")
_OTHER_LINES = 14  # of the dialog and around it, besides the preview; two more lines of choices are among them
_SPARE_LINES = 2
MAX_PREVIEW_LINES = 16


class PathField(Input):
    """The text field of the file's name."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Write", id="export.submit", tooltip="Write the file"),
    ]


class ExportDialog(BaseDialog[None]):
    """Write a table, a network, a chart or the program of a run; the ending of the file's name is the format."""

    CSS_PATH = "../../styles/dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Cancel", id="export.close", tooltip="Write nothing"),
        Binding("enter", "write", "Write", id="export.write", tooltip="Write the file, or copy to the clipboard"),
        Binding("up", "app.focus_previous", "Previous field", id="export.up", show=False, tooltip="The field above"),
        Binding("down", "app.focus_next", "Next field", id="export.down", show=False, tooltip="The field below"),
    ]

    class Previewed(Message, bubble=False):
        """The preview of a file. It is a message because a call could reach a dialog that is being removed."""

        def __init__(self, what: str, ending: str, title: str, lines: Sequence[str]) -> None:
            super().__init__()
            self.what, self.ending = what, ending
            self.title, self.lines = title, tuple(lines)

    class Copied(Message, bubble=False):
        """The text to copy is ready."""

        def __init__(self, what: str, text: str) -> None:
            super().__init__()
            self.what, self.text = what, text

    def __init__(self, glyphs: Glyphs, offer: Offer) -> None:
        super().__init__(glyphs)
        self._offer = offer
        self._writer = FileWriter(self, glyphs)
        self._what = offer.choices[0][0]
        self._ending = offer.formats_of(self._what)[0]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(f"Export {self._offer.title}", markup=False, classes="heading")
            with Horizontal(classes="field"):
                yield Static("What", classes="label")
                yield Choice(self._glyphs, self._offer.choices, id="rows")
            with Horizontal(classes="field"):
                yield Static("As", classes="label")
                yield Choice(self._glyphs, self._formats(), id="format")
            with Horizontal(classes="field"):
                yield Static("To", classes="label")
                yield Choice(self._glyphs, [FILE, CLIPBOARD], id="place")
            with Horizontal(classes="field", id="file"):
                yield Static("File", classes="label")
                name = self._offer.usual_name(self._what, self._ending)
                yield PathField(name, id="path", compact=True, select_on_focus=False)
            yield Preview(self._glyphs, id="preview")
            yield Static("", markup=False, id="problem")
            with Horizontal(classes="answers"):
                yield Button("Cancel (esc)", id="cancel", compact=True)
                yield Button("Write (enter)", id="write", compact=True, variant="primary")
        yield KeyBar(self._glyphs)

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False
        self.query_one("#rows").focus()
        self._look()

    def on_resize(self, _: events.Resize) -> None:
        """Give the preview its lines once the choices have theirs."""
        self.call_after_refresh(self._fit_preview)

    def _fit_preview(self) -> None:
        """Give the preview the lines that the other parts leave; choices may take several lines."""
        wrapped = sum(max(0, choice.size.height - 1) for choice in self.query(Choice))
        others = _OTHER_LINES + max(0, wrapped - _SPARE_LINES)
        self.query_one(Preview).styles.height = max(3, min(MAX_PREVIEW_LINES, self.app.size.height - others))

    def _formats(self) -> list[tuple[str, str]]:
        return [(ending, f".{ending}") for ending in self._offer.formats_of(self._what)]

    def on_input_changed(self) -> None:
        """Take the format from the path's ending, and hide the problem of the old path."""
        self._writer.clear_problem()
        ending = Path(self.query_one(Input).value).suffix.lower().removeprefix(".")
        if ending in self._offer.formats_of(self._what) and ending != self._ending:
            self._ending = ending
            self.query_one("#format", Choice).offer(self._formats(), ending)
            self._offer_places()
            self._look()

    def on_choice_chosen(self) -> None:
        """Rename the file for the new choices."""
        self._take_choices()

    def _take_choices(self) -> None:
        """Take the choices; called also before writing, since a key can overtake the message."""
        what, ending = self._what, self._ending
        self._what = self.query_one("#rows", Choice).value
        if self._what != what:
            endings = self._offer.formats_of(self._what)
            self._ending = ending if ending in endings else endings[0]
            self.query_one("#format", Choice).offer(self._formats(), self._ending)
        else:
            self._ending = self.query_one("#format", Choice).value
        if (what, ending) != (self._what, self._ending):
            self._offer_places()
        self._name_file(what, ending)
        self._show_destination()
        if (what, ending) != (self._what, self._ending):
            self._writer.clear_problem()
            self._look()

    def _offer_places(self) -> None:
        """Offer the clipboard for what is text."""
        destinations = [FILE, CLIPBOARD] if self._offer.is_text(self._what, self._ending) else [FILE]
        destination = self._destination if self._destination in dict(destinations) else "file"
        self.query_one("#place", Choice).offer(destinations, destination)
        self.call_after_refresh(self._fit_preview)

    @property
    def _destination(self) -> str:
        return self.query_one("#place", Choice).value

    def _name_file(self, what: str, ending: str) -> None:
        """Change the file's name from an earlier choice to the present one: the whole name, or its ending."""
        field = self.query_one(Input)
        typed = field.value
        if typed == self._offer.usual_name(what, ending):
            typed = self._offer.usual_name(self._what, self._ending)
        elif Path(typed).suffix.lower() == f".{ending}":
            typed = f"{typed[: -len(ending)]}{self._ending}"
        if typed != field.value:
            field.value = typed
            field.cursor_position = len(typed)

    def _show_destination(self) -> None:
        is_file = self._destination == "file"
        if self.query_one("#file").display != is_file:
            self.query_one("#file").display = is_file
            self.query_one("#write", Button).label = "Write (enter)" if is_file else "Copy (enter)"

    def _look(self) -> None:
        name = Path(self.query_one(Input).value).name
        self.query_one(Preview).show(f"reading{self._glyphs.ellipsis}", ())
        self._preview(self._what, self._ending, name)

    @work(thread=True, group="preview", exclusive=True)
    def _preview(self, what: str, ending: str, name: str) -> None:
        try:
            title, lines = self._offer.preview_of(what, ending, name)
        except NnsizeError as error:
            title, lines = str(error), ()
        self.post_message(self.Previewed(what, ending, title, lines))

    def on_export_dialog_previewed(self, message: Previewed) -> None:
        """Show the preview, unless the choices have changed."""
        if (message.what, message.ending) == (self._what, self._ending):
            self.query_one(Preview).show(message.title, message.lines)

    def on_input_submitted(self) -> None:
        self.action_write()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "write":
            self.action_write()
        else:
            self.action_close()

    def action_close(self) -> None:
        """Write nothing."""
        self.dismiss(None)

    def action_write(self) -> None:
        """Write to the typed path, or copy."""
        self._take_choices()
        what, ending = self._what, self._ending
        if self._destination == "clipboard":
            self._writer.run(partial(self._copy, what, ending))
        else:
            path = self.query_one(Input).value.strip()
            self._writer.write(path, lambda to, replace: self._offer.write(what, to, force=replace))

    @work
    async def on_file_exists(self, message: FileExists) -> None:
        await self._writer.ask_to_replace(message)

    def on_trouble(self, message: Trouble) -> None:
        """Show why the file was not written; the path can be changed."""
        self._writer.end(message.reason)

    def on_exported(self, message: Exported) -> None:
        """Show the path of the file."""
        self.app.notify(f"Written to {message.path}", markup=False)
        self.dismiss(None)

    def _copy(self, what: str, ending: str) -> None:
        try:
            text = self._offer.text_of(what, ending)
        except NnsizeError as error:
            self.post_message(Trouble(str(error)))
        else:
            self.post_message(self.Copied(f"{dict(self._offer.choices)[what]} of {self._offer.source}", text))

    def on_export_dialog_copied(self, message: Copied) -> None:
        """Copy the text to the clipboard, and show its length."""
        self.app.copy_to_clipboard(clipboard_part(message.text))
        self.app.notify(copied_words(message.what, message.text), markup=False)
        self.dismiss(None)
