"""Words for characters that are hard to type: separators and decimal signs of text files."""

from collections.abc import Mapping
from types import MappingProxyType

WHITESPACE = r"\s+"
"""The separator of columns that are aligned with blanks: any number of blanks and tabs, spelt as in pandas."""

SEPARATOR_WORDS: Mapping[str, str] = MappingProxyType(
    {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space", WHITESPACE: "whitespace"}
)
"""The separators that are detected, the most usual first, and the word for each."""

DECIMAL_WORDS: Mapping[str, str] = MappingProxyType({".": "point", ",": "comma"})

THOUSANDS_WORDS: Mapping[str, str] = MappingProxyType({",": "comma", ".": "point", " ": "space", "'": "apostrophe"})

_SEPARATORS = {word: sign for sign, word in SEPARATOR_WORDS.items()} | {"\\t": "\t"}
_DECIMALS = {word: sign for sign, word in DECIMAL_WORDS.items()}
_THOUSANDS = {word: sign for sign, word in THOUSANDS_WORDS.items()}


NO_COMMENT = "none"
"""The word for a text file without comments."""


def comment_of(text: str) -> str:
    """Return the sign of comments that a word stands for; empty for no comments."""
    return "" if text.lower() == NO_COMMENT else text


def separator_of(text: str) -> str:
    """Return the separator that a word stands for; any other text stands for itself."""
    return _SEPARATORS.get(text.lower(), text)


def thousands_of(text: str) -> str:
    """Return the thousands separator that a word stands for; any other text stands for itself."""
    return _THOUSANDS.get(text.lower(), text)


def decimal_of(text: str) -> str:
    """Return the decimal sign that a word stands for; any other text stands for itself."""
    return _DECIMALS.get(text, text)
