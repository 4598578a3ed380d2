"""The header of a delimited text file: encoding, layout and column names, detected from its first bytes.

Screens read headers too, so this module loads neither NumPy nor pandas.
"""

from dataclasses import dataclass
from pathlib import Path

from nnsize_engine.data.compressed import Packing, decompression_errors, find_packing, open_bytes
from nnsize_engine.data.encoding import chosen_encoding, decode_start, find_encoding
from nnsize_engine.data.layout import Layout, find_layout
from nnsize_engine.data.unique_names import names_of_columns
from nnsize_engine.errors import DataError
from nnsize_engine.settings.table_choice import TableChoice

MIN_READ_BYTES = 65_536  # enough for 2,000 column names, or for 200 rows of usual tables

MAX_HEADER_BYTES = 1 << 25  # 32 MiB; a longer line is no table


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The packing, encoding, layout and column names of a text file."""

    packing: Packing
    encoding: str
    layout: Layout

    @property
    def fields(self) -> tuple[str, ...]:
        """Column names as they are written; empty for an empty file."""
        return self.layout.fields

    @property
    def names(self) -> tuple[str, ...]:
        """Unique names of the columns that a run would read, escaped."""
        first = 1 if self.layout.has_row_names else 0
        names = names_of_columns(self.fields)
        return tuple(names[place] for place in range(first, len(names)) if place not in self.layout.empty)

    @property
    def separator(self) -> str | None:
        """The separator; None if none divides the lines."""
        return self.layout.separator


def read_header(
    choice: TableChoice,
    path: Path,
    *,
    encoding: str | None = None,
    max_bytes: int = MAX_HEADER_BYTES,
    has_signs_in_cells: bool = False,
) -> Header:
    """Detect the encoding, layout and column names that the choice leaves open.

    Args:
        choice: encoding and layout as the user chose them.
        path: the file, plain or compressed.
        encoding: replaces the encoding that the first bytes suggest.
        max_bytes: most bytes that are read to find the end of the first line.
        has_signs_in_cells: whether the sign that begins comments stands in cells too.

    Raises:
        DataError: the file is no text, or not in the chosen encoding.
        OSError: the file cannot be read.
    """
    packing = find_packing(path, choice.name)
    start, is_cut = _beginning(path, packing, choice.name, max_bytes)
    encoding = chosen_encoding(choice) or encoding or find_encoding(start, choice.name, is_cut=is_cut)
    text = decode_start(start, encoding, choice)
    layout = Layout(separator=choice.separator)
    if text.strip():
        layout = find_layout(text, choice, is_cut=is_cut, has_signs_in_cells=has_signs_in_cells)
    return Header(packing=packing, encoding=encoding, layout=layout)


def _beginning(path: Path, packing: Packing, name: str, max_bytes: int) -> tuple[bytes, bool]:
    """Return the first bytes, up to the end of the first line at least, and whether more follow."""
    with decompression_errors(name, packing.compression), open_bytes(path, packing, name) as file:
        start = file.read(MIN_READ_BYTES)
        while len(start) < max_bytes and b"\n" not in start and b"\r" not in start:
            more = file.read(len(start))
            if not more:
                break
            start += more
        if len(start) >= MAX_HEADER_BYTES and b"\n" not in start and b"\r" not in start:
            raise endless_line(name)
        return start, file.read(1) != b""


def endless_line(name: str) -> DataError:
    """Return the refusal of a line that is longer than the lines of tables."""
    return DataError(
        f"{name} has a line of more than {MAX_HEADER_BYTES >> 20} MiB, which is no row of a table; "
        "expected is a text file with one row a line, such as CSV",
        field="data",
    )
