"""Delimited text: CSV, TSV and their relatives, plain or compressed by gzip, read in parts by pandas."""

import codecs
import csv
import dataclasses
import gzip
import io
import warnings
import zlib
from collections.abc import Collection, Generator, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from nnsize_engine.data.sniff import (
    SNIFFED_BYTES,
    find_encoding,
    find_separator,
    first_records,
    is_number,
    single_byte_encoding,
)
from nnsize_engine.data.source import PART_ROWS, Source, column_names, file_sha256, table_name
from nnsize_engine.errors import DataError
from nnsize_engine.settings.table import TableChoice

_LONGEST_LINE = 1 << 25
"""Bytes within which the line of column names should end."""

_SCANNED_BYTES = 1 << 26
"""How far lines that are too short are looked for, when values are missing at the end of lines."""

_GZIP = b"\x1f\x8b"
_OPEN_QUOTE = "EOF inside string"
"""What pandas says of a quote that is never closed."""

_SEPARATOR_WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space"}


def open_delimited(choice: TableChoice, path: Path, guess: str | None = None) -> Source:
    """Find out what a text file is like, and its column names; the guess is an encoding known to fit better.

    Raises:
        DataError: it is no table; OSError: it cannot be read.
    """
    name = table_name(choice)
    start, is_cut = _beginning(path, name)
    encoding = _said_encoding(choice) or guess or find_encoding(start, name, is_cut=is_cut)
    text = _decode(start, encoding, name)
    if not text.strip():
        raise DataError(f"{name} is empty; expected is a line of column names and one line a row")
    separator = choice.separator or find_separator(text, decimal=choice.decimal, is_cut=is_cut)
    if separator is None:
        raise DataError(
            f"{name} has only one column, or none of the separators comma, semicolon, tab, bar and space; "
            "a table needs an input and a target column: name another separator with --separator"
        )
    header = first_records(text, separator, most=1)[0]
    names = _check_header(header, name, choice.decimal)
    found = dataclasses.replace(choice, separator=separator, encoding=encoding)

    def frames(wanted: Sequence[int], as_text: Collection[int]) -> Generator[Any, None, None]:
        return _read(path, found, names, wanted, as_text)

    return Source(
        choice=found,
        names=names,
        frames=frames,
        checksum=lambda: file_sha256(path),
        notes=_notes(choice, encoding, separator),
        warnings=_warnings(header, choice.decimal),
    )


def with_other_encoding(choice: TableChoice, path: Path) -> Source:
    """The source once more, for a file whose beginning was taken for UTF-8 and whose rest is not."""
    used: set[int] = set()
    with _open(path) as file:
        while part := file.read(1 << 20):
            used.update(part)
    return open_delimited(choice, path, single_byte_encoding(bytes(used)))


def _beginning(path: Path, name: str) -> tuple[bytes, bool]:
    """The first bytes, more of them where the first line is longer, and whether there are others."""
    try:
        with _open(path) as file:
            start = file.read(SNIFFED_BYTES)
            while len(start) < _LONGEST_LINE and b"\n" not in start and b"\r" not in start:
                more = file.read(len(start))
                start += more
                if not more:
                    return start, False
            return start, file.read(1) != b""
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise _damaged(name, error) from error


def _open(path: Path) -> gzip.GzipFile | io.BufferedReader:
    """The text's bytes, decompressed; what is compressed is seen by its first bytes, not by its name."""
    with path.open("rb") as file:
        is_compressed = file.read(2) == _GZIP
    return gzip.open(path) if is_compressed else path.open("rb")


def _said_encoding(choice: TableChoice) -> str | None:
    if choice.encoding is None:
        return None
    try:
        "".encode(choice.encoding)  # refuses what makes bytes of bytes, such as base64, which a lookup accepts
        return codecs.lookup(choice.encoding).name
    except (LookupError, ValueError) as error:
        raise DataError(
            f"encoding {choice.encoding!r} is not known; use one such as utf-8, utf-16, cp1252 or latin-1"
        ) from error


def _decode(start: bytes, encoding: str, name: str) -> str:
    """Text of a file's beginning, which may end within a character."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(start, final=False).removeprefix("\ufeff")
    except (UnicodeError, LookupError) as error:
        raise undecodable(name, encoding) from error


def undecodable(name: str, encoding: str | None) -> DataError:
    """What to say of bytes that are not in the encoding said or found."""
    return DataError(f"{name} is not text in {encoding}; name its encoding with --encoding, such as utf-8 or cp1252")


def _check_header(header: Sequence[str], name: str, decimal: str) -> tuple[str, ...]:
    """The columns' names.

    Raises:
        DataError: two are alike, or the line holds data: only numbers, or as many as texts and some with a fraction.
    """
    numbers = [text.strip() for text in header if is_number(text, decimal)]
    fractions = [text for text in numbers if not text.lstrip("+-").isdecimal()]
    if len(numbers) == len(header) or (fractions and len(numbers) * 2 >= len(header)):
        raise DataError(
            f"the first line of {name} looks like data ({(fractions or numbers)[0]}); expected are column names: "
            "put a line with a name for each column before it"
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
        notes.append(f"separator: {_SEPARATOR_WORDS[separator]}; --separator names another")
    if choice.encoding is None:
        notes.append(f"encoding: {encoding}; --encoding names another")
    return tuple(notes)


def _read(
    path: Path, choice: TableChoice, names: Sequence[str], wanted: Sequence[int], as_text: Collection[int]
) -> Generator[Any, None, None]:
    """Parts of the file; pandas' errors become sentences.

    All columns are read, because pandas takes lines that are too long without a word when only some are wanted.
    """
    import pandas as pd

    kept = [names[place] for place in wanted]
    has_checked = False
    with _open(path) as file:
        try:
            with _reader(file, choice, names, as_text) as parts:
                while (frame := _next(parts)) is not None:
                    # pandas fills lines that are too short: they show as values missing at the end.
                    if not has_checked and frame[names[-1]].isna().any():
                        has_checked = True
                        _refuse_ragged(path, choice, len(names), most=_SCANNED_BYTES)
                    yield frame[kept]
        except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
            if _OPEN_QUOTE not in str(error):
                _refuse_ragged(path, choice, len(names))
            raise _unreadable(str(error), table_name(choice)) from error
        except pd.errors.EmptyDataError as error:
            raise DataError(
                f"{table_name(choice)} is empty; expected is a line of column names and one line a row"
            ) from error
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise _damaged(table_name(choice), error) from error


def _reader(
    file: gzip.GzipFile | io.BufferedReader, choice: TableChoice, names: Sequence[str], as_text: Collection[int]
) -> Any:
    import pandas as pd

    return pd.read_csv(
        file,
        sep=choice.separator,
        encoding=choice.encoding,
        decimal=choice.decimal,
        header=0,
        names=list(names),
        index_col=False,
        dtype={names[place]: str for place in as_text},
        na_values=list(choice.missing),
        chunksize=PART_ROWS,
        low_memory=False,
    )


def _next(parts: Any) -> Any:
    """The next part, or None at the end; a warning of lost fields is an error."""
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", pd.errors.ParserWarning)
        return next(parts, None)


def _refuse_ragged(path: Path, choice: TableChoice, width: int, most: int | None = None) -> None:
    """Raise for the first line with other than ``width`` fields, if there is one in the first ``most`` bytes."""
    with _open(path) as raw, io.TextIOWrapper(raw, encoding=choice.encoding, errors="replace", newline="") as file:
        reader = csv.reader(_lines(file, most), delimiter=choice.separator or ",")
        line = 1
        try:
            for record in reader:
                if record and len(record) != width:
                    raise ragged_line(table_name(choice), line, len(record), width)
                line = reader.line_num + 1
        except csv.Error:
            return


def _lines(file: IO[str], most: int | None) -> Iterator[str]:
    read = 0
    for line in file:
        read += len(line)
        if most is not None and read > most:
            return
        yield line


def ragged_line(name: str, line: int, fields: int, width: int) -> DataError:
    """What to say of a line that has more or fewer fields than there are columns."""
    return DataError(
        f"line {line} of {name} has {fields} field{'s' if fields > 1 else ''}, but there are {width} columns; "
        "put quotes around a text that holds the separator, or correct the line"
    )


def _unreadable(message: str, name: str) -> DataError:
    if _OPEN_QUOTE in message:
        return DataError(f"{name} has a quote that is opened and never closed; close it or remove it")
    return DataError(f"{name} cannot be read as delimited text: {message.strip().splitlines()[-1]}")


def _damaged(name: str, error: Exception) -> DataError:
    return DataError(f"{name} is compressed by gzip and damaged ({error}); copy it once more")
