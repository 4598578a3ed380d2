"""Several targets of two values each: a matrix of labels, 0 or 1, which one network predicts at once.

scikit-learn calls such a target multilabel. The larger of the two values of a column is 1: ``yes`` of ``no`` and
``yes``, true of false and true.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.errors import DataError
from nnsize_engine.text import escape_text


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Labels:
    """The labels of the rows."""

    y: NDArray[np.int64]
    """0 or 1, shape (rows, columns)."""

    counts: tuple[int, ...]
    """Number of rows with each label."""

    notes: tuple[str, ...]
    """Sentences about values other than 0 and 1."""


def are_labels(columns: Sequence[TypedColumn]) -> bool:
    """Return whether each of several targets has two different values."""
    return len(columns) > 1 and all(len(np.unique(column.values)) == 2 for column in columns)


def make_labels(columns: Sequence[TypedColumn]) -> Labels:
    """Return the labels of several targets, whose rows all have a value.

    Raises:
        DataError: a column does not have two different values.
    """
    found, notes = [], []
    for column in columns:
        values, codes = np.unique(column.values, return_inverse=True)
        if len(values) != 2:
            raise _refusal(column, values)
        found.append(codes.astype(np.int64))
        texts = _texts(column, values)
        if texts not in (["0", "1"], ["False", "True"]):
            notes.append(f"label '{column.name}': {texts[1]} is 1, {texts[0]} is 0")
    y = np.column_stack(found)
    return Labels(y=y, counts=tuple(y.sum(axis=0).tolist()), notes=tuple(notes))


def _refusal(column: TypedColumn, values: NDArray[Any]) -> DataError:
    name, count = column.name, len(values)
    if count < 2:
        only = _texts(column, values)[0] if count else "empty"
        return DataError(
            f"target '{name}' is {only} in every row, so there is nothing to learn; name another target",
            field="target",
            column=name,
        )
    shown = ", ".join(_texts(column, values[:3]))
    return DataError(
        f"target '{name}' has {count:,} different values ({shown}, ...), and several targets are labels of two values "
        "each, such as 0 and 1; leave it out of --target, name it alone for its classes, or say --task regression if "
        "all targets are numbers",
        field="target",
        column=name,
    )


def _texts(column: TypedColumn, values: NDArray[Any]) -> list[str]:
    """Return values of a column as texts without control characters."""
    if column.kind == "category":
        return [escape_text(str(column.levels[int(value)])) for value in values]
    if column.kind == "boolean":
        return [str(bool(value)) for value in values]
    return [f"{value:g}" for value in values]
