"""The column names of a delimited text file, guessed from its first line.

For a list to pick from while the table itself cannot be looked at, because its last column is no target, say.
"""

import csv
import gzip
import zlib
from pathlib import Path

from nnsize_engine.settings.table import TableChoice
from nnsize_engine.text import escape_text

_MOST = 1 << 18
"""Bytes read: enough for the names of thousands of columns."""


def guess_columns(choice: TableChoice) -> tuple[str, ...]:
    """The names in the first line of a text file, as they are shown; none for other files and for what is no table."""
    path = Path(choice.source)
    try:
        if not path.is_file():  # opening a pipe would wait for somebody to write
            return ()
        with path.open("rb") as file:
            is_packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            start = gzip.GzipFile(fileobj=file).read(_MOST) if is_packed else file.read(_MOST)
    except (OSError, EOFError, ValueError, zlib.error):
        return ()
    if b"\0" in start:  # no text
        return ()
    try:
        text = start.decode(choice.encoding or "utf-8-sig", "replace")
    except (LookupError, ValueError):
        return ()
    line = text.partition("\n")[0]
    separator = choice.separator or max(",;\t|", key=line.count)
    try:
        names = next(csv.reader(text.splitlines(keepends=True), delimiter=separator), [])
    except csv.Error:
        return ()
    return tuple(escape_text(name) for name in names if name.strip())
