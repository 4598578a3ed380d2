"""The generations of an evolution in columns, which take a fifth of the memory and a third of the time of objects.

There may be a hundred thousand of them, of which a screen shows forty and a chart the extremes of a few columns.
"""

import math
import struct
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import Any, Final, overload

from nnsize_engine.results.records import GENERATION_COLUMNS, GenerationResult

WHOLE: Final = frozenset({"number", "accepted", "members", "evaluations", "restarts"})
"""Columns of whole numbers; all others but the histogram's are of floats."""

COUNTS: Final = "counts"

_COUNT_BYTES: Final = 4
"""Of each number in a histogram."""


class _Histograms:
    """Histograms as a run file holds them, one after the other: an object for each would add half of its bytes."""

    __slots__ = ("_bytes", "_ends")

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("q", [0])

    def extend(self, histograms: Iterable[bytes]) -> None:
        """Add histograms; they may differ in length."""
        some = list(histograms)
        self._ends.extend(list(accumulate(map(len, some), initial=self._ends[-1]))[1:])
        self._bytes += b"".join(some)  # at once: one by one, they would reserve an eighth more

    def __getitem__(self, place: int | slice) -> Any:
        """Return one, or by a slice the first ones."""
        if isinstance(place, int):
            return bytes(self._bytes[self._ends[place] : self._ends[place + 1]])
        first = _Histograms()
        first._ends = self._ends[: place.stop + 1]
        first._bytes = self._bytes[: first._ends[-1]]
        return first

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Histograms) and self._ends == other._ends and self._bytes == other._bytes

    __hash__ = None  # type: ignore[assignment]  # it grows


class Generations(Sequence[GenerationResult]):
    """Generations in order, made into records only where one asks for them. Never changes; a longer one shares it."""

    __slots__ = ("_columns", "_count")

    def __init__(self, results: Iterable[GenerationResult] = ()) -> None:
        self._columns = _empty()
        self._count = 0
        rows = [tuple(_stored(result, name) for name in GENERATION_COLUMNS) for result in results]
        self._count = _extend(self._columns, rows)

    def with_rows(self, rows: Sequence[Sequence[Any]]) -> "Generations":
        """These and the rows after them, each :data:`GENERATION_COLUMNS` as a run file holds them.

        Raises:
            TypeError: a value is not of its column's kind.
        """
        longer = Generations()
        is_newest = len(self._columns["number"]) == self._count
        # What was handed out before ends at its own count, so that adding to the same columns changes none of it.
        longer._columns = (
            self._columns if is_newest else {name: column[: self._count] for name, column in self._columns.items()}
        )
        longer._count = _extend(longer._columns, rows)
        return longer

    def column(self, name: str, start: int = 0) -> list[Any]:
        """One value of every generation from a place on; None where it has none. Not for the histogram's counts."""
        found = self._columns[name][start : self._count]
        return list(found) if name in WHOLE else [None if value != value else value for value in found]

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> GenerationResult: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[GenerationResult, ...]: ...
    def __getitem__(self, place: int | slice) -> GenerationResult | tuple[GenerationResult, ...]:
        places = range(self._count)[place]
        return self._record(places) if isinstance(places, int) else tuple(map(self._record, places))

    def _record(self, place: int) -> GenerationResult:
        values = {name: column[place] for name, column in self._columns.items()}
        for name, value in values.items():
            if value != value:
                values[name] = None
        values[COUNTS] = tuple(count for (count,) in struct.iter_unpack("<I", values[COUNTS]))
        return GenerationResult(**values)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Generations):
            return NotImplemented
        if self._count != other._count:
            return False
        if self._columns is other._columns:
            return True
        return all(
            _bits(column[: self._count]) == _bits(other._columns[name][: self._count])
            for name, column in self._columns.items()
        )

    def __hash__(self) -> int:
        return hash((self._count, self[-1] if self._count else None))

    def __repr__(self) -> str:
        return f"Generations({list(self)!r})"


def evaluation_rates(generations: Generations) -> list[float | None]:
    """Return each generation's fitness computations per second of its own.

    None where the clock did not move, and where the generation before is missing: its count would go to the wrong one.
    """
    numbers = [-1, *generations.column("number")]
    counts = [
        after - before if number == last + 1 else None
        for (last, number), (before, after) in zip(
            pairwise(numbers), pairwise([0, *generations.column("evaluations")]), strict=True
        )
    ]
    return [
        count / seconds if count is not None and seconds > 0 else None
        for count, seconds in zip(counts, generations.column("seconds"), strict=True)
    ]


def _empty() -> dict[str, Any]:
    found: dict[str, Any] = {name: array("q" if name in WHOLE else "d") for name in GENERATION_COLUMNS}
    found[COUNTS] = _Histograms()
    return found


def _extend(columns: dict[str, Any], rows: Sequence[Sequence[Any]]) -> int:
    """Add rows; all columns or, where a value is of a wrong kind, none. Returns how many there are then."""
    ready: dict[str, Any] = {}
    for name, values in zip(GENERATION_COLUMNS, zip(*rows, strict=True), strict=bool(rows)):
        if name == COUNTS:
            ready[name] = [_histogram(value) for value in values]
        elif name in WHOLE:
            ready[name] = array("q", values)
        else:
            ready[name] = array("d", [math.nan if value is None else value for value in values])
    for name, values in ready.items():
        columns[name].extend(values)
    return len(columns["number"])


def _histogram(value: Any) -> bytes:
    if not isinstance(value, bytes) or len(value) % _COUNT_BYTES:  # else found out only where someone looks at it
        raise TypeError(f"a histogram is {value!r:.40}")
    return value


def _stored(result: GenerationResult, name: str) -> Any:
    """A value as a run file holds it."""
    if name == COUNTS:
        return struct.pack(f"<{len(result.counts)}I", *result.counts)
    return getattr(result, name)


def _bits(column: Any) -> object:
    """A key that is equal where all values are, those that are missing included."""
    return column.tobytes() if isinstance(column, array) else column
