"""The detail of one column: its values, and the inputs that a network gets of it."""

from collections.abc import Iterable

from rich.cells import cell_len

from nnsize_engine.results.table_summary import ColumnSummary
from nnsize_engine.text import score_text
from nnsize_tui.text import numbers
from nnsize_tui.text.sentences import without_dashes
from nnsize_tui.text.table import missing_words, role_words
from nnsize_tui.widgets.canvas import Canvas, Line, Piece
from nnsize_tui.widgets.frequency_bars import frequency_bars
from nnsize_tui.widgets.histogram import bar_lines, fit_bars
from nnsize_tui.widgets.lines import rule_line, wrapped

MAX_HISTOGRAM_LINES = 12  # of a histogram; more lines would show no more detail


class ColumnDetail(Canvas):
    """Show a few facts and remarks; below them a histogram of numbers and dates, or bars of labels."""

    _column: ColumnSummary | None = None
    _rows = 0

    def show(self, column: ColumnSummary, rows: int) -> None:
        """Show this column of a table with ``rows`` rows."""
        self._column, self._rows = column, rows
        self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:
        column = self._column
        if column is None:
            return
        yield rule_line(column.name, width, self.glyphs, "title")
        words = list(self._words(column, width))
        yield from words
        room = height - 1 - len(words)
        if room >= 5 and column.counts and sum(column.counts):
            yield from self._histogram(column, width, min(room, MAX_HISTOGRAM_LINES + 2))
        elif column.levels:
            shown = list(frequency_bars(column.levels, self._rows, width, self.glyphs))
            others = column.distinct - len(column.levels)
            if len(shown) > room or others:
                others += max(0, len(shown) - room + 1)
                shown = [*shown[: max(0, room - 1)], [(f" and {others:,} more", "dim")]]
            yield from shown

    def _words(self, column: ColumnSummary, width: int) -> Iterable[Line]:
        facts = [column.kind, f"{column.distinct:,} distinct"]
        if column.missing:
            facts.append(missing_words(column.missing, self._rows))
        if column.mean is not None:
            facts.append(f"mean {score_text(column.mean)}, std {score_text(column.std)}")
        inputs = numbers.inputs_text(column.inputs) if column.inputs else "no inputs yet"
        facts.append(role_words(column) or inputs)
        yield from wrapped(f" {self.glyphs.dot} ".join(facts), width, "dim")
        for remark in column.remarks:
            yield from wrapped(f"! {without_dashes(remark)}", width, "warn")

    def _histogram(self, column: ColumnSummary, width: int, height: int) -> Iterable[Line]:
        labels = len(f"{max(column.counts):,}") + 2
        bars = fit_bars(column.counts, width - labels - 2)
        columns = sum(wide for _, wide in bars)
        labels = max(labels, len(f"{max(count for count, _ in bars):,}") + 2)
        yield from bar_lines(bars, labels, height - 2, unicode=self.glyphs.unicode)
        corner, along, mean = ("└", "─", "▲") if self.glyphs.unicode else ("+", "-", "^")
        axis: list[Piece] = [(along, "faint")] * columns
        if column.mean is not None and column.edges is not None:
            low, high = column.edges
            share = (column.mean - low) / (high - low) if high > low else 0.5
            axis[min(columns - 1, max(0, int(share * columns)))] = (mean, "text")
        yield [(" " * labels, "dim"), (corner, "faint"), *axis]
        blank = max(1, columns - cell_len(column.low) - cell_len(column.high))
        yield [(" " * (labels + 1) + column.low + " " * blank + column.high, "dim")]
