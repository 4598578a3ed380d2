"""The column names of a delimited text file, for a list to pick from.

A screen needs them while the table itself cannot be inspected: because its last column is no target, for example.
"""

from pathlib import Path

from nnsize_engine.data.header import read_header
from nnsize_engine.errors import DataError
from nnsize_engine.settings.table import TableChoice
from nnsize_engine.text import escape_text

MAX_SCREEN_BYTES = 262_144  # enough for 8,000 column names; more would make the screen wait


def guess_columns(choice: TableChoice) -> tuple[str, ...]:
    """Return the names in the first line of a text file, as they are shown; none of a file that is no such text."""
    path = Path(choice.source)
    try:
        if not path.is_file():  # opening a pipe would wait for somebody to write
            return ()
        header = read_header(choice, path, max_bytes=MAX_SCREEN_BYTES)
    except (DataError, OSError, ValueError):
        return ()
    return tuple(escape_text(name) for name in header.fields if name.strip())
