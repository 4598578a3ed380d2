"""A screen whose table can be sorted by any of its columns: by keys, and by a click on a title."""

from collections.abc import Collection, Sequence
from typing import Any, ClassVar

from textual.binding import Binding

from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.widgets.live_table import LiveTable

KEYS: tuple[Binding, ...] = (
    Binding("o,greater_than_sign", "sort(1)", "Sort", id="run.sort", tooltip="Sort by the next column"),
    Binding("less_than_sign", "sort(-1)", "Sort back", id="run.sort_back", show=False,
            tooltip="Sort by the column before"),
    Binding("O", "reverse", "Reverse", id="run.reverse", show=False,
            tooltip="Turn the order of the rows round: the newest first, or the oldest"),
)  # fmt: skip


class SortingScreen(BaseScreen[None]):
    """Steps through the columns of its table; a child class puts the rows in order."""

    LARGE_FIRST: ClassVar[Collection[str]] = ()
    """Columns of which the large values are looked for, and come first."""

    @property
    def sorted_table(self) -> LiveTable[Any]:
        """The table."""
        raise NotImplementedError

    def columns_to_sort_by(self) -> Sequence[str]:
        """The keys of its columns, in their order."""
        raise NotImplementedError

    def show_sorted(self) -> None:
        """Show the rows in the order that the table now says."""
        raise NotImplementedError

    def on_live_table_title_clicked(self, message: LiveTable.TitleClicked) -> None:
        """Sort by that column; turn the order round if it already is."""
        if self.sorted_table.sorted_by == message.column:
            self.action_reverse()
        else:
            self._sort_by(message.column)

    def action_sort(self, step: int) -> None:
        """Sort by the column so many further on."""
        columns, now = self.columns_to_sort_by(), self.sorted_table.sorted_by
        place = columns.index(now) + step if now in columns else 0
        self._sort_by(columns[place % len(columns)])

    def action_reverse(self) -> None:
        """Turn the order of the rows round."""
        self.sorted_table.is_descending = not self.sorted_table.is_descending
        self.show_sorted()

    def _sort_by(self, column: str) -> None:
        self.sorted_table.sorted_by = column
        self.sorted_table.is_descending = column in self.LARGE_FIRST
        self.show_sorted()
