"""Column names of Parquet, Arrow and Feather files, read from their descriptions alone.

pyarrow reads them too, but loading it takes longer than everything else that the completion of the shell does.

Format of Parquet: https://parquet.apache.org/docs/file-format/metadata/, written in Thrift's compact protocol.
Format of Arrow: https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format, written as FlatBuffers.

Damaged files raise a ValueError or a LookupError.
"""

import json
import struct
from collections.abc import Sequence
from pathlib import Path

MAX_DESCRIPTION_BYTES = 1 << 24  # 16 MiB; of real files it is some hundred bytes for each column

_MAX_DEPTH = 16  # of nested structs in Parquet's description of a column, which has three

_PANDAS = b"\x18\x06pandas\x18"
"""The key of what pandas wrote, in Thrift: two texts of a struct, the first of six letters."""

_STREAM = b"\xff\xff\xff\xff"


def parquet_names(path: Path) -> list[str]:
    """Return the names of the columns of a Parquet file, without row labels of pandas."""
    with path.open("rb") as file:
        size = file.seek(-8, 2)
        length, magic = struct.unpack("<I4s", file.read(8))
        if magic != b"PAR1" or length > min(size, MAX_DESCRIPTION_BYTES):
            raise ValueError(f"{path} has no description of its columns")
        file.seek(size - length)
        footer = file.read(length)
    place = footer.rfind(_PANDAS)
    about = _Thrift(footer, place + len(_PANDAS)).text() if place >= 0 else b""
    return _without_labels(_top_names(_Thrift(footer).schema()), about)


def _top_names(elements: Sequence[object]) -> list[str]:
    """Return the names of the columns of a schema, which lists its root, and each column before its children."""
    names: list[str] = []
    at = 1
    while at < len(elements):
        open_elements, first = 1, at
        while open_elements:
            element = elements[at]
            assert isinstance(element, dict)
            children = element.get(5, 0)
            if children < 0:
                raise ValueError("a column has less than no children")
            open_elements += children - 1
            at += 1
        element = elements[first]
        assert isinstance(element, dict)
        names.append(element[4].decode())
    return names


class _Thrift:
    """A reader of Thrift's compact protocol."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self._data, self._at = data, at

    def schema(self) -> Sequence[object]:
        """Return the second field of the description of a file, which lists its columns."""
        found = self._struct(0, last=2)[2]
        if not isinstance(found, list):
            raise TypeError("the description of the columns is no list")
        return found

    def text(self) -> bytes:
        """Return bytes whose number stands before them."""
        length = self._number()
        self._at += length
        if self._at > len(self._data):
            raise ValueError("a text is longer than the file")
        return self._data[self._at - length : self._at]

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _number(self) -> int:
        """Return a whole number from 0 up, written in groups of seven bits."""
        number = shift = 0
        while True:
            byte = self._byte()
            number |= (byte & 127) << shift
            if byte < 128:
                return number
            shift += 7
            if shift > 63:
                raise ValueError("a number is longer than eight bytes")

    def _struct(self, depth: int, last: int | None = None) -> dict[int, object]:
        """Return the fields of a struct by their numbers, or those up to one of them."""
        if depth > _MAX_DEPTH:
            raise ValueError("structs are nested too deeply")
        fields: dict[int, object] = {}
        name = 0
        while (head := self._byte()) != 0:
            name = name + (head >> 4) if head >> 4 else _signed(self._number())
            kind = head & 15
            fields[name] = kind == 1 if kind in (1, 2) else self._value(kind, depth)
            if name == last:
                break
        return fields

    def _value(self, kind: int, depth: int) -> object:
        match kind:
            case 1 | 2 | 3:
                return self._byte()
            case 4 | 5 | 6:
                return _signed(self._number())
            case 7:
                self._at += 8
                return None
            case 8:
                return self.text()
            case 9 | 10:
                head = self._byte()
                count = head >> 4 if head >> 4 < 15 else self._number()
                return [self._value(head & 15, depth + 1) for _ in range(count)]
            case 12:
                return self._struct(depth + 1)
        raise ValueError(f"there is no type {kind} in the description of a column")


def _signed(number: int) -> int:
    """Return the number that stands for a signed one: 0, -1, 1, -2, ..."""
    return (number >> 1) ^ -(number & 1)


def arrow_names(path: Path) -> list[str]:
    """Return the names of the columns of an Arrow or Feather file or stream, without row labels of pandas."""
    with path.open("rb") as file:
        if file.read(4) != _STREAM:  # a file, whose magic bytes are filled up to eight; the stream follows
            file.seek(8)
            if file.read(4) != _STREAM:
                raise ValueError(f"{path} does not begin with a description of its columns")
        (length,) = struct.unpack("<I", file.read(4))
        if length > MAX_DESCRIPTION_BYTES:
            raise ValueError(f"{path} has no description of its columns")
        message = _Flat(file.read(length))
    schema = message.table(message.root, 2)
    names = [message.text(message.field(one, 0)).decode() for one in message.tables(schema, 1)]
    facts = {
        message.text(message.field(one, 0)): message.text(message.field(one, 1)) for one in message.tables(schema, 2)
    }
    return _without_labels(names, facts.get(b"pandas", b""))


class _Flat:
    """A reader of FlatBuffers: tables whose fields are found by offsets."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.root = self._offset(0)

    def _offset(self, at: int) -> int:
        (offset,) = struct.unpack_from("<I", self._data, at)
        return at + int(offset)

    def field(self, table: int, number: int) -> int:
        """Return the place of a field of a table; 0 if it has none."""
        (back,) = struct.unpack_from("<i", self._data, table)
        start = table - back
        if start < 0:
            raise ValueError("a table begins before the file")
        (size,) = struct.unpack_from("<H", self._data, start)
        if size < 6 + 2 * number:
            return 0
        (offset,) = struct.unpack_from("<H", self._data, start + 4 + 2 * number)
        return table + offset if offset else 0

    def table(self, table: int, number: int) -> int:
        """Return the place of a table that is a field of a table."""
        return self._offset(self.field(table, number))

    def tables(self, table: int, number: int) -> list[int]:
        """Return the places of tables that a field lists."""
        place = self.field(table, number)
        if not place:
            return []
        start = self._offset(place)
        (count,) = struct.unpack_from("<I", self._data, start)
        if 4 * count > len(self._data):
            raise ValueError("a list is longer than the file")
        return [self._offset(start + 4 + 4 * at) for at in range(count)]

    def text(self, place: int) -> bytes:
        """Return the bytes of a text field; empty if its table has none."""
        if not place:
            return b""
        start = self._offset(place)
        (length,) = struct.unpack_from("<I", self._data, start)
        return self._data[start + 4 : start + 4 + length]


def _without_labels(names: Sequence[str], about: bytes) -> list[str]:
    """Return the names without those of columns that pandas wrote to restore its row labels."""
    facts = json.loads(about) if about else {}
    labels = facts.get("index_columns", []) if isinstance(facts, dict) else []
    return [name for name in names if name not in labels]
