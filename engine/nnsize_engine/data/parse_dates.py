"""Parsing of dates in texts, with the order of day and month inferred."""

import re
from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

_TIME = r"(?:[T ]+(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s?(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?")
MAX_TRIED_TEXTS = 1_000  # texts of a column that must look like dates before all of them are parsed

_YEAR_FIRST = re.compile(
    r"\s*(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})" + _TIME + r"\s*"
)
_YEAR_LAST = re.compile(
    r"\s*(?P<first>\d{1,2})(?P<sign>[./-])(?P<second>\d{1,2})(?P=sign)(?P<year>\d{4})" + _TIME + r"\s*"
)

_FORMS = ((_YEAR_FIRST, "month", "day"), (_YEAR_LAST, "second", "first"), (_YEAR_LAST, "first", "second"))
"""Patterns of dates, each with the names of the groups of month and day."""


class AmbiguousDatesError(Exception):
    """Dates whose day and month cannot be told apart."""


def days_of(texts: Sequence[str]) -> NDArray[np.float64] | None:
    """Return days since 1970-01-01 in UTC, with fractions for times, shape (texts,); None if a text is no date.

    Dates are ``YYYY-MM-DD`` (also with ``/`` or ``.``), ``DD.MM.YYYY``, and ``DD/MM/YYYY`` or ``MM/DD/YYYY`` (also with
    ``-``), where the values decide. Each may have a time of day and a time zone.

    Raises:
        AmbiguousDatesError: no day is above 12, so both orders are possible.
    """
    if texts and all(_ISO.fullmatch(text) for text in texts[:MAX_TRIED_TEXTS]):
        days = _to_days(list(texts))  # many times faster than matching each text
        if days is not None:
            return days
    matches = _match_all(_YEAR_FIRST, texts)
    if matches is not None:
        return _to_days([_iso(found, "month", "day") for found in matches])
    matches = _match_all(_YEAR_LAST, texts)
    if matches is None:
        return None
    if all(found["sign"] == "." for found in matches):
        return _to_days([_iso(found, "second", "first") for found in matches])
    first = max(int(found["first"]) for found in matches)
    second = max(int(found["second"]) for found in matches)
    if first <= 12 and second <= 12 and any(found["first"] != found["second"] for found in matches):
        raise AmbiguousDatesError
    day, month = ("first", "second") if second <= 12 else ("second", "first")
    return _to_days([_iso(found, month, day) for found in matches])


def places_without_date(texts: Sequence[str]) -> list[int]:
    """Return the places of texts that are no dates if more than half are dates of one form; else an empty list."""
    most: list[bool] = []
    for pattern, month, day in _FORMS:
        if sum(_is_day(pattern, month, day, text) for text in texts[:MAX_TRIED_TEXTS]) * 2 <= len(
            texts[:MAX_TRIED_TEXTS]
        ):
            continue
        are_dates = [_is_day(pattern, month, day, text) for text in texts]
        if sum(are_dates) > max(sum(most), len(texts) // 2):
            most = are_dates
    return [place for place, is_date in enumerate(most) if not is_date]


def _is_day(pattern: re.Pattern[str], month: str, day: str, text: str) -> bool:
    """Return whether a text matches a pattern and is a day of the calendar."""
    found = pattern.fullmatch(text)
    try:
        return found is not None and datetime.fromisoformat(_iso(found, month, day)) is not None
    except ValueError:
        return False


def month_and_weekday(days: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return months, 1 to 12, and weekdays, 0 (Monday) to 6, both of shape (rows,); -1 where the day is missing."""
    is_missing = np.isnan(days)
    whole = np.floor(np.where(is_missing, 0.0, days)).astype("int64")
    months = whole.astype("datetime64[D]").astype("datetime64[M]").astype("int64") % 12 + 1
    weekdays = (whole + 3) % 7  # 1970-01-01 was a Thursday
    return np.where(is_missing, -1, months), np.where(is_missing, -1, weekdays)


def date_text(day: float) -> str:
    """Return days since 1970 as ISO 8601 text, with the time unless it is midnight."""
    seconds = round(day * 86_400)
    text = str(np.datetime64(seconds, "s"))
    return text.removesuffix("T00:00:00")


def _match_all(pattern: re.Pattern[str], texts: Sequence[str]) -> list[re.Match[str]] | None:
    matches = []
    for text in texts:
        found = pattern.fullmatch(text)
        if found is None:
            return None
        matches.append(found)
    return matches or None


def _iso(found: re.Match[str], month: str, day: str) -> str:
    """Return a matched date as ISO 8601 text."""
    date = f"{found['year']}-{int(found[month]):02}-{int(found[day]):02}"
    if found["time"] is None:
        return date
    zone = (found["zone"] or "").replace("UTC", "Z")
    return f"{date}T{found['time'].zfill(5) if found['time'][1] != ':' else '0' + found['time']}{zone}"


def _to_days(texts: list[str]) -> NDArray[np.float64] | None:
    """Return days since 1970; None if a text is no day of the calendar."""
    import pandas as pd

    try:
        moments = pd.to_datetime(texts, format="ISO8601", utc=True)
    except ValueError:
        return None
    microseconds = moments.tz_localize(None).to_numpy().astype("datetime64[us]").astype("int64")
    return np.asarray(microseconds / 86_400_000_000.0, dtype=np.float64)
