"""Text files of formats that define their own layout, opened with the encoding that is found."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nnsize_engine.data.compressed import Packing, decompression_errors, find_packing, open_bytes
from nnsize_engine.data.encoding import chosen_encoding, decode_start, find_encoding
from nnsize_engine.data.header import MAX_HEADER_BYTES, MIN_READ_BYTES, endless_line
from nnsize_engine.settings.table_choice import TableChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedText:
    """A text file with its packing and encoding."""

    path: Path
    name: str
    packing: Packing
    encoding: str
    start: str
    """Its first characters."""

    def open(self) -> io.TextIOWrapper:
        """Open the file for its text."""
        return io.TextIOWrapper(open_bytes(self.path, self.packing, self.name), encoding=self.encoding)

    def lines(self) -> Iterator[str]:
        """Yield the lines of the file.

        Raises:
            DataError: the file is damaged, or a line is far too long.
        """
        with decompression_errors(self.name, self.packing.compression), self.open() as file:
            while line := file.readline(MAX_HEADER_BYTES):
                if len(line) >= MAX_HEADER_BYTES:
                    raise endless_line(self.name)
                yield line


def open_encoded(choice: TableChoice, path: Path) -> EncodedText:
    """Find the packing and the encoding of a text file.

    Raises:
        DataError: the file is no text, or not in the chosen encoding.
        OSError: the file cannot be read.
    """
    name = choice.name
    packing = find_packing(path, name)
    with decompression_errors(name, packing.compression), open_bytes(path, packing, name) as file:
        start = file.read(MIN_READ_BYTES)
    is_cut = len(start) == MIN_READ_BYTES
    encoding = chosen_encoding(choice) or find_encoding(start, name, is_cut=is_cut)
    text = decode_start(start, encoding, choice)
    return EncodedText(path=path, name=name, packing=packing, encoding=encoding, start=text)
