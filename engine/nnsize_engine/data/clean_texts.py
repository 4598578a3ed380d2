"""Texts of a column without the blanks around them, and without those that mean a missing value."""

from collections.abc import Collection, Sequence

import numpy as np

from nnsize_engine.data.columns import TypedColumn

_TRUTH = {"True": 1.0, "TRUE": 1.0, "true": 1.0, "False": 0.0, "FALSE": 0.0, "false": 0.0}
"""The texts that pandas reads as truth values."""


def strip_blanks(column: TypedColumn) -> TypedColumn:
    """Return a category without blanks around its labels; labels that become equal are one."""
    stripped = [level.strip() for level in column.levels]
    return column if stripped == list(column.levels) else _relabelled(column, stripped)


def take_as_missing(column: TypedColumn, texts: Collection[str]) -> TypedColumn:
    """Return a category in which these labels are missing; an empty column if no label is left."""
    if not any(level in texts for level in column.levels):
        return column
    return _relabelled(column, [None if level in texts else level for level in column.levels])


def truth_values(column: TypedColumn, floats: str) -> TypedColumn:
    """Return a column of truth values if all labels are true or false, else the category as it is."""
    if not column.levels or not all(level in _TRUTH for level in column.levels):
        return column
    by_code = np.array([*(_TRUTH[level] for level in column.levels), np.nan], dtype=floats)
    return TypedColumn(name=column.name, kind="boolean", values=by_code[column.values])


def rows_of(column: TypedColumn) -> dict[str, int]:
    """Return the number of rows of each label."""
    counts = np.bincount(column.values[column.values >= 0], minlength=len(column.levels))
    return dict(zip(column.levels, counts.tolist(), strict=True))


def _relabelled(column: TypedColumn, labels: Sequence[str | None]) -> TypedColumn:
    levels = sorted({label for label in labels if label is not None})
    if not levels:
        return TypedColumn(name=column.name, kind="empty", values=np.full(len(column.values), np.nan))
    places = {level: place for place, level in enumerate(levels)}
    codes = np.array([*(-1 if label is None else places[label] for label in labels), -1], dtype=np.int32)
    return TypedColumn(name=column.name, kind="category", values=codes[column.values], levels=tuple(levels))
