"""Encoding of columns as the inputs of a network, by scikit-learn's own transformers fitted on training rows.

The documented pipeline is one ``ColumnTransformer`` over a frame (:func:`column_transformer`, :func:`frame`). A fold is
encoded by the same transformers over blocks of columns and rows, straight into one matrix (:class:`Encoder`), so that
only the matrix is held whole. Each transformer treats every column by itself, so the numbers are the same. Two details
keep them equal to the last bit. Columns lie one after the other in memory, as in a frame, because the last bit of a
mean depends on the order of additions. Categories enter as numbers in the order of their labels, with the missing
category last, as ``OneHotEncoder`` places it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.encoded_width import MAX_CATEGORIES, MIN_FREQUENCY
from nnsize_engine.data.memory_mapped import release_pages
from nnsize_engine.data.scalers import new_scaler
from nnsize_engine.data.table import Column, Kind, Rows
from nnsize_engine.settings.scaler import Scaler

Matrix = NDArray[Any]

_KINDS: tuple[Kind, ...] = get_args(Kind)
"""The kinds of columns, in the order of their outputs."""

MAX_BLOCK_VALUES = 2_000_000  # values of a block of columns or rows, 16 MB; a few blocks are held at a time


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TableRows:
    """Some rows of a table's inputs, held as row numbers and not copied."""

    columns: tuple[Column, ...]
    has_missing: bool
    """True if a number is missing in any row of the whole table, so that numbers are imputed."""

    rows: Rows
    """Row numbers, in the order of the matrix."""

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, chosen: Rows) -> "TableRows":
        """Return some of these rows, given by their places here."""
        return TableRows(columns=self.columns, has_missing=self.has_missing, rows=self.rows[chosen])


def all_rows(columns: tuple[Column, ...]) -> TableRows:
    """Return all rows of a table."""
    rows = len(columns[0].values)
    missing = any(column.kind == "number" and _has_missing(column) for column in columns)
    return TableRows(columns=columns, has_missing=missing, rows=np.arange(rows, dtype=np.int32))


def steps_of(kind: Kind, *, has_missing: bool, scaler: Scaler, rows: int) -> list[Any]:
    """Return the unfitted transformers of a kind of column, in order, for so many training rows."""
    from sklearn.impute import SimpleImputer
    from sklearn.preprocessing import OneHotEncoder

    if kind == "category":  # a missing value is a category of its own
        return [
            OneHotEncoder(
                min_frequency=MIN_FREQUENCY,
                max_categories=MAX_CATEGORIES,
                handle_unknown="infrequent_if_exist",
                sparse_output=False,
            )
        ]
    impute = [SimpleImputer(strategy="mean", add_indicator=True, keep_empty_features=True)] if has_missing else []
    scaling = new_scaler(scaler, rows)
    return impute if scaling is None else [*impute, scaling]


def column_transformer(table: TableRows, *, scaler: Scaler = "standard") -> Any:
    """Return the documented ``ColumnTransformer``, unfitted, for frames that :func:`frame` makes."""
    from sklearn.compose import ColumnTransformer
    from sklearn.pipeline import make_pipeline

    transformers = []
    for kind in _KINDS:
        steps = steps_of(kind, has_missing=table.has_missing, scaler=scaler, rows=len(table))
        names = [column.name for column in table.columns if column.kind == kind]
        if names:
            whole = make_pipeline(*steps) if len(steps) > 1 else steps[0] if steps else "passthrough"
            transformers.append((kind, whole, names))
    return ColumnTransformer(transformers)


def frame(table: TableRows) -> Any:
    """Return the rows as a pandas frame of numbers and, for categories, texts; NaN where missing."""
    import pandas as pd

    values: dict[str, Any] = {}
    for column in table.columns:
        found = column.values[table.rows]
        if column.kind == "category":
            found = np.array([*column.levels, np.nan], dtype=object)[found]  # -1, missing, is the last
        values[column.name] = found
    return pd.DataFrame(values)


class _Block:
    """Some columns of one kind, with their fitted transformers and the places of their outputs in the matrix."""

    def __init__(self, columns: Sequence[Column], table: TableRows, *, scaler: Scaler, is_whole: bool) -> None:
        self.columns = columns
        self.kind = columns[0].kind
        self._steps = steps_of(self.kind, has_missing=table.has_missing, scaler=scaler, rows=len(table))
        values = _gather(columns, table.rows)
        missing = np.isnan(values).any(axis=0).sum() if self.kind == "number" and table.has_missing else 0
        for step in self._steps:
            step.fit(values)
            if step is not self._steps[-1]:
                values = step.transform(values)
                # The imputer lays out several columns by columns, but a single column by rows.
                values = values if is_whole else np.asfortranarray(values)
        self.width = sum(_category_counts(self._steps[0])) if self.kind == "category" else len(columns)
        """Number of outputs, without indicators of missing values."""

        self.indicators = int(missing)
        self.place = self.indicator_place = 0

    def fill(self, rows: Rows, out: Matrix) -> None:
        """Encode rows of the table into the rows of a matrix."""
        values = _gather(self.columns, rows)
        for step in self._steps:
            values = step.transform(values)
        out[:, self.place : self.place + self.width] = values[:, : self.width]
        if self.indicators:
            out[:, self.indicator_place : self.indicator_place + self.indicators] = values[:, self.width :]


class Encoder:
    """The encoding of a table, fitted on some of its rows."""

    def __init__(self, table: TableRows, *, scaler: Scaler = "standard") -> None:
        parts = {kind: list(_column_blocks(table, kind)) for kind in _KINDS}
        numbers, categories = (
            [_Block(part, table, scaler=scaler, is_whole=len(parts[kind]) == 1) for part in parts[kind]]
            for kind in _KINDS
        )
        self._blocks = [*numbers, *categories]
        place = 0
        for block in numbers:
            block.place, place = place, place + block.width
        for block in numbers:
            block.indicator_place, place = place, place + block.indicators
        for block in categories:
            block.place, place = place, place + block.width
        self.inputs = place
        """Number of columns of the matrix: numbers, then indicators of missing numbers, then categories."""

        self.order = "C" if categories else "F"
        """Memory order of the result of ``ColumnTransformer``: by rows (C) or by columns (F)."""

    def transform(self, table: TableRows, *, precision: str, order: str = "C") -> Matrix:
        """Return the encoded rows, shape (rows, inputs)."""
        out = np.empty((len(table), self.inputs), dtype=precision, order="F" if order == "F" else "C")
        for block in self._blocks:
            size = max(1, MAX_BLOCK_VALUES // (block.width + block.indicators))
            for first in range(0, len(table), size):
                block.fill(table.rows[first : first + size], out[first : first + size])
        return out


def _column_blocks(table: TableRows, kind: Kind) -> Iterator[list[Column]]:
    """Yield the columns of a kind in blocks of at most :data:`MAX_BLOCK_VALUES` values."""
    most = max(1, MAX_BLOCK_VALUES // max(1, len(table)))
    columns = [column for column in table.columns if column.kind == kind]
    for first in range(0, len(columns), most):
        yield columns[first : first + most]


def _gather(columns: Sequence[Column], rows: Rows) -> Matrix:
    """Return values of some rows, shape (rows, columns), in Fortran order; a missing category is the last number."""
    # Not np.empty: take converts the old values first if the types differ, and NumPy may warn of garbage.
    values = np.zeros((len(rows), len(columns)), dtype=columns[0].values.dtype, order="F")
    for place, column in enumerate(columns):
        np.take(column.values, rows, out=values[:, place], mode="clip")  # the default mode makes a copy first
        if column.kind == "category":
            values[values[:, place] < 0, place] = len(column.levels)
        release_pages(column.values)
    return values


def _category_counts(encoder: Any) -> list[int]:
    """Return the number of outputs of each column of a fitted ``OneHotEncoder``; rare categories share one."""
    return [
        len(levels) if rare is None else len(levels) - len(rare) + 1
        for levels, rare in zip(encoder.categories_, encoder.infrequent_categories_, strict=True)
    ]


def _has_missing(column: Column) -> bool:
    is_missing = bool(np.isnan(column.values).any())
    release_pages(column.values)
    return is_missing
