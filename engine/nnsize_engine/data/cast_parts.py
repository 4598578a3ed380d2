"""Conversion of parts of a typed table: columns to text, and chosen values to missing."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np


def cast_part(frame: Any, as_text: Collection[int], missing: Sequence[str]) -> Any:
    """Return a part, a pandas frame, with the columns at ``as_text`` as text and the values ``missing`` missing."""
    import pandas as pd

    columns = []
    for place in range(frame.shape[1]):
        column = frame.iloc[:, place]
        if missing:
            column = _without(column, missing)
        columns.append(_texts(column) if place in as_text else column)
    return pd.concat(columns, axis=1) if columns else frame


def _without(column: Any, missing: Sequence[str]) -> Any:
    """Return the column with the values that these texts mean set to missing."""
    import pandas as pd

    if pd.api.types.is_bool_dtype(column.dtype):
        return column
    if not pd.api.types.is_numeric_dtype(column.dtype):
        return column.mask(column.isin(list(missing)))
    numbers = [number for number in map(_number, missing) if number is not None]
    found = column.isin(numbers)
    return column.astype("float64").mask(found) if found.any() else column


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _texts(column: Any) -> Any:
    """Return values as text, whole numbers without a decimal point; missing values stay missing."""
    import pandas as pd

    is_missing = column.isna().to_numpy()
    values = column.to_numpy(dtype=object)
    is_float = pd.api.types.is_float_dtype(column.dtype)
    texts = np.array(
        [
            np.nan if lost else str(int(value)) if is_float and float(value).is_integer() else str(value)
            for value, lost in zip(values, is_missing, strict=True)
        ],
        dtype=object,
    )
    return pd.Series(texts, name=column.name, index=column.index)
