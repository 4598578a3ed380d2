"""Patterns of dates and times of day.

This file is copied beside exported networks and loaded by screens, so it imports nothing of nnsize, and no NumPy.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

_NAMES = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december")  # fmt: skip
MIN_MONTH_LETTERS = 3  # letters of a month's short name
_WORD = r"(?P<name>[A-Za-z]{3,9})\.?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[.,]?\s+)?"
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d(?:\.\d{1,9})?))?"
_HALF = r"(?:\s?(?P<half>[ap])\.?m\.?)?"
_TIME = rf"(?:[T ,]+{_CLOCK}{_HALF}\s?(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)?)?"
_DAY = r"(?P<day>\d{1,2})"
_MONTH = r"(?P<month>\d{1,2})"
_YEAR = r"(?P<year>\d{4})"
_SHORT_YEAR = r"(?P<year>\d{4}|\d\d)"
_CENTURIES = r"(?P<year>(?:1[5-9]|2[01])\d\d)"
_GAP = r"[-/., ]\s*"

_FORMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ymd": (
            rf"{_YEAR}(?P<sign>[-/.]){_MONTH}(?P=sign){_DAY}",
            rf"{_YEAR}{_GAP}{_WORD}{_GAP}{_DAY}",
        ),
        "dmy": (
            rf"{_DAY}(?P<sign>[-/.])\s?{_MONTH}(?P=sign)\s?{_SHORT_YEAR}",
            rf"{_DAY}(?:st|nd|rd|th)?(?:\s?{_GAP}|\s(?:of\s)?)?{_WORD}(?:{_GAP})?{_SHORT_YEAR}",
        ),
        "mdy": (
            rf"{_MONTH}(?P<sign>[-/]){_DAY}(?P=sign){_SHORT_YEAR}",
            rf"{_WORD}{_GAP}{_DAY}(?:st|nd|rd|th)?{_GAP}{_SHORT_YEAR}",
        ),
        "short ymd": (r"(?P<year>\d\d)(?P<sign>[-/.])(?P<month>\d\d)(?P=sign)(?P<day>\d\d)",),
        "ym": (rf"{_CENTURIES}(?:[-/]|M){_MONTH}", rf"{_CENTURIES}[-/ ]?{_WORD}"),
        "my": (rf"{_MONTH}[-/]{_CENTURIES}", rf"{_WORD}(?:[-/ ,]\s?|\s?')?(?:{_CENTURIES}|(?P<short>\d\d))"),
    }
)
"""The forms of dates by the order of year, month and day: month as a number, month as a word."""

ORDERS = tuple(_FORMS)
_MONTHS_ONLY = ("ym", "my")

PATTERNS: Mapping[str, tuple[re.Pattern[str], ...]] = MappingProxyType(
    {
        order: tuple(
            re.compile(rf"\s*{_WEEKDAY}{form}{'' if order in _MONTHS_ONLY else _TIME}\s*", re.IGNORECASE)
            for form in forms
        )
        for order, forms in _FORMS.items()
    }
)

_OF_DAY = re.compile(rf"\s*(?P<hour>\d{{1,3}}):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d(?:\.\d*)?))?{_HALF}\s*", re.I)
_OF_HOUR = re.compile(r"\s*(?P<hour>\d{1,2})\s?(?P<half>[ap])\.?m\.?\s*", re.IGNORECASE)


def is_date(pattern: re.Pattern[str], text: str) -> bool:
    """Return whether a text matches one of :data:`PATTERNS` and is a day of the calendar."""
    try:
        return datetime.fromisoformat(iso_text(pattern, text)) is not None
    except ValueError:
        return False


def is_month(word: str) -> bool:
    """Return whether a word is the English name of a month, or its first letters."""
    return len(word) >= MIN_MONTH_LETTERS and any(name.startswith(word.lower()) for name in _NAMES)


def hours_of(text: str) -> float:
    """Return the hours since midnight of a time such as ``18:30``, ``6:30:15 pm`` or ``6 pm``.

    Raises:
        ValueError: the text is no time of day; the error's argument is the text.
    """
    found = _OF_DAY.fullmatch(text) or _OF_HOUR.fullmatch(text)
    if found is None:
        raise ValueError(text)
    parts = found.groupdict()
    hour = _hour(found, text)
    return hour + int(parts.get("minute") or 0) / 60 + float(parts.get("second") or 0) / 3600


def _hour(found: re.Match[str], text: str) -> int:
    """Return the hour of a matched time; 12 am is 0."""
    hour = int(found["hour"])
    if not found["half"]:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(text)
    return hour % 12 + 12 * (found["half"] in "pP")


def iso_text(pattern: re.Pattern[str], text: str) -> str:
    """Return a date as ISO 8601 text.

    Raises:
        ValueError: the text does not match the pattern; the error's argument is the text.
    """
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError(text)
    parts = found.groupdict()
    year = parts["year"] or parts["short"]
    if len(year) == 2:
        year = ("19" if year >= "69" else "20") + year
    month = int(parts["month"]) if parts.get("month") else _month(parts["name"], text)
    date = f"{year}-{month:02}-{int(parts.get('day') or 1):02}"
    if not parts.get("hour"):
        return date
    zone = (parts["zone"] or "").upper().replace("UTC", "Z").replace("GMT", "Z")
    return f"{date}T{_hour(found, text):02}:{parts['minute']}:{parts['second'] or '00'}{zone}"


def _month(name: str, text: str) -> int:
    """Return the number of a month by its English name, or its first letters."""
    for number, month in enumerate(_NAMES, start=1):
        if month.startswith(name.lower()):
            return number
    raise ValueError(text)
