"""Shades that stand for scores: a background where there are colours, a sign where there are none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nnsize_engine.charts.description import Limits
from nnsize_engine.charts.finite import finite
from nnsize_tui.chart.palette import Colour
from nnsize_tui.chart.pen import Pen, background_code, foreground_code

SIGNS = ("░▒▓█", ".:+%")
"""From low to high, in Unicode and in ASCII."""

LIGHT_OF_16 = frozenset({3, 6, 7, 9, 10, 11, 13, 14, 15})
"""Of a terminal's own colours, those on which black is read."""

MAX_DECIMALS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Shade:
    """How a cell looks: the sign that fills it, and codes for its colours."""

    sign: str
    codes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shades:
    """One shade for every level from low to high."""

    levels: tuple[Shade, ...]
    limits: Limits

    def of(self, score: float) -> Shade:
        """The shade of a score; the nearest one outside the limits."""
        low, high = self.limits
        share = (score - low) / (high - low) if high > low else 1.0
        return self.levels[max(0, min(len(self.levels) - 1, int(share * len(self.levels))))]


def shades_of(limits: Limits | None, pen: Pen) -> Shades:
    """The shades that a pen has. In ASCII a cell has its sign also where it has a colour."""
    signs, ramp = SIGNS[0 if pen.unicode else 1], pen.palette.ramp
    count = len(ramp) or len(signs)
    levels = []
    for level in range(count):
        sign = " " if ramp and pen.unicode else signs[level * len(signs) // count]
        codes = f"{foreground_code(_ink_on(ramp[level]))};{background_code(ramp[level])}" if ramp else ""
        levels.append(Shade(sign=sign, codes=codes))
    return Shades(levels=tuple(levels), limits=limits or (0.0, 1.0))


def _ink_on(colour: Colour) -> Colour:
    """Black or white, whichever is read on a background."""
    if isinstance(colour, tuple):
        red, green, blue = ((value / 255) ** 2.2 for value in colour)
        is_light = 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18  # where both have the same contrast, 4.6
        return (0, 0, 0) if is_light else (255, 255, 255)
    return 0 if colour in LIGHT_OF_16 else 15


def numbers(scores: Iterable[float], room: int) -> int | None:
    """How many decimals all scores can be written with in so many columns; None where too few."""
    found = [score for score in scores if finite(score) is not None]
    largest = max(map(abs, found), default=0.0)
    least = 2 if largest < 10 else 1 if largest < 100 else 0
    for decimals in range(MAX_DECIMALS, least - 1, -1):
        if all(len(f"{score:.{decimals}f}") <= room for score in found):
            return decimals
    return None
