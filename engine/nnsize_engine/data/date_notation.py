"""Dates and times of day in texts, read in one notation.

This file is copied beside exported networks, so it imports nothing of nnsize.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

_NAMES = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december")  # fmt: skip
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
_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?")
_TRIED_TEXTS = 1_000  # texts that must be ISO 8601 before all are read as such, many times faster


def days(texts: Sequence[str], order: str) -> NDArray[np.float64]:
    """Return days since 1970-01-01 in UTC, with fractions for times, shape (texts,).

    ``order`` is one of :data:`ORDERS`, or a format of ``strftime``. The year of two digits is between 1969 and 2068.

    Raises:
        ValueError: a text is no date in this notation; the error's argument is the text if it is known.
    """
    if "%" in order:
        return _since_1970(texts, order)
    if order == "ymd" and texts and all(_ISO.fullmatch(text) for text in texts[:_TRIED_TEXTS]):
        try:
            return _since_1970(texts, "ISO8601")
        except ValueError:
            pass  # another text is written otherwise
    for pattern in PATTERNS[order]:
        if texts and pattern.fullmatch(texts[0]):
            return _since_1970([_iso(pattern, text) for text in texts], "ISO8601")
    raise ValueError(*texts[:1])


def hours(texts: Sequence[str]) -> NDArray[np.float64]:
    """Return hours since midnight of times such as ``18:30``, ``6:30:15 pm`` and ``6 pm``, shape (texts,).

    Raises:
        ValueError: a text is no time of day; the error's argument is the text.
    """
    return np.array([_hours(text) for text in texts], dtype=np.float64)


def is_date(pattern: re.Pattern[str], text: str) -> bool:
    """Return whether a text matches one of :data:`PATTERNS` and is a day of the calendar."""
    try:
        return datetime.fromisoformat(_iso(pattern, text)) is not None
    except ValueError:
        return False


def _hours(text: str) -> float:
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


def _iso(pattern: re.Pattern[str], text: str) -> str:
    """Return a date as ISO 8601 text."""
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


def _since_1970(texts: Sequence[str], form: str) -> NDArray[np.float64]:
    import pandas as pd

    moments = pd.to_datetime(list(texts), format=form, utc=True)
    microseconds = moments.tz_localize(None).to_numpy().astype("datetime64[us]").astype("int64")
    return np.asarray(microseconds / 86_400_000_000.0, dtype=np.float64)
