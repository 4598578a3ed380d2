"""A table that stays cheap while its rows change, and keeps its cursor on the same row wherever that moves."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Generic, TypeVar

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.widgets.canvas import Canvas, Line, Piece

Item = TypeVar("Item")

LEFT = 2  # columns before the first cell: the mark of the cursor, and the row's own
RIGHT = 1  # the scroll bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column, always as wide as this."""

    key: str
    title: str
    width: int
    is_left: bool = False
    """Aligned left, as words are; numbers stand right."""

    is_sortable: bool = True
    rank: int = 0
    """What has the highest goes first where there is no room for all."""

    grows: int = 0
    """Columns it may become wider by where there is room."""


def fit_columns(columns: Sequence[Column], room: int) -> list[Column]:
    """The most important columns that have room, in their own order, the growing ones wider if some is left."""
    kept: list[Column] = []
    for column in sorted(columns, key=lambda one: one.rank):
        if sum(one.width + 1 for one in kept) + column.width > room:
            break
        kept.append(column)
    left = room - sum(column.width + 1 for column in kept) + 1
    fitted = []
    for column in columns:
        if column in kept:
            more = min(left, column.grows)
            left -= more
            fitted.append(replace(column, width=column.width + more))
    return fitted


class LiveTable(Canvas, Generic[Item], can_focus=True):
    """Shows items as rows; a child class says what stands in the cells.

    Only the rows in sight are ever asked for, so that there may be very many.
    """

    STAYS_AT_END = False
    """Whether a cursor on the last row goes on to new last ones, as one reads a log."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", id="table.up", show=False, tooltip="The row above"),
        Binding("down,j", "move(1)", "Down", id="table.down", show=False, tooltip="The row below"),
        Binding("pageup", "page(-1)", "Page up", id="table.page_up", show=False, tooltip="A screen of rows up"),
        Binding("pagedown", "page(1)", "Page down", id="table.page_down", show=False, tooltip="A screen of rows down"),
        Binding("home,g", "jump(0)", "First row", id="table.first", show=False, tooltip="The first row"),
        Binding("end,G", "jump(-1)", "Last row", id="table.last", show=False, tooltip="The last row"),
    ]

    class Moved(Message):
        """The cursor is on another row."""

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

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:
        super().__init__(glyphs, id=id)
        self._items: Sequence[Item] = ()
        self._cursor = 0
        self._top = 0
        self.sorted_by: str | None = None
        """The column whose title carries the sort mark."""

        self.is_descending = False

    # A child class gives these.

    def key_of(self, item: Item) -> Hashable:
        """What stays the same of an item while everything else about it changes."""
        raise NotImplementedError

    def columns_for(self, width: int) -> Sequence[Column]:
        """The columns that have room, given the columns of the screen that are left for cells."""
        raise NotImplementedError

    def cell(self, item: Item, column: Column) -> Line:
        """What stands in one cell."""
        raise NotImplementedError

    def mark(self, item: Item) -> Piece:
        """The one character beside the cursor's mark."""
        del item
        return (" ", "text")

    def index_of(self, key: Hashable) -> int | None:
        """The row of the item with this key; a child class may know without looking at all of them."""
        return next((index for index, item in enumerate(self._items) if self.key_of(item) == key), None)

    @property
    def titles_in_sight(self) -> Sequence[str]:
        """The keys of the columns that have room and that rows can be sorted by."""
        columns = self.columns_for(self.size.width - LEFT - RIGHT)
        return [column.key for column in columns if column.is_sortable]

    # The items and the cursor.

    @property
    def items(self) -> Sequence[Item]:
        """The rows, in the order shown."""
        return self._items

    @property
    def is_at_end(self) -> bool:
        """Whether the cursor is on the last row."""
        return self._cursor >= len(self._items) - 1

    @property
    def chosen(self) -> Item | None:
        """The item under the cursor."""
        return self._items[self._cursor] if self._items else None

    def show(self, items: Sequence[Item], *, at_once: bool = False) -> None:
        """Show these rows from now on; the cursor stays on its item, or near where it was.

        ``at_once`` is for what a key asked for: it is drawn now, and the cursor is in sight.
        """
        before = self.chosen
        follows = self.STAYS_AT_END and self.is_at_end
        self._items = items
        self._cursor = len(items) - 1 if follows and items else min(self._cursor, max(0, len(items) - 1))
        if before is not None and not follows:
            self._find(self.key_of(before))
        if at_once or follows:
            self._reveal()
        else:
            self._clamp()
        if at_once or before is None:
            self.redraw()
        else:
            self.redraw_soon()
        after = self.chosen
        if after is not None and (before is None or self.key_of(before) != self.key_of(after)):
            self.post_message(self.Moved(self.key_of(after)))

    def choose(self, key: Hashable, *, at_once: bool = True) -> bool:
        """Put the cursor on the item with this key; False when there is none.

        ``at_once`` is for what a key asked for; a cursor that goes along with a run waits until it is drawn anyway.
        """
        index = self.index_of(key)
        if index is not None:
            self._jump(index, at_once=at_once)
        return index is not None

    def _find(self, key: Hashable) -> None:
        if self._items and self.key_of(self._items[self._cursor]) == key:
            return
        index = self.index_of(key)
        if index is None:
            return
        is_in_sight = self._top <= self._cursor < self._top + self._room
        self._cursor = index
        if is_in_sight:
            self._reveal()

    @property
    def _room(self) -> int:
        return max(1, self.size.height - 1)

    def _clamp(self) -> None:
        self._top = max(0, min(self._top, len(self._items) - self._room))

    def _reveal(self) -> None:
        self._top = min(self._top, self._cursor)
        self._top = max(self._top, self._cursor - self._room + 1)
        self._clamp()

    def action_move(self, rows: int) -> None:
        """Move the cursor by so many rows."""
        self.action_jump(max(0, self._cursor + rows))

    def action_page(self, pages: int) -> None:
        """Move the cursor by so many screens of rows."""
        self.action_move(pages * self._room)

    def action_jump(self, row: int) -> None:
        """Move the cursor to a row, counted from the end when below 0."""
        self._jump(row, at_once=True)

    def _jump(self, row: int, *, at_once: bool) -> None:
        if not self._items:
            return
        before = self._cursor
        self._cursor = len(self._items) + row if row < 0 else min(row, len(self._items) - 1)
        self._reveal()
        if at_once:
            self.redraw()
        else:
            self.redraw_soon()
        if before != self._cursor:
            self.post_message(self.Moved(self.key_of(self._items[self._cursor])))

    # Drawing.

    def cursor_line(self) -> int | None:
        return self._cursor - self._top + 1 if self._items and self._cursor >= self._top else None

    def lines(self, width: int, height: int) -> Iterable[Line]:
        columns = self.columns_for(width - LEFT - RIGHT)
        yield self._titles(columns)
        bar = self._scroll_bar(height - 1)
        for row in range(height - 1):
            index = self._top + row
            line: list[Piece] = [("", "text")]
            if index < len(self._items):
                line = self._row(self._items[index], columns, is_chosen=index == self._cursor)
            if bar:
                blank = width - RIGHT - sum(cell_len(text) for text, _ in line)
                if blank < 0:  # the gap after the last cell
                    line.pop()
                line += [(" " * blank, "text"), bar[row]]
            yield line

    def _titles(self, columns: Sequence[Column]) -> Line:
        line: list[Piece] = [(" " * (LEFT - 1), "dim")]
        mark = self.glyphs.down if self.is_descending else self.glyphs.up
        for column in columns:
            sign = mark if column.key == self.sorted_by else ""
            # The gap before each title has room for the mark, so that titles keep their places.
            if column.is_left:
                title = f" {column.title}{sign}".ljust(column.width + 1)
            else:
                title = f"{sign}{column.title}".rjust(column.width + 1)
            line.append((title[: column.width + 1], "title" if sign else "dim"))
        return line

    def _row(self, item: Item, columns: Sequence[Column], *, is_chosen: bool) -> list[Piece]:
        line: list[Piece] = [(self.glyphs.here if is_chosen else " ", "title"), self.mark(item)]
        for column in columns:
            pieces = [self._cut(piece, column.width) for piece in self.cell(item, column)]
            blank = (" " * max(0, column.width - sum(cell_len(text) for text, _ in pieces)), pieces[0][1])
            line += [*pieces, blank] if column.is_left else [blank, *pieces]
            line.append((" ", "text"))
        return line

    def _cut(self, piece: Piece, room: int) -> Piece:
        text, ink = piece
        if cell_len(text) <= room:
            return piece
        return set_cell_size(text, room - 1) + (self.glyphs.ellipsis if self.glyphs.unicode else "~"), ink

    def _scroll_bar(self, height: int) -> list[Piece]:
        count = len(self._items)
        if count <= height or height < 1:
            return []
        size = max(1, height * height // count)
        start = round(self._top * (height - size) / (count - height))
        thumb, track = self.glyphs.thumb, self.glyphs.track
        return [(thumb, "dim") if start <= row < start + size else (track, "faint") for row in range(height)]

    # The mouse and the size.

    def on_resize(self, _: events.Resize) -> None:
        self._reveal()  # the base class then draws

    def on_click(self, event: events.Click) -> None:
        event.stop()
        if event.y == 0:
            column = self._column_at(event.x)
            if column is not None and column.is_sortable:
                self.post_message(self.TitleClicked(column.key))
        elif self._top + event.y - 1 < len(self._items):
            self.action_jump(self._top + event.y - 1)
            if event.chain == 2:
                self.post_message(self.Opened())

    def _column_at(self, x: int) -> Column | None:
        end = LEFT
        for column in self.columns_for(self.size.width - LEFT - RIGHT):
            end += column.width + 1
            if x < end:
                return column
        return None

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._scroll(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._scroll(-3)

    def _scroll(self, rows: int) -> None:
        self._top += rows
        self._clamp()
        self.redraw()
