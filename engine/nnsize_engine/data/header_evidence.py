"""Evidence in the first records of a text file: whether the first one holds names, and the second one units.

Screens read headers too, so this module loads neither NumPy nor pandas.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

_NO_VALUES = frozenset(
    ["", "?", "-", ".", "*", "#n/a", "n/a", "na", "<na>", "nan", "-nan", "null", "none", "#na", "nil", "missing"]
)
"""Texts that stand for a missing value, in lower case."""

_NUMBER = re.compile(r"[-+−]?(\d+([.,' \u00a0\u202f]\d+)*[.,]?|[.,]\d+)([eE][+-]?\d+)?\s*%?")
_CURRENCY = re.compile(r"^[$€£¥₹]\s*|\s*[$€£¥₹]$")

_YEARS = range(1900, 2100)

_MIN_NUMBER_SHARE = 0.9  # share of the values of a column that are numbers, for a column of numbers

_MIN_VALUE_SHARE = 0.5  # share of the fields of the first record that are values, if none of them is a name

Role = Literal["name", "value", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The reason why a file has no line of names."""

    values: int
    """Fields of the first record that are values of their columns."""

    fields: int
    example: str
    reason: str
    """The reason why the example is a value: a clause."""


def is_number(text: str, decimal: str) -> bool:
    """Return whether a field reads as a number and hence is unlikely to be a name."""
    if text.strip().lower().lstrip("+-") in ("nan", "inf", "infinity"):
        return False
    try:
        float(text.strip().replace(decimal, "."))
    except ValueError:
        return False
    return True


def find_no_header(records: Sequence[Sequence[str]], decimal: str) -> Evidence | None:
    """Return the evidence that the first record is a row of values; None if it may hold names."""
    fields = [text.strip() for text in records[0]]
    rows = _without(records[1:], fields)
    if _are_counted(fields):
        return None
    if not rows and len(records) > 1:
        return Evidence(
            values=len(fields), fields=len(fields), example=fields[0], reason="stands in every line, as all others do"
        )
    columns = [
        [row[place].strip() for row in rows if place < len(row) and not _is_missing(row[place])]
        for place in range(len(fields))
    ]
    places = [place for place, text in enumerate(fields) if not _is_missing(text)]
    if not places:
        return None
    if all(is_number(fields[place], decimal) for place in places):
        return Evidence(
            values=len(places),
            fields=len(fields),
            example=fields[places[0]],
            reason="is a number like all others in it",
        )
    roles = {place: _role(fields[place], columns[place], decimal) for place in places}
    values = [place for place in places if roles[place][0] == "value"]
    if any(role == "name" for role, _ in roles.values()) or len(values) < max(1, _MIN_VALUE_SHARE * len(places)):
        return None
    example = next((place for place in values if not fields[place].isdecimal()), values[0])
    return Evidence(values=len(values), fields=len(places), example=fields[example], reason=roles[example][1])


def _without(records: Sequence[Sequence[str]], fields: Sequence[str]) -> list[Sequence[str]]:
    """Return the records without those that repeat these fields."""
    return [record for record in records if [text.strip() for text in record] != fields]


def _are_counted(fields: Sequence[str]) -> bool:
    """Return whether fields are 0, 1, 2, ..., the names that pandas gives to columns without any, or years in turn."""
    numbers = [int(text) for text in fields if text.isdecimal()]
    if len(numbers) < 2 or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return False
    return numbers[0] in _YEARS or (numbers[0] == 0 and len(numbers) == sum(bool(text) for text in fields))


def _role(text: str, values: Sequence[str], decimal: str) -> tuple[Role, str]:
    """Return what a field of the first record is by the values below it, and why."""
    if text in values:
        return "value", "occurs again in its column"
    numbers = [value for value in values if _looks_numeric(value)]
    is_column_of_numbers = bool(values) and len(numbers) >= _MIN_NUMBER_SHARE * len(values)
    if is_column_of_numbers:
        if not _looks_numeric(text):
            return "name", ""
        if not is_number(text, decimal) or not text.lstrip("+-").isdecimal():
            return "value", "is a number in a column of numbers"
        floats = [float(value.replace(decimal, ".")) for value in numbers if is_number(value, decimal)]
        is_within = bool(floats) and min(floats) <= float(text) <= max(floats)
        return ("value" if is_within else "unknown"), "is a number in a column of numbers"
    if any(sign.isdecimal() for sign in text) and _shape(text) in {_shape(value) for value in values}:
        return "value", "is written like the others in its column"
    return "unknown", ""


def _looks_numeric(text: str) -> bool:
    """Return whether a text is a number in any notation: with separators, percent or a currency sign."""
    plain = _CURRENCY.sub("", text.strip().strip("()"))
    return _NUMBER.fullmatch(plain) is not None or is_number(plain, ".")


def _shape(text: str) -> str:
    return re.sub(r"\d+", "9", text)


def _is_missing(text: str) -> bool:
    return text.strip().lower() in _NO_VALUES


def has_units(records: Sequence[Sequence[str]]) -> bool:
    """Return whether the second record holds units: texts without numbers, above columns of numbers.

    A text that occurs again, or that stands for a missing value, is no unit. Lines that repeat the names, and units
    below them, are no values.
    """
    if len(records) < 4:
        return False
    units = [field.strip() for field in records[1]]
    rows = _without(records[2:], [field.strip() for field in records[0]])
    if len(rows) < len(records) - 2:  # the names stand among the rows, and so may the units
        rows = _without(rows, units)
    above_numbers, texts = 0, 0
    for place, unit in enumerate(units):
        values = [row[place].strip() for row in rows if place < len(row) and not _is_missing(row[place])]
        if _is_missing(unit):
            continue
        if _looks_numeric(unit) or unit in values:
            return False
        texts += 1
        above_numbers += bool(values) and all(_looks_numeric(value) for value in values)
    return above_numbers > 0 and 2 * above_numbers >= texts
