"""Counts of a table as text: columns and missing values. Screens and commands share them."""

from nnsize_engine.results.table_summary import DataSummary


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
