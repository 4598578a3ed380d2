"""The rows, columns and classes of a table that a run leaves out, in words."""

from collections.abc import Sequence

from nnsize_engine.settings.file_facts import file_left_out_text
from nnsize_engine.settings.run import RunSettings
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.text import escape_text

MAX_NAMED = 5  # columns or classes named in a line; the others are counted


def _of_file(table: TableSettings) -> str:
    """Return the lines and columns of the file that hold no values."""
    words = file_left_out_text(table.file)
    return f"left out of the file: {words}" if words else ""


def _without_target(table: TableSettings) -> list[str]:
    if not table.without_target:
        return []
    return [f"{table.without_target:,} row{'s'[: table.without_target != 1]} without a target left out"]


def _values_left_out(table: TableSettings) -> list[str]:
    """Return the classes and columns that are left out, joined or kept against the usual, each in a few words."""
    parts = []
    if table.rare_classes:
        rows = sum(rows for _, rows in table.rare_classes)
        named = _named([f"{escape_text(label)} ({count:,})" for label, count in table.rare_classes])
        count = len(table.rare_classes)
        classes = f"{count:,} rare class{'es'[: 2 * (count != 1)]} of {rows:,} row{'s'[: rows != 1]}"
        becomes = "left out" if table.joined_class is None else f"joined into '{escape_text(table.joined_class)}'"
        parts.append(f"{classes} {becomes}: {named}")
    if table.left_out:
        count = len(table.left_out)
        named = _named([f"{name} ({reason})" for name, reason in table.left_out])
        parts.append(f"{count:,} column{'s'[: count != 1]} left out: {named}")
    if table.kept_labels:
        parts.append(f"label kept: {_named([repr(label) for label in table.kept_labels])}")
    return parts


def _sample(table: TableSettings) -> str:
    """Return the sample of rows in words; nothing if all rows are used, and for old runs."""
    if table.choice.sample is None or table.file_rows is None:
        return ""
    dropped = 0 if table.joined_class is not None else sum(rows for _, rows in table.rare_classes)
    there = table.file_rows - table.without_target - dropped
    return f"a sample of {table.rows:,} rows" if table.rows < there else ""


def left_out_text(table: TableSettings, *, has_rows: bool = True) -> str:
    """Return everything that is left out in one line; empty if all is used, and for runs of earlier versions.

    ``has_rows`` includes the rows without a target.
    """
    rows = _without_target(table) if has_rows else []
    return "; ".join(part for part in (_of_file(table), *rows, *_values_left_out(table), _sample(table)) if part)


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - MAX_NAMED:,} more" if len(names) > MAX_NAMED else ""
    return f"{', '.join(names[:MAX_NAMED])}{more}"


def left_out_comments(settings: RunSettings) -> list[str]:
    """Return what is left out of a run's table as comments of a settings file."""
    text = "" if settings.table is None else left_out_text(settings.table)
    return [text] if text else []
