"""Excel files (``.xlsx``), read by pandas with openpyxl, which is an optional dependency."""

import dataclasses
import warnings
import zipfile
from collections.abc import Collection, Generator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from nnsize_engine.data.cast_parts import cast_part
from nnsize_engine.data.find_columns import guess_targets
from nnsize_engine.data.layout import Layout, find_header
from nnsize_engine.data.layout_notes import header_notes, layout_warnings
from nnsize_engine.data.missing_arguments import missing_arguments
from nnsize_engine.data.records import MAX_RECORDS, Record
from nnsize_engine.data.source import PART_ROWS, Source, file_sha256
from nnsize_engine.data.unique_names import names_of_columns
from nnsize_engine.errors import DataError
from nnsize_engine.processes.install_hint import install_hint
from nnsize_engine.settings.file_facts import FileFacts, LeftOut
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_engine.text import escape_text

WORKBOOK = "xl/workbook.xml"
"""The member of a zip archive that makes it an Excel file."""

MAX_UNPACKED_BYTES = 1 << 31  # 2 GiB of XML, more than a full sheet of a hundred columns


def open_excel(choice: TableChoice, path: Path) -> Source:
    """Find the columns of the first sheet of a file; titles, units and missing names are found as in text files.

    Raises:
        DataError: openpyxl is missing, or the file is damaged or holds no table.
    """
    name = choice.name
    _check_size(path, name)
    sheets, records = _first_rows(path, name)
    skip = choice.skip or 0
    skipped: tuple[tuple[LeftOut, int], ...] = (("skipped", skip),) if choice.skip else ()
    below = [record for record in records if record.line >= skip]
    layout = find_header(Layout(skip=skip, left_out=skipped), below, choice)
    if not layout.fields:
        raise DataError(f"the first sheet of {name} is empty; move the table into the first sheet", field="data")
    names = names_of_columns(layout.fields)
    kept = [place for place in range(len(names)) if place not in layout.empty]
    found = dataclasses.replace(choice, header=layout.header, skip=layout.skip, comment="")

    @cache
    def table() -> Any:
        return _read(path, layout, names, _with_target(found, layout, names))

    def frames(wanted: Sequence[int], as_text: Collection[int]) -> Generator[Any, None, None]:
        texts = {at for at, place in enumerate(wanted) if place in as_text}
        columns = [kept[place] for place in wanted]
        frame = table()
        for start in range(0, len(frame), PART_ROWS):
            yield cast_part(frame.iloc[start : start + PART_ROWS, columns], texts, choice.missing)

    sheet = (f"sheet: '{escape_text(sheets[0])}', the first of {len(sheets):,}",) if len(sheets) > 1 else ()
    return Source(
        choice=found,
        names=tuple(names[place] for place in kept),
        frames=frames,
        checksum=lambda: file_sha256(path),
        notes=(*sheet, *header_notes(choice, layout, names)),
        warnings=layout_warnings(choice, layout, names),
        file=lambda: _facts(layout, names),
    )


def _facts(layout: Layout, names: tuple[str, ...]) -> FileFacts:
    nameless = (("nameless", len(layout.empty)),) if layout.empty else ()
    return FileFacts(
        format="excel",
        names=names if layout.header == "none" else (),
        units_line=layout.units_line,
        left_out=(*layout.left_out, *nameless),
    )


def _check_size(path: Path, name: str) -> None:
    """Raise a DataError for an archive that would be unpacked to far more than a table."""
    with zipfile.ZipFile(path) as archive:
        size = sum(member.file_size for member in archive.infolist())
    if size > MAX_UNPACKED_BYTES:
        raise DataError(
            f"{name} is unpacked to {size / 2**30:,.1f} GiB, more than an Excel table; save the table as CSV",
            field="data",
        )


def _first_rows(path: Path, name: str) -> tuple[list[str], list[Record]]:
    """Return the names of the sheets, and the first rows of the first sheet that hold a value."""
    try:
        import openpyxl
    except ImportError as error:
        raise DataError(
            f"{name} is an Excel file, which needs openpyxl; {install_hint('excel')}", field="data"
        ) from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles that it does not know
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            try:
                sheet = book.worksheets[0]
                sheet.reset_dimensions()  # other programs write wrong ones
                rows = list(islice(sheet.iter_rows(values_only=True), 2 * MAX_RECORDS))
                return list(book.sheetnames), _records(rows)
            finally:
                book.close()
    except Exception as error:  # openpyxl raises errors of many kinds for damaged files
        raise _damaged(name) from error


def _records(rows: Sequence[Sequence[Any]]) -> list[Record]:
    """Return the rows as texts, all of the same width; rows without a value are left out."""
    width = max((at + 1 for row in rows for at, value in enumerate(row) if value is not None), default=0)
    found = []
    for place, row in enumerate(rows):
        texts = ["" if value is None else str(value) for value in row[:width]]
        if any(texts):
            fields = (*texts, *[""] * (width - len(texts)))
            found.append(Record(line=place, next_line=place + 1, fields=fields))
    return found[:MAX_RECORDS]


def _with_target(choice: TableChoice, layout: Layout, names: tuple[str, ...]) -> TableChoice:
    """Return the choice with the target that a run takes by default: the last column that is not left out."""
    if choice.target:
        return choice
    kept = [name for place, name in enumerate(names) if place not in layout.empty]
    return dataclasses.replace(choice, target=guess_targets(kept, choice))


def _read(path: Path, layout: Layout, names: tuple[str, ...], choice: TableChoice) -> Any:
    import pandas as pd

    missing = missing_arguments(choice, names)
    if isinstance(missing["na_values"], dict):  # pandas knows the columns by their places as long as there is no header
        missing["na_values"] = {place: missing["na_values"][name] for place, name in enumerate(names)}

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = pd.read_excel(path, header=None, skiprows=layout.first_line, engine="openpyxl", **missing)
    except Exception as error:  # openpyxl raises errors of many kinds for damaged files
        raise _damaged(choice.name) from error
    if frame.shape[1] > len(names):
        raise DataError(
            f"{choice.name} has a row of {frame.shape[1]} cells, but there are {len(names)} columns; "
            "clear the cells to the right of the table",
            field="data",
        )
    frame = frame.reindex(columns=range(len(names)))
    frame.columns = pd.Index(names)
    return frame


def _damaged(name: str) -> DataError:
    return DataError(f"{name} cannot be read as an Excel file; it may be damaged: save the table as CSV", field="data")
