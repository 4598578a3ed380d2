"""Counts of a table as text: columns and missing values. Screens and commands share them."""

from typing import assert_never

from nnsize_engine.results.table_summary import ColumnSummary, DataSummary


def columns_text(summary: DataSummary) -> str:
    """Return the number of columns, including the target and ignored ones: ``8 columns``."""
    count = len(summary.columns)
    return f"{count:,} column{'' if count == 1 else 's'}"


def missing_text(missing: int, rows: int, room: int) -> str:
    """Return missing values for a cell: a count and a share of the rows, ``177 (20%)``, or the count alone."""
    if not missing:
        return ""
    share = 100 * missing / max(1, rows)
    words = f"{missing:,} ({share:.0f}%)" if share >= 0.95 else f"{missing:,} (<1%)"
    return words if len(words) <= room else f"{missing:,}"


def missing_words(missing: int, rows: int) -> str:
    """Return missing values for a sentence: ``177 missing (19.9%)``."""
    return f"{missing:,} missing ({100 * missing / max(1, rows):.1f}%)" if missing else "0 missing"


def role_text(column: ColumnSummary) -> str:
    """Return the inputs that a column becomes, for a cell: their number, or its role if it is no input."""
    return f"{column.inputs:,}" if column.role == "input" else column.role


def role_words(column: ColumnSummary) -> str | None:
    """Return what a column is if it is no input, for a sentence; None for an input."""
    match column.role:
        case "input":
            return None
        case "target":
            return "the target"
        case "weight":
            return "sample weights"
        case "groups":
            return "groups the rows"
        case "order":
            return "orders the rows"
        case "ignored":
            return "ignored"
        case _:
            assert_never(column.role)
