"""Facts about the file of a table that inspection found: its format, its compression, and what is left out of it.

They decide nothing when the file is read again; a program that reads the same file is written from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

FileFormat = Literal["", "text", "excel", "arff", "json lines", "json array"]
"""Empty for formats whose settings tell them: those of OpenML, Arrow and NumPy, and all of earlier versions."""

UNTYPED_FORMATS: frozenset[FileFormat] = frozenset({"text", "excel", "json lines", "json array"})
"""Formats whose texts may be numbers or mean a missing value."""

Compression = Literal["", "gzip", "bz2", "xz", "zstd", "zip"]
"""pandas' names of compressions; empty for a plain file."""

LeftOut = Literal["skipped", "title", "separator", "comment", "repeated", "units", "nameless", "row names"]

LEFT_OUT_WORDS: Mapping[LeftOut, tuple[str, str]] = MappingProxyType(
    {
        "skipped": ("line skipped", "lines skipped"),
        "title": ("title line", "title lines"),
        "separator": ("line that names the separator", "lines that name the separator"),
        "comment": ("comment line", "comment lines"),
        "repeated": ("line that repeats the header", "lines that repeat the header"),
        "units": ("line of units", "lines of units"),
        "nameless": ("column without a name and a value", "columns without a name and a value"),
        "row names": ("column of row names", "columns of row names"),
    }
)
"""The words for one, and for several, of what is left out of a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """Facts about the file of a table."""

    format: FileFormat = ""
    compression: Compression = ""

    member: str = ""
    """The name of the file in a zip archive."""

    names: tuple[str, ...] = ()
    """The names of all columns, with those that are left out, where no single line of the file holds them."""

    units_line: int | None = None
    """Place of the line of units, counted from 0; None without one."""

    skips_blanks: bool = False
    """True if a blank follows the separators."""

    encoding: str = ""
    """The encoding of a file whose encoding is no choice: of ARFF and JSON."""

    is_sparse: bool = False
    """True if an ARFF file names only the values that are not 0."""

    left_out: tuple[tuple[LeftOut, int], ...] = ()
    """Everything that is left out of the file, with the number of each."""


NO_FACTS = FileFacts()
"""The facts about data without a file, and about tables that were inspected by earlier versions."""


def file_left_out_text(facts: FileFacts) -> str:
    """Return what is left out of a file, as ``4 comment lines, 1 line of units``; empty if nothing is."""
    return ", ".join(f"{count:,} {LEFT_OUT_WORDS[what][count != 1]}" for what, count in facts.left_out)


def file_facts_from(fields: Mapping[str, Any]) -> FileFacts:
    """Make facts from a stored JSON object.

    Raises:
        TypeError: the object has unknown fields.
    """
    left_out = tuple((what, count) for what, count in fields.get("left_out", ()))
    return FileFacts(**{**fields, "names": tuple(fields.get("names", ())), "left_out": left_out})
