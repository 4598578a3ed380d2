"""Lines of text that name a chart's lines by their own signs and colours."""

from collections.abc import Mapping

from rich.color import Color
from rich.style import Style

from nnsize_engine.charts.description import LINE_ROLES, LINE_SHAPES, MAX_LINES
from nnsize_tui.chart.pen import SHAPES as SIGNS
from nnsize_tui.chart.theme import palette_of
from nnsize_tui.terminal.themes import Ink
from nnsize_tui.widgets.canvas import Canvas, Piece

LINE_INKS: tuple[Ink, ...] = ("line", "line_2", "line_3", "line_4", "line_5", "line_6")


class LineInk(Canvas):
    """A canvas in which the inks of lines have the colours that the chart gives them."""

    def ink_style(self, ink: Ink, variables: Mapping[str, str]) -> Style:
        if ink not in LINE_INKS:
            return super().ink_style(ink, variables)
        if self.app.no_color:
            return Style.null()
        colour = palette_of(variables, self.app.console.color_system).colour(LINE_ROLES[LINE_INKS.index(ink)])
        if colour is None:
            return Style.null()
        return Style(color=Color.from_ansi(colour) if isinstance(colour, int) else Color.from_rgb(*colour))

    def sign(self, place: int) -> Piece:
        """The mark of a run's line in the chart, in its colour."""
        return SIGNS[LINE_SHAPES[place % MAX_LINES]][0 if self.glyphs.unicode else 1], LINE_INKS[place % MAX_LINES]
