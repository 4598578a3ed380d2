"""Where one types: one field at a time, in its place among the others."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input


class Typing(Input, inherit_bindings=False):
    """A line to type in, without a frame; keys that it has no use for are left to the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        binding
        for binding in Input.BINDINGS
        if isinstance(binding, Binding) and binding.key.partition(",")[0] not in ("enter", "ctrl+c", "ctrl+x")
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, compact=True, select_on_focus=False)
        self.takes_any_text = True
        """Whether a question mark may be part of what is typed; else it asks for help."""

        self.cursor_blink = False

    def begin(self, text: str, *, takes_any_text: bool, empty: str = "") -> None:
        """Type in another field, from the end of what is there; ``empty`` is what it means when nothing is typed."""
        self.placeholder = empty
        self.takes_any_text = takes_any_text
        with self.prevent(Input.Changed):
            self.value = text
        self.cursor_position = len(text)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return (self.takes_any_text or key != "question_mark") and super().check_consume_key(key, character)

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "question_mark" and not self.takes_any_text:
            event.prevent_default()
