"""Shades for scores: a background where there are colours, a sign where there are none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nnsize_engine.charts.description import Limits
from nnsize_engine.charts.finite import finite
from nnsize_tui.chart.palette import Colour
from nnsize_tui.chart.pen import Pen, colour_code

SIGNS = ("░▒▓█", ".:+%")
"""Signs of the levels from low to high, in Unicode and in ASCII."""

LIGHT_OF_16 = frozenset({3, 6, 7, 9, 10, 11, 13, 14, 15})
"""The colours of a terminal's sixteen on which black is readable."""

MAX_DECIMALS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Shade:
    """The look of a cell: the sign that fills it, and the codes of its colours."""

    sign: str
    codes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shades:
    """A shade for each level from low to high."""

    levels: tuple[Shade, ...]
    limits: Limits

    def of(self, score: float) -> Shade:
        """Return the shade of a score; the nearest one outside the limits."""
        low, high = self.limits
        share = (score - low) / (high - low) if high > low else 1.0
        return self.levels[max(0, min(len(self.levels) - 1, int(share * len(self.levels))))]


def shades_of(limits: Limits | None, pen: Pen) -> Shades:
    """Return the shades that a pen has. In ASCII a cell has its sign even where it has a colour."""
    signs, ramp = SIGNS[0 if pen.unicode else 1], pen.palette.ramp
    count = len(ramp) or len(signs)
    levels = []
    for level in range(count):
        sign = " " if ramp and pen.unicode else signs[level * len(signs) // count]
        codes = f"{colour_code(_ink_on(ramp[level]))};{colour_code(ramp[level], behind=True)}" if ramp else ""
        levels.append(Shade(sign=sign, codes=codes))
    return Shades(levels=tuple(levels), limits=limits or (0.0, 1.0))


def _ink_on(colour: Colour) -> Colour:
    """Return black or white, the one that is readable on a background."""
    if isinstance(colour, tuple):
        red, green, blue = ((value / 255) ** 2.2 for value in colour)
        is_light = 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18  # where both have the same contrast, 4.6
        return (0, 0, 0) if is_light else (255, 255, 255)
    return 0 if colour in LIGHT_OF_16 else 15


def numbers(scores: Iterable[float], room: int) -> int | None:
    """Return the decimals that all scores can have within ``room`` columns; None where too few fit."""
    found = [score for score in scores if finite(score) is not None]
    largest = max(map(abs, found), default=0.0)
    least = 2 if largest < 10 else 1 if largest < 100 else 0
    for decimals in range(MAX_DECIMALS, least - 1, -1):
        if all(len(f"{score:.{decimals}f}") <= room for score in found):
            return decimals
    return None
