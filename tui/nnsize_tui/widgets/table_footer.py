"""Rows below the items of a table, which no cursor reaches."""

from collections.abc import Callable, Iterable, Sequence

from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.widgets.canvas import Line
from nnsize_tui.widgets.columns import Column
from nnsize_tui.widgets.table_lines import LEFT, cells_line

MIN_ROWS_ABOVE = 8
"""Rows above a footer that stays in sight; in a lower table it scrolls with the rows."""


class TableFooter:
    """The rows; each returns the text of a cell for its column."""

    def __init__(self) -> None:
        self.rows: Sequence[Callable[[Column], str]] = ()

    def pinned(self, height: int) -> int:
        """Return the lines that stay in sight below the rows, of a table with this many lines for both."""
        return len(self.rows) if height - len(self.rows) >= MIN_ROWS_ABOVE else 0

    def scrolled(self, height: int) -> int:
        """Return the lines that scroll with the rows."""
        return len(self.rows) - self.pinned(height)

    def lines(self, columns: Sequence[Column], glyphs: Glyphs) -> Iterable[Line]:
        """Return the rows as lines; they are dim, so that they do not look like items."""
        for row in self.rows:
            texts: list[tuple[Column, Line]] = [(column, [(row(column), "dim")]) for column in columns]
            yield [(" " * LEFT, "dim"), *cells_line(texts, glyphs)]
