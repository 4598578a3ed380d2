"""The editor of the field under the cursor of the setup screen."""

from collections.abc import Callable
from typing import Any

from textual.screen import Screen

from nnsize_tui.screens.setup.fields import Field
from nnsize_tui.screens.setup.setting_list import SettingList
from nnsize_tui.screens.setup.state import SetupState
from nnsize_tui.widgets.text_input import TextInput


class FieldEditor:
    """Edit the field under the cursor of the screen's `SettingList`, with a `TextInput` over its value."""

    def __init__(self, screen: Screen[Any], state: SetupState, change: Callable[[str, str], None]) -> None:
        """``change`` gets the key of a field and its new text."""
        self._screen, self._state, self._change = screen, state, change
        self.key = ""
        """The key of the field that is being typed; empty for none."""

    @property
    def field(self) -> Field | None:
        """The field under the cursor; None on the line that shows more of them."""
        chosen = self._screen.query_one(SettingList).highlighted
        return self._state.draft.form.by_key.get(chosen.key) if chosen is not None else None

    def keep_typed(self) -> None:
        """Take the typed text; called also before a key acts, since a key can overtake the message."""
        if self.key:
            self._change(self.key, self._screen.query_one(TextInput).value)

    def drop_typed(self) -> None:
        """Drop the typed text: it belongs to an older draft."""
        self.key = ""

    def open(self) -> None:
        """Focus the field: its text can be typed, or one of its values chosen."""
        field = self.field
        self.place()
        if field is None or field.kind == "one":
            self.key = ""
            self._screen.query_one(SettingList).focus()
            return
        typing = self._screen.query_one(TextInput)
        leaves = () if field.takes_any_text else ("question_mark",)
        # No name or path of a table begins with it; a missing value may be written so.
        at_start = ("question_mark",) if field.key == "data" else ()
        typing.begin(self._state.draft[field.key], leaves=leaves, leaves_at_start=at_start, empty=field.empty)
        if field.key == "data":
            typing.action_select_all()  # another table replaces the name; few names are changed
        typing.focus()
        self.key = field.key

    def step(self, field: Field, steps: int) -> None:
        """Choose the value that is ``steps`` places further on, of a field that is one of a few."""
        options, now = self._state.options(field), self._state.value(field)
        if options:
            place = options.index(now) if now in options else 0
            self._change(field.key, options[(place + steps) % len(options)])

    def place(self) -> None:
        """Place the text field over the value under the cursor; hide it where the value is chosen."""
        settings, typing = self._screen.query_one(SettingList), self._screen.query_one(TextInput)
        region = settings.typing_region
        if region is None:
            if typing.display:
                typing.display = False
                settings.focus()
            return
        offset = settings.styles.offset
        x, y = int(offset.x.value) + region.x, int(offset.y.value) + region.y
        if (typing.styles.offset.x.value, typing.styles.offset.y.value) != (x, y):
            typing.styles.offset = (x, y)
        if typing.styles.width is None or typing.styles.width.value != region.width:
            typing.styles.width = region.width
        typing.display = True
