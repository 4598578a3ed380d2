"""The line above a screen: the program's name, the subject, and a word at the right."""

from collections.abc import Iterable

from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.widgets.canvas import Canvas, Line
from nnsize_tui.widgets.run_header import spread


class HeadingBar(Canvas):
    """One line, in the colour of the bar of keys."""

    CAN_WAIT = False  # it is small, and first says what the screen is about

    def __init__(self, glyphs: Glyphs, middle: str = "", right: str = "", *, id: str | None = None) -> None:
        super().__init__(glyphs, id=id)
        self._middle, self._right = middle, right

    def show(self, middle: str, right: str = "") -> None:
        """Show this from now on."""
        self._middle, self._right = middle, right
        self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:
        del height
        yield spread([(" nnsize", "title")], self._middle, (self._right, "text"), width)
