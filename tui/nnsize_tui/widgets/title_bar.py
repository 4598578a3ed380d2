"""The top line of a screen: the program's name, the subject, and a word at the right."""

from collections.abc import Iterable

from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.widgets.canvas import Canvas, Line
from nnsize_tui.widgets.run_header import spread


class TitleBar(Canvas):
    """A line in the colour of the bar of keys."""

    CAN_WAIT = False  # it is small, and tells what the screen shows

    def __init__(self, glyphs: Glyphs, middle: str = "", right: str = "", *, id: str | None = None) -> None:
        super().__init__(glyphs, id=id)
        self._middle, self._right = middle, right

    def show(self, middle: str, right: str = "") -> None:
        """Show this subject and this word."""
        self._middle, self._right = middle, right
        self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:
        del height
        yield spread([(" nnsize", "title")], self._middle, (self._right, "text"), width)
