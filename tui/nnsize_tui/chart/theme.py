"""A chart's colours, taken from the app's theme."""

from __future__ import annotations

from collections.abc import Mapping

from textual.color import Color, ColorParseError

from nnsize_tui.chart.model import Colour, Palette

BAND_SHARE = 0.3
"""Quiet enough that the curve is seen on it, and still not the background in a terminal of 256 colours."""

GREY = 8
"""Grey among a terminal's own sixteen colours."""


def palette_of(variables: Mapping[str, str]) -> Palette:
    """The palette for a theme, given its variables (`App.theme_variables`)."""
    return Palette(
        text=_mixed(variables, "foreground", 0.75),
        axis=_mixed(variables, "foreground", 0.4),
        line=_mixed(variables, "text-primary"),
        second=_mixed(variables, "foreground", 0.6),
        band=_mixed(variables, "text-primary", BAND_SHARE),
        best=_mixed(variables, "text-warning"),
        adequate=_mixed(variables, "text-success"),
        cursor=_mixed(variables, "foreground"),
        held_out=_mixed(variables, "text-success"),
        reference=_mixed(variables, "text-warning"),
    )


def _mixed(variables: Mapping[str, str], name: str, share: float = 1.0) -> Colour:
    """A theme's colour, weakened towards its background; None where the theme leaves it to the terminal."""
    try:
        colour = Color.parse(variables[name])
        background = Color.parse(variables["background"])
    except (KeyError, ColorParseError):
        return None
    if colour.ansi is not None:
        # A terminal's own colours can't be mixed; grey is what they have for less important things.
        return GREY if share < 0.75 else colour.ansi if colour.ansi >= 0 else None
    red, green, blue = background.blend(colour, share).rgb
    return red, green, blue
