"""A question with the answers yes and no."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from nnsize_tui.screens.base import BaseDialog
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.widgets.key_bar import KeyBar


class Confirm(BaseDialog[bool]):
    """Ask before an action that cannot be undone; the answer that changes nothing has the focus."""

    CSS_PATH = "../../styles/dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes", id="confirm.yes", tooltip="Do it"),
        Binding("n,escape", "answer(False)", "No", id="confirm.no", tooltip="Leave everything as it is"),
        Binding("left,right", "app.focus_next", "Other", id="confirm.other", show=False, tooltip="The other answer"),
    ]

    def __init__(self, glyphs: Glyphs, question: str, *, yes: str, no: str) -> None:
        super().__init__(glyphs)
        self._question, self._yes, self._no = question, yes, no

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._question, markup=False, classes="question")
            with Horizontal(classes="answers"):
                yield Button(f"{self._no} (n)", id="no", compact=True)
                yield Button(f"{self._yes} (y)", id="yes", compact=True, variant="error")
        yield KeyBar(self._glyphs)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        """Close with this answer."""
        self.dismiss(answer)
