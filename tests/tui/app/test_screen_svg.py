"""The pictures in ``screenshots/``: what stands on a screen stands in its picture, in its place."""

from xml.etree import ElementTree

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nnsize_tui.terminal.themes import DARK
from support.screen_svg import COLUMN, LINE, svg_of

VARIABLES = {"foreground": str(DARK.foreground), "background": str(DARK.background), "panel": str(DARK.panel)}
NAME = "{http://www.w3.org/2000/svg}"


def test_letters_stand_in_their_columns_and_charts_are_drawn() -> None:
    lines = [
        Strip([Segment("a < b   "), Segment("right", Style(color="#ff0000", bgcolor="#001122", bold=True))]),
        Strip([Segment("│⣿█─╮┄"), Segment(" & ")]),
    ]
    picture = ElementTree.fromstring(svg_of(lines, VARIABLES))
    texts = {one.text: (one.get("x"), one.get("textLength")) for one in picture.iter(f"{NAME}text")}
    assert texts["a < b"] == ("0", str(5 * COLUMN))
    assert texts["right"] == (str(8 * COLUMN), str(5 * COLUMN))
    assert texts["&"] == (str(7 * COLUMN), str(COLUMN))
    paths = "".join(one.get("d", "") for one in picture.iter(f"{NAME}path"))
    assert paths.count("h0") == 8  # the dots of a braille character
    assert f"M{2 * COLUMN} {2 * LINE}h{COLUMN}v-{LINE}" in paths
    behind = [one for one in picture.iter(f"{NAME}rect") if one.get("fill") == "#001122"]
    assert [(one.get("x"), one.get("width")) for one in behind] == [(str(8 * COLUMN), str(5 * COLUMN))]
