"""The text field of the explorer, which is placed over the value that the user edits."""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input

EMPTYING: Mapping[str, Callable[[Input], None]] = MappingProxyType(
    {
        "ctrl+a": Input.action_home,
        "ctrl+k": Input.action_delete_right_all,
        "ctrl+u": Input.action_delete_left_all,
        "ctrl+w": Input.action_delete_left_word,
        "backspace": Input.action_delete_left,
    }
)
"""Keys that delete text or move to its start, each with what it does."""


class TextInput(Input, inherit_bindings=False):
    """A text field of one line without a border; keys that it does not use go to the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        binding
        for binding in Input.BINDINGS
        if isinstance(binding, Binding) and binding.key.partition(",")[0] not in ("enter", "ctrl+c", "ctrl+x")
    ]

    def __init__(self, *, id: str | None = None, leaves: Collection[str] = ()) -> None:
        """``leaves`` are keys of characters that go to the screen instead of the text."""
        super().__init__(id=id, compact=True, select_on_focus=False)
        self._leaves = leaves
        self._leaves_at_start: Collection[str] = ()
        self.cursor_blink = False

    def begin(
        self, text: str, *, leaves: Collection[str] = (), leaves_at_start: Collection[str] = (), empty: str = ""
    ) -> None:
        """Edit another value from its end; ``empty`` is the meaning of no text.

        ``leaves_at_start`` go to the screen only as the first character, of an empty or wholly selected text.
        """
        self.placeholder = empty
        self._leaves, self._leaves_at_start = leaves, leaves_at_start
        with self.prevent(Input.Changed):
            self.value = text
        self.cursor_position = len(text)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return not self._does_leave(key) and super().check_consume_key(key, character)

    def _does_leave(self, key: str) -> bool:
        is_first = len(self.selected_text) == len(self.value)  # also where both are empty
        return key in self._leaves or (is_first and key in self._leaves_at_start)

    def on_key(self, event: events.Key) -> None:
        if self._does_leave(event.key):
            event.prevent_default()
        elif event.key in EMPTYING:
            # At once: through the bindings, letters that are typed quickly after the key would come before it.
            event.stop()
            event.prevent_default()
            EMPTYING[event.key](self)
