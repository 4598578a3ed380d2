"""Notations of texts that are numbers, dates or times.

A notation is a tuple of texts, so that the settings of a run store it: ``("number", decimal sign, thousands separator,
prefix, suffix)``, ``("date", order or format)`` or ``("time",)``. This file is copied beside exported networks.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.settings.date_patterns import PATTERNS, hours_of, iso_text
from nnsize_engine.settings.number_patterns import MINUS_SIGN, number_pattern, signs_of, spellings_of

Notation = tuple[str, ...]

_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?")
_PLAIN_DATE = re.compile(
    r"(?:\d{1,2}|\d{4})(?P<sign>[-/.])\d{1,2}(?P=sign)(?P<last>\d{4}|\d\d?)(?P<clock> \d\d?:\d\d(?::\d\d)?)?"
)
_PLAIN_ORDERS = {"ymd": "%Y/%m/%d", "dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y"}
_SHAPES = str.maketrans("23456789", "11111111")
_TRIED_TEXTS = 1_000  # texts that must be ISO 8601 before all are read as such, many times faster


def read_texts(texts: Sequence[str], notation: Notation) -> NDArray[np.float64]:
    """Return the values of texts in a notation: numbers, days since 1970, or hours.

    Raises:
        ValueError: a text does not fit; the error's argument is the text if it is known.
    """
    match notation:
        case ("number", decimal, thousands, prefix, suffix):
            return numbers(texts, decimal, thousands, prefix, suffix)
        case ("date", order):
            return days(texts, order)
        case ("time",):
            return hours(texts)
        case _:
            raise ValueError(f"unknown notation {notation!r}")


def numbers(texts: Sequence[str], decimal: str, thousands: str, prefix: str, suffix: str) -> NDArray[np.float64]:
    """Return the numbers of texts, shape (texts,).

    Raises:
        ValueError: a text is no number in this notation; the error's argument is the text.
    """
    misfit = first_misfit(texts, decimal, thousands, prefix, suffix)
    if misfit is not None:
        raise ValueError(misfit)
    if not texts:
        return np.empty(0)
    joined = "\0".join(texts)  # all texts at once: many times faster
    for unit in (*spellings_of(suffix), *spellings_of(prefix)):
        joined = joined.replace(unit, "")
    left_out = signs_of(" ") + signs_of(thousands) + ")"
    joined = joined.translate(str.maketrans(f"({MINUS_SIGN}{decimal}", "--.", left_out))
    return np.array([float(text) for text in joined.split("\0")])


def first_misfit(texts: Sequence[str], decimal: str, thousands: str, prefix: str, suffix: str) -> str | None:
    """Return the first text that is no number in a notation; None if all are.

    Many texts differ in their digits alone, so one text of each shape is matched.
    """
    fits = number_pattern(decimal, thousands, prefix, suffix).fullmatch
    joined = "\0".join(texts)
    if not any(sign.isdigit() for sign in prefix + suffix):
        joined = joined.translate(_SHAPES)
    shapes = joined.split("\0")
    misfits = {shape for shape in set(shapes) if fits(shape) is None}
    if not misfits or not texts:
        return None
    if len(shapes) > len(texts):  # a text holds the character that joins them
        return next((text for text in texts if fits(text) is None), None)
    return next(text for text, shape in zip(texts, shapes, strict=True) if shape in misfits)


def days(texts: Sequence[str], order: str) -> NDArray[np.float64]:
    """Return days since 1970-01-01 in UTC, with fractions for times, shape (texts,).

    ``order`` is one of :data:`ORDERS`, or a format of ``strftime``. The year of two digits is between 1969 and 2068.

    Raises:
        ValueError: a text is no date in this notation; the error's argument is the text if it is known.
    """
    if "%" in order:
        return _since_1970(texts, order)
    form = _form_of(texts, order)
    if form is not None:
        try:
            return _since_1970(texts, form)
        except ValueError:
            pass  # another text is written otherwise
    for pattern in PATTERNS[order]:
        if texts and pattern.fullmatch(texts[0]):
            return _since_1970([iso_text(pattern, text) for text in texts], "ISO8601")
    raise ValueError(*texts[:1])


def _form_of(texts: Sequence[str], order: str) -> str | None:
    """Return the format of the first text, by which pandas reads all texts at once; None if it has none."""
    if order == "ymd" and texts and all(_ISO.fullmatch(text) for text in texts[:_TRIED_TEXTS]):
        return "ISO8601"
    found = _PLAIN_DATE.fullmatch(texts[0]) if texts and order in _PLAIN_ORDERS else None
    if found is None:
        return None
    year = "%y" if len(found["last"]) == 2 and order != "ymd" else "%Y"
    date = _PLAIN_ORDERS[order].replace("/", found["sign"]).replace("%Y", year)
    clock = {0: "", 1: " %H:%M", 2: " %H:%M:%S"}[(found["clock"] or "").count(":")]
    return date + clock


def hours(texts: Sequence[str]) -> NDArray[np.float64]:
    """Return hours since midnight of times such as ``18:30``, ``6:30:15 pm`` and ``6 pm``, shape (texts,).

    Raises:
        ValueError: a text is no time of day; the error's argument is the text.
    """
    return np.array([hours_of(text) for text in texts], dtype=np.float64)


def _since_1970(texts: Sequence[str], form: str) -> NDArray[np.float64]:
    import pandas as pd

    moments = pd.to_datetime(list(texts), format=form, utc=True)
    microseconds = moments.tz_localize(None).to_numpy().astype("datetime64[us]").astype("int64")
    return np.asarray(microseconds / 86_400_000_000.0, dtype=np.float64)
