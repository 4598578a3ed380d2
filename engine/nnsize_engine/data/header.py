"""What a delimited text file is like, found out from its beginning: encoding, separator, column names."""

import codecs
import csv
import io
from collections.abc import Iterable
from itertools import islice

from nnsize_engine.errors import DataError

SNIFFED_BYTES = 65_536
"""How much of a file is looked at to find out its encoding and separator."""

_SEPARATORS = (",", ";", "\t", "|", " ")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNDEFINED_IN_CP1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\v") | {127}
_MOST_CONTROLS = 0.05
"""Share of control characters above which a file is no text; some may stand in names."""

_MOST_CONTROLS_OF_UNICODE = 0.3
"""The same for what is UTF-8, which binary data hardly ever is."""


def find_encoding(start: bytes, name: str, *, is_cut: bool = False) -> str:
    """Encoding of a text file that starts so: by its byte-order mark, else UTF-8 if it is that, else cp1252 or latin-1.

    ``is_cut`` says that there is more, so that the start may end within a character.

    Raises:
        DataError: this is no text.
    """
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    if b"\0" in start:
        return _utf_16_without_mark(start, name)
    controls = sum(byte in _CONTROLS for byte in start) / len(start) if start else 0.0
    is_unicode = _is_utf_8(start, is_cut)
    if controls > (_MOST_CONTROLS_OF_UNICODE if is_unicode else _MOST_CONTROLS):
        raise binary_junk(name)
    return "utf-8" if is_unicode else single_byte_encoding(start)


def _is_utf_8(start: bytes, is_cut: bool) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start, final=not is_cut)
    except UnicodeDecodeError:
        return False
    return True


def single_byte_encoding(start: bytes) -> str:
    """The Western European encoding of Windows, unless a byte occurs that it does not have."""
    return "latin-1" if _UNDEFINED_IN_CP1252.intersection(start) else "cp1252"


def binary_junk(name: str) -> DataError:
    """What to say of a file that is no text."""
    return DataError(f"{name} holds binary data, not text; expected is a text file with one row a line, such as CSV")


def _utf_16_without_mark(start: bytes, name: str) -> str:
    even, odd = start[::2].count(0), start[1::2].count(0)
    half = len(start) // 2
    if odd > 0.8 * half and not even:
        return "utf-16-le"
    if even > 0.8 * half and not odd:
        return "utf-16-be"
    raise binary_junk(name)


def first_records(text: str, separator: str, *, most: int = 200, is_cut: bool = False) -> list[list[str]]:
    """The first records of delimited text, without blank lines; of text that ends early, without the last record."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    records: list[list[str]] = []
    try:
        records.extend(islice(_not_blank(reader), most + 1))
    except csv.Error:  # a field longer than the csv module takes: what came before is enough
        is_cut = False
    if is_cut and len(records) <= most:
        records = records[:-1] or records
    return records[:most]


def _not_blank(records: Iterable[list[str]]) -> Iterable[list[str]]:
    return (record for record in records if record and record != [""])


def find_separator(text: str, *, decimal: str, is_cut: bool = False) -> str | None:
    """The separator that divides most records into as many fields as the first one; None when there is none."""
    best: tuple[float, int, str] | None = None
    for separator in _SEPARATORS:
        if separator == decimal or separator not in text:
            continue
        widths = [len(record) for record in first_records(text, separator, is_cut=is_cut)]
        if not widths or widths[0] < 2:
            continue
        alike = sum(width == widths[0] for width in widths) / len(widths)
        # A space divides sentences too: only where nothing else does.
        rank = (alike - (1.0 if separator == " " else 0.0), widths[0], separator)
        if best is None or rank[:2] > best[:2]:
            best = rank
    return None if best is None else best[2]


def is_number(text: str, decimal: str) -> bool:
    """Whether a field reads as a number: then it is hardly a name."""
    if text.strip().lower().lstrip("+-") in ("nan", "inf", "infinity"):
        return False
    try:
        float(text.strip().replace(decimal, "."))
    except ValueError:
        return False
    return True
