"""The panes about a whole data set: facts, warnings, and the first rows."""

from collections.abc import Sequence

from rich.cells import cell_len

from nnsize_engine.results.left_out import left_out_text
from nnsize_engine.results.table_summary import DataSummary
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.terminal.themes import Ink
from nnsize_tui.text.sentences import classes_title, without_dashes, without_options
from nnsize_tui.widgets.canvas import Line, Piece
from nnsize_tui.widgets.frequency_bars import frequency_bars
from nnsize_tui.widgets.lines import cut_text, wrapped
from nnsize_tui.widgets.scroll_lines import ScrollLines

MAX_CELL_COLUMNS = 24  # of the screen, for one cell, so that several columns are in sight


class FactsPane(ScrollLines):
    """Show warnings, the class balance, and facts inferred from the file."""

    def __init__(self, glyphs: Glyphs, summary: DataSummary, *, id: str | None = None) -> None:
        super().__init__(glyphs, id=id)
        self._summary = summary

    def pane_title(self) -> str:
        return "the table"

    def content(self, width: int) -> Sequence[Line]:
        summary = self._summary
        lines: list[Line] = []
        for problem in summary.problems:
            lines += wrapped(f"! {without_dashes(problem.message)}", width, "bad")
        for warning in summary.warnings:
            lines += wrapped(f"! {without_dashes(warning)}", width, "warn")
        table = summary.table
        if summary.without_target:
            words = f"{summary.without_target:,} of {summary.file_rows:,} rows have no target and are left out."
            lines += wrapped(words, width, "text")
        if left_out := left_out_text(table, has_rows=False):
            lines += wrapped(left_out, width, "text")
        if summary.classes:
            lines.append([(f" {classes_title(table)}:", "text")])
            lines += frequency_bars(summary.classes, table.rows, width, self.glyphs)
        for note in summary.notes:
            lines += wrapped(without_options(note), width, "dim")
        return lines


class RowsPane(ScrollLines):
    """Show the first rows, with the selected column in sight."""

    def __init__(self, glyphs: Glyphs, summary: DataSummary, *, id: str | None = None) -> None:
        super().__init__(glyphs, id=id)
        self._names = [column.name for column in summary.columns]
        self._rows = summary.preview
        self._is_left = [column.kind not in ("number",) for column in summary.columns]
        self._widths = [
            min(MAX_CELL_COLUMNS, max(3, *map(cell_len, cells)))
            for cells in zip(self._names, *self._rows, strict=True)
        ]  # fmt: skip
        self._chosen = 0
        self._leftmost = 0

    def choose(self, name: str) -> None:
        """Bring this column in sight."""
        self._chosen = self._names.index(name)
        self.redraw()

    def pane_title(self) -> str:
        return f"first {len(self._rows)} rows"

    def fixed(self, width: int) -> Sequence[Line]:
        return [self._line(self._names, width, "dim")]

    def content(self, width: int) -> Sequence[Line]:
        return [self._line(row, width, "text") for row in self._rows]

    def _line(self, cells: Sequence[str], width: int, ink: Ink) -> Line:
        line: list[Piece] = []
        for place in self._in_sight(width):
            cell = cells[place]
            is_empty = not cell
            words = self._fit("-" if is_empty else cell, self._widths[place], is_left=self._is_left[place])
            shade: Ink = "dim" if is_empty else "accent" if place == self._chosen else ink
            line += [(" ", "text"), (words, shade), (" ", "text")]
        return line

    def _in_sight(self, width: int) -> range:
        """Return the columns that have room, the selected one among them."""
        self._leftmost = min(self._leftmost, self._chosen)
        while self._leftmost < self._chosen and self._used(self._leftmost, self._chosen) > width:
            self._leftmost += 1
        last = self._leftmost + 1
        while last < len(self._widths) and self._used(self._leftmost, last) <= width:
            last += 1
        return range(self._leftmost, last)

    def _used(self, first: int, last: int) -> int:
        return sum(room + 2 for room in self._widths[first : last + 1])

    def _fit(self, words: str, room: int, *, is_left: bool) -> str:
        words = cut_text(words, room, self.glyphs)
        blank = " " * (room - cell_len(words))
        return words + blank if is_left else blank + words
