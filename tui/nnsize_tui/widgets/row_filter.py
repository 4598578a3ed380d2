"""A filter that a table holds: the text that the user types, and the rows that it keeps."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeAlias, TypeVar

from textual import events
from textual.binding import Binding

from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.widgets.canvas import Line
from nnsize_tui.widgets.columns import Column
from nnsize_tui.widgets.filter_query import Compared, Query, misfit, query_of

Item = TypeVar("Item")

FILTER_KEYS: tuple[Binding, ...] = (
    Binding("slash", "filter", "Filter", id="table.filter",
            tooltip="Only the rows with the words you type, or with mean>=0.95; enter keeps them, esc shows all"),
)  # fmt: skip
"""The key of a filter, for tables that hold one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[Item]):
    """The rows of which a query holds."""

    rows: Sequence[Item]
    problem: str = ""
    """A sentence about a comparison that has no meaning."""


Find: TypeAlias = Callable[[Sequence[Item], Query], Found[Item]]
"""Finds the rows of which a query holds among all rows of a table."""


def find_rows(
    items: Sequence[Item],
    query: Query,
    *,
    value_of: Callable[[Item, str], Compared],
    words_of: Callable[[Item], str],
) -> Found[Item]:
    """Return the rows for which every word and every comparison holds.

    ``value_of`` gives the value of a row in the column with a key, ``words_of`` the text to search for words.
    """
    if query.is_empty:
        return Found(rows=items)
    problem = ""
    kept = []
    for item in items:
        values = ((comparison, value_of(item, comparison.column)) for comparison in query.comparisons)
        failed = next((one for one in values if not one[0].holds(one[1])), None)
        if failed is not None:
            problem = problem or misfit(*failed)
        elif not query.words or query.holds_words(words_of(item)):
            kept.append(item)
    return Found(rows=kept, problem=problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The text in the filter."""

    text: str = ""
    is_typing: bool = False
    """True while the user types into it."""

    @property
    def is_in_sight(self) -> bool:
        """Return whether the line of the filter is shown."""
        return self.is_typing or bool(self.text)

    def kept(self) -> "Typed":
        """Return this text after typing has ended."""
        return Typed(text=self.text.strip())


class RowFilter(Generic[Item]):
    """Keep the rows that match the typed text; a table holds it and shows its lines below the rows."""

    def __init__(self, find: Find[Item], columns: Callable[[], Sequence[Column]], *, example: str) -> None:
        """``columns`` gives all columns, in sight or not; ``example`` shows comparisons of them during typing."""
        self._find, self._columns, self._example = find, columns, example
        self.typed = Typed()
        self._problem = ""
        """A sentence about the typed part that has no meaning."""

    def rows_of(self, items: Sequence[Item]) -> Sequence[Item]:
        """Return the rows for which every typed word, in any case, and every comparison holds."""
        query = query_of(self.typed.text, self._columns())
        found = self._find(items, query)
        self._problem = query.problem or found.problem
        if not found.rows and self.typed.is_typing and query.begins_column:
            # Do not empty the table while ``mean>0.9`` is being typed.
            return self._find(items, query.without_last_word()).rows
        return found.rows

    def takes(self, character: str | None) -> bool:
        """Return whether a character is typed into the filter instead of being a key of the screen."""
        return self.typed.is_typing and character is not None and character.isprintable()

    def after_key(self, event: events.Key) -> Typed | None:
        """Return the text in the filter after a key; None for a key that it ignores."""
        text = self.typed.text
        if event.key == "escape" and self.typed.is_in_sight:
            return Typed()
        if not self.typed.is_typing:
            return None
        if event.key == "enter":
            return self.typed.kept()
        if event.key in ("backspace", "ctrl+h"):
            return replace(self.typed, text=text[:-1])
        if event.key == "ctrl+u":
            return replace(self.typed, text="")
        if event.is_printable and event.character is not None:
            return replace(self.typed, text=text + event.character)
        return None

    @property
    def height(self) -> int:
        """Lines below the rows: the typed text, and above it an example or a problem."""
        if not self.typed.is_in_sight:
            return 0
        return 2 if self.typed.is_typing or self._problem else 1

    def lines(self, shown: int, count: int, width: int, glyphs: Glyphs) -> Iterable[Line]:
        """Yield the lines below the rows; ``shown`` of ``count`` rows are kept."""
        if self.height > 1:
            yield [(f" {self._problem}", "warn")] if self._problem else [(f" words, or such as {self._example}", "dim")]
        if self.typed.is_in_sight:
            yield self._typed_line(shown, count, width, glyphs)

    def _typed_line(self, shown: int, count: int, width: int, glyphs: Glyphs) -> Line:
        """Return the typed text, the number of rows that it keeps, and the keys that end it where they have room."""
        text, is_typing = self.typed.text, self.typed.is_typing
        here = ("\u258f" if glyphs.unicode else "_") if is_typing else ""
        counted = f"  {shown:,} of {count:,} shown"
        keys = "  enter keep  esc all" if is_typing else "  / change  esc all"
        room = width - 2 - len(counted)
        seen = text if len(text) < room else text[-room + 1 :]
        if len(seen) + len(keys) + 1 > room:
            keys = ""
        return [(" /", "title"), (f"{seen}{here}", "strong"), (counted, "warn"), (keys, "dim")]
