"""The columns of a table in words, for the help."""

from typing import Any

from nnsize_tui.text.column_words import Subject
from nnsize_tui.widgets.live_table import LiveTable
from nnsize_tui.widgets.table_lines import LEFT, RIGHT

ALL_COLUMNS = 100_000  # columns of the screen, so that every column of a table has room


def column_subject(table: LiveTable[Any]) -> Subject | None:
    """Return the columns with their meanings, that which the rows are sorted by first; None without words."""
    seen = {column.key for column in table.columns_for(table.size.width - LEFT - RIGHT)}
    found = []
    for column in sorted(table.columns_for(ALL_COLUMNS), key=lambda one: one.key != table.sorted_by):
        words = table.meaning_of(column)
        if words:
            sorts = "; the rows are sorted by it" if column.key == table.sorted_by else ""
            hidden = "" if column.key in seen else " (no room for it now)"
            found.append((column.title, f"{words}{sorts}{hidden}"))
    return Subject(title="The columns of this table", entries=found) if found else None
