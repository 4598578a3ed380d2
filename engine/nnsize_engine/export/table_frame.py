"""The step of an exported pipeline that reads a user's frame as nnsize read the table.

This file is copied beside exported networks, so it imports nothing else of nnsize.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from nnsize_engine.data.notation import read_texts


class TableFrame(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Transformer of a frame, as ``pandas.read_csv`` returns it, into the columns that the encoder was fitted on.

    Dates may also be moments, or numbers of days since 1970; their parts may be columns of the frame.

    Args:
        columns: name and kind of each input; after a date, its parts (kinds month and weekday).
        notations: the notation of the texts of each column that is number, date or time of day.
        missing: texts that mean a missing value.
        spellings: for each category of numbers, the label of a number that is written otherwise in the file.
        has_blanks: whether blanks around texts belong to them.
    """

    def __init__(
        self,
        columns: Sequence[Sequence[str]],
        notations: Mapping[str, Sequence[str]],
        missing: Sequence[str] = (),
        spellings: Mapping[str, Mapping[str, str]] | None = None,
        has_blanks: bool = False,
    ) -> None:
        self.columns = columns
        self.notations = notations
        self.missing = missing
        self.spellings = spellings
        self.has_blanks = has_blanks

    def __sklearn_is_fitted__(self) -> bool:
        """Return true: there is nothing to fit."""
        return True

    def fit(self, X: Any, y: Any = None) -> "TableFrame":  # noqa: ARG002
        """Return the transformer."""
        return self

    def transform(self, X: Any) -> Any:
        """Return numbers as floats and labels as texts, NaN where missing.

        Raises:
            ValueError: a column is missing, or a text is not written as the table's were.
        """
        if not isinstance(X, pd.DataFrame):
            raise ValueError(f"a pandas frame with the table's columns is needed, not {type(X).__name__}")
        frame = X.set_axis(_escaped(X.columns), axis=1)
        lost = [name for name, kind in self.columns if kind not in ("month", "weekday") and name not in frame]
        if lost:
            raise ValueError(f"the frame has no column {lost[0]!r}; its columns are {list(frame.columns)}")
        made: dict[str, Any] = {}
        days = pd.Series(dtype="float64")
        for name, kind in self.columns:
            match kind:
                case "number" | "boolean":
                    made[name] = self._numbers(name, frame[name])
                case "date":
                    made[name] = days = self._days(name, frame[name])
                case "month" | "weekday" if name in frame:
                    made[name] = self._labels(name, frame[name])
                case "month" | "weekday":
                    made[name] = _part(days, "day_of_week" if kind == "weekday" else kind)
                case "category":
                    made[name] = self._labels(name, frame[name])
                case _:
                    raise ValueError(f"column {name!r} is of unknown kind {kind!r}")
        return pd.DataFrame(made, index=X.index)

    def _numbers(self, name: str, column: Any) -> Any:
        column = self._without_missing(column)
        if pd.api.types.is_numeric_dtype(column.dtype):  # bool, too
            return column.astype("float64")
        found = column.dropna()
        if all(isinstance(value, bool | np.bool_ | int | float) for value in found):
            return column.astype("float64")
        return self._read(name, column)

    def _days(self, name: str, column: Any) -> Any:
        if pd.api.types.is_numeric_dtype(column.dtype):
            return column.astype("float64")
        if not pd.api.types.is_datetime64_any_dtype(column.dtype):
            return self._read(name, self._without_missing(column))
        moments = pd.to_datetime(column, utc=True).dt.tz_localize(None)
        since = moments.to_numpy().astype("datetime64[us]")
        days = np.where(np.isnat(since), np.nan, since.astype("int64") / 86_400_000_000.0)
        return pd.Series(days, index=column.index)

    def _read(self, name: str, column: Any) -> Any:
        """Return the values of texts; a number among texts is read as it is written."""
        found = column.dropna().map(str)
        notation = tuple(self.notations[name])
        different = found.unique().tolist()
        values = {}
        for text in different:
            try:
                values[text] = float(read_texts([text], notation)[0])
            except ValueError:
                raise ValueError(f"column {name!r} holds {text!r}, which is not written as the table's were") from None
        return found.map(values).astype("float64").reindex(column.index)

    def _labels(self, name: str, column: Any) -> Any:
        column = self._without_missing(column)
        is_float = pd.api.types.is_float_dtype(column.dtype)
        spelled = (self.spellings or {}).get(name, {})
        texts = np.array(
            [
                np.nan if lost else _label(value, is_float=is_float, spelled=spelled)
                for value, lost in zip(column.to_numpy(dtype=object), column.isna(), strict=True)
            ],
            dtype=object,
        )
        return pd.Series(texts, index=column.index, dtype=object)

    def _without_missing(self, column: Any) -> Any:
        if pd.api.types.is_bool_dtype(column.dtype):
            return column
        if not self.has_blanks and not pd.api.types.is_numeric_dtype(column.dtype):
            column = column.map(lambda value: value.strip() if isinstance(value, str) else value)
        if not self.missing:
            return column
        values: list[object] = list(self.missing)
        for text in self.missing:
            try:
                values.append(float(text))
            except ValueError:
                continue
        return column.mask(column.isin(values))


def _label(value: object, *, is_float: bool, spelled: Mapping[str, str]) -> str:
    is_whole = is_float and float(str(value)).is_integer()
    text = str(int(float(str(value)))) if is_whole else str(value)
    return spelled.get(text, text)


def _part(days: Any, part: str) -> Any:
    """Return the month or the weekday of days, as text."""
    numbers = getattr(pd.to_datetime(np.floor(days), unit="D").dt, part)
    return numbers.map(lambda number: str(int(number)), na_action="ignore").astype(object)


def _escaped(names: Any) -> list[str]:
    """Return names without control characters; a column without a name is called by its place."""
    return [
        "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in str(name))
        if str(name).strip()
        else f"Unnamed: {place}"
        for place, name in enumerate(names)
    ]
