from collections.abc import Mapping

import pytest
from textual.color import Color

from nnsize_tui.terminal.themes import CHOICES, DARK, DARK_256, LIGHT, LIGHT_256, THEMES, choice_of, theme_name

STEPS = (0, 95, 135, 175, 215, 255)


def is_exact(text: str) -> bool:
    """Whether it is one of the 240 colours that terminals with 256 agree on."""
    red, green, blue = Color.parse(text).rgb
    is_grey = red == green == blue and red in range(8, 239, 10)
    return is_grey or {red, green, blue} <= set(STEPS)


OTHERS = [theme for theme in THEMES if theme not in (DARK, LIGHT)]


@pytest.mark.parametrize("theme", OTHERS, ids=[theme.name for theme in OTHERS])
def test_every_colour_for_256_colours_is_one_of_them(theme: object) -> None:
    colours = [value for value in vars(theme).values() if isinstance(value, str) and value.startswith("#")]
    colours += vars(theme)["variables"].values()
    assert len(colours) == 14
    assert [colour for colour in colours if not is_exact(colour)] == []


OTHERS = [theme for theme in THEMES if theme not in (DARK, LIGHT)]


@pytest.mark.parametrize("theme", OTHERS, ids=[theme.name for theme in OTHERS])
def test_what_stands_behind_is_grey(theme: object) -> None:
    behind = [vars(theme)[name] for name in ("background", "surface", "panel")]
    behind += [vars(theme)["variables"][name] for name in ("cursor-row", "cursor-away")]
    assert all(len(set(Color.parse(colour).rgb)) == 1 for colour in behind)


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({}, DARK_256.name),
        ({"COLORTERM": "truecolor"}, DARK.name),
        ({"COLORTERM": "24bit", "COLORFGBG": "0;15"}, LIGHT.name),
        ({"COLORFGBG": "0;15"}, LIGHT_256.name),
        ({"COLORTERM": "1", "COLORFGBG": "15;0"}, DARK_256.name),
    ],
)
def test_the_theme_follows_what_the_terminal_says(environment: Mapping[str, str], name: str) -> None:
    assert theme_name(environment) == name


def test_every_choice_has_a_theme_with_many_colours_and_with_few() -> None:
    names = {theme.name for theme in THEMES}
    for environment in ({}, {"COLORTERM": "truecolor"}):
        for choice in CHOICES:
            assert theme_name(environment, choice) in names
            assert choice_of(theme_name(environment, choice)) == choice
