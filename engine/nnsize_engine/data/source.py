"""The source of a table, whatever its format: column names, and rows in parts."""

import hashlib
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nnsize_engine.data.infer_types import quoted
from nnsize_engine.errors import DataError
from nnsize_engine.settings.table import TableChoice
from nnsize_engine.text import escape_text

PART_ROWS = 50_000  # read at a time; little memory besides the typed result, and few parts

Frames = Callable[[Sequence[int], Collection[int]], Generator[Any, None, None]]
"""Parts of a table in order, each a pandas frame, for the positions of wanted columns and of those among them that are
to be read as text; the frame's columns are the wanted ones, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A table that was found, with nothing read but its beginning."""

    choice: TableChoice
    """With separator and encoding as they were found."""

    names: tuple[str, ...]
    """Of all columns, unique and harmless to show."""

    frames: Frames
    checksum: Callable[[], str]
    """SHA-256 of the file's bytes, or of the values where there is no file; reads all of it."""

    default_target: tuple[str, ...] = ()
    """Columns that the source itself takes for the target; empty for the last one."""

    refused: Mapping[int, str] = field(default_factory=dict)
    """Places of columns that hold nothing a network can see, with the sentence to say unless they are ignored; they can
    be read as text only."""

    is_typed: bool = False
    """Whether the source says what is text and what is a number. Delimited text does not: its texts may be numbers."""

    notes: tuple[str, ...] = ()
    """Sentences about what was found out of the source."""

    warnings: tuple[str, ...] = ()
    """Sentences about what may be wrong with it."""


def column_names(found: Sequence[str], name: str) -> tuple[str, ...]:
    """Return the names as they are shown and used: escaped, a nameless one by its place, as in pandas.

    Raises:
        DataError: two columns have one name.
    """
    names = tuple(escape_text(text) if text.strip() else f"Unnamed: {place}" for place, text in enumerate(found))
    if len(set(names)) < len(names):
        twice = next(text for text in names if names.count(text) > 1)
        places = [str(place) for place, text in enumerate(names, start=1) if text == twice]
        raise DataError(
            f"{name} has {len(places)} columns called '{twice}' (columns {', '.join(places)}); give each its own name",
            field="data",
            column=twice,
        )
    return names


def unknown_type(name: str, kind: str) -> str:
    """Return the refusal of a column whose type is no input of a network."""
    return (
        f"column '{name}' holds values of type {kind}, which are neither numbers, truth values, texts nor dates; "
        f"leave it out with --ignore {quoted(name)}"
    )


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
