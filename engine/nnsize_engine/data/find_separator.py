"""The separator of a text file, found by how evenly each one divides its first lines.

Screens read headers too, so this module loads neither NumPy nor pandas.
"""

import re
from collections import Counter
from dataclasses import dataclass

from nnsize_engine.data.records import find_records
from nnsize_engine.settings.separators import SEPARATOR_WORDS, WHITESPACE

_BLANKS = (" ", WHITESPACE)
_SIGNS = tuple(sign for sign in SEPARATOR_WORDS if sign not in _BLANKS)

_MIN_EVEN_SHARE = 0.5  # share of records of one width, below which a sign divides texts and not columns

_MIN_BLANK_SHARE = 0.9  # the same for blanks, which divide sentences too

_COMMA_OF_TEXT = re.compile(r"(?<!\d),|,(?!\d)")
"""A comma that is not between two digits."""

_RUN_OF_BLANKS = re.compile(r"\S(?: |\t){2,}\S")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Division:
    """The evenness with which a separator divides records."""

    separator: str
    width: int
    """Fields of most records."""

    share: float
    """Share of the records of that width, from 0 to 1."""


def find_separator(
    text: str, *, decimal: str, first_line: int = 0, comment: str = "", is_cut: bool = False
) -> str | None:
    """Return the separator that divides most records into the same number of fields; None if none does."""

    def division(separator: str) -> _Division | None:
        if separator == decimal or (separator != WHITESPACE and separator not in text):
            return None
        records = find_records(text, separator, first_line=first_line, comment=comment, is_cut=is_cut)
        widths = [len(record.fields) for record in records]
        return _division(separator, widths)

    signs = [found for found in map(division, _SIGNS) if found is not None]
    if _COMMA_OF_TEXT.search(text) is None and len(signs) > 1:
        signs = [found for found in signs if found.separator != ","]  # each comma is one of a number
    sign = max(signs, key=lambda found: (found.share, found.width), default=None)
    blank, blanks = division(" "), division(WHITESPACE)
    best = blank if _is_blank_better(blank, blanks) else blanks
    if sign is not None and not _are_blanks_better(sign, blanks, text):
        is_even = sign.share >= _MIN_EVEN_SHARE or best is None or best.share < _MIN_BLANK_SHARE
        best = sign if is_even else best
    return None if best is None else best.separator


def _division(separator: str, widths: list[int]) -> _Division | None:
    counts = Counter(width for width in widths if width > 1)
    if not counts:
        return None
    width = max(counts, key=lambda width: (counts[width], width == widths[0], width))
    return _Division(separator=separator, width=width, share=counts[width] / len(widths))


def _is_blank_better(blank: _Division | None, blanks: _Division | None) -> bool:
    """Return whether a single blank divides records better than any number of them; runs give empty fields."""
    if blank is None or blanks is None:
        return blanks is None
    return blank.share > blanks.share or (blank.share == blanks.share and blank.width == blanks.width)


def _are_blanks_better(sign: _Division, blanks: _Division | None, text: str) -> bool:
    """Return whether blanks divide every record evenly, and a tab or an uneven sign stands among them."""
    if blanks is None or blanks.share < 1.0:
        return False
    if sign.separator == "\t":
        has_runs = _RUN_OF_BLANKS.search(text) is not None
        return sign.share < 1.0 or (has_runs and blanks.width > sign.width)
    return sign.share < _MIN_EVEN_SHARE
