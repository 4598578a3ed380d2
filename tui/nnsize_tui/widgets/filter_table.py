"""A table of which one sees only the rows with what one types: words, and comparisons such as ``mean>=0.95``."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.widgets.canvas import Line
from nnsize_tui.widgets.filter_query import Compared, Comparison, Query, misfit, query_of
from nnsize_tui.widgets.live_table import Column, Item, LiveTable


class FilterTable(LiveTable[Item]):
    """A live table with a line, below its rows, that says what is filtered and how many rows that leaves."""

    EXAMPLE: ClassVar[str] = ""
    """Comparisons of its columns, to be seen while one types."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", id="table.filter",
                tooltip="Only the rows with the words you type, or with mean>=0.95; enter keeps them, esc shows all"),
    ]  # fmt: skip

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:
        super().__init__(glyphs, id=id)
        self._all: Sequence[Item] = ()
        self._typed = ""
        self._is_typing = False
        self._problem = ""
        """What of the typed cannot be meant."""

    def filter_columns(self) -> Sequence[Column]:
        """All columns, in sight or not; a child class says which."""
        raise NotImplementedError

    def value_of(self, item: Item, column: str) -> Compared:
        """What a row has in the column of that key, to be compared; a child class says what."""
        raise NotImplementedError

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
        """Rows that hold every typed word, wherever in it, in whatever capitals, and every comparison."""
        query = query_of(typed, self.filter_columns())
        self._problem = query.problem
        found = self.holding(query)
        if not found and self._is_typing and query.begins_column:
            return self.holding(query.without_last_word())  # nobody wants to see it empty on the way to ``mean>0.9``
        return found

    def holding(self, query: Query) -> Sequence[Item]:
        """Rows that hold all of it; a child class may be quicker."""
        if query.is_empty:
            return self._all
        return [item for item in self._all if self._holds(item, query)]

    def note_misfit(self, comparison: Comparison, value: Compared) -> None:
        """Say so, where a value of a column is nothing that can be compared with what is wanted."""
        self._problem = self._problem or misfit(comparison, value)

    def _holds(self, item: Item, query: Query) -> bool:
        for comparison in query.comparisons:
            value = self.value_of(item, comparison.column)
            if not comparison.holds(value):
                self.note_misfit(comparison, value)
                return False
        return query.holds_words(self.words_of(item)) if query.words else True

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
    def _below(self) -> int:
        """Lines below the rows: what is typed, and before it what may be typed or what is wrong."""
        return 0 if not self.is_filtered else 2 if self._is_typing or self._problem else 1

    @property
    def _room(self) -> int:
        return max(1, self.size.height - 1 - self._below)

    def lines(self, width: int, height: int) -> Iterable[Line]:
        yield from super().lines(width, height - self._below)
        if self._below > 1:
            yield [(f" {self._problem}", "warn")] if self._problem else [(f" words, or such as {self.EXAMPLE}", "dim")]
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
