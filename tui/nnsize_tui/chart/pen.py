"""Signs of series in Unicode and in ASCII, and coloured text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from rich.cells import cell_len

from nnsize_engine.charts.description import Band, Cursor, Highlight, Level, Line, Points, Role, Series, Shape
from nnsize_tui.chart.palette import Colour, Palette

SHAPES: dict[Shape, tuple[str, str]] = {
    "dot": ("•", "o"), "star": ("★", "@"), "diamond": ("◆", "#"), "disc": ("●", "*"), "triangle": ("▲", "+"),
    "square": ("■", "x"), "wedge": ("▼", "%"), "ring": ("○", "o"), "frame": ("□", "="),
}  # fmt: skip
"""The sign of each shape, in Unicode and in ASCII."""

FILL = ("░", ".")
"""The filling of a band that has no colour, in Unicode and in ASCII."""

FROM_BELOW = "▁▂▃▄▅▆▇"
"""The signs that fill one to seven eighths of a cell from below."""

SWATCH = "■"
"""The sign in the legend of a band drawn as a background."""

STRONG: frozenset[Role] = frozenset({"best", "recommended"})

FAINT: frozenset[Role] = frozenset({"band", "axis"})
"""Roles that are drawn faint where they have no colour."""

SPELT_IN_ASCII = str.maketrans(
    {"±": "+/-", "×": "x", "−": "-", "–": "-", "—": "-", "≤": "<=", "≥": ">=", "…": "...", "’": "'"}
)

RESET = "\x1b[0m"


def marker_of(series: Series, unicode: bool, *, has_colour: bool = True) -> str:
    """Return the sign of a series, for the legend and for the plot, unless braille draws it there."""
    match series:
        case Line(shape=shape) if shape is not None:
            pair = SHAPES[shape]
        case Line(dotted=dotted, plain=plain):
            pair = ("·", "'") if dotted else ("─" if has_colour or not plain else plain, plain or "*")
        case Band():
            pair = FILL
        case Cursor():
            pair = ("│", "|")
        case Level():
            pair = ("┄", "-")
        case Points(shape=shape) | Highlight(shape=shape):
            pair = SHAPES[shape]
        case _:
            assert_never(series)
    return pair[0] if unicode else pair[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """Writes text in the colours of a palette."""

    palette: Palette
    unicode: bool

    def codes(self, role: Role, *, strong: bool = False) -> str:
        """Return the terminal's codes for a role, such as `38;2;87;165;226;1`; empty where it has none."""
        colour = self.palette.colour(role)
        parts = [] if colour is None else [colour_code(colour)]
        if strong or self.is_strong(role):
            parts.append("1")
        elif self.is_faint(role):
            parts.append("2")
        return ";".join(parts)

    def background(self, role: Role) -> str:
        """Return the codes of a role's colour as a background; empty where it has none, and in ASCII."""
        colour = self.palette.behind(role)
        return colour_code(colour, behind=True) if self.unicode else ""

    def has_eighths(self, role: Role) -> bool:
        """Return whether the edges of a role's band can be drawn in eighths of a cell, which takes two known colours.

        With sixteen colours there are no such colours, and fonts of such terminals often have no eighths.
        """
        return self.unicode and self.palette.background is not None and self.palette.behind(role) is not None

    def part_of_cell(self, role: Role, under: Role | None, eighths: int, *, is_upper: bool) -> tuple[str, str]:
        """Return `(character, codes)` of a cell of which a role's band covers a part, over another band or none.

        No signs fill a cell from above, except a half and an eighth: an upper part is the background of a lower one.
        """
        behind = self.palette.behind(role)
        if is_upper:
            rest = self.palette.background if under is None else self.palette.behind(under)
            return FROM_BELOW[7 - eighths], f"{colour_code(rest)};{colour_code(behind, behind=True)}"
        rest = None if under is None else self.palette.behind(under)
        codes = [colour_code(behind), colour_code(rest, behind=True)]
        return FROM_BELOW[eighths - 1], ";".join(code for code in codes if code)

    def seen_on(self, codes: str, role: Role) -> str:
        """Return codes that are readable on a role's background: these, or those of text."""
        weak = (self.palette.behind(role), self.palette.axis)
        is_lost = any(codes == colour_code(colour) for colour in weak if colour is not None)
        return self.codes("text") if is_lost and self.palette.text not in weak else codes

    def marker(self, series: Series) -> str:
        """Return the plain sign of a series, for the legend and for the plot, unless braille draws it there."""
        return marker_of(series, self.unicode, has_colour=self.palette.colour(series.role) is not None)

    def sign(self, series: Series) -> str:
        """Return the painted sign of a series in the legend."""
        if not isinstance(series, Band):
            return self.paint(self.marker(series), series.role)
        sign, codes = self.fill(series.role)
        if self.background(series.role):
            # Not a cell of background: right above the band it would look like a part of it.
            sign, codes = SWATCH, self.codes(series.role)
        return f"\x1b[{codes}m{sign}{RESET}" if codes else sign

    def fill(self, role: Role) -> tuple[str, str]:
        """Return `(character, codes)` that fill a band without a background. Its own colour would be too faint."""
        return FILL[0 if self.unicode else 1], self.codes("axis" if self.palette.axis is not None else role)

    def has_colour(self, role: Role) -> bool:
        """Return whether a colour tells this role apart."""
        return self.palette.colour(role) is not None

    def is_strong(self, role: Role) -> bool:
        """Return whether a role is drawn bold."""
        return role in STRONG

    def is_faint(self, role: Role) -> bool:
        """Return whether a role is drawn faint, because no colour tells it apart."""
        return role in FAINT and self.palette.colour(role) is None

    def paint(self, text: str, role: Role, *, strong: bool = False) -> str:
        """Return a text in a role's colour; blanks stay as they are."""
        codes = self.codes(role, strong=strong)
        return f"\x1b[{codes}m{text}{RESET}" if codes and text.strip() else text

    def plain(self, text: str) -> str:
        """Return a text with one column for every character, and without control characters."""
        spelt = text if self.unicode else text.translate(SPELT_IN_ASCII)
        return "".join(character if self._is_safe(character) else "?" for character in spelt)

    def _is_safe(self, character: str) -> bool:
        if not character.isprintable() or (ord(character) >= 128 and not self.unicode):
            return False
        return cell_len(character) == 1


def colour_code(colour: Colour, *, behind: bool = False) -> str:
    """Return the code that draws in a colour, or on it if ``behind``; empty for the terminal's own."""
    if colour is None:
        return ""
    place = 48 if behind else 38
    return "{};2;{};{};{}".format(place, *colour) if isinstance(colour, tuple) else f"{place};5;{colour}"
