"""Checksums of stored facts: a CRC-32 of a row's values and of the names of its columns.

A CRC-32 notices every single flipped bit, and all but one in four thousand million other changes. It is no protection
against somebody who changes a run on purpose and computes it anew. Values are encoded as SQLite gives them back: whole
numbers and others as float64, texts as UTF-8. Missing values are left out, so that a column that a later version adds,
which is missing in earlier rows, changes no checksum.
"""

import struct
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import repeat, starmap
from types import NoneType
from typing import Any
from zlib import crc32

from nnsize_engine.results.records import GENERATION_COLUMNS, SCORES_COLUMNS
from nnsize_engine.results.references import REFERENCE_COLUMNS
from nnsize_engine.results.search_records import FINAL_COLUMNS, FIT_COLUMNS
from nnsize_engine.results.watched import WATCHED_COLUMNS

SIX_BYTES = 1 << 40
"""Added to each checksum, so that SQLite stores all of them in six bytes, and no flipped bit makes one missing."""

RUN_COLUMNS = (
    "id", "kind", "created", "settings", "state", "reason", "total", "workers", "active_seconds", "data", "versions",
)  # fmt: skip

LOSS_CURVE = "loss_curve"
"""The losses of a fit, which are a fact of their own: they are stored in its row, and read apart from it."""

_NETWORK_COLUMNS = ("steps", "weights", "facts")
_SCORE_COLUMNS = ("name", "test", "train", "error")

FACTS: Mapping[str, tuple[str, ...]] = {
    "run": RUN_COLUMNS,
    "stored": ("commits", "counts", "has_unsigned"),
    "fit": FIT_COLUMNS,
    LOSS_CURVE: ("candidate", "fold", "loss_curve"),
    "score": ("candidate", "fold", *_SCORE_COLUMNS),
    "unfinished": ("candidate", "fold", "seconds", "state"),
    "final_test": FINAL_COLUMNS,
    "final_network": ("candidate", *_NETWORK_COLUMNS),
    "watched_candidate": WATCHED_COLUMNS,
    "reference": REFERENCE_COLUMNS,
    "reference_score": ("reference", "fold", *_SCORE_COLUMNS),
    "generation": GENERATION_COLUMNS,
    "series_generation": ("series", *GENERATION_COLUMNS),
    "series_result": ("series", "reason", "value", "scores"),
    "network_scores": SCORES_COLUMNS,
    "network": ("name", *_NETWORK_COLUMNS),
    "encoder": ("content",),
}
"""The columns of each table that a checksum covers."""

_SORTED = {fact: tuple(sorted(columns)) for fact, columns in FACTS.items()}

_WHOLE = frozenset({int, bool})
_NUMBERS = _WHOLE | {float}
_LENGTH = struct.Struct("<Q")


def checksum_of(fact: str, row: Mapping[str, Any]) -> int:
    """Return the checksum of a row, which may have further columns."""
    names = _SORTED[fact]
    return _checksum(fact, names, [row[name] for name in names])


def checksums_of(fact: str, columns: Sequence[str], values: Sequence[Sequence[Any]]) -> list[int]:
    """Return the checksums of rows, given the values of each of these columns."""
    by_column = sorted(zip(columns, values, strict=True), key=lambda pair: pair[0])
    names = tuple(name for name, _ in by_column)
    kinds = [set(map(type, column)) for _, column in by_column]
    if all(kind <= _NUMBERS or kind == {NoneType} for kind in kinds):  # a hundred thousand fits in a tenth of a second
        present = [NoneType not in kind for kind in kinds]
        numbers = [
            # SQLite stores -0.0 as 0.
            column if kind <= _WHOLE or 0 not in column else [value + 0.0 for value in column]
            for (_, column), kind in zip(by_column, kinds, strict=True)
            if NoneType not in kind
        ]
        seed = _seed(fact, names, "".join("n" if is_there else "-" for is_there in present))
        pack = struct.Struct(f"<{len(numbers)}d").pack
        if not numbers:
            return [seed + SIX_BYTES] * len(by_column[0][1])
        if not any(map(_has_nan, numbers)):
            return [crc + SIX_BYTES for crc in map(crc32, starmap(pack, zip(*numbers, strict=True)), repeat(seed))]
    return [_checksum(fact, names, row) for row in zip(*(column for _, column in by_column), strict=True)]


def _has_nan(values: Sequence[float]) -> bool:
    """Return whether a value is NaN; True, too, for infinities of both signs."""
    total = sum(values)
    return total != total


def _checksum(fact: str, names: tuple[str, ...], row: Sequence[Any]) -> int:
    kinds, numbers, contents = "", [], []
    for value in row:  # one loop, because a search may store a thousand fits a second
        if value is None or value != value:  # SQLite stores NaN as a missing value
            kinds += "-"
        elif isinstance(value, int | float):
            kinds += "n"
            numbers.append(value + 0.0)
        elif isinstance(value, str):
            kinds += "s"
            contents.append(value.encode(errors="surrogateescape"))
        else:
            kinds += "b"
            contents.append(value)
    crc = crc32(struct.pack(f"<{len(numbers)}d", *numbers), _seed(fact, names, kinds))
    for content in contents:
        crc = crc32(content, crc32(_LENGTH.pack(len(content)), crc))
    return crc + SIX_BYTES


@lru_cache(maxsize=1000)
def _seed(fact: str, names: tuple[str, ...], kinds: str) -> int:
    """Return the checksum of what the values are."""
    present = [f"{name}:{kind}" for name, kind in zip(names, kinds, strict=True) if kind != "-"]
    return crc32(" ".join([fact, *present]).encode())
