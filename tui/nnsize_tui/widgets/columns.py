"""The columns of a table, and the choice of those that have room."""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table, with its width."""

    key: str
    title: str
    width: int
    is_left: bool = False
    """True for words, which are aligned left; numbers are aligned right."""

    is_sortable: bool = True
    rank: int = 0
    """Columns with the highest rank are left out first where there is no room for all."""

    grows: int = 0
    """Columns of the screen that it may have besides its width where there is room."""


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
