"""Column names of Excel files, read from the XML of their first sheet.

openpyxl reads them too, but loading it takes longer than everything else that the completion of the shell does.

Damaged files raise a ValueError, a LookupError, a SyntaxError (of XML) or a BadZipFile.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from nnsize_engine.data.layout import Layout, find_header
from nnsize_engine.data.records import MAX_RECORDS, Record
from nnsize_engine.data.unique_names import names_of_columns
from nnsize_engine.settings.table_choice import TableChoice

MAX_TEXTS = 200_000  # of the file's list of texts, where those of the first rows stand first

MAX_READ_BYTES = 1 << 26  # 64 MiB of each member, more than the first rows of a sheet with every column of Excel

_MAX_COLUMNS = 16_384  # of a sheet of Excel

_COLUMN = re.compile(r"[A-Z]{1,3}")


def excel_names(choice: TableChoice, path: Path) -> tuple[str, ...]:
    """Return the names of the columns of the first sheet, as a run finds them."""
    with zipfile.ZipFile(path) as archive:
        with archive.open(_first_sheet(archive)) as file:
            rows = list(islice(_rows(_Limited(file)), 2 * MAX_RECORDS))
        wanted = {int(text) for row in rows for kind, text in row.values() if kind == "s"}
        texts = _texts(archive, wanted) if wanted else {}
    skip = choice.skip or 0
    records = [record for record in _records(rows, texts)[:MAX_RECORDS] if record.line >= skip]
    layout = find_header(Layout(skip=skip), records, choice)
    return tuple(name for place, name in enumerate(names_of_columns(layout.fields)) if place not in layout.empty)


_Cell = tuple[str, str]
"""The type of a cell and its text; of type s, the place in the list of texts."""


class _Limited:
    """A member of an archive that ends with an error where it is unpacked to far more than it needs."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._left = file, MAX_READ_BYTES

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes."""
        data = self._file.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise ValueError("the first rows are longer than those of a sheet")
        return data


def _parsed(archive: zipfile.ZipFile, member: str) -> ElementTree.Element:
    with archive.open(member) as file:
        return ElementTree.parse(_Limited(file)).getroot()


def _first_sheet(archive: zipfile.ZipFile) -> str:
    """Return the member of the archive that holds the first sheet with cells."""
    relations = _parsed(archive, "xl/_rels/workbook.xml.rels")
    targets = {one.get("Id"): one for one in relations}
    for element in _parsed(archive, "xl/workbook.xml").iter():
        if _name(element) != "sheet":
            continue
        key = next((value for name, value in element.attrib.items() if name.endswith("}id")), None)
        target = targets[key]
        if target.get("Type", "").endswith("/worksheet"):
            path = target.get("Target", "")
            return path.removeprefix("/") if path.startswith("/") else f"xl/{path}"
    raise ValueError("there is no sheet with cells")


def _rows(file: _Limited) -> Iterator[dict[int, _Cell]]:
    """Yield the rows of a sheet: its cells by column."""
    for _, row in ElementTree.iterparse(file):
        if _name(row) != "row":
            continue
        cells: dict[int, _Cell] = {}
        place = -1
        for cell in row:
            letters = _COLUMN.match(cell.get("r", ""))
            place = _place(letters[0]) if letters else place + 1
            if place >= _MAX_COLUMNS:
                raise ValueError(f"there is no column {place} in Excel")
            text = _text(cell)
            if text:
                cells[place] = (cell.get("t", "n"), text)
        yield cells
        row.clear()


def _place(letters: str) -> int:
    """Return the place of a column, from 0, by its letters."""
    place = 0
    for letter in letters:
        place = 26 * place + ord(letter) - ord("A") + 1
    return place - 1


def _text(cell: ElementTree.Element) -> str:
    """Return the value of a cell, or the text that stands in it."""
    if cell.get("t") == "inlineStr":
        return _plain(cell)
    return next((one.text or "" for one in cell if _name(one) == "v"), "")


def _plain(element: ElementTree.Element) -> str:
    """Return the text of a cell without what tells how its sounds are written in Japanese."""
    parts = [element, *(one for one in element if _name(one) in ("r", "is"))]
    parts += [one for part in parts if _name(part) == "is" for one in part if _name(one) == "r"]
    return "".join(one.text or "" for part in parts for one in part if _name(one) == "t")


def _texts(archive: zipfile.ZipFile, wanted: set[int]) -> dict[int, str]:
    """Return the texts at these places in the list of texts of the file."""
    last = max(wanted)
    if last > MAX_TEXTS:
        raise ValueError("the texts of the first rows stand too far behind")
    found: dict[int, str] = {}
    place = 0
    with archive.open("xl/sharedStrings.xml") as file:
        for _, element in ElementTree.iterparse(_Limited(file)):
            if _name(element) == "si":
                if place in wanted:
                    found[place] = _plain(element)
                place += 1
                element.clear()
                if place > last:
                    break
    return found


def _records(rows: Sequence[dict[int, _Cell]], texts: dict[int, str]) -> list[Record]:
    """Return the rows that hold a value as texts, all of the same width."""
    width = max((place + 1 for row in rows for place in row), default=0)
    found = []
    for place, row in enumerate(rows):
        fields = tuple(_value(row[at], texts) if at in row else "" for at in range(width))
        if any(fields):
            found.append(Record(line=place, next_line=place + 1, fields=fields))
    return found


def _value(cell: _Cell, texts: dict[int, str]) -> str:
    kind, text = cell
    if kind == "s":
        return texts[int(text)]
    return str(text == "1") if kind == "b" else text


def _name(element: ElementTree.Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]
