"""Rows that were in memory when a run was started: what the run needs of them, and in which types."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

KeptKind = Literal["number", "boolean", "date", "text", "category"]
"""``text``: labels, numbers or dates in texts, as in a file. ``category``: labels, whatever they look like."""

Splits = tuple[tuple[NDArray[np.int32], NDArray[np.int32]], ...]
"""Training and test rows of each split."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KeptColumn:
    """One column of a frame."""

    name: str
    kind: KeptKind
    values: NDArray[Any]
    """Shape (rows,). Numbers: whole or float64, NaN where missing. Booleans: int8 of 0 and 1, -1 where missing. Dates:
    datetime64[us], NaT where missing. Texts and categories: int32 codes into ``levels``, -1 where missing."""

    levels: tuple[str, ...] = ()
    """The different texts; empty for other kinds."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KeptRows:
    """Rows from memory: a matrix of numbers, or columns that are encoded as those of files."""

    names: tuple[str, ...]
    """Names of the inputs."""

    targets: tuple[str, ...]
    """Names of what is predicted."""

    X: Any = None
    """Numbers, shape (rows, inputs): an array of float64 or a sparse matrix of it in CSR format; None for columns."""

    columns: tuple[KeptColumn, ...] = ()
    """The inputs as columns; empty for a matrix."""

    y: NDArray[Any]
    """Class labels, labels of 0 and 1, or numbers, shape (rows,) or (rows, targets)."""

    sample_weight: NDArray[np.float64] | None = None
    """Weight of each row in training, shape (rows,)."""

    splits: Splits | None = None
    """The splits that were given; None for a number of folds."""

    @property
    def bytes(self) -> int:
        """About how many bytes the rows take in a file."""
        parts = [self.y, *(column.values for column in self.columns)]
        parts += [] if self.sample_weight is None else [self.sample_weight]
        parts += [rows for split in self.splits or () for rows in split]
        if self.X is not None:
            parts += [self.X] if isinstance(self.X, np.ndarray) else [self.X.data, self.X.indices, self.X.indptr]
        return sum(part.nbytes for part in parts) + sum(len(text) for one in self.columns for text in one.levels)
