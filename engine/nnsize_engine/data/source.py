"""The common interface of all table formats: column names, and rows in parts."""

import hashlib
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nnsize_engine.data.quote_names import quoted
from nnsize_engine.errors import DataError
from nnsize_engine.settings.file_facts import NO_FACTS, FileFacts
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_engine.text import escape_text

PART_ROWS = 50_000  # rows read at a time: few parts, and each takes little memory

Frames = Callable[[Sequence[int], Collection[int]], Generator[Any, None, None]]
"""Takes the positions of the wanted columns and, among them, of those to read as text. Yields the parts of the table in
order, each a pandas frame of the wanted columns in the given order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An opened table, of which only the beginning is read."""

    choice: TableChoice
    """The choice with separator and encoding filled in."""

    names: tuple[str, ...]
    """Unique names of all columns, with control characters escaped."""

    frames: Frames
    checksum: Callable[[], str]
    """Computes the SHA-256 of the bytes of the file, or of the values if there is no file."""

    default_target: tuple[str, ...] = ()
    """Target columns that the source names; empty for the last column."""

    refused: Mapping[int, str] = field(default_factory=dict)
    """Places of columns of types that no network takes, with the message of their refusal unless they are ignored. They
    can be read as text only."""

    is_typed: bool = False
    """True if the source has types. Delimited text has none: its texts may be numbers."""

    notes: tuple[str, ...] = ()
    """Sentences about choices that were detected."""

    warnings: tuple[str, ...] = ()
    """Sentences about possible faults of the source."""

    file: Callable[[], FileFacts] = lambda: NO_FACTS
    """Returns the facts about the file; complete after all parts were read."""


def column_names(found: Sequence[str], name: str) -> tuple[str, ...]:
    """Return the names of columns, escaped; a column without a name gets one by its place, as in pandas.

    Raises:
        DataError: two columns have the same name.
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
