"""The first records of delimited text, with the lines on which they stand.

Screens read headers too, so this module loads neither NumPy nor pandas.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from nnsize_engine.settings.separators import WHITESPACE

MAX_RECORDS = 200  # records that are compared to find the separator and the header


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of a text file."""

    line: int
    """Place of its first line, counted from 0."""

    next_line: int
    """Place of the line after its last one."""

    fields: tuple[str, ...]


def find_records(
    text: str,
    separator: str,
    *,
    first_line: int = 0,
    comment: str = "",
    skips_blanks: bool = False,
    max_records: int = MAX_RECORDS,
    is_cut: bool = False,
) -> list[Record]:
    """Return the first records from a line on, without blank lines and comments.

    If the text is cut, its last record may be cut too and is left out.
    """
    lines = islice(io.StringIO(text, newline=""), first_line, None)
    found: list[Record] = []
    try:
        found.extend(islice(divide(lines, separator, first_line, comment, skips_blanks), max_records + 1))
    except csv.Error:  # a field is longer than the csv module allows: the records before it are enough
        is_cut = False
    if is_cut and len(found) <= max_records:
        found = found[:-1] or found
    return found[:max_records]


def divide(
    lines: Iterator[str], separator: str, first_line: int = 0, comment: str = "", skips_blanks: bool = False
) -> Iterator[Record]:
    """Yield the records of lines, without blank lines and comments.

    Raises:
        csv.Error: a field is too long.
    """
    if comment:
        lines = (_without_comment(line, comment) for line in lines)
    if separator == WHITESPACE:
        lines = (line.replace("\t", " ").strip() + "\n" for line in lines)
        reader = csv.reader(lines, delimiter=" ", skipinitialspace=True)
    else:
        reader = csv.reader(lines, delimiter=separator, skipinitialspace=skips_blanks)
    line = first_line
    for fields in reader:
        if len(fields) > 1 or (fields and fields[0].strip()):
            yield Record(line=line, next_line=first_line + reader.line_num, fields=tuple(fields))
        line = first_line + reader.line_num


def _without_comment(line: str, comment: str) -> str:
    """Return a line without its comment; a sign in quotes begins none."""
    parts = line.split(comment)
    kept = parts[0]
    for part in parts[1:]:
        if kept.count('"') % 2 == 0:
            return kept + "\n"
        kept += comment + part
    return kept
