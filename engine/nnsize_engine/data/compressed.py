"""Compressed files: their first bytes, not their names, tell how they are decompressed.

Screens read headers too, so this module loads neither NumPy nor pandas.
"""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from nnsize_engine.errors import DataError
from nnsize_engine.processes.install_hint import install_hint
from nnsize_engine.settings.file_facts import Compression
from nnsize_engine.text import escape_text

ZIP, EMPTY_ZIP = b"PK\x03\x04", b"PK\x05\x06"

_MAGIC: tuple[tuple[bytes, Compression], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (ZIP, "zip"),
    (EMPTY_ZIP, "zip"),
)
_MAX_MAGIC_BYTES = 8

MIN_CHECKED_BYTES = 1 << 28  # 256 MiB; a file that becomes smaller harms nobody, however well it is compressed

MAX_EXPANSION = 400  # bytes that one compressed byte may become; tables of mostly equal values reach a hundred

_NO_DATA = ("__MACOSX/", ".")  # beginnings of names of files that an operating system adds to an archive

_BROKEN = (
    EOFError,
    gzip.BadGzipFile,
    lzma.LZMAError,
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
)
"""The errors of decompressing a damaged or protected file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """The packing of a table's bytes into a file."""

    compression: Compression = ""
    member: str = ""
    """The name of the table in a zip archive."""


def find_packing(path: Path, name: str) -> Packing:
    """Return how a file is packed.

    Raises:
        DataError: it is an archive of no file, or of several.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(_MAX_MAGIC_BYTES)
    for magic, compression in _MAGIC:
        if start.startswith(magic):
            member = _only_member(path, name) if compression == "zip" else ""
            return Packing(compression=compression, member=member)
    return Packing()


def zip_members(path: Path, name: str) -> list[str]:
    """Return the names of all files in a zip archive.

    Raises:
        DataError: it is damaged.
    """
    with decompression_errors(name, "zip"), zipfile.ZipFile(path) as archive:
        return archive.namelist()


def _only_member(path: Path, name: str) -> str:
    found = [
        member
        for member in zip_members(path, name)
        if not member.endswith("/") and not member.startswith(_NO_DATA) and "/." not in member
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise DataError(f"{name} is a zip archive without a file; pack the table again", field="data")
    few = ", ".join(escape_text(member) for member in found[:3])
    more = f" and {len(found) - 3:,} more" if len(found) > 3 else ""
    raise DataError(
        f"{name} is a zip archive of {len(found):,} files ({few}{more}); unpack it and name one of them", field="data"
    )


def open_bytes(path: Path, packing: Packing, name: str) -> IO[bytes]:
    """Open a file for its decompressed bytes.

    Reading raises a DataError for a file that expands to far more than tables do.

    Raises:
        DataError: the library for its compression is missing, or the archive is damaged.
        OSError: the file cannot be read.
    """
    if packing.compression == "":
        return path.open("rb")
    opened = _decompressor(path, packing, name)
    return io.BufferedReader(_Limited(opened, path.stat().st_size, name), buffer_size=1 << 16)


def _decompressor(path: Path, packing: Packing, name: str) -> Any:
    match packing.compression:
        case "gzip":
            return gzip.open(path)
        case "bz2":
            return bz2.open(path)
        case "xz":
            return lzma.open(path)
        case "zip":
            with decompression_errors(name, "zip"):
                return zipfile.ZipFile(path).open(packing.member)
        case "zstd":
            try:
                import zstandard
            except ImportError as error:
                raise DataError(
                    f"{name} is compressed by zstd, which needs zstandard; {install_hint('zstd')}", field="data"
                ) from error
            return zstandard.open(path, "rb")
        case "":
            raise ValueError("a plain file has no decompressor")


class _Limited(io.RawIOBase):
    """A decompressed stream that ends with an error when it grows far beyond its compressed size."""

    def __init__(self, stream: Any, compressed: int, name: str) -> None:
        self._stream, self._name = stream, name
        self._left = max(MIN_CHECKED_BYTES, compressed * MAX_EXPANSION)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer, as every raw stream does."""
        data = self._stream.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise DataError(
                f"{self._name} is decompressed to more than {MAX_EXPANSION} times its size, like a zip bomb; "
                "if it is a table, unpack it and name the unpacked file",
                field="data",
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


@contextmanager
def decompression_errors(name: str, compression: Compression) -> Iterator[None]:
    """Turn the errors of decompressing a damaged file into a DataError."""
    try:
        yield
    except _BROKEN as error:
        raise _damaged(name, compression, error) from error
    except Exception as error:
        is_broken = (compression == "zstd" and type(error).__name__ == "ZstdError") or (
            compression == "bz2" and isinstance(error, OSError) and error.errno is None
        )
        if not is_broken:
            raise
        raise _damaged(name, compression, error) from error


def _damaged(name: str, compression: Compression, error: Exception) -> DataError:
    if "password" in str(error):
        return DataError(f"{name} is protected by a password; unpack it and name the unpacked file", field="data")
    how = {"": "as it is", "zip": "as a zip archive"}.get(compression, f"by {compression}")
    reason = escape_text(str(error)) or type(error).__name__
    return DataError(f"{name} is compressed {how} and damaged ({reason}); copy it again", field="data")
