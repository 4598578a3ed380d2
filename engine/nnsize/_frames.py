"""Frames of pandas and polars as columns that are encoded like those of files."""

import datetime
import decimal
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from nnsize_engine.data.kept_rows import KeptColumn
from nnsize_engine.data.kept_source import series_of
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.text import escape_text

_USUAL = {"number": ("number", ".", "", "", ""), "boolean": ("number", ".", "", "", ""), "date": ("date", "ymd")}
"""The notation of the texts of a column that had none in training."""


def is_frame(X: Any) -> bool:
    """Return whether X is a frame of pandas or polars."""
    return is_polars(X) or (type(X).__name__ == "DataFrame" and hasattr(X, "iloc"))


def is_polars(X: Any) -> bool:
    """Return whether X is a frame of polars."""
    return type(X).__module__.partition(".")[0] == "polars" and type(X).__name__ in ("DataFrame", "LazyFrame")


def plain_frame(X: Any) -> Any:
    """Return a frame as one of pandas whose columns hold numbers, truth values, moments, or texts and None.

    Raises:
        TypeError: a column holds something else, or values of several types.
        ValueError: two columns have the same name.
    """
    import pandas as pd

    if is_polars(X):
        frame = X.collect() if type(X).__name__ == "LazyFrame" else X
        columns = [(name, _of_polars(frame[name])) for name in frame.columns]
        index = pd.RangeIndex(frame.height)
    elif is_frame(X):
        columns, index = [(str(name), X.iloc[:, place]) for place, name in enumerate(X.columns)], X.index
    else:
        raise TypeError(f"a frame of pandas or polars with the columns of the training is needed, not a {type(X)}")
    names = [name for name, _ in columns]
    twice = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    if twice is not None:
        raise ValueError(f"two columns are called {twice!r}; give each its own name")
    return pd.DataFrame(
        {name: pd.Series(_plain(name, column), index=index) for name, column in columns},
        index=index,
    )


def is_numeric(frame: Any) -> bool:
    """Return whether all values of a frame are numbers or truth values, and none is missing."""
    from pandas.api import types

    return all(
        (types.is_numeric_dtype(kind) or types.is_bool_dtype(kind)) and not types.is_complex_dtype(kind)
        for kind in frame.dtypes
    ) and not bool(frame.isna().to_numpy().any())


def columns_of(frame: Any, categorical: Sequence[str] = ()) -> tuple[KeptColumn, ...]:
    """Return the columns of a plain frame; those named are categories whatever they look like."""
    return tuple(_column(name, frame[name], is_category=name in categorical) for name in frame.columns)


def frame_of(columns: Sequence[KeptColumn]) -> Any:
    """Return the frame that has these columns."""
    import pandas as pd

    return pd.DataFrame({column.name: series_of(column) for column in columns})


def categorical_columns(X: Any) -> tuple[str, ...]:
    """Return the names of columns that are declared to hold categories."""
    if is_polars(X):
        schema = X.collect_schema()
        return tuple(name for name, kind in schema.items() if str(kind).partition("(")[0] in ("Categorical", "Enum"))
    return tuple(str(name) for name, kind in zip(X.columns, X.dtypes, strict=True) if str(kind) == "category")


class FrameReader(TransformerMixin, BaseEstimator):
    """The first step of a network that takes frames: it reads columns as they were read for the training.

    Parameters
    ----------
    columns : list of list of str
        Name and kind of each column; after a date, its parts.

    notations : dict
        The notation of the texts of each column that holds numbers or dates.
    """

    def __init__(self, columns: Sequence[Sequence[str]], notations: Mapping[str, Sequence[str]]) -> None:
        self.columns = columns
        self.notations = notations

    def __sklearn_is_fitted__(self) -> bool:
        """Return true: there is nothing to fit."""
        return True

    def fit(self, X: Any, y: Any = None) -> "FrameReader":
        """Return the transformer."""
        del X, y
        return self

    def transform(self, X: Any) -> Any:
        """Return a frame of floats and texts, NaN where missing.

        Raises
        ------
        ValueError
            If a column is missing, or holds something else than in training.
        """
        from nnsize_engine.export.table_frame import TableFrame

        reader = TableFrame(columns=self.columns, notations=self.notations, has_blanks=True)
        return reader.transform(plain_frame(X))


def reader_of(table: TableSettings) -> FrameReader:
    """Return the step that reads the columns of a table's inputs."""
    inputs = [[name, kind] for name, kind in table.columns if name not in table.choice.target]
    notations = {name: list(table.notation_of.get(name, _USUAL[kind])) for name, kind in inputs if kind in _USUAL}
    return FrameReader(columns=inputs, notations=notations)


def _of_polars(series: Any) -> Any:
    """Return a column of polars as one of pandas."""
    import pandas as pd

    kind = series.dtype
    if kind.is_temporal() and str(kind).startswith("Date"):
        return pd.Series(series.cast(_microseconds()).to_numpy())
    if kind.is_numeric() and not kind.is_decimal():
        return pd.Series(series.to_numpy())
    return pd.Series(series.to_list(), dtype=object)


def _microseconds() -> Any:
    from importlib import import_module

    return import_module("polars").Datetime("us")


def _plain(name: str, column: Any) -> Any:
    """Return the values of a column in one of the types of a plain frame."""
    import pandas as pd
    from pandas.api import types

    kind = column.dtype
    if isinstance(kind, pd.CategoricalDtype):
        return _texts(column.astype(object), column.isna().to_numpy())
    if types.is_bool_dtype(kind) or types.is_numeric_dtype(kind):
        if types.is_complex_dtype(kind):
            raise _refusal(name, "complex numbers")
        is_lossy = types.is_extension_array_dtype(kind) and bool(column.isna().any())
        return column.to_numpy(dtype=np.float64, na_value=np.nan) if is_lossy else np.asarray(column.to_numpy())
    if types.is_datetime64_any_dtype(kind):
        moments = pd.to_datetime(column, utc=True).dt.tz_localize(None)
        return moments.to_numpy().astype("datetime64[us]")
    if types.is_object_dtype(kind) or types.is_string_dtype(kind):
        return _of_objects(name, column)
    raise _refusal(name, f"values of type {kind}")


def _of_objects(name: str, column: Any) -> Any:
    """Return Python's objects as numbers, moments or texts, if all are of one type."""
    import pandas as pd

    missing = column.isna().to_numpy()
    values = column.to_numpy(dtype=object)
    found = {type(value) for value in values[~missing]}
    if not found:
        return np.full(len(values), np.nan)
    if all(issubclass(one, str) for one in found):
        return _texts(column, missing)
    if all(issubclass(one, bool | np.bool_ | int | float | np.number | decimal.Decimal) for one in found):
        if all(issubclass(one, bool | np.bool_) for one in found) and not missing.any():
            return values.astype(bool)
        return np.array([np.nan if lost else float(one) for one, lost in zip(values, missing, strict=True)])
    if all(issubclass(one, datetime.date | np.datetime64) for one in found):
        moments = pd.to_datetime(pd.Series(np.where(missing, None, values), dtype=object), utc=True)
        return moments.dt.tz_localize(None).to_numpy().astype("datetime64[us]")
    raise _refusal(name, f"values of type {' and '.join(sorted(one.__name__ for one in found))}")


def _texts(column: Any, missing: NDArray[np.bool_]) -> NDArray[Any]:
    values = column.to_numpy(dtype=object)
    return np.array([None if lost else _text(value) for value, lost in zip(values, missing, strict=True)], dtype=object)


def _text(value: Any) -> str:
    """Return a value as text; a whole number has no decimal point, as where files are read."""
    is_whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if is_whole else str(value)


def _refusal(name: str, what: str) -> TypeError:
    return TypeError(
        f"column {escape_text(name)!r} holds {what}; each column must hold numbers, truth values, texts or dates alone"
    )


def _column(name: str, column: Any, *, is_category: bool) -> KeptColumn:
    import pandas as pd
    from pandas.api import types

    if types.is_bool_dtype(column.dtype):
        return KeptColumn(name=name, kind="boolean", values=column.to_numpy().astype(np.int8))
    if types.is_datetime64_any_dtype(column.dtype):
        return KeptColumn(name=name, kind="date", values=column.to_numpy().astype("datetime64[us]"))
    if types.is_numeric_dtype(column.dtype):
        return KeptColumn(name=name, kind="number", values=np.asarray(column.to_numpy()))
    codes, levels = pd.factorize(column)
    kind: Any = "category" if is_category else "text"
    return KeptColumn(name=name, kind=kind, values=codes.astype(np.int32), levels=tuple(str(level) for level in levels))
