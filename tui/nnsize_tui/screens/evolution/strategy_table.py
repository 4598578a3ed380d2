"""The table of the strategies that a run compares, and of gradient training below them."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from rich.style import Style

from nnsize_engine.results.series import StrategySummary, ranked
from nnsize_engine.runs.view import EvolutionView
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.terminal.themes import Ink
from nnsize_tui.text import strategies
from nnsize_tui.text.column_words import STRATEGY_COLUMNS
from nnsize_tui.widgets.canvas import Line, Piece
from nnsize_tui.widgets.columns import Column, fit_columns
from nnsize_tui.widgets.line_styles import line_marker, line_style
from nnsize_tui.widgets.live_table import LiveTable
from nnsize_tui.widgets.table_lines import LEFT, RIGHT

_PLACES: Mapping[str, Column] = {
    one.key: one
    for one in (
        Column(key="strategy", title="", width=12, is_left=True),
        Column(key="repeats", title="", width=5, rank=4),
        Column(key="best", title="", width=7),
        Column(key="low", title="", width=7, rank=2),
        Column(key="high", title="", width=7, rank=2),
        Column(key=strategies.HELD_OUT, title="", width=8, rank=3),
        Column(key="test", title="", width=7, rank=1),
        Column(key="evaluations", title="", width=9, rank=7),
        Column(key="rate", title="", width=8, rank=5),
        Column(key="time", title="", width=6, rank=6),
    )
}
"""The width of each column."""

BY_KEY = {column.key: column for column in strategies.STRATEGY_COLUMNS}

DEFAULT_ORDER = "best"
"""The column that strategies are sorted by at the start: the best first, whatever the fitness."""


def columns_of(view: EvolutionView) -> list[Column]:
    """Return the columns that a run has; that of the names is wide enough for all of them."""
    names = [one.series.name for one in view.series] + [texts["strategy"] for texts in strategies.reference_texts(view)]
    longest = max(map(len, names), default=0)
    found = [replace(_PLACES[one.key], title=one.title) for one in strategies.columns_of(view)]
    return [replace(found[0], width=max(8, longest)), *found[1:]]


def size_of(view: EvolutionView) -> tuple[int, int]:
    """Return the columns of the screen and the lines that the whole table needs."""
    width = LEFT + RIGHT + sum(column.width + 1 for column in columns_of(view))
    rows = len({one.series.name for one in view.series})
    return width, 1 + rows + len(strategies.reference_texts(view))


class StrategyTable(LiveTable[StrategySummary]):
    """Strategies as rows."""

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:
        super().__init__(glyphs, id=id)
        self.sorted_by = DEFAULT_ORDER
        self._columns: list[Column] = []

    def take(self, view: EvolutionView, summaries: Sequence[StrategySummary], *, at_once: bool = False) -> None:
        """Show these strategies, sorted, and gradient training."""
        self._columns = columns_of(view)
        self.footer.rows = [partial(_text_of, texts) for texts in strategies.reference_texts(view)]
        self.show(self._in_order(ranked(summaries, view.settings.fitness)), at_once=at_once)

    def _in_order(self, rows: list[StrategySummary]) -> list[StrategySummary]:
        """Return the rows, best first, sorted by the chosen column; those without a value come last."""
        column = BY_KEY[self.sorted_by or DEFAULT_ORDER]
        if column.key == DEFAULT_ORDER:
            return rows[::-1] if self.is_descending else rows
        known = [(value, one) for one in rows if (value := column.value(one)) is not None]
        known.sort(key=lambda pair: pair[0], reverse=self.is_descending)
        return [one for _, one in known] + [one for one in rows if column.value(one) is None]

    def key_of(self, item: StrategySummary) -> Hashable:
        return item.name

    def columns_for(self, width: int) -> Sequence[Column]:
        return fit_columns(self._columns, width)

    def mark(self, item: StrategySummary) -> Piece:
        return line_marker(item.number, self.glyphs)

    def ink_style(self, ink: Ink, variables: Mapping[str, str]) -> Style:
        return line_style(ink, variables, self.app)

    def meaning_of(self, column: Column) -> str:
        return STRATEGY_COLUMNS.get(column.title, "")

    def cell(self, item: StrategySummary, column: Column) -> Line:
        return [(BY_KEY[column.key].text(item), "text")]


def _text_of(texts: Mapping[str, str], column: Column) -> str:
    return texts.get(column.key, "")
