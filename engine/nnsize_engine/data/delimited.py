"""Delimited text files such as CSV and TSV, plain or compressed by gzip, read in parts by pandas."""

import csv
import dataclasses
import gzip
import io
import warnings
import zlib
from collections.abc import Collection, Generator, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from nnsize_engine.data.header import damaged, is_number, open_text, read_header, single_byte_encoding
from nnsize_engine.data.source import PART_ROWS, Source, column_names, file_sha256
from nnsize_engine.errors import DataError
from nnsize_engine.settings.separators import SEPARATOR_WORDS
from nnsize_engine.settings.table import TableChoice

MAX_SCANNED_CHARACTERS = 1 << 26  # 64 Mi; searched for a short line if the last value of a line is missing

_OPEN_QUOTE = "EOF inside string"
"""The message of pandas about a quote that is never closed."""


def open_delimited(choice: TableChoice, path: Path, encoding: str | None = None) -> Source:
    """Find the encoding, separator and column names of a text file.

    ``encoding`` replaces the encoding that the first bytes suggest.

    Raises:
        DataError: the file is no table.
        OSError: the file cannot be read.
    """
    name = choice.name
    header = read_header(choice, path, encoding=encoding)
    if not header.fields:
        raise _empty(name)
    if header.separator is None:
        raise DataError(
            f"{name} has only one column, or none of the separators comma, semicolon, tab, pipe and space; "
            "a table needs an input and a target column: name another separator with --separator",
            field="data",
        )
    names = _check_header(header.fields, name, choice.plain_decimal)
    found = dataclasses.replace(choice, separator=header.separator, encoding=header.encoding)
    ragged_field = "data" if choice.separator is None else "separator"

    def frames(wanted: Sequence[int], as_text: Collection[int]) -> Generator[Any, None, None]:
        return _read(path, found, names, wanted, as_text, ragged_field)

    return Source(
        choice=found,
        names=names,
        frames=frames,
        checksum=lambda: file_sha256(path),
        notes=_notes(choice, header.encoding, header.separator),
        warnings=_warnings(header.fields, choice.plain_decimal),
    )


def reopen_as_single_byte(choice: TableChoice, path: Path) -> Source:
    """Open a file again in a single-byte encoding, because only its beginning is UTF-8."""
    used: set[int] = set()
    with open_text(path) as file:
        while part := file.read(1 << 20):
            used.update(part)
    return open_delimited(choice, path, single_byte_encoding(bytes(used)))


def _empty(name: str) -> DataError:
    return DataError(f"{name} is empty; expected is a line of column names and one line a row", field="data")


def _check_header(header: Sequence[str], name: str, decimal: str) -> tuple[str, ...]:
    """Return the names of the columns.

    Raises:
        DataError: two names are equal, or the line looks like data: it holds only numbers, or numbers with fractions in
            at least half of its fields.
    """
    numbers = [text.strip() for text in header if is_number(text, decimal)]
    fractions = [text for text in numbers if not text.lstrip("+-").isdecimal()]
    if len(numbers) == len(header) or (fractions and len(numbers) * 2 >= len(header)):
        raise DataError(
            f"the first line of {name} looks like data ({(fractions or numbers)[0]}); expected are column names: "
            "put a line with a name for each column before it",
            field="data",
        )
    return column_names(header, name)


def _warnings(header: Sequence[str], decimal: str) -> tuple[str, ...]:
    numbers = [text.strip() for text in header if is_number(text, decimal)]
    if not numbers:
        return ()
    return (
        f"a column is called '{numbers[0]}': if the first line is a row of data, it is lost; "
        "put a line with a name for each column before it",
    )


def _notes(choice: TableChoice, encoding: str, separator: str) -> tuple[str, ...]:
    notes = []
    if choice.separator is None:
        notes.append(f"separator: {SEPARATOR_WORDS[separator]}; --separator names another")
    if choice.encoding is None:
        notes.append(f"encoding: {encoding}; --encoding names another")
    return tuple(notes)


def _read(
    path: Path,
    choice: TableChoice,
    names: Sequence[str],
    wanted: Sequence[int],
    as_text: Collection[int],
    ragged_field: str,
) -> Generator[Any, None, None]:
    """Yield the parts of a file; errors of pandas become a DataError.

    All columns are read, because pandas accepts lines that are too long if only some columns are wanted.
    """
    import pandas as pd

    kept = [names[place] for place in wanted]
    has_checked = False
    with open_text(path) as file:
        try:
            with _reader(file, choice, names, as_text) as parts:
                while (frame := _next(parts)) is not None:
                    # pandas fills short lines with missing values at the end.
                    if not has_checked and frame[names[-1]].isna().any():
                        has_checked = True
                        _refuse_ragged(path, choice, len(names), ragged_field, max_characters=MAX_SCANNED_CHARACTERS)
                    yield frame[kept]
        except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
            if _OPEN_QUOTE not in str(error):
                _refuse_ragged(path, choice, len(names), ragged_field)
            raise _unreadable(str(error), choice.name) from error
        except pd.errors.EmptyDataError as error:
            raise _empty(choice.name) from error
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise damaged(choice.name, error) from error


def _reader(
    file: gzip.GzipFile | io.BufferedReader, choice: TableChoice, names: Sequence[str], as_text: Collection[int]
) -> Any:
    import pandas as pd

    return pd.read_csv(
        file,
        sep=choice.separator,
        encoding=choice.encoding,
        decimal=choice.plain_decimal,
        header=0,
        names=list(names),
        index_col=False,
        dtype={names[place]: str for place in as_text},
        na_values=list(choice.missing),
        chunksize=PART_ROWS,
        low_memory=False,
    )


def _next(parts: Any) -> Any:
    """Return the next part, or None at the end; a warning of lost fields is raised as an error."""
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", pd.errors.ParserWarning)
        return next(parts, None)


def _refuse_ragged(
    path: Path, choice: TableChoice, width: int, ragged_field: str, max_characters: int | None = None
) -> None:
    """Raise a DataError for the first line of another width, if there is one in the first ``max_characters``."""
    with open_text(path) as raw, io.TextIOWrapper(raw, encoding=choice.encoding, errors="replace", newline="") as file:
        reader = csv.reader(_lines(file, max_characters), delimiter=choice.separator or ",")
        line = 1
        try:
            for record in reader:
                if record and len(record) != width:
                    raise _ragged_line(choice.name, line, len(record), width, ragged_field)
                line = reader.line_num + 1
        except csv.Error:
            return


def _lines(file: IO[str], max_characters: int | None) -> Iterator[str]:
    read = 0
    for line in file:
        read += len(line)
        if max_characters is not None and read > max_characters:
            return
        yield line


def _ragged_line(name: str, line: int, fields: int, width: int, field: str) -> DataError:
    return DataError(
        f"line {line} of {name} has {fields} field{'s' if fields > 1 else ''}, but there are {width} columns; "
        "put quotes around a text that holds the separator, or correct the line",
        field=field,
    )


def _unreadable(message: str, name: str) -> DataError:
    if _OPEN_QUOTE in message:
        return DataError(f"{name} has a quote that is opened and never closed; close it or remove it", field="data")
    return DataError(f"{name} cannot be read as delimited text: {message.strip().splitlines()[-1]}", field="data")
