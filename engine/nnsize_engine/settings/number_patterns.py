"""Patterns of numbers in one notation: decimal sign, thousands separator, and a prefix and a suffix such as a unit.

This file is copied beside exported networks and loaded by screens, so it imports nothing of nnsize, and no NumPy.
"""

import re
from functools import lru_cache

MINUS_SIGN = "\u2212"
_SIGN = f"[-+{MINUS_SIGN}]"
_ALIKE = {" ": " \u00a0\u2007\u2009\u202f", "'": "'\u2019"}
"""The characters that a thousands separator stands for: all spaces within a line, both apostrophes."""

MIN_PLURAL_LETTERS = 3  # a shorter unit, such as "m", has no plural


@lru_cache(maxsize=128)
def number_pattern(decimal: str, thousands: str, prefix: str, suffix: str) -> re.Pattern[str]:
    """Return the pattern of a number in a notation; ``thousands``, ``prefix`` and ``suffix`` may be empty.

    A number may have a sign before or after the prefix, an exponent, or parentheses around it for a minus. A zero needs
    no unit.
    """
    point = re.escape(decimal)
    digits = rf"(?:{_whole(thousands)}(?:{point}\d*)?|{point}\d+)(?:[eE]{_SIGN}?\d+)?"
    before = rf"{re.escape(prefix)}\s*" if prefix else ""
    units = "|".join(map(re.escape, spellings_of(suffix)))
    after = rf"\s*(?:{units})" if suffix else ""
    sign = rf"(?:{_SIGN}\s*)?"
    signs = f"(?:{sign}{before}|{before}{sign})" if before else sign
    forms = [
        f"{signs}{digits}{after}",
        rf"\(\s*{before}{digits}{after}\s*\)",
        rf"{before}\(\s*{digits}\s*\){after}",
        rf"{_SIGN}?0+(?:{point}0*)?" if prefix or suffix else rf"{_SIGN}?(?i:inf(?:inity)?)",
    ]
    return re.compile(rf"\s*(?:{'|'.join(forms)})\s*")


def signs_of(thousands: str) -> str:
    """Return the characters that a thousands separator stands for; a space stands for all spaces within a line."""
    return _ALIKE.get(thousands, thousands)


def _whole(thousands: str) -> str:
    """Return the pattern of the whole part of a number, with or without groups."""
    if not thousands:
        return r"\d+"
    sign = f"[{re.escape(signs_of(thousands))}]"
    inner = r"\d{2,3}" if thousands == "," else r"\d{3}"  # India groups by two: 12,34,567
    return rf"(?:[1-9]\d{{0,2}}(?:{sign}{inner})*{sign}\d{{3}}|\d+)"


def spellings_of(unit: str) -> tuple[str, ...]:
    """Return the plural of a unit, if it is a word, and the unit; nothing for no unit."""
    if not unit:
        return ()
    is_word = len(unit) >= MIN_PLURAL_LETTERS and unit.isalpha() and not unit.endswith("s")
    return (f"{unit}s", unit) if is_word else (unit,)
