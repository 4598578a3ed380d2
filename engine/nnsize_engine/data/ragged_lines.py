"""Find the line of a text file that has fewer or more fields than the file has columns."""

import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO

from nnsize_engine.data.compressed import decompression_errors
from nnsize_engine.data.records import divide
from nnsize_engine.data.text_file import TextFile
from nnsize_engine.errors import DataError

MAX_SCANNED_CHARACTERS = 1 << 26  # 64 Mi; searched for a short line if the last value of a line is missing


def refuse_ragged(file: TextFile, max_characters: int | None = None) -> None:
    """Raise a DataError for the first line of another width, if there is one in the first ``max_characters``."""
    layout, choice = file.layout, file.choice
    width = len(file.names)
    least = file.last + 1
    with decompression_errors(choice.name, file.packing.compression), file.open("replace") as text:
        lines = islice(_lines(text, max_characters), layout.first_line, None)
        try:
            for record in divide(
                lines, choice.separator or ",", layout.first_line, layout.comment, layout.skips_blanks
            ):
                if not least <= len(record.fields) <= width:
                    raise _ragged_line(file, record.line + 1, record.fields)
        except csv.Error:
            return


def _lines(file: IO[str], max_characters: int | None) -> Iterator[str]:
    read = 0
    for line in file:
        read += len(line)
        if max_characters is not None and read > max_characters:
            return
        yield line


def _ragged_line(file: TextFile, line: int, fields: Sequence[str]) -> DataError:
    width, count = len(file.names), len(fields)
    begin = (
        f"line {line} of {file.choice.name} has {count} field{'s' if count > 1 else ''}, but there are {width} columns"
    )
    sign = fields[0].strip()[:1]
    if sign in ("#", "%") and not file.layout.comment:
        return DataError(f"{begin}; leave out lines that begin with {sign} by --comment '{sign}'", field="comment")
    return DataError(
        f"{begin}; put quotes around a text that holds the separator, or correct the line", field=file.ragged_field
    )
