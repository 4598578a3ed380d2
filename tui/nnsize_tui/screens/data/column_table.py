"""The table of a data set's columns."""

from collections.abc import Hashable, Sequence

from nnsize_engine.results.table_summary import ColumnSummary
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.terminal.themes import Ink
from nnsize_tui.text.column_words import DATA_COLUMNS
from nnsize_tui.text.table import missing_text, role_text
from nnsize_tui.widgets.canvas import Line, Piece
from nnsize_tui.widgets.columns import Column, fit_columns
from nnsize_tui.widgets.live_table import LiveTable

COLUMNS = (
    Column(key="name", title="column", width=16, is_left=True, grows=16, is_sortable=False),
    Column(key="kind", title="type", width=8, is_left=True, rank=1, is_sortable=False),
    Column(key="missing", title="missing", width=9, rank=2, grows=6, is_sortable=False),
    Column(key="distinct", title="distinct", width=9, rank=4, is_sortable=False),
    Column(key="inputs", title="inputs", width=7, rank=3, is_sortable=False),
    Column(key="range", title="from ... to", width=18, is_left=True, rank=5, grows=8, is_sortable=False),
    Column(key="remark", title="", width=14, is_left=True, rank=6, grows=40, is_sortable=False),
)


class ColumnTable(LiveTable[ColumnSummary]):
    """Show a row for each column, in the file's order; the target and suspicious columns are marked."""

    def __init__(self, glyphs: Glyphs, rows: int, *, id: str | None = None) -> None:
        """``rows`` is the number of the data's rows, of which missing values are a share."""
        super().__init__(glyphs, id=id)
        self._rows = rows

    def key_of(self, item: ColumnSummary) -> Hashable:
        return item.name

    def columns_for(self, width: int) -> Sequence[Column]:
        return fit_columns(COLUMNS, width)

    def mark(self, item: ColumnSummary) -> Piece:
        if item.remarks:
            return ("!", "warn")
        return (self.glyphs.on, "accent") if item.role == "target" else (" ", "text")

    def meaning_of(self, column: Column) -> str:
        return DATA_COLUMNS.get(column.title, "")

    def cell(self, item: ColumnSummary, column: Column) -> Line:
        ink: Ink = {"target": "accent", "weight": "accent", "input": "text"}.get(item.role, "dim")  # type: ignore[assignment]
        match column.key:
            case "name":
                return [(item.name, ink)]
            case "kind":
                return [(item.kind, "dim")]
            case "missing":
                words = missing_text(item.missing, self._rows, column.width)
                return [(words, "warn" if item.role == "target" else ink)]
            case "distinct":
                return [(f"{item.distinct:,}", "dim")]
            case "inputs":
                is_unknown = item.role == "input" and not item.inputs
                return [("-" if is_unknown else role_text(item), ink)]
            case "range":
                return [(range_text(item), "dim")]
        return [("; ".join(item.remarks), "warn")]


def range_text(column: ColumnSummary) -> str:
    """Return the ends of a column of numbers or dates, the most frequent labels of others."""
    if column.low or column.high:
        return f"{column.low} ... {column.high}"
    return ", ".join(level.label for level in column.levels)
