"""The lines of a table: titles, cells, the scroll bar."""

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len

from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.widgets.canvas import Line, Piece
from nnsize_tui.widgets.columns import Column
from nnsize_tui.widgets.lines import cut_text

LEFT = 2  # columns before the first cell: the mark of the cursor, and the row's own
RIGHT = 1  # the scroll bar


def title_line(columns: Sequence[Column], sorted_by: str | None, *, is_descending: bool, glyphs: Glyphs) -> Line:
    """Return the titles; the one that rows are sorted by carries a mark."""
    line: list[Piece] = [(" " * (LEFT - 1), "dim")]
    mark = glyphs.down if is_descending else glyphs.up
    for column in columns:
        sign = mark if column.key == sorted_by else ""
        # The gap before each title has room for the mark, so that titles do not move.
        if column.is_left:
            title = f" {column.title}{sign}".ljust(column.width + 1)
        else:
            title = f"{sign}{column.title}".rjust(column.width + 1)
        line.append((title[: column.width + 1], "title" if sign else "dim"))
    return line


def cells_line(cells: Iterable[tuple[Column, Line]], glyphs: Glyphs) -> list[Piece]:
    """Return the cells of a row, each as wide as its column, with a gap after it."""
    line: list[Piece] = []
    for column, cell in cells:
        pieces = [(cut_text(text, column.width, glyphs), ink) for text, ink in cell]
        blank = (" " * max(0, column.width - sum(cell_len(text) for text, _ in pieces)), pieces[0][1])
        line += [*pieces, blank] if column.is_left else [blank, *pieces]
        line.append((" ", "text"))
    return line


def scroll_bar(count: int, top: int, height: int, glyphs: Glyphs) -> list[Piece]:
    """Return one piece for each line in sight; none where all rows are in sight."""
    if count <= height or height < 1:
        return []
    size = max(1, height * height // count)
    start = round(top * (height - size) / (count - height))
    return [(glyphs.thumb, "dim") if start <= row < start + size else (glyphs.track, "faint") for row in range(height)]


def with_scroll_bar(body: Sequence[Line], bar: Sequence[Piece], width: int, height: int) -> Iterator[Line]:
    """Yield ``height`` lines, the last ones empty, with the scroll bar in the last of ``width`` columns."""
    for row in range(height):
        line: list[Piece] = list(body[row]) if row < len(body) else [("", "text")]
        if row < len(bar):
            blank = width - RIGHT - sum(cell_len(text) for text, _ in line)
            if blank < 0:  # the gap after the last cell
                line.pop()
            line += [(" " * blank, "text"), bar[row]]
        yield line


def column_at(x: int, columns: Iterable[Column]) -> Column | None:
    """Return the column at an x of the table."""
    end = LEFT
    for column in columns:
        end += column.width + 1
        if x < end:
            return column
    return None
