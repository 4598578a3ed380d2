"""The query of a filter: words of a row, and comparisons of its columns, such as ``mean>=0.95``."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from nnsize_engine.settings.closest_match import hint
from nnsize_tui.widgets.columns import Column

Compared = float | str | None
"""The value of a column in a row; None where there is none, and then no comparison holds."""

SIGNS: Mapping[str, Callable[[int], bool]] = MappingProxyType(
    {
        "<=": lambda order: order <= 0,
        ">=": lambda order: order >= 0,
        "!=": lambda order: order != 0,
        "==": lambda order: order == 0,
        "<": lambda order: order < 0,
        ">": lambda order: order > 0,
        "=": lambda order: order == 0,
    }
)
_SIGN = re.compile("|".join(map(re.escape, SIGNS)))
_AROUND_SIGN = re.compile(rf"\s*({_SIGN.pattern})\s*")

_UNITS: Mapping[str, float] = MappingProxyType({"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0})
_NUMBER = re.compile(r"([-+]?(?:\d[\d,]*\.?\d*|\.\d+)(?:e[-+]?\d+)?)(ms|s|m|h|d|)", re.IGNORECASE)

DIGITS_SHOWN = 3
"""Significant digits from which on a number equals every value that rounds to it: tables show no more of a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A condition on the value of a column."""

    column: str
    """The key of the column."""

    sign: str
    wanted: str

    def holds(self, value: Compared) -> bool:
        """Return whether the condition holds: numbers by their size, words by the alphabet, ignoring case."""
        if value is None:
            return False
        if isinstance(value, str):
            one, other = value.lower(), self.wanted.lower()
            return SIGNS[self.sign]((one > other) - (one < other))
        number = number_of(self.wanted)
        if number is None:
            return False
        is_same = math.isclose(value, number, rel_tol=1e-9) or abs(value - number) <= _rounding(self.wanted)
        return SIGNS[self.sign](0 if is_same else (value > number) - (value < number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Words and comparisons, all of which must hold of a row."""

    words: tuple[str, ...] = ()
    """The words, in lower case."""

    comparisons: tuple[Comparison, ...] = ()
    problem: str = ""
    """A sentence about the part that has no meaning, which is ignored."""

    begins_column: bool = False
    """True if the last word may become the name of a column."""

    @property
    def is_empty(self) -> bool:
        """Return whether the query holds of every row."""
        return not self.words and not self.comparisons

    def without_last_word(self) -> "Query":
        """Return the same query before its last word was typed."""
        return replace(self, words=self.words[:-1])

    def holds_words(self, text: str) -> bool:
        """Return whether a text holds every word, anywhere."""
        return all(word in text.lower() for word in self.words)


def query_of(typed: str, columns: Sequence[Column]) -> Query:
    """Read what is typed, for a table with these columns; they are named by their titles."""
    known = {_plain(column.title): column for column in columns if column.title}
    words: list[str] = []
    comparisons: list[Comparison] = []
    problem = ""
    for piece in _AROUND_SIGN.sub(r"\1", typed.lower()).split():
        found = _SIGN.search(piece)
        if found is None:
            words.append(piece)
            continue
        name, wanted = piece[: found.start()], piece[found.end() :]
        if _plain(name) not in known and words and _plain(words[-1] + name) in known:
            name = words.pop() + name  # a title of two words
        column = known.get(_plain(name))
        if column is None:
            titles = [one.title for one in columns if one.title]
            problem = problem or f"no column {name!r}; {hint(name, titles, otherwise='there are ' + ', '.join(titles))}"
        elif wanted:
            comparisons.append(Comparison(column=column.key, sign=found.group(), wanted=wanted))
    is_begun = bool(words) and not typed.endswith(" ") and any(title.startswith(_plain(words[-1])) for title in known)
    return Query(words=tuple(words), comparisons=tuple(comparisons), problem=problem, begins_column=is_begun)


def misfit(comparison: Comparison, value: Compared) -> str:
    """Return why a value cannot be compared with the wanted text; empty if it can."""
    if isinstance(value, str) or value is None or number_of(comparison.wanted) is not None:
        return ""
    return f"{comparison.wanted!r} is no number"


def number_of(text: str) -> float | None:
    """Read a number, or a time in seconds: ``0.95``, ``1e-3``, ``1,000``, ``12s``, ``5m``; None for anything else."""
    found = _NUMBER.fullmatch(text)
    return None if found is None else float(found.group(1).replace(",", "")) * _UNITS[found.group(2).lower()]


def _rounding(wanted: str) -> float:
    """Return the distance within which a value rounds to a number with as many digits."""
    found = re.fullmatch(r"-?(\d*)\.(\d+)", wanted)
    if found is None or len((found.group(1) + found.group(2)).lstrip("0")) < DIGITS_SHOWN:
        return 0.0
    return 0.5 * 10.0 ** -len(found.group(2))


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]", "", name.lower())
