"""Summary of a column: missing and different values, extremes, and a histogram or the most frequent labels."""

from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.data.parse_dates import date_text
from nnsize_engine.results.table_summary import ColumnKind, ColumnRole, ColumnSummary, Level
from nnsize_engine.text import escape_text

HISTOGRAM_PARTS = 32  # bins of equal width

_MAX_PLAIN_INTEGER = 1e15  # written out in full; larger numbers get an exponent

MAX_EXACT_ROWS = 100_000  # rows whose different numbers are always counted exactly; sorting more takes seconds

MAX_EXACT_DISTINCT = 10_000  # different numbers that are counted exactly in any number of rows

MAX_SHOWN_LEVELS = 20  # the most frequent levels of a column, about the lines of a screen


def summarise(column: TypedColumn, role: ColumnRole, inputs: int) -> ColumnSummary:
    """Return the summary of a column that becomes ``inputs`` network inputs."""
    missing = int(column.is_missing.sum())
    if column.kind == "category":
        counts = np.bincount(column.values[column.values >= 0], minlength=len(column.levels))
        labels = list(column.levels)
        return _of_labels(column, role, labels, counts, missing, inputs)
    if column.kind == "boolean":
        ones = int(np.nansum(column.values))
        counts = np.array([len(column.values) - missing - ones, ones])
        return _of_labels(column, role, ["False", "True"], counts, missing, inputs)
    present = column.values[~np.isnan(column.values)] if missing else column.values
    if len(present) == 0:
        return ColumnSummary(name=column.name, kind="empty", role=role, missing=missing, distinct=0, inputs=inputs)
    low, high = float(present.min()), float(present.max())
    with np.errstate(over="ignore", invalid="ignore"):  # enormous numbers overflow and get no mean
        mean, std = _finite(present.mean(dtype=np.float64)), _finite(present.std(dtype=np.float64))
    return ColumnSummary(
        name=column.name,
        kind=column.kind,
        role=role,
        missing=missing,
        distinct=count_distinct(present),
        inputs=inputs,
        low=value_text(column.kind, low),
        high=value_text(column.kind, high),
        mean=mean if column.kind == "number" else None,
        std=std if column.kind == "number" else None,
        edges=(low, high) if np.isfinite([low, high]).all() else None,
        counts=_histogram(present, low, high),
    )


def _of_labels(
    column: TypedColumn,
    role: ColumnRole,
    labels: list[str],
    counts: NDArray[np.int64],
    missing: int,
    inputs: int,
) -> ColumnSummary:
    order = np.argsort(-counts, kind="stable")[:MAX_SHOWN_LEVELS]
    return ColumnSummary(
        name=column.name,
        kind=column.kind,
        role=role,
        missing=missing,
        distinct=int((counts > 0).sum()),
        inputs=inputs,
        levels=tuple(
            Level(label=escape_text(labels[place]), rows=int(counts[place])) for place in order if counts[place] > 0
        ),
    )


def count_distinct(values: NDArray[np.floating]) -> int:
    """Return the number of different values, of which none is missing.

    The count is exact for at most :data:`MAX_EXACT_ROWS` rows or :data:`MAX_EXACT_DISTINCT` values, and for whole
    numbers that may be ids. Otherwise only evenly spaced rows are sorted, and the count is a lower limit.
    """
    if len(values) <= MAX_EXACT_ROWS:
        return _count_sorted(values)
    some = values[:: -(-len(values) // MAX_EXACT_ROWS)]
    found = _count_sorted(some)
    if found <= MAX_EXACT_DISTINCT:
        import pandas as pd

        return len(pd.unique(values))  # by a hash table, fast while it is small
    is_id = found == len(some) and bool((some == np.floor(some)).all())
    return _count_sorted(values) if is_id else found


def _count_sorted(values: NDArray[np.floating]) -> int:
    ordered = np.sort(values)
    return int((ordered[1:] != ordered[:-1]).sum()) + 1 if len(ordered) else 0


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _histogram(values: NDArray[np.floating], low: float, high: float) -> tuple[int, ...]:
    """Return the rows in each bin between the extremes; equal values are all in the first bin."""
    with np.errstate(over="ignore"):
        parts = (high - low) / HISTOGRAM_PARTS
    if not np.isfinite(parts):
        return ()
    if parts < abs(low) * np.finfo(np.float64).eps:  # equal, or too close together to be divided
        return (len(values), *(0 for _ in range(HISTOGRAM_PARTS - 1)))
    counts, _ = np.histogram(values, bins=HISTOGRAM_PARTS, range=(low, high))
    return tuple(counts.tolist())


def value_text(kind: ColumnKind, value: float) -> str:
    """Return a number, a date or a truth value of a column as text; empty where missing."""
    if np.isnan(value):
        return ""
    match kind:
        case "date":
            return date_text(value)
        case "boolean":
            return "True" if value else "False"
        case "number":
            is_whole = value == np.floor(value) and abs(value) < _MAX_PLAIN_INTEGER
            return str(int(value)) if is_whole else f"{value:.12g}"
        case "category" | "empty":
            raise ValueError(f"a value of a column of kind {kind} is not a number")
        case _:
            assert_never(kind)


def cell_text(column: TypedColumn, row: int) -> str:
    """Return one value of a column as text, for a preview."""
    value = column.values[row]
    if column.kind == "category":
        return escape_text(column.levels[value]) if value >= 0 else ""
    return value_text(column.kind, float(value))
