"""The signs and colours in text that stand for the lines of a chart."""

from collections.abc import Mapping

from rich.color import Color
from rich.style import Style
from textual.app import App

from nnsize_engine.charts.description import LINE_ROLES, LINE_SHAPES, MAX_LINES
from nnsize_tui.chart.pen import SHAPES as SIGNS
from nnsize_tui.chart.theme import palette_of
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.terminal.themes import Ink, style_of
from nnsize_tui.widgets.canvas import Piece

LINE_INKS: tuple[Ink, ...] = ("line", "line_2", "line_3", "line_4", "line_5", "line_6")


def line_style(ink: Ink, variables: Mapping[str, str], app: App[object]) -> Style:
    """Return the style of an ink; the inks of lines have the colours that the chart gives them."""
    if ink not in LINE_INKS:
        return style_of(ink, variables)
    if app.no_color:
        return Style.null()
    colour = palette_of(variables, app.console.color_system).colour(LINE_ROLES[LINE_INKS.index(ink)])
    if colour is None:
        return Style.null()
    return Style(color=Color.from_ansi(colour) if isinstance(colour, int) else Color.from_rgb(*colour))


def line_marker(place: int, glyphs: Glyphs) -> Piece:
    """Return the mark of a run's line in the chart, in its colour."""
    return SIGNS[LINE_SHAPES[place % MAX_LINES]][0 if glyphs.unicode else 1], LINE_INKS[place % MAX_LINES]
