"""The look at a table that cannot be used or even read: its columns as texts, with all its faults."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from nnsize_engine.data.compressed import find_packing, open_bytes
from nnsize_engine.data.find_columns import guess_targets
from nnsize_engine.data.header import read_header
from nnsize_engine.data.layout import Layout
from nnsize_engine.data.problems import Problems, remark_of
from nnsize_engine.data.records import divide
from nnsize_engine.data.summarise import MAX_SHOWN_LEVELS
from nnsize_engine.errors import DataError
from nnsize_engine.results.table_summary import ColumnSummary, DataSummary, Level
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_address import local_path
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_engine.text import escape_text

MAX_LOOKED_ROWS = 20_000  # read as texts; a fault further below is told by its sentence alone

MAX_LOOKED_COLUMNS = 5_000  # of the longest line; a line with more is no row of a table

MAX_PREVIEW_ROWS = 50  # the lines of a tall terminal


def broken_summary(
    choice: TableChoice,
    rows: int,
    columns: tuple[ColumnSummary, ...],
    preview: tuple[tuple[str, ...], ...],
    problems: Problems,
    *,
    file_rows: int,
) -> DataSummary:
    """Return the summary of a table that cannot be used; its task and its inputs are not known."""
    return DataSummary(
        table=TableSettings(choice=choice, task="regression", rows=rows, inputs=0, classes=0, sha256=""),
        file_rows=file_rows,
        without_target=0,
        columns=columns,
        preview=preview,
        classes=(),
        notes=(),
        warnings=(),
        problems=problems.records,
    )


def look_at_texts(choice: TableChoice, problems: Problems) -> DataSummary:
    """Return the first rows of a text file as columns of texts, whatever is wrong with it.

    Raises:
        DataError: the first of the problems, if the file is no text or has no line.
    """
    first = problems.found[0]
    path = local_path(choice.source)
    try:
        if not path.is_file():
            raise first
        records = _records(choice, path)
    except (DataError, OSError, EOFError, UnicodeError, LookupError, csv.Error) as error:
        raise first from error
    if not records:
        raise first
    names, rows = _names(records), records[1:]
    targets = guess_targets(names[: len(records[0])], choice)  # not a field that only a line too long has
    columns = tuple(
        _column(
            name,
            [row[place] if place < len(row) else "" for row in rows],
            is_target=name in targets,
            remark=remark_of(first) if name == first.column else _overlong(rows, place, len(records[0])),
        )
        for place, name in enumerate(names)
    )
    preview = tuple(
        tuple(escape_text(row[place]) if place < len(row) else "" for place in range(len(names)))
        for row in rows[:MAX_PREVIEW_ROWS]
    )
    return broken_summary(choice, len(rows), columns, preview, problems, file_rows=len(rows))


def _records(choice: TableChoice, path: Path) -> list[list[str]]:
    """Return the lines of a file as lists of texts, the first one for the names."""
    try:
        header = read_header(choice, path)
        packing, layout, encoding = header.packing, header.layout, header.encoding
    except DataError as error:
        if error.field != "encoding":  # binary data, or damaged
            raise
        packing, layout, encoding = find_packing(path, choice.name), Layout(separator=choice.separator), "utf-8"
    raw = open_bytes(path, packing, choice.name)
    with io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="") as file:
        lines = islice(file, layout.first_line, None)
        found = divide(lines, layout.separator or ",", layout.first_line, layout.comment, layout.skips_blanks)
        records = [list(record.fields[:MAX_LOOKED_COLUMNS]) for record in islice(found, MAX_LOOKED_ROWS + 1)]
        return [list(layout.fields), *records] if layout.fields else records


def _names(records: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return a unique name for each column of the longest line."""
    width = max(map(len, records))
    names: list[str] = []
    for place in range(width):
        text = records[0][place] if place < len(records[0]) else ""
        name = escape_text(text) if text.strip() else f"Unnamed: {place}"
        found, number = name, 1
        while found in names:
            found, number = f"{name}.{number}", number + 1
        names.append(found)
    return tuple(names)


def _overlong(rows: Sequence[Sequence[str]], place: int, width: int) -> str:
    """Return the remark on a field that some lines have and the line of names has not; empty for any other."""
    if place < width:
        return ""
    found = [number for number, row in enumerate(rows, start=1) if place < len(row)]
    return f"without a name, in {len(found):,} row{'s'[: len(found) != 1]}, first in row {found[0]:,}"


def _column(name: str, texts: Sequence[str], *, is_target: bool, remark: str) -> ColumnSummary:
    counts = Counter(text for text in texts if text.strip())
    common = counts.most_common(MAX_SHOWN_LEVELS)
    return ColumnSummary(
        name=name,
        kind="category" if counts else "empty",
        role="target" if is_target else "input",
        missing=len(texts) - counts.total(),
        distinct=len(counts),
        inputs=0,
        levels=tuple(Level(label=escape_text(text), rows=rows) for text, rows in common),
        remarks=(remark,) if remark else (),
    )
