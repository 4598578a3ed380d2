"""A chart's colours, taken from the app's theme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.color import Color, ColorParseError

from nnsize_tui.chart.palette import Colour, Palette
from nnsize_tui.terminal.themes import DARK_256, LIGHT_256

BAND_SHARE, LINE_BAND_SHARE_OF_256 = 0.16, 0.25
"""Share of a line's colour in its band, which is quieter than the line. Of 256 colours the closest one is taken, which
for a smaller share is that of the background or of another line's band."""

BAND_OF_256_ON_DARK, BAND_OF_256_ON_LIGHT, GREY_BAND_OF_256_ON_LIGHT = "#303030", "#d7d7ff", "#dadada"
"""The band for themes of 256 colours: quieter than any mixed colour there."""

GREY = 8
"""Grey among a terminal's own sixteen colours."""


LINES_ON_DARK = ("#ff8787", "#00af00", "#875fff", "#ffd75f", "#87ffd7")
LINES_ON_LIGHT = ("#d75faf", "#5f8700", "#af875f", "#875fff", "#870000")
LINES_OF_16 = (9, 10, 13, 11, 14)
"""Colours of the lines after the first. They differ to every kind of colour-blind eye, also from the first
one, the theme's own; and all are among a terminal's 256."""

RAMP = (
    "#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725",
)  # fmt: skip
"""Colours from low to high on a dark background, in even steps of lightness: matplotlib's viridis. Reversed on a
light one, so that the best stands out from the background."""

RAMP_OF_256 = ("#00005f", "#5f0087", "#005f87", "#008787", "#00af87", "#5fd75f", "#afd75f", "#ffff5f")
RAMP_OF_16 = (4, 5, 6, 10, 11)

GREYS_ON_DARK = ("#9e9e9e", "#6c6c6c", "#c6c6c6", "#808080", "#626262")
GREYS_ON_LIGHT = ("#6c6c6c", "#949494", "#444444", "#808080", "#585858")
GREY_RAMP = ("#303030", "#4e4e4e", "#626262", "#808080", "#9e9e9e", "#b2b2b2", "#d0d0d0", "#eeeeee")
"""Colours of the lines and of the ramp for themes of greys alone. Shapes then tell the lines apart."""


EXACT_BACKGROUNDS = frozenset(theme.background for theme in (DARK_256, LIGHT_256))
"""Backgrounds of the themes for terminals with 256 colours."""


def palette_of(variables: Mapping[str, str], colours: str | None = None) -> Palette:
    """Return the palette for a theme's variables (`App.theme_variables`) and rich's name of the colour system."""
    dark = _is_dark(variables)
    is_plain = dark is None or (colours == "standard" and _has_exact_colours(variables))
    # Sixteen colours have none that is quieter than a line and differs from the background: signs fill the band.
    has_bands = not is_plain
    of_256 = RAMP_OF_256 if _has_exact_colours(variables) else RAMP
    coloured = LINES_ON_DARK if dark else LINES_ON_LIGHT
    if _has_no_hues(variables):
        of_256, coloured = GREY_RAMP, GREYS_ON_DARK if dark else GREYS_ON_LIGHT
        is_plain = dark is None
    lines: Sequence[Colour] = LINES_OF_16 if is_plain else _exact(coloured)
    ramp: tuple[Colour, ...] = RAMP_OF_16 if is_plain else _exact(of_256)
    # On a light background the theme's text colours are nearly black, so that lines would look alike.
    own = "text-" if dark is not False else ""
    line = _mixed(variables, f"{own}primary")
    return Palette(
        background=_mixed(variables, "background"),
        line_bands=_bands(variables, (line, *lines)) if has_bands else (),
        line_2=lines[0],
        line_3=lines[1],
        line_4=lines[2],
        line_5=lines[3],
        line_6=lines[4],
        ramp=ramp if is_plain or dark else ramp[::-1],
        text=_mixed(variables, "foreground", 0.75),
        axis=_mixed(variables, "foreground", 0.4),
        line=line,
        second=_mixed(variables, "foreground", 0.6),
        band=_band(variables, own) if has_bands else None,
        best=_mixed(variables, f"{own}warning"),
        recommended=_mixed(variables, f"{own}success"),
        cursor=_mixed(variables, "foreground"),
        held_out=_mixed(variables, f"{own}success"),
        reference=_mixed(variables, f"{own}warning"),
    )


def _exact(colours: Sequence[str]) -> tuple[Colour, ...]:
    return tuple(Color.parse(colour).rgb for colour in colours)


def _band(variables: Mapping[str, str], own: str) -> Colour:
    """Return the background of the band of the theme's own line; ``own`` begins the names of the line's colour."""
    if not _has_exact_colours(variables):
        return _mixed(variables, f"{own}primary", BAND_SHARE)
    on_light = GREY_BAND_OF_256_ON_LIGHT if _has_no_hues(variables) else BAND_OF_256_ON_LIGHT
    return Color.parse(BAND_OF_256_ON_DARK if _is_dark(variables) else on_light).rgb


def _bands(variables: Mapping[str, str], lines: Sequence[Colour]) -> tuple[Colour, ...]:
    """Return the colours of lines blended with the background; none where they cannot be mixed."""
    background = _background(variables)
    found: list[Colour] = []
    share = LINE_BAND_SHARE_OF_256 if _has_exact_colours(variables) else BAND_SHARE
    for colour in lines:
        if background is None or not isinstance(colour, tuple):
            return ()
        red, green, blue = background.blend(Color(*colour), share).rgb
        found.append((red, green, blue))
    return tuple(found)


def _background(variables: Mapping[str, str]) -> Color | None:
    """Return the theme's background; None where the theme leaves it to the terminal."""
    try:
        colour = Color.parse(variables["background"])
    except (KeyError, ColorParseError):
        return None
    return colour if colour.ansi is None else None


def _is_dark(variables: Mapping[str, str]) -> bool | None:
    background = _background(variables)
    return None if background is None else background.brightness < 0.5


def _has_no_hues(variables: Mapping[str, str]) -> bool:
    """Return whether the theme has greys alone."""
    primary = variables.get("primary")
    return primary is not None and _background(variables) is not None and Color.parse(primary).hsl.s == 0


def _has_exact_colours(variables: Mapping[str, str]) -> bool:
    """Return whether the theme uses only a terminal's 256 colours."""
    background = _background(variables)
    return background is not None and background.hex.lower() in EXACT_BACKGROUNDS


def _mixed(variables: Mapping[str, str], name: str, share: float = 1.0) -> Colour:
    """Return a theme's colour, blended with its background; None where the theme leaves it to the terminal."""
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
