"""Columns while they are read: parts become typed values, and texts become codes into their levels."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, assert_never

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.notation import Notation
from nnsize_engine.data.readings import NotationRules, StreamedReadings, find_readings
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

    notation: Notation = ()
    """The notation of the texts that were read as numbers, dates or times; empty if there were none."""

    @property
    def is_missing(self) -> NDArray[np.bool_]:
        """Mask of the rows without a value, shape (rows,)."""
        missing: NDArray[np.bool_] = self.values < 0 if self.kind == "category" else np.isnan(self.values)
        return missing

    def take(self, rows: NDArray[Any]) -> "TypedColumn":
        """Return the column at row numbers, or where a mask is true."""
        return dataclasses.replace(self, values=self.values[rows])


MAX_KEPT_TEXTS = 10_000  # different texts of a column, above which they are read as they come and not kept


class NeedsTextError(Exception):
    """A column whose parts have different kinds, so that all of it must be read as text."""


class UnreadableTextError(Exception):
    """A column whose texts were numbers, dates or times up to a part that holds others."""


class ColumnReader:
    """Reader of one column, which takes its parts in order."""

    def __init__(self, name: str, *, floats: str, rules: NotationRules | None = None) -> None:
        self.name = name
        self.floats = floats
        """Type of numbers: ``float32`` or ``float64``."""

        self.kinds: set[ColumnKind] = set()
        """Kinds of the parts so far."""

        self._parts: list[Values] = []
        self._codes: dict[str, int] = {}
        self._rules = rules
        """The notations that texts may have; None if all texts are kept."""

        self.streamed: StreamedReadings | None = None
        """The readings of the texts, once they are too many to be kept."""

    def add(self, part: Any) -> None:
        """Take the next part, a pandas series.

        Raises:
            NeedsTextError: the kinds of the parts differ; read the table again with this column as text.
            UnreadableTextError: its texts have no common notation; read the table again and keep its texts.
        """
        kind = _kind_of(part)
        if self.streamed is not None and kind in ("category", "empty"):
            self._stream(part, self.streamed)
        else:
            self._parts.append(self._values_of(part, kind))
            self._stream_if_many()
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

    def _stream(self, part: Any, streamed: StreamedReadings) -> None:
        import pandas as pd

        codes, found = pd.factorize(part)
        texts = [text if isinstance(text, str) else str(text) for text in found.tolist()]
        if not streamed.add(texts, codes):
            raise UnreadableTextError

    def _stream_if_many(self) -> None:
        """Read the texts from now on as they come, if they are many and have a common notation."""
        if self._rules is None or len(self._codes) <= MAX_KEPT_TEXTS or not self.kinds <= {"category", "empty"}:
            return
        texts = list(self._codes)
        readings = find_readings(texts, self._rules)
        self._rules = None
        if readings:
            parts = [_without_floats(part) for part in self._parts]
            self.streamed = StreamedReadings(readings, texts, parts)
            self._parts, self._codes = [], {}

    @property
    def parts(self) -> Sequence[Values]:
        """The parts so far."""
        return self._parts

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
        codes = np.concatenate([_without_floats(part) for part in parts])
        levels = sorted(self._codes)
        ranks = np.empty(len(levels) + 1, dtype=np.int32)
        ranks[-1] = -1
        for rank, level in enumerate(levels):
            ranks[self._codes[level]] = rank
        return TypedColumn(name=self.name, kind="category", values=ranks[codes], levels=tuple(levels))


def _without_floats(part: Values) -> NDArray[np.int32]:
    """Return the codes of a part of a category; a part without any value is held as floats."""
    return part if part.dtype == np.int32 else np.full(len(part), -1, dtype=np.int32)


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
