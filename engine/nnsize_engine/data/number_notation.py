"""Numbers in texts, read in one notation: decimal sign, thousands separator, and a prefix and a suffix such as a unit.

This file is copied beside exported networks, so it imports nothing of nnsize.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

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
    after = rf"\s*{_with_plural(suffix)}" if suffix else ""
    sign = rf"(?:{_SIGN}\s*)?"
    signs = f"(?:{sign}{before}|{before}{sign})" if before else sign
    forms = [
        f"{signs}{digits}{after}",
        rf"\(\s*{before}{digits}{after}\s*\)",
        rf"{before}\(\s*{digits}\s*\){after}",
        rf"{_SIGN}?0+(?:{point}0*)?" if prefix or suffix else rf"{_SIGN}?(?i:inf(?:inity)?)",
    ]
    return re.compile(rf"\s*(?:{'|'.join(forms)})\s*")


def numbers(texts: Sequence[str], decimal: str, thousands: str, prefix: str, suffix: str) -> NDArray[np.float64]:
    """Return the numbers of texts, shape (texts,).

    Raises:
        ValueError: a text is no number in this notation; the error's argument is the text.
    """
    fits = number_pattern(decimal, thousands, prefix, suffix).fullmatch
    for text in texts:
        if fits(text) is None:
            raise ValueError(text)
    if not texts:
        return np.empty(0)
    joined = "\0".join(texts)  # all texts at once: many times faster
    units = [part for unit in (suffix, prefix) if unit for part in (f"{unit}s", unit)]
    for unit in units:
        joined = joined.replace(unit, "")
    left_out = _ALIKE[" "] + _ALIKE.get(thousands, thousands) + ")"
    joined = joined.translate(str.maketrans(f"({MINUS_SIGN}{decimal}", "--.", left_out))
    return np.array([float(text) for text in joined.split("\0")])


def _whole(thousands: str) -> str:
    """Return the pattern of the whole part of a number, with or without groups."""
    if not thousands:
        return r"\d+"
    sign = f"[{re.escape(_ALIKE.get(thousands, thousands))}]"
    inner = r"\d{2,3}" if thousands == "," else r"\d{3}"  # India groups by two: 12,34,567
    return rf"(?:[1-9]\d{{0,2}}(?:{sign}{inner})*{sign}\d{{3}}|\d+)"


def _with_plural(unit: str) -> str:
    """Return the pattern of a unit; a word also fits with an s at its end."""
    is_word = len(unit) >= MIN_PLURAL_LETTERS and unit.isalpha() and not unit.endswith("s")
    return re.escape(unit) + ("s?" if is_word else "")
