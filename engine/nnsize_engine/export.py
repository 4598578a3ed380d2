"""Take a run's results home: as a CSV, TSV, JSON or Markdown table, in a file that is never half there."""

import contextlib
import csv
import io
import json
import os
import secrets
import shutil
from pathlib import Path
from typing import Literal, get_args

from nnsize_engine.errors import ExportError
from nnsize_engine.run_view import RunFollower, SizeView
from nnsize_engine.tables import Cell, Table, TableName, make_table

Format = Literal["csv", "tsv", "json", "md"]
FORMATS: tuple[Format, ...] = get_args(Format)


class FileExists(ExportError):  # noqa: N818  # an answer as much as an error: the screen asks whether to replace it
    """The file to write is there already."""


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
    if to.is_symlink():
        to = to.resolve()  # write where the link points, and leave the link
    if to.exists() and not (to.is_file() or to.is_dir()):
        raise ExportError(f"{to} is not a regular file; name another, or leave --to out for standard output")
    if to.is_dir():
        raise ExportError(f"{to} is a folder; name a file in it")
    if not to.parent.is_dir():
        raise ExportError(f"the folder {to.parent} does not exist; create it, or export elsewhere")
    if to.exists() and not force:
        raise _exists(to)
    write_whole(to, export_text(folder, table, chosen), force=force)


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


def write_whole(to: Path, text: str, *, force: bool) -> None:
    """Write a file so that its name only ever shows the whole of it.

    Raises:
        ExportError: it cannot be written; nothing is left behind.
        FileExists: it exists and ``force`` is not set.
    """
    try:
        draft = to.with_name(f".{to.name}.{os.getpid()}-{secrets.token_hex(4)}")
        try:
            with draft.open("x", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if force:
                with contextlib.suppress(FileNotFoundError):
                    shutil.copymode(to, draft)
                draft.replace(to)
            else:
                _move_to_new(draft, to)
        finally:
            with contextlib.suppress(FileNotFoundError):
                draft.unlink()
    except FileExistsError as error:
        raise _exists(to) from error
    except OSError as error:
        raise ExportError(f"{to} cannot be written: {error.strerror or error}") from error


def _move_to_new(draft: Path, to: Path) -> None:
    """Give the draft its name, unless someone else took the name meanwhile."""
    try:
        to.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if to.exists():
            raise FileExistsError from None
        draft.rename(to)


def _exists(to: Path) -> FileExists:
    return FileExists(f"{to} exists already; choose another name, or replace it with --force")


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
