"""Columns of texts whose type is in doubt: the warning of labels that are nearly dates, the refusal of mixed texts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.data.missing_option import missing_option
from nnsize_engine.data.parse_dates import places_without_date
from nnsize_engine.data.quote_names import quoted
from nnsize_engine.errors import DataError
from nnsize_engine.text import escape_text

_NUMBER = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*|\s*[+-]?inf(inity)?\s*", re.IGNORECASE)
MAX_LEVELS = 1_000  # different texts of a column; columns with more are ids or prose and no input

MAX_LISTED_TEXTS = 5  # different texts among numbers that an advice names; more are better taken as categories

MAX_SHOWN_CHARACTERS = 40  # characters of a value in a message; longer values are cut


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeWarning:
    """The reason why a column of categories may have another type."""

    remark: str
    """A few words for a table of columns."""

    found: str
    """The content of the column, as the end of a sentence: "column 'x' has ..."."""

    remedy: str
    """The advice: a clause in the imperative."""


def shown(text: str) -> str:
    """Return a value for a message: quoted, escaped, and cut to :data:`MAX_SHOWN_CHARACTERS`."""
    text = escape_text(text)
    return f"'{text if len(text) <= MAX_SHOWN_CHARACTERS else text[: MAX_SHOWN_CHARACTERS - 1] + '…'}'"


def is_number(text: str, decimal: str) -> bool:
    """Return whether a text is a number with this decimal sign."""
    if decimal != ".":
        text = text.replace(".", "x").replace(decimal, ".")
    return _NUMBER.fullmatch(text) is not None


def nearly_dates(column: TypedColumn, listed: Sequence[str]) -> TypeWarning | None:
    """Return a warning if most texts of a column are dates and some are not."""
    others = places_without_date(column.levels)
    if not others:
        return None
    first = column.levels[others[0]]
    rows = int(np.isin(column.values, others).sum())
    dates = int((column.values >= 0).sum()) - rows
    found = f"{dates:,} date{'s'[: dates > 1]}"
    if rows == 1:
        found += f" and 1 text that is no day of the calendar, {shown(first)}"
        them, such = "it", "it"
    else:
        found += f" and {rows:,} texts that are no days of the calendar, such as {shown(first)}"
        them, such = "them", "such texts"
    return TypeWarning(
        remark=f"dates? {shown(first)} is none",
        found=found,
        remedy=f"correct {them}, or take {such} as missing with {missing_option(listed, [first])}",
    )


def mixed_texts(column: TypedColumn, numbers: Sequence[bool], is_target: bool, listed: Sequence[str]) -> DataError:
    """Return the refusal of a column in which only the texts in ``numbers`` are numbers."""
    counts = np.bincount(column.values[column.values >= 0], minlength=len(numbers))
    is_number = np.array(numbers)
    texts = np.flatnonzero(~is_number)
    commonest = int(texts[counts[texts].argmax()])
    name = quoted(column.name)
    number_rows, text_rows = int(counts[is_number].sum()), int(counts[~is_number].sum())
    found = f"{number_rows:,} number{'s'[: number_rows > 1]} and {text_rows:,} text{'s'[: text_rows > 1]}"
    row = int((column.values == commonest).argmax()) + 1
    ways = []
    if len(numbers) <= MAX_LEVELS:
        ways.append(f"take all as categories with --categorical {name}")
    if len(texts) <= MAX_LISTED_TEXTS:
        them = "such texts" if text_rows > 1 else "that text"
        option = missing_option(listed, [column.levels[place] for place in texts])
        ways.append(f"{'' if ways else 'take '}{them} as missing with {option}")
    ways.append("name another target" if is_target else f"leave it out with --ignore {name}")
    role = "target" if is_target else "column"
    return DataError(
        f"{role} '{column.name}' mixes {found} such as {shown(column.levels[commonest])} in row {row:,}; "
        f"{', '.join(ways[:-1])}{',' if len(ways) > 2 else ''}{' or ' if len(ways) > 1 else ''}{ways[-1]}",
        field="target" if is_target else "missing",
        column=column.name,
    )
