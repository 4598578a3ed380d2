"""The values of a column of texts in each notation that all its texts fit, and the choice among them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.notation import Notation, read_texts
from nnsize_engine.data.number_texts import Style, Unit, has_thousands, number_notations, styles
from nnsize_engine.settings.date_patterns import ORDERS, PATTERNS
from nnsize_engine.settings.number_patterns import number_pattern
from nnsize_engine.settings.table_choice import TableChoice

PLAIN: Notation = ("number", ".", "", "", "")
"""The notation of numbers that need no conversion."""

MAX_SAMPLES = 1_000  # texts of a column in parts that are kept for messages

_NO_PLAIN_SIGN = re.compile(r"[^\d.eE+\-\sinftyINFTY]|[+\-]\s")  # a text of a number that pandas cannot read

ValueKind = Literal["number", "date"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotationRules:
    """The notations that the texts of a column may have."""

    known: Notation | None = None
    """The one notation that was decided before; None to find it."""

    decimal: str | None = None
    thousands: str | None = None
    day_first: bool | None = None
    date_format: str | None = None
    """The user's choices; None to find them."""

    has_numbers: bool = True
    has_plain_numbers: bool = True
    """True if texts may be numbers, and plain numbers: those of a typed table are labels."""

    has_units: bool = True
    """True if numbers may have separators and units; otherwise such texts are labels."""

    @property
    def without_choices(self) -> "NotationRules":
        """The rules that a user's choices do not limit."""
        return replace(self, decimal=None, thousands=None, day_first=None, date_format=None)

    def misfit_of(self, notation: Notation) -> str:
        """Return the options that a notation does not fit, for a sentence; empty if it fits all."""
        match notation:
            case ("number", decimal, thousands, _, _):
                is_fit = (decimal, thousands) in [(sign, "") for sign, _ in self._styles] + list(self._styles)
                options = () if is_fit else ("decimal", "thousands")
            case ("date", "dmy" | "mdy" as order):
                options = ("day-first", "month-first") if self.day_first not in (None, order == "dmy") else ()
            case _:
                options = ()
        return " and ".join(f"--{option}" for option in self.options if option in options)

    @property
    def _styles(self) -> Sequence[Style]:
        return styles(self.decimal, self.thousands)

    @property
    def options(self) -> tuple[str, ...]:
        """The options that the user chose."""
        chosen = {
            "decimal": self.decimal is not None,
            "thousands": self.thousands is not None,
            "day-first": self.day_first is True,
            "month-first": self.day_first is False,
            "date-format": self.date_format is not None,
        }
        return tuple(option for option, is_chosen in chosen.items() if is_chosen)

    @classmethod
    def of(cls, choice: TableChoice, known: Notation | None = None) -> "NotationRules":
        """Return the rules that a user's choice makes."""
        return cls(
            known=known,
            decimal=choice.decimal,
            thousands=choice.thousands,
            day_first=choice.day_first,
            date_format=choice.date_format,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """The texts of a column in one notation."""

    notation: Notation
    values: NDArray[np.float64]
    is_plain: bool = False
    """True if the texts are numbers that pandas reads by itself."""

    @property
    def kind(self) -> ValueKind:
        """The kind of the column."""
        return "date" if self.notation[0] == "date" else "number"


@dataclass(slots=True, kw_only=True)
class AmbiguousTextsError(Exception):
    """Texts with several readings, none of which is more likely."""

    readings: Sequence[Reading] = field(default_factory=list)


def find_readings(texts: Sequence[str], rules: NotationRules) -> list[Reading]:
    """Return the readings that all texts fit; the first ones are the plainest.

    The user's choices are about all columns. Where a column fits none of them, its texts alone decide.
    """
    found = _fitting(texts, rules) if texts else []
    return found if found or not texts or not rules.options or rules.known else _fitting(texts, rules.without_choices)


def _fitting(texts: Sequence[str], rules: NotationRules) -> list[Reading]:
    if rules.known is not None:
        candidates: list[Notation] = [rules.known]
    elif rules.date_format is not None and (found := _readings(texts, [("date", rules.date_format)])):
        return found
    else:
        candidates = _number_candidates(texts, rules) or _other_candidates(texts, rules)
    return _without_short_years(_readings(texts, candidates), texts[0])


def choose(readings: Sequence[Reading]) -> Reading:
    """Return the reading to use among those that all texts fit.

    Raises:
        AmbiguousTextsError: several are as likely.
    """
    different: list[Reading] = []
    for reading in readings:
        if not any(np.array_equal(reading.values, other.values, equal_nan=True) for other in different):
            different.append(reading)
    if len(different) == 1:
        return different[0]
    if different[0].notation[0] == "number":
        return _choose_number(different)
    raise AmbiguousTextsError(readings=different)


def _choose_number(readings: Sequence[Reading]) -> Reading:
    """Return the reading with thousands if the values are surely such; see :func:`has_thousands`."""
    if len(readings) == 2:
        fractions, grouped = sorted(readings, key=lambda reading: reading.notation[2] != "")
        _, _, separator, prefix, suffix = grouped.notation
        if not fractions.notation[2] and separator == fractions.notation[1]:
            unit = Unit(prefix, suffix)
            if has_thousands(grouped.values, fractions.values, separator=separator, unit=unit):
                return grouped
    raise AmbiguousTextsError(readings=readings)


def _number_candidates(texts: Sequence[str], rules: NotationRules) -> list[Notation]:
    if not rules.has_numbers:
        return []
    found: list[Notation] = [
        ("number", *notation) for notation in number_notations(texts, styles(rules.decimal, rules.thousands))
    ]
    if not rules.has_units:
        found = [notation for notation in found if not any(notation[2:])]
    return found if rules.has_plain_numbers or PLAIN not in found else []


def _other_candidates(texts: Sequence[str], rules: NotationRules) -> list[Notation]:
    """Return the notations of dates and times that the first text fits."""
    orders = [order for order in ORDERS if any(pattern.fullmatch(texts[0]) for pattern in PATTERNS[order])]
    if len(orders) > 1 and rules.day_first is not None:
        orders = ["dmy" if rules.day_first else "mdy"]
    return [*(("date", order) for order in orders), ("time",)]


def _without_short_years(readings: list[Reading], first: str) -> list[Reading]:
    """Return the readings without a year of two digits in front, which only dates with hyphens have, if others fit."""
    others = [reading for reading in readings if reading.notation != ("date", "short ymd")]
    return others if others and "-" not in first else readings


def _readings(texts: Sequence[str], candidates: Sequence[Notation]) -> list[Reading]:
    found = []
    for notation in candidates:
        try:
            values = read_texts(texts, notation)
            found.append(Reading(notation=notation, values=values, is_plain=notation == PLAIN and _are_plain(texts)))
        except ValueError:  # pandas raises a subclass for days that no calendar has
            continue
    return found


def _are_plain(texts: Sequence[str]) -> bool:
    """Return whether pandas reads texts of plain numbers by itself: without parentheses, U+2212 and inner blanks."""
    return _NO_PLAIN_SIGN.search("\n".join(texts)) is None


class StreamedReadings:
    """The readings of a column that is read in parts; its texts are not kept."""

    def __init__(self, readings: Sequence[Reading], texts: Sequence[str], parts: Sequence[NDArray[np.int32]]) -> None:
        """Take the readings of the different texts so far, and the rows so far as codes into them, -1 where missing."""
        self.samples = tuple(texts[:MAX_SAMPLES])
        """Some of the texts, for messages."""

        self._are_plain = any(reading.is_plain for reading in readings)
        self._parts: dict[Notation, list[NDArray[np.float64]]] = {reading.notation: [] for reading in readings}
        by_text = {reading.notation: reading.values for reading in readings}
        for codes in parts:
            self._take(by_text, codes)

    def add(self, texts: Sequence[str], codes: NDArray[np.int64]) -> bool:
        """Take the next rows as codes into their different texts; return whether a reading fits all rows so far."""
        readings = _readings(texts, list(self._parts))
        by_text = {reading.notation: reading.values for reading in readings}
        if texts and not by_text:
            return False
        if texts:
            self._parts = {notation: parts for notation, parts in self._parts.items() if notation in by_text}
            self._are_plain = self._are_plain and any(reading.is_plain for reading in readings)
            self._take(by_text, codes)
        else:
            self._take(dict.fromkeys(self._parts, np.empty(0)), codes)
        return True

    def finish(self) -> list[Reading]:
        """Return the readings of all rows, and release the parts."""
        found: list[Reading] = []
        while self._parts:
            notation, parts = next(iter(self._parts.items()))
            same = {id(part) for part in parts}
            self._parts = {
                other: theirs for other, theirs in self._parts.items() if {id(part) for part in theirs} != same
            }
            is_plain = notation == PLAIN and self._are_plain
            found.append(Reading(notation=notation, values=np.concatenate(parts), is_plain=is_plain))
        return found

    def _take(self, by_text: Mapping[Notation, NDArray[np.float64]], codes: NDArray[Any]) -> None:
        """Add the values of rows to each reading; equal values are held once."""
        held: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
        for notation, values in by_text.items():
            rows = next((rows for same, rows in held if np.array_equal(same, values, equal_nan=True)), None)
            if rows is None:
                rows = np.append(values, np.nan)[codes]
                held.append((values, rows))
            self._parts[notation].append(rows)


def fits(text: str, notation: Notation) -> bool:
    """Return whether a text fits a notation."""
    if notation[0] == "number":
        _, *parts = notation
        return number_pattern(*parts).fullmatch(text) is not None
    try:
        read_texts([text], notation)
    except ValueError:
        return False
    return True
