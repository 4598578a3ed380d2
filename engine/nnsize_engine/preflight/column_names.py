"""The column names of a delimited text file, for a list to choose from.

A screen needs them if the table cannot be inspected, for example because its last column is no target.
"""

from nnsize_engine.data.header import read_header
from nnsize_engine.errors import DataError
from nnsize_engine.settings.table_address import local_path
from nnsize_engine.settings.table_choice import TableChoice

MAX_SCREEN_BYTES = 262_144  # enough for 8,000 column names; more would make the screen wait

_OTHER_FORMATS = ("{", "[", "@relation")
"""Beginnings of JSON and ARFF files, whose first line holds no names."""


def guess_columns(choice: TableChoice) -> tuple[str, ...]:
    """Return the names in the first line of a text file, escaped; empty for any other file."""
    path = local_path(choice.source)
    try:
        if not path.is_file():  # opening a pipe would wait for a writer
            return ()
        header = read_header(choice, path, max_bytes=MAX_SCREEN_BYTES)
    except (DataError, OSError, ValueError):
        return ()
    is_other_format = any(name.lstrip().lower().startswith(_OTHER_FORMATS) for name in header.fields[:1])
    return () if is_other_format else header.names
