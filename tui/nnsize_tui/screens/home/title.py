"""The title of the home screen: the questions that the program answers, and the number of runs."""

from collections.abc import Iterable

from nnsize_tui.widgets.canvas import Canvas, Line
from nnsize_tui.widgets.run_header import spread

QUESTION = "How many neurons does a neural network need?"
SECOND = "And can evolution train it?"


class HomeTitle(Canvas):
    """The program's name, and the number of runs."""

    _right = ""

    def show(self, runs: int, running: int, *, stalled: int = 0, marked: int = 0) -> None:
        """Show these numbers of runs; those that are stalled are not among the running ones."""
        self._right = f"{runs} run" + ("" if runs == 1 else "s") + (f", {running} running" if running else "")
        self._right += f", {stalled} stalled" if stalled else ""
        self._right += f", {marked} marked" if marked else ""
        self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:
        del height
        yield spread([(" nnsize", "title")], self._middle(width), (self._right, "text"), width)

    def _middle(self, width: int) -> str:
        room = min(width - 76, width - len(self._right) - 12 - len(QUESTION))
        return f"{QUESTION} {SECOND}" if width >= 110 else QUESTION if room >= 0 else ""
