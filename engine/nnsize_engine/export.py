"""Take a run's results home: as a CSV, TSV, JSON or Markdown table, in a file that is never half there."""

import csv
import io
import json
from pathlib import Path
from typing import Literal, get_args

from nnsize_engine.errors import ExportError
from nnsize_engine.run_view import RunFollower, SizeView
from nnsize_engine.tables import Cell, Table, TableName, make_table
from nnsize_engine.whole_file import find_place, write_whole

Format = Literal["csv", "tsv", "json", "md"]
FORMATS: tuple[Format, ...] = get_args(Format)


def export_run(
    folder: Path, to: Path, *, table: TableName = "candidates", format: str | None = None, force: bool = False
) -> None:
    """Write a run's table to a file; works while the run goes on.

    Args:
        folder: the run.
        to: the file; its ending says the format unless ``format`` does.
        table: which table.
        format: one of :data:`FORMATS`.
        force: replace a file that exists.

    Raises:
        ExportError: no such format or folder, or the file cannot be written.
        FileExists: the file exists and ``force`` is not set.
        StoreError: the run cannot be read.
    """
    chosen = choose_format(to, format)
    place = find_place(to, force=force)
    write_whole(place, export_text(folder, table, chosen), force=force)


def export_text(folder: Path, table: TableName, format: Format) -> str:
    """A run's table as text, in a format.

    Raises:
        ExportError: the run has no such table.
        StoreError: the run cannot be read.
    """
    view = RunFollower(folder).look()
    if not isinstance(view, SizeView):
        raise ExportError(f"run {folder.name} is an evolution, which cannot be exported yet")
    columns = make_table(view, table)
    if format == "json":
        return json.dumps(columns, indent=1) + "\n"
    if format == "md":
        return _markdown(columns)
    return _separated(columns, "\t" if format == "tsv" else ",")


def choose_format(to: Path, format: str | None) -> Format:
    """The format that is named, or that the file's ending says.

    Raises:
        ExportError: it is none of :data:`FORMATS`.
    """
    name = format if format is not None else to.suffix.removeprefix(".").lower()
    name = {"markdown": "md"}.get(name, name)
    if name in FORMATS:
        return name
    found = f"format {format!r} is unknown" if format is not None else f"the ending of {to.name!r} names no format"
    raise ExportError(f"{found}; choose one of {', '.join(FORMATS)}")


def _separated(columns: Table, separator: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_plain(cell) for cell in row] for row in zip(*columns.values(), strict=True))
    return text.getvalue()


def _markdown(columns: Table) -> str:
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    for row in zip(*columns.values(), strict=True):
        lines.append("| " + " | ".join(_plain(cell).replace("|", "\\|").replace("\n", " ") for cell in row) + " |")
    return "\n".join(lines) + "\n"


def _plain(cell: Cell) -> str:
    """A cell as pandas would write it: floats with every digit, nothing for a missing value, tuples for layers."""
    if cell is None:
        return ""
    if isinstance(cell, list):
        return str(tuple(cell))
    if isinstance(cell, dict):
        return str({key: tuple(value) if isinstance(value, list) else value for key, value in cell.items()})
    return str(cell)
