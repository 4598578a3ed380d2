"""A delimited text file, as its first lines show it."""

import io
from dataclasses import dataclass
from pathlib import Path

from nnsize_engine.data.compressed import Packing, open_bytes
from nnsize_engine.data.layout import Layout
from nnsize_engine.settings.table_choice import TableChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    """A delimited text file: its encoding, its layout, the names of its columns."""

    path: Path
    packing: Packing
    choice: TableChoice
    layout: Layout
    names: tuple[str, ...]
    """Names of all columns, with those that are left out."""

    empty_at_first: frozenset[int]
    """Places of the columns without a name that have no value in the first lines."""

    ragged_field: str
    is_comment_chosen: bool

    @property
    def kept(self) -> tuple[int, ...]:
        """Places of the columns that are not left out."""
        first = 1 if self.layout.has_row_names else 0
        return tuple(place for place in range(first, len(self.names)) if place not in self.layout.empty)

    @property
    def last(self) -> int:
        """The place of the last column that has a name or values in the first lines."""
        return next((place for place in reversed(self.kept) if place not in self.empty_at_first), self.kept[-1])

    def open(self, errors: str = "strict") -> io.TextIOWrapper:
        """Open the file as text; ``errors`` says what becomes of bytes that are no text in its encoding."""
        raw = open_bytes(self.path, self.packing, self.choice.name)
        return io.TextIOWrapper(raw, encoding=self.choice.encoding, errors=errors, newline="")
