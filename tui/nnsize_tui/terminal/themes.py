"""Colour themes: quiet backgrounds, one accent, a colour for each state. Every state also has a mark or a word."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, TypeAlias

from rich.style import Style
from textual.theme import Theme

DARK = Theme(
    name="nnsize-dark",
    dark=True,
    primary="#6cb6ff",
    secondary="#4c9a94",
    accent="#5bc8af",
    warning="#e8b75d",
    error="#f0787f",
    success="#86c983",
    foreground="#d3d9e2",
    background="#11151b",
    surface="#171c24",
    panel="#202732",
    variables={"ink-dim": "#8f9aaa", "ink-faint": "#465161", "cursor-row": "#213045", "cursor-away": "#1c2430"},
)

LIGHT = Theme(
    name="nnsize-light",
    dark=False,
    primary="#0b62b8",
    secondary="#2f7d77",
    accent="#006f65",
    warning="#8c5900",
    error="#b3262f",
    success="#276f2a",
    foreground="#20262e",
    background="#fbfcfd",
    surface="#f1f4f7",
    panel="#e4e9ef",
    variables={"ink-dim": "#59636f", "ink-faint": "#b4bec9", "cursor-row": "#d6e7fa", "cursor-away": "#e6edf4"},
)

# Without 24-bit colour, as over many SSH connections, a terminal shows the closest of 256 colours, and a bluish dark
# grey becomes blue. These themes use exact colours of the 256: grey backgrounds, and those closest to ours.

DARK_256 = Theme(
    name="nnsize-dark-256",
    dark=True,
    primary="#5fafff",
    secondary="#5f8787",
    accent="#5fd7af",
    warning="#d7af5f",
    error="#ff8787",
    success="#87d787",
    foreground="#dadada",
    background="#121212",
    surface="#1c1c1c",
    panel="#262626",
    variables={"ink-dim": "#a8a8a8", "ink-faint": "#585858", "cursor-row": "#3a3a3a", "cursor-away": "#303030"},
)

LIGHT_256 = Theme(
    name="nnsize-light-256",
    dark=False,
    primary="#005faf",
    secondary="#008787",
    accent="#005f5f",
    warning="#5f5f00",
    error="#af0000",
    success="#005f00",
    foreground="#1c1c1c",
    background="#ffffff",
    surface="#eeeeee",
    panel="#e4e4e4",
    variables={"ink-dim": "#585858", "ink-faint": "#b2b2b2", "cursor-row": "#dadada", "cursor-away": "#e4e4e4"},
)

# For users who cannot distinguish red from green: blue is good; yellow, orange or pink is not. For users who want no
# colours: greys. Both use the 256 colours, so that they look the same everywhere.

COLOUR_BLIND = Theme(
    name="nnsize-colour-blind",
    dark=True,
    primary="#87afff",
    secondary="#5f87af",
    accent="#87d7ff",
    warning="#ffd700",
    error="#ff875f",
    success="#5fafff",
    foreground="#dadada",
    background="#121212",
    surface="#1c1c1c",
    panel="#262626",
    variables=dict(DARK_256.variables),
)

COLOUR_BLIND_LIGHT = Theme(
    name="nnsize-colour-blind-light",
    dark=False,
    primary="#0000af",
    secondary="#005f87",
    accent="#00005f",
    warning="#5f5f00",
    error="#af0087",
    success="#0000ff",
    foreground="#1c1c1c",
    background="#ffffff",
    surface="#eeeeee",
    panel="#e4e4e4",
    variables=dict(LIGHT_256.variables),
)

MONOCHROME = Theme(
    name="nnsize-monochrome",
    dark=True,
    primary="#e4e4e4",
    secondary="#9e9e9e",
    accent="#ffffff",
    warning="#ffffff",
    error="#ffffff",
    success="#e4e4e4",
    foreground="#d0d0d0",
    background="#121212",
    surface="#1c1c1c",
    panel="#262626",
    variables=dict(DARK_256.variables),
)

MONOCHROME_LIGHT = Theme(
    name="nnsize-monochrome-light",
    dark=False,
    primary="#303030",
    secondary="#626262",
    accent="#000000",
    warning="#000000",
    error="#000000",
    success="#303030",
    foreground="#303030",
    background="#ffffff",
    surface="#eeeeee",
    panel="#e4e4e4",
    variables=dict(LIGHT_256.variables),
)

THEMES = (DARK, LIGHT, DARK_256, LIGHT_256, COLOUR_BLIND, COLOUR_BLIND_LIGHT, MONOCHROME, MONOCHROME_LIGHT)

CHOICES: Mapping[str, str] = MappingProxyType(
    {
        "dark": "Colours on a dark background",
        "light": "Colours on a light background",
        "colour-blind": "Colours that every kind of eye tells apart, on a dark background",
        "colour-blind-light": "Colours that every kind of eye tells apart, on a light background",
        "monochrome": "Greys alone, on a dark background",
        "monochrome-light": "Greys alone, on a light background",
    }
)
"""Themes that a user can choose, and their descriptions."""

Ink: TypeAlias = Literal[
    "text", "strong", "dim", "faint", "title", "accent", "done", "good", "warn", "bad", "best", "recommended",
    "line", "line_2", "line_3", "line_4", "line_5", "line_6",
]  # fmt: skip
"""Meaning of a piece of text. The theme gives its colour; the palette of the chart gives those of lines."""

_VARIABLES: Mapping[Ink, str] = {
    "text": "foreground",
    "strong": "foreground",
    "dim": "ink-dim",
    "faint": "ink-faint",
    "title": "accent",
    "accent": "accent",
    "done": "primary",
    "good": "success",
    "warn": "warning",
    "bad": "error",
    "best": "warning",
    "recommended": "success",
    "line": "primary",
}

_BOLD: frozenset[Ink] = frozenset({"strong", "title", "best", "recommended"})


def style_of(ink: Ink, variables: Mapping[str, str]) -> Style:
    """Return the style of an ink, from the theme variables of the app."""
    return _style(variables.get(_VARIABLES.get(ink, "foreground"), ""), ink in _BOLD)


def cursor_style(variables: Mapping[str, str], *, has_focus: bool) -> Style:
    """Return the style of the row of the cursor."""
    name = "cursor-row" if has_focus else "cursor-away"
    return _background(variables.get(name) or variables.get("panel", ""))


@lru_cache(maxsize=256)
def _style(colour: str, bold: bool) -> Style:
    return Style(color=colour if colour.startswith("#") else None, bold=bold or None)


@lru_cache(maxsize=64)
def _background(colour: str) -> Style:
    return Style(bgcolor=colour) if colour.startswith("#") else Style(reverse=True)


def theme_name(environment: Mapping[str, str], choice: str | None = None) -> str:
    """Return the name of the theme for a choice: its variant of 256 colours unless the terminal has 24-bit colour.

    Without a choice, it is light if the terminal tells that its background is light.
    """
    is_light = environment.get("COLORFGBG", "").rpartition(";")[2] in ("7", "15")
    choice = choice or ("light" if is_light else "dark")
    has_all = environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit")
    return f"nnsize-{choice}" if has_all or choice not in ("dark", "light") else f"nnsize-{choice}-256"


def choice_of(theme: str) -> str:
    """Return the choice that a theme belongs to."""
    return theme.removeprefix("nnsize-").removesuffix("-256")
