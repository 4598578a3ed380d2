"""The findings of a look at a table: frozen records that travel as JSON to the process that shows them.

Every name and every value is text that a terminal takes harmlessly (see `escape_text`).
"""

import dataclasses
import json
from dataclasses import dataclass
from typing import Any, Literal

from nnsize_engine.settings.table import TableSettings, table_from

ColumnKind = Literal["number", "boolean", "category", "date", "empty"]
ColumnRole = Literal["input", "target", "weight", "groups", "order", "ignored"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One label of a column, or one class of a target, and how often it occurs."""

    label: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSummary:
    """One column of a table."""

    name: str
    kind: ColumnKind
    role: ColumnRole
    missing: int
    """Rows without a value."""

    distinct: int
    """Different values; of more than 10,000 numbers in more than 100,000 rows, at least so many."""

    inputs: int
    """Numbers that a network sees of it, after encoding; 0 for a target, weights or an ignored column."""

    low: str = ""
    """Smallest value, of numbers and dates, as text; empty otherwise."""

    high: str = ""
    mean: float | None = None
    std: float | None = None
    """Population standard deviation, of numbers."""

    levels: tuple[Level, ...] = ()
    """The most frequent values of a category or a boolean, most frequent first; at most 20."""

    edges: tuple[float, float] | None = None
    """Ends of the histogram, of numbers and dates (days since 1970)."""

    counts: tuple[int, ...] = ()
    """Rows in each of 32 equal parts between the edges."""

    remarks: tuple[str, ...] = ()
    """The suspicions about the column: constant, an id, a copy of the target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableProblem:
    """A fault that keeps a table from being used as it is."""

    message: str
    """A sentence with the way out."""

    field: str | None = None
    """Name of the setting to change; None if no single setting is at fault."""

    column: str | None = None
    """Name of the column that cannot be used; None if no single column is at fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSummary:
    """One table, looked at."""

    table: TableSettings
    """With which a run is started; of a table with problems, only the choice and the rows are known."""

    file_rows: int
    """Rows in the file."""

    without_target: int
    """Rows dropped because their target is missing."""

    columns: tuple[ColumnSummary, ...]
    """In the file's order."""

    preview: tuple[tuple[str, ...], ...]
    """The first rows, at most 50, one text a column; a missing value is empty."""

    classes: tuple[Level, ...]
    """Class balance, in the labels' order; empty for regression."""

    notes: tuple[str, ...]
    """Facts that were found out rather than said, in sentences: target, task, separator, encoding."""

    warnings: tuple[str, ...]
    """Warnings of what may spoil the results, in sentences that name the column and what to do."""

    problems: tuple[TableProblem, ...] = ()
    """Faults that keep a run from being started; empty for a table that can be used."""


def summary_to_json(summary: DataSummary) -> str:
    """A summary as a JSON object."""
    return json.dumps(dataclasses.asdict(summary))


def summary_from_json(text: str) -> DataSummary:
    """Read a summary back.

    Raises:
        ValueError, TypeError, KeyError: the text is no such object.
    """
    fields: dict[str, Any] = json.loads(text)
    columns = tuple(_column(column) for column in fields["columns"])
    return DataSummary(
        **fields
        | {
            "table": table_from(fields["table"]),
            "columns": columns,
            "preview": tuple(tuple(row) for row in fields["preview"]),
            "classes": _levels(fields["classes"]),
            "notes": tuple(fields["notes"]),
            "warnings": tuple(fields["warnings"]),
            "problems": tuple(TableProblem(**problem) for problem in fields["problems"]),
        }
    )


def _column(fields: dict[str, Any]) -> ColumnSummary:
    edges = fields["edges"]
    return ColumnSummary(
        **fields
        | {
            "levels": _levels(fields["levels"]),
            "edges": None if edges is None else (edges[0], edges[1]),
            "counts": tuple(fields["counts"]),
            "remarks": tuple(fields["remarks"]),
        }
    )


def _levels(found: list[dict[str, Any]]) -> tuple[Level, ...]:
    return tuple(Level(**level) for level in found)
