"""Colours that have to be told apart: by every kind of eye, in every theme."""

from __future__ import annotations

import itertools
import math

import pytest
from textual.app import App
from textual.color import Color
from textual.theme import Theme

from nnsize_engine.charts.description import LINE_ROLES
from nnsize_tui.chart.palette import Colour, Palette
from nnsize_tui.chart.theme import palette_of
from nnsize_tui.terminal.themes import COLOUR_BLIND, COLOUR_BLIND_LIGHT, MONOCHROME, MONOCHROME_LIGHT, THEMES

EYES = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "without red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "without green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "without blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
"""Machado, Oliveira and Fernandes, *A physiologically-based model for simulation of color vision deficiency*, 2009."""

XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
WHITE = (0.9505, 1.0, 1.089)


def seen(colour: Colour, eye: str) -> tuple[float, float, float]:
    """A colour as this eye sees it, in CIE Lab: lightness first."""
    assert isinstance(colour, tuple)
    linear = [((value / 255 + 0.055) / 1.055) ** 2.4 if value > 10 else value / 255 / 12.92 for value in colour]
    here = [min(1.0, max(0.0, sum(a * b for a, b in zip(row, linear, strict=True)))) for row in EYES[eye]]
    xyz = [sum(a * b for a, b in zip(row, here, strict=True)) / white for row, white in zip(XYZ, WHITE, strict=True)]
    x, y, z = (value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def palette(name: str, colours: str = "truecolor") -> Palette:
    app: App[None] = App()
    for theme in THEMES:
        app.register_theme(theme)
    app.theme = name
    return palette_of(app.get_css_variables(), colours)  # an app that does not run knows no others yet


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES if "monochrome" not in theme.name])
@pytest.mark.parametrize("eye", EYES)
def test_lines_differ_to_every_eye(theme: str, eye: str) -> None:
    colours = [seen(palette(theme).colour(role), eye) for role in LINE_ROLES]
    assert min(math.dist(one, other) for one, other in itertools.combinations(colours, 2)) > 15


@pytest.mark.parametrize("theme", [COLOUR_BLIND, COLOUR_BLIND_LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("eye", EYES)
def test_states_differ_to_every_eye_in_the_themes_for_all_of_them(theme: Theme, eye: str) -> None:
    states = [theme.success, theme.warning, theme.error]
    colours = [seen(Color.parse(str(colour)).rgb, eye) for colour in states]
    assert min(math.dist(one, other) for one, other in itertools.combinations(colours, 2)) > 40


@pytest.mark.parametrize("theme", [MONOCHROME, MONOCHROME_LIGHT], ids=lambda theme: theme.name)
def test_greys_are_greys(theme: Theme) -> None:
    lines = [palette(theme.name).colour(role) for role in LINE_ROLES]
    ramp = palette(theme.name).ramp
    assert all(isinstance(colour, tuple) and max(colour) - min(colour) <= 3 for colour in (*lines, *ramp))
    assert len(set(lines)) == len(lines)


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
@pytest.mark.parametrize("eye", EYES)
def test_a_map_gets_lighter_or_darker_all_the_way(theme: str, eye: str) -> None:
    levels = [seen(colour, eye)[0] for colour in palette(theme).ramp]
    assert len(levels) >= 8
    assert levels in (sorted(levels), sorted(levels, reverse=True))


def test_sixteen_colours_are_the_terminals_own() -> None:
    plain = palette("nnsize-dark-256", "standard")
    assert all(isinstance(colour, int) for colour in plain.ramp)
    assert all(isinstance(plain.colour(role), int) for role in LINE_ROLES[1:])
    assert len(set(plain.ramp)) == len(plain.ramp)


def test_sixteen_colours_have_none_for_a_band_and_all_others_have() -> None:
    plain = palette("nnsize-dark-256", "standard")
    assert plain.behind("band") is plain.behind("line_2") is None
    for theme in THEMES:
        assert palette(theme.name).behind("band") is not None
        assert palette(theme.name).background == Color.parse(str(theme.background)).rgb


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_a_band_is_quieter_than_its_line(theme: Theme) -> None:
    found = palette(theme.name)
    assert 1.1 < contrast(found.band, found.background) < 1.6
    assert contrast(found.line, found.band) > 2.5
    assert contrast(found.text, found.band) > 3.0


def luminance(colour: Colour) -> float:
    """WCAG's relative luminance."""
    assert isinstance(colour, tuple)
    linear = [((value / 255 + 0.055) / 1.055) ** 2.4 if value > 10 else value / 255 / 12.92 for value in colour]
    return sum(share * value for share, value in zip(XYZ[1], linear, strict=True))


def contrast(one: Colour, other: Colour) -> float:
    """From 1, no difference, to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_text_can_be_read_on_whatever_is_behind_it(theme: Theme) -> None:
    inks = [theme.foreground, theme.primary, theme.accent, theme.warning, theme.error, theme.success]
    behind = [theme.background, theme.surface, theme.panel, theme.variables["cursor-row"]]
    for ink in (*inks, theme.variables["ink-dim"]):
        for under in (*behind, theme.variables["cursor-away"]):
            assert contrast(Color.parse(str(ink)).rgb, Color.parse(str(under)).rgb) >= 4.5, (ink, under)
    assert contrast(palette(theme.name).text, Color.parse(str(theme.background)).rgb) >= 4.5


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_line_of_a_chart_is_seen(theme: Theme) -> None:
    colours = [
        palette(theme.name).colour(role) for role in (*LINE_ROLES, "held_out", "reference", "best", "recommended")
    ]
    assert min(contrast(colour, Color.parse(str(theme.background)).rgb) for colour in colours) >= 3
