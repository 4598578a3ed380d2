"""The header of a delimited text file: encoding, separator and column names, detected from its first bytes.

Screens read headers too, so this module loads neither NumPy nor pandas.
"""

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from nnsize_engine.errors import DataError
from nnsize_engine.settings.separators import SEPARATOR_WORDS
from nnsize_engine.settings.table import TableChoice

MIN_READ_BYTES = 65_536  # enough for 2,000 column names, or for 200 rows of usual tables

MAX_HEADER_BYTES = 1 << 25  # 32 MiB; a longer first line is no table

MAX_RECORDS = 200  # rows that are compared to find the separator

_GZIP = b"\x1f\x8b"

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNDEFINED_IN_CP1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\v") | {127}
_MAX_CONTROL_SHARE = 0.05  # share of control characters in a text, from 0 to 1; a few may stand in names

_MAX_CONTROL_SHARE_OF_UTF_8 = 0.3  # higher, because binary data is hardly ever valid UTF-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The encoding, separator and column names of a text file."""

    encoding: str
    separator: str | None
    """None if no separator divides the lines."""

    fields: tuple[str, ...]
    """Column names as they are written; empty for an empty file."""


def read_header(
    choice: TableChoice, path: Path, *, encoding: str | None = None, max_bytes: int = MAX_HEADER_BYTES
) -> Header:
    """Detect the encoding, separator and column names that the choice leaves open.

    Args:
        choice: encoding and separator as the user chose them.
        path: the file, plain or compressed by gzip.
        encoding: replaces the encoding that the first bytes suggest.
        max_bytes: most bytes that are read to find the end of the first line.

    Raises:
        DataError: the file is no text, or not in the chosen encoding.
        OSError: the file cannot be read.
    """
    start, is_cut = _beginning(path, choice.name, max_bytes)
    encoding = _chosen_encoding(choice) or encoding or find_encoding(start, choice.name, is_cut=is_cut)
    text = _decode(start, encoding, choice)
    if not text.strip():
        return Header(encoding=encoding, separator=choice.separator, fields=())
    separator = choice.separator or find_separator(text, decimal=choice.plain_decimal, is_cut=is_cut)
    records = first_records(text, separator or ",", max_records=1)
    return Header(encoding=encoding, separator=separator, fields=tuple(records[0]) if records else ())


def open_text(path: Path) -> gzip.GzipFile | io.BufferedReader:
    """Open a file for its decompressed bytes; its first bytes, not its name, tell if it is compressed."""
    with path.open("rb") as file:
        is_compressed = file.read(2) == _GZIP
    return gzip.open(path) if is_compressed else path.open("rb")


def damaged(name: str, error: Exception) -> DataError:
    """Return the refusal of a compressed file that cannot be decompressed."""
    return DataError(f"{name} is compressed by gzip and damaged ({error}); copy it again", field="data")


def undecodable(choice: TableChoice, encoding: str | None) -> DataError:
    """Return the refusal of bytes that are not in the encoding chosen or found."""
    return DataError(
        f"{choice.name} is not text in {encoding}; name its encoding with --encoding, such as utf-8 or cp1252",
        field="data" if choice.encoding is None else "encoding",
    )


def _beginning(path: Path, name: str, max_bytes: int) -> tuple[bytes, bool]:
    """Return the first bytes, up to the end of the first line at least, and whether more follow."""
    try:
        with open_text(path) as file:
            start = file.read(MIN_READ_BYTES)
            while len(start) < max_bytes and b"\n" not in start and b"\r" not in start:
                more = file.read(len(start))
                start += more
                if not more:
                    return start, False
            return start, file.read(1) != b""
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise damaged(name, error) from error


def _chosen_encoding(choice: TableChoice) -> str | None:
    if choice.encoding is None:
        return None
    try:
        "".encode(choice.encoding)  # refuses codecs of bytes, such as base64, which a lookup accepts
        return codecs.lookup(choice.encoding).name
    except (LookupError, ValueError) as error:
        raise DataError(
            f"encoding {choice.encoding!r} is not known; use one such as utf-8, utf-16, cp1252 or latin-1",
            field="encoding",
        ) from error


def _decode(start: bytes, encoding: str, choice: TableChoice) -> str:
    """Return the text of the first bytes of a file, which may end within a character."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(start, final=False).removeprefix("\ufeff")
    except (UnicodeError, LookupError) as error:
        raise undecodable(choice, encoding) from error


def find_encoding(start: bytes, name: str, *, is_cut: bool = False) -> str:
    """Return the encoding: that of the byte-order mark, else UTF-8 if the bytes are valid, else cp1252 or latin-1.

    ``is_cut`` tells that the file goes on, so that the start may end within a character.

    Raises:
        DataError: the bytes are no text.
    """
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    if b"\0" in start:
        return _utf_16_without_mark(start, name)
    controls = sum(byte in _CONTROLS for byte in start) / len(start) if start else 0.0
    is_unicode = _is_utf_8(start, is_cut)
    if controls > (_MAX_CONTROL_SHARE_OF_UTF_8 if is_unicode else _MAX_CONTROL_SHARE):
        raise _binary(name)
    return "utf-8" if is_unicode else single_byte_encoding(start)


def _is_utf_8(start: bytes, is_cut: bool) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start, final=not is_cut)
    except UnicodeDecodeError:
        return False
    return True


def single_byte_encoding(start: bytes) -> str:
    """Return cp1252, the Western European encoding of Windows, or latin-1 if a byte is undefined in cp1252."""
    return "latin-1" if _UNDEFINED_IN_CP1252.intersection(start) else "cp1252"


def _binary(name: str) -> DataError:
    return DataError(
        f"{name} holds binary data, not text; expected is a text file with one row a line, such as CSV", field="data"
    )


def _utf_16_without_mark(start: bytes, name: str) -> str:
    even, odd = start[::2].count(0), start[1::2].count(0)
    half = len(start) // 2
    if odd > 0.8 * half and not even:
        return "utf-16-le"
    if even > 0.8 * half and not odd:
        return "utf-16-be"
    raise _binary(name)


def first_records(
    text: str, separator: str, *, max_records: int = MAX_RECORDS, is_cut: bool = False
) -> list[list[str]]:
    """Return the first records of delimited text without blank lines, and without the last one if the text is cut."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    records: list[list[str]] = []
    try:
        records.extend(islice(_not_blank(reader), max_records + 1))
    except csv.Error:  # a field is longer than the csv module allows: the records before it are enough
        is_cut = False
    if is_cut and len(records) <= max_records:
        records = records[:-1] or records
    return records[:max_records]


def _not_blank(records: Iterable[list[str]]) -> Iterable[list[str]]:
    return (record for record in records if record and record != [""])


def find_separator(text: str, *, decimal: str, is_cut: bool = False) -> str | None:
    """Return the separator that divides most records into as many fields as the first; None if none does."""
    best: tuple[float, int, str] | None = None
    for separator in SEPARATOR_WORDS:
        if separator == decimal or separator not in text:
            continue
        widths = [len(record) for record in first_records(text, separator, is_cut=is_cut)]
        if not widths or widths[0] < 2:
            continue
        alike = sum(width == widths[0] for width in widths) / len(widths)
        # A space divides sentences too, so any other separator wins over it.
        rank = (alike - (1.0 if separator == " " else 0.0), widths[0], separator)
        if best is None or rank[:2] > best[:2]:
            best = rank
    return None if best is None else best[2]


def is_number(text: str, decimal: str) -> bool:
    """Return whether a field reads as a number and hence is unlikely to be a name."""
    if text.strip().lower().lstrip("+-") in ("nan", "inf", "infinity"):
        return False
    try:
        float(text.strip().replace(decimal, "."))
    except ValueError:
        return False
    return True
