"""A table of which one sees only the rows with what one types."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from nnsize_tui.glyphs import Glyphs
from nnsize_tui.widgets.canvas import Line
from nnsize_tui.widgets.live_table import Item, LiveTable


class FilterTable(LiveTable[Item]):
    """A live table with a line, below its rows, that says what is filtered and how many rows that leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", id="table.filter",
                tooltip="Show only the rows with the words you type; enter keeps them, esc shows all again"),
    ]  # fmt: skip

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:
        super().__init__(glyphs, id=id)
        self._all: Sequence[Item] = ()
        self._typed = ""
        self._is_typing = False

    def words_of(self, item: Item) -> str:
        """What a row is found by; a child class says what."""
        raise NotImplementedError

    @property
    def is_filtered(self) -> bool:
        """Whether the line of the filter is in sight."""
        return self._is_typing or bool(self._typed)

    def show(self, items: Sequence[Item], *, at_once: bool = False) -> None:
        self._all = items
        super().show(self.kept(self._typed), at_once=at_once)

    def kept(self, typed: str) -> Sequence[Item]:
        """Rows that hold every typed word, wherever in it, in whatever capitals; a child class may be quicker."""
        words = typed.lower().split()
        if not words:
            return self._all
        found = ((item, self.words_of(item).lower()) for item in self._all)
        return [item for item, text in found if all(word in text for word in words)]

    def _filter(self, typed: str, *, is_typing: bool) -> None:
        if typed == self._typed and is_typing == self._is_typing:
            return
        self._typed, self._is_typing = typed, is_typing
        self.show(self._all, at_once=True)
        self.screen.refresh_bindings()

    def clear_filter(self) -> None:
        """Show all rows."""
        self._filter("", is_typing=False)

    # Keys and the mouse.

    def action_filter(self) -> None:
        """Type what rows must hold; what was typed before stays to be changed."""
        self._filter(self._typed, is_typing=True)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        del key
        return self._is_typing and character is not None and character.isprintable()

    def on_key(self, event: events.Key) -> None:
        if not self.is_filtered:
            return
        if event.key == "escape":
            self.clear_filter()
        elif not self._is_typing:
            return
        elif event.key == "enter":
            self._filter(self._typed.strip(), is_typing=False)
        elif event.key in ("backspace", "ctrl+h"):
            self._filter(self._typed[:-1], is_typing=True)
        elif event.key == "ctrl+u":
            self._filter("", is_typing=True)
        elif event.is_printable and event.character is not None:
            self._filter(self._typed + event.character, is_typing=True)
        else:
            return
        event.stop()
        event.prevent_default()

    def on_blur(self) -> None:
        self._filter(self._typed.strip(), is_typing=False)  # the base class then draws

    def on_click(self, event: events.Click) -> None:
        if self.is_filtered and event.y == self.size.height - 1:
            event.stop()
            event.prevent_default()  # else the row that would stand there is chosen
            self.action_filter()

    # Drawing.

    @property
    def _room(self) -> int:
        return max(1, self.size.height - 1 - self.is_filtered)

    def lines(self, width: int, height: int) -> Iterable[Line]:
        yield from super().lines(width, height - self.is_filtered)
        if self.is_filtered:
            yield self._filter_line(width)

    def _filter_line(self, width: int) -> Line:
        """What is typed, how many rows that leaves, and the keys that end it, as far as they have room."""
        here = ("\u258f" if self.glyphs.unicode else "_") if self._is_typing else ""
        count = f"  {len(self.items):,} of {len(self._all):,} shown"
        keys = "  enter keep  esc all" if self._is_typing else "  / change  esc all"
        room = width - 2 - len(count)
        typed = self._typed if len(self._typed) < room else self._typed[-room + 1 :]
        if len(typed) + len(keys) + 1 > room:
            keys = ""
        return [(" /", "title"), (f"{typed}{here}", "strong"), (count, "warn"), (keys, "dim")]
