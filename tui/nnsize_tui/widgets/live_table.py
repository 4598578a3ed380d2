"""A table whose rows change: it sends only changed lines, and its cursor stays on the same item."""

import textwrap
from abc import abstractmethod
from collections.abc import Hashable, Iterable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.widgets.canvas import Canvas, Line, Piece
from nnsize_tui.widgets.columns import Column
from nnsize_tui.widgets.row_cursor import RowCursor
from nnsize_tui.widgets.row_filter import RowFilter, Typed
from nnsize_tui.widgets.table_footer import TableFooter
from nnsize_tui.widgets.table_lines import LEFT, RIGHT, cells_line, column_at, scroll_bar, title_line, with_scroll_bar

Item = TypeVar("Item")


class LiveTable(Canvas, Generic[Item], can_focus=True):
    """Show items as rows, all or those that its filter keeps; each table of the explorer is a final child.

    The table reads only the rows in sight, so that there may be very many.
    """

    STAYS_AT_END = False
    """True if a cursor on the last row moves on to new last rows, as in a log."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", id="table.up", show=False, tooltip="The row above"),
        Binding("down,j", "move(1)", "Down", id="table.down", show=False, tooltip="The row below"),
        Binding("pageup", "page(-1)", "Page up", id="table.page_up", show=False, tooltip="A screen of rows up"),
        Binding("pagedown", "page(1)", "Page down", id="table.page_down", show=False, tooltip="A screen of rows down"),
        Binding("home,g", "jump(0)", "First row", id="table.first", show=False, tooltip="The first row"),
        Binding("end,G", "jump(-1)", "Last row", id="table.last", show=False, tooltip="The last row"),
    ]

    class Moved(Message):
        """The cursor moved to another row."""

        def __init__(self, key: Hashable) -> None:
            super().__init__()
            self.key = key

    class Opened(Message):
        """The row of the cursor was clicked twice."""

    class TitleClicked(Message):
        """The title of a column was clicked."""

        def __init__(self, column: str) -> None:
            super().__init__()
            self.column = column

    def __init__(self, glyphs: Glyphs, row_filter: RowFilter[Item] | None = None, *, id: str | None = None) -> None:
        """A table with a filter also has ``FILTER_KEYS`` among its bindings."""
        super().__init__(glyphs, id=id)
        self._row_filter = row_filter
        self._all: Sequence[Item] = ()
        """All items, before the filter."""

        self._items: Sequence[Item] = ()
        self._cursor = RowCursor()
        self.footer = TableFooter()
        """Rows below the items; :meth:`show` draws them."""

        self.sorted_by: str | None = None
        """The column whose title carries the sort mark."""

        self.is_descending = False
        self.empty_text = ""
        """The sentence that is shown in place of rows where there are none."""

    # The rows of a kind of table.

    @abstractmethod
    def key_of(self, item: Item) -> Hashable:
        """Return the key of an item, which stays the same while the item changes."""

    @abstractmethod
    def columns_for(self, width: int) -> Sequence[Column]:
        """Return the columns that have room in ``width`` columns of the screen."""

    @abstractmethod
    def cell(self, item: Item, column: Column) -> Line:
        """Return the pieces of one cell."""

    def meaning_of(self, column: Column) -> str:
        """Return what a column means; empty where the help has no words on it."""
        del column
        return ""

    def mark(self, item: Item) -> Piece:
        """Return the character after the cursor's mark."""
        del item
        return (" ", "text")

    def index_of(self, key: Hashable) -> int | None:
        """Return the row of the item with this key; a kind of table may know it without a search."""
        return next((index for index, item in enumerate(self._items) if self.key_of(item) == key), None)

    @property
    def titles_in_sight(self) -> Sequence[str]:
        """The keys of the columns in sight that rows can be sorted by."""
        columns = self.columns_for(self.size.width - LEFT - RIGHT)
        return [column.key for column in columns if column.is_sortable]

    # The items and the cursor.

    @property
    def items(self) -> Sequence[Item]:
        """The rows, in the order shown."""
        return self._items

    @property
    def all_items(self) -> Sequence[Item]:
        """All items, before the filter."""
        return self._all

    @property
    def is_at_end(self) -> bool:
        """Return whether the cursor is on the last row."""
        return self._cursor.row >= len(self._items) - 1

    @property
    def highlighted(self) -> Item | None:
        """The item under the cursor."""
        return self._items[self._cursor.row] if self._items else None

    def show(self, items: Sequence[Item], *, at_once: bool = False) -> None:
        """Show these items; the cursor stays on its item, or near its old row.

        ``at_once`` is for the answer to a key: it is drawn now, with the cursor in sight.
        """
        self._all = items
        if self._row_filter is not None:
            items = self._row_filter.rows_of(items)
        before = self.highlighted
        follows = self.STAYS_AT_END and self.is_at_end
        self._items = items
        self._cursor.row = len(items) - 1 if follows and items else min(self._cursor.row, max(0, len(items) - 1))
        if before is not None and not follows:
            self._find(self.key_of(before))
        if at_once or follows:
            self._reveal()
        else:
            self._cursor.clamp(self._line_count, self._room)
        if at_once or before is None:
            self.redraw()
        else:
            self.redraw_soon()
        after = self.highlighted
        if after is not None and (before is None or self.key_of(before) != self.key_of(after)):
            self.post_message(self.Moved(self.key_of(after)))

    def choose(self, key: Hashable, *, at_once: bool = True) -> bool:
        """Put the cursor on the item with this key; False when there is none.

        ``at_once`` is for the answer to a key; a cursor that follows a run waits for the next redraw.
        """
        index = self.index_of(key)
        if index is not None:
            self._jump(index, at_once=at_once)
        return index is not None

    def _find(self, key: Hashable) -> None:
        if self._items and self.key_of(self._items[self._cursor.row]) == key:
            return
        index = self.index_of(key)
        if index is None:
            return
        was_in_sight = self._cursor.is_in_sight(self._room)
        self._cursor.row = index
        if was_in_sight:
            self._reveal()

    @property
    def _height(self) -> int:
        """The lines for rows and footer."""
        return self.size.height - 1 - self._filter_height

    @property
    def _room(self) -> int:
        return max(1, self._height - self.footer.pinned(self._height))

    @property
    def _line_count(self) -> int:
        """The lines that scroll."""
        return len(self._items) + self.footer.scrolled(self._height)

    def _reveal(self) -> None:
        """Bring the row of the cursor in sight and, with the last row, the footer."""
        self._cursor.reveal(self._line_count, self._room)
        if self.is_at_end and self._line_count - len(self._items) < self._room:
            self._cursor.top = max(self._cursor.top, self._line_count - self._room)

    def action_move(self, rows: int) -> None:
        """Move the cursor by a number of rows."""
        self.action_jump(max(0, self._cursor.row + rows))

    def action_page(self, pages: int) -> None:
        """Move the cursor by a number of screens of rows."""
        self.action_move(pages * self._room)

    def action_jump(self, row: int) -> None:
        """Move the cursor to a row, counted from the end when below 0."""
        self._jump(row, at_once=True)

    def _jump(self, row: int, *, at_once: bool) -> None:
        if not self._items:
            return
        is_another = self._cursor.jump(row, len(self._items))
        self._reveal()
        if at_once:
            self.redraw()
        else:
            self.redraw_soon()
        if is_another:
            self.post_message(self.Moved(self.key_of(self._items[self._cursor.row])))

    # Drawing.

    def cursor_line(self) -> int | None:
        cursor = self._cursor
        return cursor.row - cursor.top + 1 if self._items and cursor.row >= cursor.top else None

    def lines(self, width: int, height: int) -> Iterable[Line]:
        columns = self.columns_for(width - LEFT - RIGHT)
        yield title_line(columns, self.sorted_by, is_descending=self.is_descending, glyphs=self.glyphs)
        bar = scroll_bar(self._line_count, self._cursor.top, self._room, self.glyphs)
        yield from with_scroll_bar(self._body(columns), bar, width, height - 1 - self._filter_height)
        if self._row_filter is not None:
            yield from self._row_filter.lines(len(self._items), len(self._all), width, self.glyphs)

    def _body(self, columns: Sequence[Column]) -> list[Line]:
        """Return the lines of the rows in sight and of the footer; without rows the sentence about that."""
        if not self._items and self.empty_text:
            return [[(f"  {line}", "warn")] for line in textwrap.wrap(self.empty_text, max(10, self.size.width - 4))]
        top, room = self._cursor.top, self._room
        places = range(top, min(top + room, len(self._items)))
        rows: list[Line] = [
            self._row(self._items[place], columns, is_chosen=place == self._cursor.row) for place in places
        ]
        return [*rows, *self.footer.lines(columns, self.glyphs)]

    def _row(self, item: Item, columns: Sequence[Column], *, is_chosen: bool) -> list[Piece]:
        here: Piece = (self.glyphs.here if is_chosen else " ", "title")
        cells = ((column, self.cell(item, column)) for column in columns)
        return [here, self.mark(item), *cells_line(cells, self.glyphs)]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key works now: without rows there is nothing to filter."""
        if action == "filter":
            return bool(self._all) or bool(self.region)  # letters of a filter must not act as keys
        return super().check_action(action, parameters)

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return the reason why an action is not possible now."""
        del parameters
        return "the table has no rows yet" if action == "filter" else ""

    # The filter.

    @property
    def _filter_height(self) -> int:
        return 0 if self._row_filter is None else self._row_filter.height

    @property
    def is_filtered(self) -> bool:
        """Return whether the line of the filter is in sight."""
        return self._row_filter is not None and self._row_filter.typed.is_in_sight

    def _set_filter(self, typed: Typed) -> None:
        """Put this into the filter, and show the rows that it keeps."""
        if self._row_filter is not None and typed != self._row_filter.typed:
            self._row_filter.typed = typed
            self.show(self._all, at_once=True)
            self.screen.refresh_bindings()

    def action_filter(self) -> None:
        """Start typing in the filter; its earlier text stays."""
        if self._row_filter is not None:
            self._set_filter(Typed(text=self._row_filter.typed.text, is_typing=True))

    def check_consume_key(self, key: str, character: str | None) -> bool:
        del key
        return self._row_filter is not None and self._row_filter.takes(character)

    def on_key(self, event: events.Key) -> None:
        typed = self._row_filter.after_key(event) if self._row_filter is not None else None
        if typed is not None:
            event.stop()
            event.prevent_default()
            self._set_filter(typed)

    def on_blur(self) -> None:
        if self._row_filter is not None:
            self._set_filter(self._row_filter.typed.kept())  # the base class then draws

    # The mouse and the size.

    def on_resize(self, _: events.Resize) -> None:
        self._reveal()  # the base class then draws

    def on_click(self, event: events.Click) -> None:
        event.stop()
        if self.is_filtered and event.y == self.size.height - 1:
            self.action_filter()
        elif event.y == 0:
            column = column_at(event.x, self.columns_for(self.size.width - LEFT - RIGHT))
            if column is not None and column.is_sortable:
                self.post_message(self.TitleClicked(column.key))
        elif event.y <= self._room and self._cursor.top + event.y - 1 < len(self._items):
            self.action_jump(self._cursor.top + event.y - 1)
            if event.chain == 2:
                self.post_message(self.Opened())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._scroll(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._scroll(-3)

    def _scroll(self, rows: int) -> None:
        self._cursor.top += rows
        self._cursor.clamp(self._line_count, self._room)
        self.redraw()
