"""A table in memory: typed columns, and what to predict."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.settings.table import TableSettings

Rows = NDArray[np.int32] | NDArray[np.int64]
"""Row numbers."""

Kind = Literal["number", "category"]
"""How a column is encoded: imputed and scaled, or one-hot. Booleans are numbers 0 and 1; a date becomes a number (days
since 1970) and, where they vary, the categories month and weekday."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Column:
    """One input column. The array is read-only."""

    name: str
    """Unique, and harmless to show; a date's parts are called ``when``, ``when month`` and ``when weekday``."""

    kind: Kind
    values: NDArray[Any]
    """Shape (rows,). Numbers: float64 (float32 in that precision), NaN where missing. Categories: int32 codes into
    ``levels``, -1 where missing."""

    levels: tuple[str, ...] = ()
    """Of a category, sorted; empty for numbers."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """Rows with a target, sampled if that was asked for, in the file's order."""

    settings: TableSettings
    columns: tuple[Column, ...]
    """Inputs, in the file's order."""

    y: NDArray[Any]
    """Class labels (int64 or str objects or bool, as read; int64 0 and 1 with ``positive``), shape (rows,); or
    float64 numbers, shape (rows,), or (rows, targets) for several."""

    @property
    def rows(self) -> int:
        """Rows of the table."""
        return len(self.y)


def take(columns: tuple[Column, ...], rows: NDArray[np.int64]) -> tuple[Column, ...]:
    """Return some rows of columns."""
    return tuple(
        Column(name=column.name, kind=column.kind, values=column.values[rows], levels=column.levels)
        for column in columns
    )
