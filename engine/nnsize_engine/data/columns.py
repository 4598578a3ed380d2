"""Columns while they are read: parts become typed values, and texts become codes into their levels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, assert_never

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.results.table_summary import ColumnKind

Values = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TypedColumn:
    """One column of a table that was read."""

    name: str
    kind: ColumnKind
    values: Values
    """Shape (rows,). Numbers and booleans (0 and 1): floats, NaN where missing. Dates: days since 1970, float64, NaN
    where missing. Categories: int32 codes into ``levels``, -1 where missing. Empty: floats, all NaN."""

    levels: tuple[str, ...] = ()
    """The different texts of a category, sorted."""

    @property
    def is_missing(self) -> NDArray[np.bool_]:
        """Mask of the rows without a value, shape (rows,)."""
        missing: NDArray[np.bool_] = self.values < 0 if self.kind == "category" else np.isnan(self.values)
        return missing

    def take(self, rows: NDArray[Any]) -> "TypedColumn":
        """Return the column at row numbers, or where a mask is true."""
        return TypedColumn(name=self.name, kind=self.kind, values=self.values[rows], levels=self.levels)


class NeedsTextError(Exception):
    """A column whose parts have different kinds, so that all of it must be read as text."""


class ColumnReader:
    """Reader of one column, which takes its parts in order."""

    def __init__(self, name: str, *, floats: str) -> None:
        self.name = name
        self.floats = floats
        """Type of numbers: ``float32`` or ``float64``."""

        self.kinds: set[ColumnKind] = set()
        """Kinds of the parts so far."""

        self._parts: list[Values] = []
        self._codes: dict[str, int] = {}

    def add(self, part: Any) -> None:
        """Take the next part, a pandas series.

        Raises:
            NeedsTextError: the kinds of the parts differ; read the table again with this column as text.
        """
        kind = _kind_of(part)
        self._parts.append(self._values_of(part, kind))
        self.kinds.add(kind)
        if len(self.kinds - {"empty"}) > 1:
            raise NeedsTextError

    def _values_of(self, part: Any, kind: ColumnKind) -> Values:
        match kind:
            case "number":
                return np.asarray(part.to_numpy(dtype=self.floats, na_value=np.nan, copy=True))
            case "date":
                return _days(part)
            case "boolean":
                return np.asarray(part.astype("float64").to_numpy().astype(self.floats))
            case "empty":
                return np.full(len(part), np.nan, dtype=self.floats)
            case "category":
                return self._encode(part)
            case _:
                assert_never(kind)

    def _encode(self, part: Any) -> NDArray[np.int32]:
        """Return codes of texts, in the order in which they were first seen; -1 where missing."""
        import pandas as pd

        codes, found = pd.factorize(part)
        known = self._codes
        translation = np.array([known.setdefault(text, len(known)) for text in map(str, found)] + [-1], dtype=np.int32)
        return np.asarray(translation[codes])

    @property
    def kind(self) -> ColumnKind:
        """The kind of all parts together."""
        kinds = self.kinds - {"empty"}
        return next(iter(kinds), "empty")

    def finish(self) -> TypedColumn:
        """Return the whole column and release the parts."""
        parts, self._parts = self._parts, []
        kind = self.kind
        if kind == "category":
            return self._category(parts)
        values = np.concatenate(parts) if parts else np.empty(0, self.floats)
        return TypedColumn(name=self.name, kind=kind, values=values)

    def _category(self, parts: Sequence[Values]) -> TypedColumn:
        codes = np.concatenate(
            [part if part.dtype == np.int32 else np.full(len(part), -1, dtype=np.int32) for part in parts]
        )
        levels = sorted(self._codes)
        ranks = np.empty(len(levels) + 1, dtype=np.int32)
        ranks[-1] = -1
        for rank, level in enumerate(levels):
            ranks[self._codes[level]] = rank
        return TypedColumn(name=self.name, kind="category", values=ranks[codes], levels=tuple(levels))


def _kind_of(part: Any) -> ColumnKind:
    """Return the kind of a part of a column."""
    import pandas as pd

    kind: ColumnKind = "category"
    if pd.api.types.is_bool_dtype(part.dtype):
        kind = "boolean"
    elif pd.api.types.is_numeric_dtype(part.dtype):
        kind = "number"
    elif pd.api.types.is_datetime64_any_dtype(part.dtype):
        kind = "date"
    elif part.dtype == object and _is_boolean(part):
        kind = "boolean"
    if kind != "boolean" and part.isna().all():
        kind = "empty"
    return kind


def _days(part: Any) -> NDArray[np.float64]:
    """Return days since 1970-01-01 in UTC of a column of moments; moments without a time zone count as UTC."""
    if part.dt.tz is not None:
        part = part.dt.tz_convert("UTC").dt.tz_localize(None)
    moments = part.to_numpy().astype("datetime64[us]")
    return np.where(np.isnat(moments), np.nan, moments.astype("int64") / 86_400_000_000.0)


def _is_boolean(part: Any) -> bool:
    """Return whether an object column holds only truth values, as pandas reads them with missing values."""
    values = part.dropna()
    return len(values) > 0 and all(isinstance(value, bool | np.bool_) for value in values)
