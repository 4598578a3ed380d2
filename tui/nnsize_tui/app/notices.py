"""Notices on the screen: a newer one replaces an older one of its kind, and there are only a few."""

from collections.abc import Sequence

MAX_NOTICES = 3
"""Notices on the screen at most; the oldest one leaves first."""

ABOUT_ONE = "Run"
"""The first word of notices about one run, whose name is the second word."""


def kind_of(words: str) -> str:
    """Return the kind of a notice: its first word, such as ``Theme:``; of one about a run, the run too."""
    first, _, rest = words.partition(" ")
    return f"{first} {rest.partition(' ')[0]}" if first == ABOUT_ONE else first


def outdated(shown: Sequence[str], new: str) -> list[int]:
    """Return the places of the notices that leave when a new one comes; ``shown`` begins with the oldest."""
    same = [place for place, words in enumerate(shown) if kind_of(words) == kind_of(new)]
    others = [place for place in range(len(shown)) if place not in same]
    return sorted([*same, *others[: max(0, len(others) - MAX_NOTICES + 1)]])
