"""Detection of how the numbers of a column are written: decimal sign, thousands separator, currency, unit."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.notation import first_misfit
from nnsize_engine.settings.date_patterns import is_month
from nnsize_engine.settings.number_patterns import MIN_PLURAL_LETTERS, MINUS_SIGN

Style = tuple[str, str]
"""A decimal sign and a thousands separator, which may be empty."""

STYLES: tuple[Style, ...] = (
    (".", ""), (",", ""), (".", ","), (",", "."), (".", " "), (",", " "), (".", "'"), (",", "'"),
)  # fmt: skip
"""The usual styles of numbers, the plain ones first."""

MAX_EXAMINED_TEXTS = 1_000  # texts whose units are collected before all texts are compared with them

MAX_UNITS = 5  # different units of a column of measurements; texts with more are names, addresses or codes

MIN_GROUPED_VALUES = 10  # different numbers with three digits after a sign that are no coincidence

ENGLISH_CURRENCIES = frozenset("$£₹") | {"USD", "GBP", "CAD", "AUD", "NZD", "INR", "HKD", "SGD", "US$", "A$", "C$"}
"""Currencies of countries that write a decimal point."""

_CODES = (
    "USD|EUR|GBP|JPY|CHF|CAD|AUD|NZD|CNY|RMB|INR|SEK|NOK|DKK|PLN|CZK|HUF|RUB|BRL|MXN|ZAR|TRY|KRW|SGD|HKD|THB|IDR|MYR|"
    "PHP|ILS|AED|SAR|ARS|CLP|COP|PEN|EGP|NGN|KES|PKR|BDT|VND|UAH|RON|BGN|TWD"
)
_CURRENCY = rf"(?:[A-Z]{{0,3}}[$€£¥₹₽₩₪₫₴₦₱฿₡₲₵₸₺₼₾]|(?:{_CODES})\b|(?:kr|Rs|Fr)\b\.?|zł|(?:{_CODES})(?=\d))"
_UNIT = r"(?:[%‰°$€£¥₹₽₩₪₫₴₦₱฿₡₲₵₸₺₼₾µ\"″′]|[^\W\d_])(?:[^\W\d_]|[²³%/°^. $€£¥]|(?<=[^\W\d_])[23](?!\d)){0,19}"
_SIGN = rf"[-+{MINUS_SIGN}]?"
_TEXT = re.compile(
    rf"[\s(]*{_SIGN}\s*(?P<prefix>{_CURRENCY})?[\s(]*{_SIGN}\s*(?P<digits>[.,]?\d(?:[\d.,'\u2019_]|\s(?=\d))*(?:[eE][-+]?\d+)?)"
    rf"[\s)]*(?P<suffix>{_UNIT})?[\s)]*"
)
_ORDINAL = re.compile(r"\s*\d+(?:st|nd|rd|th)\s*", re.IGNORECASE)
_ZERO = re.compile(rf"\s*{_SIGN}0+(?:[.,]0*)?\s*")
_NO_UNITS = frozenset({"e", "am", "pm", "a.m.", "p.m."})


@dataclass(frozen=True, slots=True)
class Unit:
    """The text before and after the digits of a number; both may be empty."""

    prefix: str
    suffix: str

    def __str__(self) -> str:
        return self.prefix or self.suffix


def unit_of(text: str) -> Unit | None:
    """Return the unit of a text; None if the text is no number."""
    found = _TEXT.fullmatch(text)
    if found is None or _ORDINAL.fullmatch(text):
        return None
    suffix = (found["suffix"] or "").rstrip()
    return None if suffix.lower() in _NO_UNITS or is_month(suffix) else Unit(found["prefix"] or "", suffix)


def units_of(texts: Sequence[str]) -> Counter[Unit | None]:
    """Return how many texts have each unit; None stands for texts that are no numbers. Plurals count as singulars."""
    found = Counter(unit_of(text) for text in texts if not _ZERO.fullmatch(text))
    for unit in list(found):
        if unit is None or not unit.suffix.endswith("s"):
            continue
        singular = Unit(unit.prefix, unit.suffix[:-1])
        if singular in found and len(singular.suffix) >= MIN_PLURAL_LETTERS:
            found[singular] += found.pop(unit)
    return found


def styles(decimal: str | None, thousands: str | None) -> tuple[Style, ...]:
    """Return the styles that the chosen signs allow; None leaves a sign open."""
    known = STYLES
    if thousands is not None:
        known = tuple((sign, group) for sign in ".," if sign != thousands for group in ("", thousands))
    return tuple(style for style in known if decimal in (None, style[0]))


def number_notations(texts: Sequence[str], among: Sequence[Style]) -> list[tuple[str, str, str, str]]:
    """Return the notations that all texts fit; none if the texts have different units."""
    units = units_of(texts[:MAX_EXAMINED_TEXTS])
    if len(units) > 1 or None in units:
        return []
    (unit,) = units or (Unit("", ""),)
    assert unit is not None
    found = []
    for decimal, thousands in among:
        if first_misfit(texts, decimal, thousands, unit.prefix, unit.suffix) is None:
            found.append((decimal, thousands, unit.prefix, unit.suffix))
    return found


def has_thousands(grouped: NDArray[np.float64], fractions: NDArray[np.float64], *, separator: str, unit: Unit) -> bool:
    """Return whether the one sign in the numbers surely separates thousands; else it may be a decimal sign as well.

    Args:
        grouped: the numbers, read with a thousands separator; NaN where missing.
        fractions: the same numbers, read with a decimal sign.
        separator: the sign.
        unit: the unit of the numbers.
    """
    known = ~np.isnan(grouped)
    grouped, fractions = np.abs(grouped[known]), np.abs(fractions[known])
    is_grouped = grouped != fractions
    bare, groups = grouped[~is_grouped], grouped[is_grouped]
    # A whole number among numbers that always have three decimals is a number below one thousand.
    is_regular = bool((groups % 10 == 0).any()) or len(np.unique(groups)) >= MIN_GROUPED_VALUES
    if (bare != 0).any() and bare.max() < groups.min() and is_regular:
        return True
    if unit.prefix in ENGLISH_CURRENCIES or unit.suffix in ENGLISH_CURRENCIES:
        return separator == ","
    # Of money, only prices below ten have three decimals.
    return _is_money(unit) and bool((fractions[is_grouped] >= 10).any())


def _is_money(unit: Unit) -> bool:
    return any(re.fullmatch(_CURRENCY, part) for part in (unit.prefix, unit.suffix) if part)
