"""The layout of a text file: what stands above its values, and how its lines are divided.

Screens read headers too, so this module loads neither NumPy nor pandas.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nnsize_engine.data.find_separator import find_separator
from nnsize_engine.data.header_evidence import Evidence, find_no_header, has_units
from nnsize_engine.data.records import Record, find_records
from nnsize_engine.settings.file_facts import LeftOut
from nnsize_engine.settings.separators import WHITESPACE
from nnsize_engine.settings.table_choice import HeaderChoice, TableChoice

MAX_TITLE_RECORDS = 30  # records before the line of names; more are no title

_COMMENTS = "#%"  # signs that are detected at the beginning of the first line

_LINE_END = re.compile(r"\r\n|\r|\n")

_SEPARATOR_LINE = re.compile(r'"?sep=(?P<separator>.)"?[,;\t|]*', re.IGNORECASE)

_MIN_BLANK_SHARE = 0.5  # share of the separators that a blank follows, for blanks that belong to none of the cells

_MIN_EVEN_SHARE = 0.9  # share of the records of one width, for lines of less fields before them to be a title


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The layout of a text file."""

    separator: str | None = None
    """None if no separator divides the lines."""

    fields: tuple[str, ...] = ()
    """Names of all columns as they are written, empty where a line is longer; made-up names without a header. Empty for
    an empty file."""

    header: HeaderChoice = "names"
    skip: int = 0
    """Lines before the header that are skipped."""

    comment: str = ""
    skips_blanks: bool = False
    """True if blanks after a separator belong to no cell."""

    has_row_names: bool = False
    """True if the first column has no name because it holds the names of rows, as R writes them."""

    is_padded: bool = False
    """True if lines of values end with separators that the line of names does not have."""

    header_line: int | None = None
    units_line: int | None = None
    first_line: int = 0
    """Place of the first line of values. All places of lines are counted from 0."""

    written: tuple[str, ...] = ()
    """The fields of the line of names."""

    units: tuple[str, ...] = ()
    """The fields of the line of units; empty without one."""

    empty: frozenset[int] = frozenset()
    """Places of columns without a name, and without a value in the first records."""

    evidence: Evidence | None = None
    """The reason why the file has no line of names; None if that was chosen."""

    left_out: tuple[tuple[LeftOut, int], ...] = ()
    """Everything that is left out before the first value."""


def find_layout(text: str, choice: TableChoice, *, is_cut: bool = False, has_signs_in_cells: bool = False) -> Layout:
    """Return the layout of a text file by its beginning; choices that were made are kept.

    ``has_signs_in_cells`` tells that the sign which begins comments stands in cells too.
    """
    said, skip, left_out = _separator_line(text, choice)
    comment = choice.comment or ""
    if choice.comment is None:
        comment, comments = _find_comments(text, skip, choice, is_cut=is_cut)
        if comments and (has_signs_in_cells or not comment):
            comment = ""
            if choice.skip is None:
                skip, left_out = skip + comments, (*left_out, ("comment", comments))
    separator = choice.separator or said
    separator = separator or find_separator(
        text, decimal=choice.plain_decimal, first_line=skip, comment=comment, is_cut=is_cut
    )
    skips_blanks = separator is not None and _follow_blanks(text, separator)
    records = find_records(
        text, separator or ",", first_line=skip, comment=comment, skips_blanks=skips_blanks, is_cut=is_cut
    )
    layout = Layout(separator=separator, skip=skip, comment=comment, skips_blanks=skips_blanks, left_out=left_out)
    layout = find_header(layout, records, choice)
    begin = layout.first_line if layout.header_line is None else layout.header_line
    lines = _LINE_END.split(text)[skip:begin] if comment else []
    count = sum(line.startswith(comment) for line in lines)
    return replace(layout, left_out=(*layout.left_out, ("comment", count))) if count else layout


def find_header(layout: Layout, records: Sequence[Record], choice: TableChoice) -> Layout:
    """Return the layout with what its first records hold: titles, names, units and values."""
    if choice.skip is None and choice.header != "none":
        titles = _count_titles(records, choice)
        if titles:
            left_out: tuple[tuple[LeftOut, int], ...] = (*layout.left_out, ("title", titles))
            layout = replace(layout, skip=records[titles].line, left_out=left_out)
            records = records[titles:]
    return _with_header(layout, records, choice) if records else layout


def _separator_line(text: str, choice: TableChoice) -> tuple[str | None, int, tuple[tuple[LeftOut, int], ...]]:
    """Return the separator that Excel's first line names, the lines to skip, and what they are."""
    found = _SEPARATOR_LINE.fullmatch(_LINE_END.split(text, maxsplit=1)[0])
    separator = found["separator"] if found is not None else None
    if choice.skip is not None:
        return separator, choice.skip, (("skipped", choice.skip),) if choice.skip else ()
    return (separator, 1, (("separator", 1),)) if found is not None else (None, 0, ())


def _find_comments(text: str, first_line: int, choice: TableChoice, *, is_cut: bool) -> tuple[str, int]:
    """Return the sign of comments, empty if it stands in cells too, and the number of such lines at the beginning.

    A single such line that is divided like the lines below it holds names.
    """
    lines = _LINE_END.split(text)[first_line:]
    sign = next((line[0] for line in lines if line.strip()), "")
    if sign not in _COMMENTS or not sign or sign == choice.separator:
        return "", 0
    comments = next((place for place, line in enumerate(lines) if line.strip() and line[0] != sign), 0)
    rows = [line for line in lines if not line.startswith(sign)]
    if not comments:
        return "", 0
    if sum(line.startswith(sign) for line in lines[:comments]) == 1:
        separator = choice.separator or find_separator(
            text, decimal=choice.plain_decimal, first_line=first_line, is_cut=is_cut
        )
        records = find_records(text, separator or ",", first_line=first_line, max_records=3)
        if separator is not None and len(records) > 1 and len(records[0].fields) == len(records[1].fields):
            return "", 0
    return ("" if any(sign in line for line in rows) else sign), comments


def _follow_blanks(text: str, separator: str) -> bool:
    """Return whether most separators are followed by a blank."""
    if separator in (" ", "\t", WHITESPACE):
        return False
    return text.count(separator + " ") > _MIN_BLANK_SHARE * text.count(separator)


def _count_titles(records: Sequence[Record], choice: TableChoice) -> int:
    """Return the number of records before the line of names: those of less fields than the table."""
    widths = [len(record.fields) for record in records]
    width, count = Counter(widths).most_common(1)[0] if widths else (0, 0)
    titles = 0
    while titles < min(MAX_TITLE_RECORDS, len(records) - 2) and _is_title(records[titles:], width):
        titles += 1
    if not titles or width < 2 or count < _MIN_EVEN_SHARE * (len(records) - titles):
        return 0
    rest = [record.fields for record in records[titles:]]
    has_names = find_no_header(rest, choice.plain_decimal) is None
    if titles == 1 and widths[0] > 1 and not (has_names and _is_plain_title(records[0], rest, choice)):
        return 0  # a line of names that is too short
    return titles


def _is_title(records: Sequence[Record], width: int) -> bool:
    """Return whether the first record has less fields than the table, or is filled up with empty ones."""
    fields, below = records[0].fields, records[1].fields
    filled = sum(bool(field.strip()) for field in fields)
    if len(fields) < width or (filled <= 1 and width > 2):
        return True
    # Names above numbers, below a line without all names: the second line is that of the names.
    return filled < width and all(field.strip() for field in below) and has_units([record.fields for record in records])


def _is_plain_title(record: Record, rest: Sequence[Sequence[str]], choice: TableChoice) -> bool:
    """Return whether the line below a title of several fields holds names: texts above numbers."""
    below = find_no_header([record.fields, *rest[1:]], choice.plain_decimal)
    numbers = find_no_header([rest[1], *rest[2:]], choice.plain_decimal) if len(rest) > 2 else None
    return below is None and numbers is not None


def _with_header(layout: Layout, records: Sequence[Record], choice: TableChoice) -> Layout:
    """Return the layout with the names of columns and the first line of values."""
    rows = [record.fields for record in records]
    header, evidence = _find_header(rows, choice)
    if header == "none":
        fields = _made_up_names(rows)
        layout = replace(layout, header="none", evidence=evidence, fields=fields, first_line=records[0].line)
        return replace(layout, empty=_empty_columns(fields, rows))
    first = records[0]
    below = rows[1:] if header == "names" else rows[2:]
    fields = first.fields
    width = max(map(len, below), default=len(fields))
    is_longer = width > len(fields) and all(len(row) == width for row in below)
    is_padded = is_longer and all(not text.strip() for row in below for text in row[len(fields) :])
    has_row_names = is_longer and not is_padded and width == len(fields) + 1 and len(fields) > 1
    if is_padded:
        fields = (*fields, *[""] * (width - len(fields)))
    elif has_row_names:
        fields = ("", *fields)
    if header == "units" and len(records) > 1:
        units = records[1]
        left_out = (*layout.left_out, ("units", 1))
        layout = replace(
            layout, units=units.fields, units_line=units.line, first_line=units.next_line, left_out=left_out
        )
    else:
        layout = replace(layout, first_line=first.next_line)
    return replace(
        layout,
        header=header,
        fields=fields,
        header_line=first.line,
        written=first.fields,
        has_row_names=has_row_names,
        is_padded=is_padded,
        empty=_empty_columns(fields, below) - ({0} if has_row_names else set()),
    )


def _find_header(rows: Sequence[Sequence[str]], choice: TableChoice) -> tuple[HeaderChoice, Evidence | None]:
    if choice.header is not None:
        return choice.header, None
    evidence = find_no_header(rows, choice.plain_decimal)
    if evidence is not None:
        return "none", evidence
    return ("units" if has_units(rows) else "names"), None


def _made_up_names(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return x0, x1, ... and y for the last column, as in an array of NumPy; empty names for empty last columns."""
    width = max(map(len, rows))
    used = max((place + 1 for row in rows for place, text in enumerate(row) if text.strip()), default=width)
    return (*(f"x{place}" for place in range(used - 1)), "y", *[""] * (width - used))


def _empty_columns(fields: Sequence[str], rows: Sequence[Sequence[str]]) -> frozenset[int]:
    nameless = {place for place, name in enumerate(fields) if not name.strip()}
    filled = {place for row in rows for place, text in enumerate(row) if text.strip()}
    return frozenset(nameless - filled) if rows else frozenset()
