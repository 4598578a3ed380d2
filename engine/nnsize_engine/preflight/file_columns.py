"""The column names of a file in any format that names them, for the completion of the shell.

Only the beginning of the file is read, or where its format keeps the names, without NumPy, pandas, pyarrow and
openpyxl.
"""

import contextlib
import json
import re
import struct
import zipfile
import zlib
from pathlib import Path

from nnsize_engine.data.compressed import find_packing, open_bytes
from nnsize_engine.data.source import column_names
from nnsize_engine.data.unique_names import names_of_columns
from nnsize_engine.errors import DataError
from nnsize_engine.preflight.arrow_names import arrow_names, parquet_names
from nnsize_engine.preflight.column_names import guess_columns
from nnsize_engine.preflight.excel_names import excel_names
from nnsize_engine.settings.table_address import local_path
from nnsize_engine.settings.table_choice import TableChoice

MAX_START_BYTES = 262_144  # of a JSON or ARFF file; enough for thousands of columns

_PARQUET = b"PAR1"
_ARROW = (b"ARROW1", b"\xff\xff\xff\xff")
_ZIP = b"PK"
_BLANK = " \t\r\n"
_DAMAGED = (
    DataError, OSError, ValueError, TypeError, LookupError, SyntaxError, OverflowError, RuntimeError,
    EOFError, struct.error, zlib.error, zipfile.BadZipFile,
)  # fmt: skip
"""The errors of reading a damaged file, or one that is encrypted."""

_RELATION = re.compile(r"\s*@relation\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"^\s*@attribute\s+(?:'([^']*)'|\"([^\"]*)\"|(\S+))", re.IGNORECASE | re.MULTILINE)


def file_columns(choice: TableChoice) -> tuple[str, ...]:
    """Return the names of the columns of a file, escaped; empty for a file without names, or that cannot be read."""
    path = local_path(choice.source)
    try:
        if not path.is_file():
            return ()
        with path.open("rb") as file:
            magic = file.read(8)
        if magic.startswith(_PARQUET):
            return column_names(parquet_names(path), choice.name)
        if magic.startswith(_ARROW):
            return column_names(arrow_names(path), choice.name)
        if magic.startswith(_ZIP) and path.suffix.lower() == ".xlsx":
            return excel_names(choice, path)
        return names_of_columns(_of_objects(choice, path)) or guess_columns(choice)
    except _DAMAGED:
        return ()


def _of_objects(choice: TableChoice, path: Path) -> list[str]:
    """Return the attributes of an ARFF file, or the keys of the first objects of a JSON file; none of other files."""
    with open_bytes(path, find_packing(path, choice.name), choice.name) as file:
        text = file.read(MAX_START_BYTES).decode(errors="replace").lstrip(f"\ufeff{_BLANK}[")
    lines = (line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("%"))
    if _RELATION.match(next(lines, "")):
        return [next(filter(None, groups)) for groups in _ATTRIBUTE.findall(text)]
    keys: dict[str, None] = {}
    with contextlib.suppress(ValueError):  # the last object may be cut
        while text.startswith("{"):
            found, end = json.JSONDecoder().raw_decode(text)
            keys.update(dict.fromkeys(found))
            text = text[end:].lstrip(f"{_BLANK},")
    return list(keys)
