"""Export of a run's results as a table in CSV, TSV, JSON or Markdown."""

import csv
import io
import json
import math
from functools import partial
from pathlib import Path
from typing import Literal, assert_never, get_args

from nnsize_engine.export.atomic_file import export_file
from nnsize_engine.export.escaping import in_markdown, in_spreadsheet
from nnsize_engine.export.kinds import make_table
from nnsize_engine.export.tables import Cell, Table, TableName
from nnsize_engine.runs.follower import RunFollower

Format = Literal["csv", "tsv", "json", "md"]
FORMATS: tuple[Format, ...] = get_args(Format)


def export_run(
    folder: Path, to: Path, *, table: TableName | None = None, format: str | None = None, force: bool = False
) -> None:
    """Write a run's table to a file, also while the run is under way.

    ``table`` is None for the default table of the run's kind. ``to``, ``format`` and ``force`` are those of
    :func:`~nnsize_engine.export.atomic_file.export_file`.

    Raises:
        ExportError: the run has no such table, or the file cannot be written.
        StoreError: the run cannot be read.
    """
    export_file(to, partial(export_text, folder, table), FORMATS, format, force=force)


def export_text(folder: Path, table: TableName | None, format: Format) -> str:
    """Return a run's table as text in a format.

    Raises:
        ExportError: the run has no such table.
        StoreError: the run cannot be read.
    """
    return table_text(make_table(RunFollower(folder).look(), table), format)


def table_text(columns: Table, format: Format) -> str:
    """Return a table as text in a format."""
    match format:
        case "csv":
            return _separated(columns, ",")
        case "tsv":
            return _separated(columns, "\t")
        case "json":
            return _object(columns)
        case "md":
            return _markdown(columns)
        case _:
            assert_never(format)


def _object(columns: Table) -> str:
    return json.dumps({name: [_strict(cell) for cell in cells] for name, cells in columns.items()}, indent=1) + "\n"


def _strict(cell: Cell) -> object:
    """Return a cell that JSON can hold: an infinite number, such as n_iter_no_change, becomes text."""
    if isinstance(cell, dict):
        return {name: _strict(value) for name, value in cell.items()}
    return str(cell) if isinstance(cell, float) and math.isinf(cell) else cell


def _separated(columns: Table, separator: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    writer.writerow(map(in_spreadsheet, columns))
    writer.writerows([_spreadsheet_cell(cell) for cell in row] for row in zip(*columns.values(), strict=True))
    return text.getvalue()


def _markdown(columns: Table) -> str:
    lines = ["| " + " | ".join(map(in_markdown, columns)) + " |", "|" + " --- |" * len(columns)]
    for row in zip(*columns.values(), strict=True):
        lines.append("| " + " | ".join(_markdown_cell(cell) for cell in row) + " |")
    return "\n".join(lines) + "\n"


def _spreadsheet_cell(cell: Cell) -> str:
    """Return a cell of a CSV file; what is no text by type, such as -1.5, is never taken for a formula."""
    return in_spreadsheet(cell) if isinstance(cell, str) else cell_text(cell)


def _markdown_cell(cell: Cell) -> str:
    return cell_text(cell) if isinstance(cell, int | float) else in_markdown(cell_text(cell))


def cell_text(cell: Cell) -> str:
    """Return a cell as pandas writes it: all digits of floats, nothing for a missing value, tuples for layers."""
    if cell is None:
        return ""
    if isinstance(cell, list):
        return str(tuple(cell))
    if isinstance(cell, dict):
        return str({key: tuple(value) if isinstance(value, list) else value for key, value in cell.items()})
    return str(cell)
