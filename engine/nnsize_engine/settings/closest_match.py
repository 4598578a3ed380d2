"""Suggestions for a mistyped name: the closest known name."""

import difflib
from collections.abc import Iterable, Sequence

MIN_LIKENESS = 0.65  # ratio of difflib, from 0 to 1, below which a suggestion would confuse


def closest_match(name: str, known: Iterable[str]) -> str | None:
    """Return the closest known name, or None; capitals, and dashes for underscores, make no difference."""
    plain = {_plain(one): one for one in reversed(list(known))}
    near = difflib.get_close_matches(_plain(name), list(plain), n=1, cutoff=MIN_LIKENESS)
    return plain[near[0]] if near else None


def hint(name: str, known: Iterable[str], *, otherwise: str) -> str:
    """Return the end of the refusal of a name: the closest known name, or without one ``otherwise``."""
    match = closest_match(name, known)
    return otherwise if match is None else f"did you mean {match!r}?"


def choose_one(name: str, known: Sequence[str]) -> str:
    """Return the end of the refusal of a name: the closest known name, then all known names."""
    match = closest_match(name, known)
    start = "choose one of" if match is None else f"the nearest is {match!r}, and all are"
    return f"{start} {', '.join(known)}"


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")
