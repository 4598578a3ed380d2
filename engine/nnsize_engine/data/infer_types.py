"""Type inference of columns of texts: numbers, dates or categories."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.data.missing_option import missing_option
from nnsize_engine.data.parse_dates import AmbiguousDatesError, days_of, places_without_date
from nnsize_engine.data.quote_names import quoted
from nnsize_engine.errors import DataError
from nnsize_engine.text import escape_text

_NUMBER = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*|\s*[+-]?inf(inity)?\s*", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"\s*[+-]?\d*,\d+\s*")
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


def resolve_types(
    column: TypedColumn,
    *,
    decimal: str,
    is_typed: bool,
    floats: str,
    is_target: bool = False,
    listed: Sequence[str] = (),
) -> tuple[TypedColumn, TypeWarning | None]:
    """Return a column of texts with its inferred type, and a warning if the type is doubtful.

    ``listed`` are the texts that an option ``--missing`` must name as well, so that they stay missing.

    Raises:
        DataError: the column mixes numbers and other texts, or its other texts are numbers with a decimal comma.
    """
    levels = column.levels
    if not is_typed:
        numbers = [is_number(level, decimal) for level in levels]
        if all(numbers):
            values = [float(level.strip().replace(decimal, ".")) for level in levels]
            return _of_levels(column, "number", np.array(values), floats), None
        commas = [level for level, is_number in zip(levels, numbers, strict=True) if not is_number]
        if decimal == "." and all(_DECIMAL_COMMA.fullmatch(level) for level in commas):
            raise DataError(
                f"column '{column.name}' holds numbers with a comma, such as {commas[0].strip()}; if it is a decimal "
                "comma, read it with --decimal ',', else take them as categories with "
                f"--categorical {quoted(column.name)}",
                column=column.name,
            )
        if any(numbers):
            raise _mixed(column, numbers, is_target, listed)
    try:
        days = days_of(levels)
    except AmbiguousDatesError:
        return column, TypeWarning(
            remark="dates? day or month first?",
            found=f"dates such as {shown(levels[0])} which may begin with the day or with the month",
            remedy="write them as YYYY-MM-DD",
        )
    if days is None:
        return column, _nearly_dates(column, listed)
    return _of_levels(column, "date", days, "float64"), None


def shown(text: str) -> str:
    """Return a value for a message: quoted, escaped, and cut to :data:`MAX_SHOWN_CHARACTERS`."""
    text = escape_text(text)
    return f"'{text if len(text) <= MAX_SHOWN_CHARACTERS else text[: MAX_SHOWN_CHARACTERS - 1] + '…'}'"


def is_number(text: str, decimal: str) -> bool:
    """Return whether a text is a number with this decimal sign."""
    if decimal != ".":
        text = text.replace(".", "x").replace(decimal, ".")
    return _NUMBER.fullmatch(text) is not None


def _of_levels(
    column: TypedColumn, kind: Literal["number", "date"], values: NDArray[np.float64], floats: str
) -> TypedColumn:
    """Return the column with the value of each level instead of its code."""
    by_code = np.append(values, np.nan).astype(floats)  # the code of a missing value is -1
    return TypedColumn(name=column.name, kind=kind, values=by_code[column.values])


def _nearly_dates(column: TypedColumn, listed: Sequence[str]) -> TypeWarning | None:
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


def _mixed(column: TypedColumn, numbers: Sequence[bool], is_target: bool, listed: Sequence[str]) -> DataError:
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
