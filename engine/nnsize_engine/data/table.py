"""A table in memory: typed input columns and the target."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.settings.table import TableSettings

Rows = NDArray[np.int32] | NDArray[np.int64]
"""Row numbers."""

Kind = Literal["number", "category"]
"""The encoding of a column: imputed and scaled, or one-hot. Booleans are numbers 0 and 1; a date becomes a number (days
since 1970) and, if they vary, the categories month and weekday."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Column:
    """One input column. The array is read-only."""

    name: str
    """Unique name with control characters escaped; a date ``when`` also has ``when month`` and ``when weekday``."""

    kind: Kind
    values: NDArray[Any]
    """Shape (rows,). Numbers: float64 (float32 in that precision), NaN where missing. Categories: int32 codes into
    ``levels``, -1 where missing."""

    levels: tuple[str, ...] = ()
    """The different texts of a category, sorted; empty for numbers."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """The rows with a target, in the order of the file, sampled if a sample was chosen."""

    settings: TableSettings
    columns: tuple[Column, ...]
    """Inputs in the order of the file."""

    y: NDArray[Any]
    """Class labels (int64 or str objects or bool, as read; int64 0 and 1 with ``positive``), shape (rows,); or
    float64 numbers, shape (rows,), or (rows, targets) for several."""

    groups: NDArray[np.int32] | None = None
    """Number of the group of each row, shape (rows,); None if no column of groups was chosen."""
    fitness_groups: NDArray[np.int32] | None = None
    """The same for the groups over which a fitness is averaged."""
    weights: NDArray[np.float64] | None = None
    """Weight of each row in training, shape (rows,); None where all count the same."""
