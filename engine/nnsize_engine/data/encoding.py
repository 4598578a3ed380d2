"""The encoding of a text file, detected from its first bytes.

Screens read headers too, so this module loads neither NumPy nor pandas.
"""

import codecs

from nnsize_engine.errors import DataError
from nnsize_engine.settings.table_choice import TableChoice

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


def undecodable(choice: TableChoice, encoding: str | None) -> DataError:
    """Return the refusal of bytes that are not in the encoding chosen or found."""
    return DataError(
        f"{choice.name} is not text in {encoding}; name its encoding with --encoding, such as utf-8 or cp1252",
        field="data" if choice.encoding is None else "encoding",
    )


def chosen_encoding(choice: TableChoice) -> str | None:
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


def decode_start(start: bytes, encoding: str, choice: TableChoice) -> str:
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
