"""The columns of a table, and which of them have room."""

from collections.abc import Sequence
from dataclasses import dataclass, replace


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
    """Columns with the highest rank are left out first where there is no room for all."""

    grows: int = 0
    """Columns of the screen that it may become wider by where there is room."""


def fit_columns(columns: Sequence[Column], room: int) -> list[Column]:
    """Return the most important columns that have room, in their own order; the growing ones share what is left."""
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
