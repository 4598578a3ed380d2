"""Export of a run's results as a table: CSV, TSV, JSON, Markdown, HTML, TeX, Parquet or Excel."""

import csv
import io
import json
import math
from functools import partial
from pathlib import Path
from typing import Literal, assert_never, get_args

from nnsize_engine.export.atomic_file import export_file
from nnsize_engine.export.cell_text import cell_text
from nnsize_engine.export.escaping import in_markdown, in_spreadsheet
from nnsize_engine.export.excel_table import excel_content
from nnsize_engine.export.html_table import html_page
from nnsize_engine.export.kinds import make_table
from nnsize_engine.export.parquet_table import parquet_content
from nnsize_engine.export.tables import Cell, Table, TableName
from nnsize_engine.export.tex_table import tex_table
from nnsize_engine.runs.follower import RunFollower

Format = Literal["csv", "tsv", "json", "md", "html", "tex"]
"""The formats that are text."""

FORMATS: tuple[Format, ...] = get_args(Format)

TableFormat = Literal[Format, "parquet", "xlsx"]
TABLE_FORMATS: tuple[TableFormat, ...] = get_args(TableFormat)


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
    export_file(to, partial(_content, folder, table), TABLE_FORMATS, format, force=force)


def _content(folder: Path, table: TableName | None, format: TableFormat) -> str | bytes:
    return table_content(make_table(RunFollower(folder).look(), table), format)


def export_text(folder: Path, table: TableName | None, format: Format) -> str:
    """Return a run's table as text in a format.

    Raises:
        ExportError: the run has no such table.
        StoreError: the run cannot be read.
    """
    return table_text(make_table(RunFollower(folder).look(), table), format)


def table_content(columns: Table, format: TableFormat) -> str | bytes:
    """Return the content of a file with a table.

    Raises:
        ExportError: a library for the format is missing, or the format cannot hold such a table.
    """
    match format:
        case "parquet":
            return parquet_content(columns)
        case "xlsx":
            return excel_content(columns)
        case _:
            return table_text(columns, format)


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
        case "html":
            return html_page(columns)
        case "tex":
            return tex_table(columns)
        case _:
            assert_never(format)


def table_rows(columns: Table) -> list[dict[str, object]]:
    """Return the rows of a table as objects that JSON can hold."""
    return [dict(zip(columns, map(_strict, row), strict=True)) for row in zip(*columns.values(), strict=True)]


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
