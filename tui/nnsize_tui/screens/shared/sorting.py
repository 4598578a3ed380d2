"""Sort a table by any of its columns, with keys or with a click on a title."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from textual.binding import Binding
from textual.css.query import NoMatches

from nnsize_tui.screens.component import Component
from nnsize_tui.widgets.live_table import LiveTable

KEYS: tuple[Binding, ...] = (
    Binding("o,greater_than_sign", "sort(1)", "Sort", id="run.sort", tooltip="Sort by the next column"),
    Binding("less_than_sign", "sort(-1)", "Sort back", id="run.sort_back", show=False,
            tooltip="Sort by the column before"),
    Binding("O", "reverse", "Reverse", id="run.reverse", show=False,
            tooltip="Turn the order of the rows round: the newest first, or the oldest"),
)  # fmt: skip


class Sorting(Component):
    """Choose the column and the direction that a table is sorted by; ``show`` puts the rows in that order."""

    def __init__(
        self,
        table: Callable[[], LiveTable[Any]],
        *,
        columns: Callable[[], Sequence[str]],
        show: Callable[[], None],
        large_first: Collection[str] = (),
    ) -> None:
        """``columns`` are the keys of the columns in their order; those in ``large_first`` begin with large values."""
        self._table, self._columns, self._show = table, columns, show
        self._large_first = large_first

    def can_do(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Return whether there are rows in sight to sort."""
        del action, parameters
        try:
            table = self._table()
            return bool(table.display and table.all_items)
        except NoMatches:  # the table is not mounted yet
            return False

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return the reason why there is nothing to sort."""
        return "" if self.can_do(action, parameters) else "no table with rows is in sight"

    def click_title(self, column: str) -> None:
        """Sort by a column; reverse the order if the rows are sorted by it already."""
        if self._table().sorted_by == column:
            self.action_reverse()
        else:
            self._sort_by(column)

    def action_sort(self, step: int) -> None:
        """Sort by the column that is ``step`` places further on; do nothing while no column is in sight."""
        columns, now = self._columns(), self._table().sorted_by
        if not columns:  # A run that cannot be read shows its fault instead of a table.
            return
        place = columns.index(now) + step if now in columns else 0
        self._sort_by(columns[place % len(columns)])

    def action_reverse(self) -> None:
        """Reverse the order of the rows."""
        table = self._table()
        table.is_descending = not table.is_descending
        self._show()

    def _sort_by(self, column: str) -> None:
        table = self._table()
        table.sorted_by = column
        table.is_descending = column in self._large_first
        self._show()
