"""What each column of a run file may hold: the counterpart of ``schema.sql`` and ``evolution.sql``.

SQLite stores any value in any column, and a run file may be damaged, or written by somebody else. All that the
readers of runs read is checked here for type, range and finiteness, a column at a time: the checks are loops of the
interpreter's own in C, which take a tenth of the time of reading.
"""

import contextlib
import math
import sqlite3
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import NoneType
from typing import Any, get_args

from nnsize_engine.errors import StoreError
from nnsize_engine.results.records import HISTOGRAM_BINS, NetworkName, State
from nnsize_engine.results.references import REFERENCES
from nnsize_engine.settings.watched import MAX_CANDIDATES

MAX_MOMENT = 253_370_000_000.0  # seconds since 1970: the year 9998, so that every time zone can show it
MAX_TEXT = 1_000_000  # characters of a reason or a line of the log
MAX_NAME = 10_000  # characters of a name
MAX_OBJECT = 100_000_000  # characters of a JSON object; settings name every column of a table
MAX_SECONDS = 1e11  # three thousand years
MAX_COUNT = 2**53  # whole numbers that a float can hold, too
MAX_PID = 2**31 - 1
MAX_VALUE_BYTES = 2**31 - 1  # of any value; SQLite has a lower limit
MAX_LOOK_BYTES = 100_000_000  # of one value, except of networks, encoders and unfinished trainings


class DamagedError(StoreError):
    """A run file holds a value that no runner writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a column may hold."""

    types: frozenset[type]
    words: str
    """What it must be, in words."""

    low: float = -math.inf
    high: float = math.inf
    most: int = sys.maxsize
    """Characters of a text, bytes of a blob."""

    bytes_each: int = 1
    """The length of a blob is a multiple of these bytes."""

    choices: frozenset[str] | None = None

    def fault_in(self, values: Collection[Any]) -> bool:
        """Return whether any of these values is refused."""
        kinds = set(map(type, values))
        if not kinds <= self.types:
            return True
        if NoneType in kinds:
            values = [value for value in values if value is not None]
        if not values:
            return False
        if not kinds.isdisjoint((int, float)):  # NaN cannot be stored; infinities are beyond the limits
            return not (self.low <= min(values) and max(values) <= self.high)
        return (
            max(map(len, values)) > self.most
            or (self.bytes_each > 1 and any(len(value) % self.bytes_each for value in values))
            or (self.choices is not None and not self.choices.issuperset(values))
            or (str in kinds and not _is_unicode(values))
        )


def _is_unicode(texts: Collection[str]) -> bool:
    """Return whether no text has bytes that are no UTF-8, which are read as lone surrogates."""
    if all(map(str.isascii, texts)):
        return True
    try:
        for text in texts:
            text.encode()
    except UnicodeEncodeError:
        return False
    return True


def whole(low: int = 0, high: int = MAX_COUNT) -> Check:
    """Return the check of whole numbers."""
    return Check(types=frozenset({int}), words=f"a whole number from {low} to {high}", low=low, high=high)


def real(low: float = -sys.float_info.max, high: float = sys.float_info.max) -> Check:
    """Return the check of finite numbers."""
    limits = "finite" if high == sys.float_info.max else f"from {low:g} to {high:g}"
    return Check(types=frozenset({int, float}), words=f"a number, {limits}", low=low, high=high)


def text(most: int = MAX_TEXT) -> Check:
    """Return the check of texts."""
    return Check(types=frozenset({str}), words=f"a text of at most {most:,} characters", most=most)


def one_of(*choices: str) -> Check:
    """Return the check of a choice."""
    return Check(types=frozenset({str}), words=f"one of {', '.join(choices)}", choices=frozenset(choices))


def blob(bytes_each: int = 1, most: int = sys.maxsize) -> Check:
    """Return the check of bytes."""
    return Check(types=frozenset({bytes}), words="bytes of the right length", most=most, bytes_each=bytes_each)


def optional(check: Check) -> Check:
    """Return a check that accepts a missing value, too."""
    return replace(check, types=check.types | {NoneType}, words=f"{check.words}, or missing")


_SECONDS = real(0, MAX_SECONDS)
_MOMENT = real(0, MAX_MOMENT)
_SCORE = optional(real())
_ERROR = optional(text())
_NUMBER = whole()
_CHECKSUM = {"checksum": optional(whole(0, 2**41))}
_SCORES_OF_NETWORK = {
    "fitness": _SCORE, "held_out": _SCORE, "train_score": _SCORE, "test_score": _SCORE, "train_loss": _SCORE,
    "test_loss": _SCORE, "seconds": _SECONDS, "steps": _NUMBER, "error": _ERROR, "test_fitness": _SCORE,
    "objective": _SCORE, **_CHECKSUM,
}  # fmt: skip
_GENERATION = {
    "number": _NUMBER, "best": _SCORE, "mean": _SCORE, "std": _SCORE, "train": _SCORE, "held_out": _SCORE,
    "diversity": real(), "accepted": _NUMBER, "mutation": _SCORE, "recombination": _SCORE, "members": _NUMBER,
    "evaluations": _NUMBER, "seconds": _SECONDS, "elapsed": _SECONDS, "restarts": _NUMBER, "low": _SCORE,
    "high": _SCORE, "counts": blob(4, most=4 * HISTOGRAM_BINS), "step_size": _SCORE, "temperature": _SCORE,
    **_CHECKSUM,
}  # fmt: skip
_NETWORK = {"steps": _NUMBER, "weights": blob(8), "facts": text(MAX_OBJECT), **_CHECKSUM}
_SCORED = {"test": _SCORE, "train": _SCORE, "error": _ERROR, **_CHECKSUM}
_FITTED = {
    "test_score": _SCORE, "train_score": _SCORE, "fit_seconds": _SECONDS, "score_seconds": _SECONDS,
    "iterations": optional(_NUMBER), "error": _ERROR, **_CHECKSUM,
}  # fmt: skip
_NAME = text(MAX_NAME)

CHECKS: Mapping[str, Mapping[str, Check]] = {
    "run": {
        "id": _NAME,
        "kind": _NAME,
        "created": _MOMENT,
        "settings": text(MAX_OBJECT),
        "state": one_of(*get_args(State)),
        "reason": _ERROR,
        "total": _NUMBER,
        "workers": optional(_NUMBER),
        "active_seconds": _SECONDS,
        "data": optional(text(MAX_OBJECT)),
        "versions": optional(text()),
        **_CHECKSUM,
    },
    "stored": {"commits": _NUMBER, "counts": text(), "has_unsigned": whole(0, 1), **_CHECKSUM},
    "runner": {"pid": whole(1, MAX_PID), "process_start": _NAME, "host": _NAME, "heartbeat": _MOMENT},
    "fit": {
        "number": _NUMBER,
        "candidate": _NUMBER,
        "fold": _NUMBER,
        **_FITTED,
        "has_converged": optional(whole(0, 1)),
        "loss_curve": optional(blob(8)),
        "curve_checksum": _CHECKSUM["checksum"],
    },
    # The loss of a training that diverges may be infinite; SQLite stores NaN as NULL, which its column refuses.
    "under_way": {
        "candidate": _NUMBER, "fold": _NUMBER, "epochs": _NUMBER, "loss": real(-math.inf, math.inf),
    },
    "unfinished": {"candidate": _NUMBER, "fold": _NUMBER, "seconds": _SECONDS, "state": blob(), **_CHECKSUM},
    "final_test": {"candidate": _NUMBER, **_FITTED},
    "final_network": {"candidate": _NUMBER, **_NETWORK},
    "reference": {"name": one_of(*REFERENCES), "fold": _NUMBER, **_FITTED},
    "score": {"candidate": _NUMBER, "fold": optional(_NUMBER), "name": _NAME, **_SCORED},
    "reference_score": {"reference": one_of(*REFERENCES), "fold": _NUMBER, "name": _NAME, **_SCORED},
    "watched_candidate": {
        "number": whole(0, MAX_CANDIDATES - 1),
        "parameters": text(MAX_OBJECT),
        "iteration": optional(_NUMBER),
        "resources": optional(_NUMBER),
        "is_chosen": whole(0, 1),
        **_CHECKSUM,
    },
    "cluster": {
        "where_text": _NAME,
        "waiting": _NUMBER,
        "rate": _SECONDS,
        "bytes_sent": _NUMBER,
        "waits_for": text(),
    },
    "cluster_worker": {
        "name": _NAME,
        "host": _NAME,
        "threads": _NUMBER,
        "fits_done": _NUMBER,
        "busy_with": _NAME,
        "memory": _NUMBER,
        "memory_limit": _NUMBER,
        "last_seen": _MOMENT,
    },
    "log": {
        "number": _NUMBER,
        "time": _MOMENT,
        "level": one_of("info", "warning", "error"),
        "text": text(),
    },
    "generation": _GENERATION,
    "series_generation": {"series": _NUMBER, **_GENERATION},
    "series_result": {
        "series": _NUMBER, "reason": text(), "value": _SCORE, "scores": text(MAX_OBJECT), **_CHECKSUM,
    },
    "evaluating": {"generation": _NUMBER, "members_done": _NUMBER, "members": _NUMBER},
    "network_scores": {"name": one_of(*get_args(NetworkName)), **_SCORES_OF_NETWORK},
    "network": {"name": _NAME, **_NETWORK},
    "encoder": {"content": blob(), **_CHECKSUM},
}  # fmt: skip
"""By table and column. A column that is read needs an entry; a test compares with the SQL."""


@contextlib.contextmanager
def large_values(connection: sqlite3.Connection) -> Iterator[None]:
    """Accept values of any size inside: networks, encoders and trainings are larger than what a look reads."""
    before = connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
    try:
        yield
    finally:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, before)


def select(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], rest: str = "", values: Sequence[object] = ()
) -> list[tuple[Any, ...]]:
    """Read rows of a table, and check each of their values; ``rest`` is what follows the name of the table.

    Raises:
        DamagedError: a value is refused.
    """
    rows = connection.execute(f"SELECT {', '.join(columns)} FROM {table} {rest}", values).fetchall()
    check_rows(table, columns, rows)
    return rows


def check_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Check each value of rows; a column is named as in the table, or ends in ``AS`` and that name.

    Raises:
        DamagedError: a value is refused.
    """
    checks = CHECKS[table.rpartition(" ")[2]]  # a table, or a query that is called like one
    for column, values in zip(columns, zip(*rows, strict=True), strict=False):
        name = column.rpartition(" ")[2].rpartition(".")[2]
        check = checks[name]
        is_missing = column.startswith("NULL AS ")  # of a table of an earlier version
        if not is_missing and check.fault_in(values):
            found = next(value for value in values if check.fault_in((value,)))
            raise DamagedError(f"{name} in table {table} is {shown_value(found)}; it must be {check.words}")


def shown_value(value: object) -> str:
    """Return a refused value in at most 60 characters."""
    if value is None:
        return "missing"
    shown = repr(value[:60] if isinstance(value, str | bytes) else value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
