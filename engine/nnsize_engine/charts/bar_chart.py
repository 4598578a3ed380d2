"""The description of horizontal bars with intervals, as frozen values: shares of a whole."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar, from 0 to its share of the whole."""

    label: str
    share: float
    """From 0 to 1."""

    low: float | None = None
    """Lower end of its interval; None without one."""

    high: float | None = None
    text: str = ""
    """The share in words, with its interval."""

    is_rest: bool = False
    """True if it stands for what the others leave; it is never left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """Everything that one picture shows; equal bars give equal pictures."""

    sentence: str
    """The sentence above the bars."""

    bars: tuple[Bar, ...] = ()
    """From the top; where there is no room for all, the last ones that are no rest are left out."""

    label: str = ""
    """The whole of which the bars are shares."""


def fitting(bars: tuple[Bar, ...], most: int) -> tuple[tuple[Bar, ...], int]:
    """Return at most this number of bars with every rest that has room, and the number of those left out."""
    rest = sum(bar.is_rest for bar in bars)
    room = max(0, most - rest)
    named = [bar for bar in bars if not bar.is_rest]
    kept = (*named[:room], *(bar for bar in bars if bar.is_rest))
    return kept[: max(0, most)], len(bars) - len(kept[: max(0, most)])
