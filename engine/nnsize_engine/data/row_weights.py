"""Weights of rows: a column of the table, weights that balance the classes, or both, multiplied."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.errors import DataError
from nnsize_engine.settings.class_weight import ClassWeight

Weights = NDArray[np.float64]


def column_weights(columns: Sequence[TypedColumn], name: str | None) -> Weights | None:
    """Return the values of the column of weights; None if no column was named.

    Raises:
        DataError: a value is missing, negative or no number, or all of them are 0.
    """
    if name is None:
        return None
    column = next(column for column in columns if column.name == name)
    if column.kind not in ("number", "boolean"):
        raise _refusal(name, f"holds {'dates' if column.kind == 'date' else 'texts'}")
    if missing := int(column.is_missing.sum()):
        raise _refusal(name, f"has no value in {'1 row' if missing == 1 else f'{missing:,} rows'} with a target")
    weights = column.values.astype(np.float64)
    least = weights.min()
    if least < 0:
        negative = int((weights < 0).sum())
        raise _refusal(name, f"is negative in {'1 row' if negative == 1 else f'{negative:,} rows'}, down to {least:g}")
    if not weights.any():
        raise _refusal(name, "is 0 in every row")
    return weights


def _refusal(name: str, found: str) -> DataError:
    return DataError(
        f"the column of weights '{name}' {found}; weights must be numbers from 0 up, not all of them 0: correct it, "
        "or name another column with --sample-weight",
        field="sample_weight",
        column=name,
    )


def training_weights(y_train: NDArray[Any], given: Weights | None, class_weight: ClassWeight) -> Weights | None:
    """Return the sample weights of all training rows; None if every row counts the same.

    ``given`` are those of the table's column, for the training rows.
    """
    if class_weight == "none":
        weights = given
    else:
        from sklearn.utils.class_weight import compute_sample_weight

        balanced: Weights = compute_sample_weight(class_weight, y_train)
        weights = balanced if given is None else given * balanced
    if weights is None:
        return None
    if not weights.any():
        raise DataError(
            "the weights of all training rows are 0; choose another split, or other weights", field="sample_weight"
        )
    weights.flags.writeable = False
    return weights
