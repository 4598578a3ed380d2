"""The colours of a chart in a terminal: one for each role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from nnsize_engine.charts.description import LINE_ROLES, Role

Colour: TypeAlias = "tuple[int, int, int] | int | None"
"""Red, green, blue; or a number of the terminal's own palette; or the terminal's plain colour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """A colour for each role. Without arguments it has no colours."""

    text: Colour = None
    axis: Colour = None
    line: Colour = None
    second: Colour = None
    band: Colour = None
    best: Colour = None
    recommended: Colour = None
    cursor: Colour = None
    held_out: Colour = None
    reference: Colour = None
    line_2: Colour = None
    line_3: Colour = None
    line_4: Colour = None
    line_5: Colour = None
    line_6: Colour = None
    background: Colour = None
    """The background of the chart, in which a part of a cell can be drawn; None where only the terminal knows it."""

    line_bands: tuple[Colour, ...] = ()
    """Backgrounds of the bands of lines, in the order of their roles; none without colours to mix."""

    ramp: tuple[Colour, ...] = ()
    """Backgrounds from the lowest value to the highest; none without colours."""

    def colour(self, role: Role) -> Colour:
        """Return the colour of one role."""
        colour: Colour = getattr(self, role)
        return colour

    def behind(self, role: Role) -> Colour:
        """Return the background of a band of one role; a line is visible on its own band."""
        if role not in LINE_ROLES:
            return self.colour(role)
        return self.line_bands[LINE_ROLES.index(role)] if self.line_bands else None
