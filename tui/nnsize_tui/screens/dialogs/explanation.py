"""A few lines below a list on the row under its cursor."""

import textwrap
from collections.abc import Iterable

from nnsize_tui.terminal.themes import Ink
from nnsize_tui.widgets.canvas import Canvas, Line


class Explanation(Canvas):
    """Show a sentence or two on the row under the cursor."""

    _text = ""
    _ink: Ink = "dim"

    def show(self, text: str, ink: Ink = "dim") -> None:
        """Show this text."""
        self._text, self._ink = text, ink
        self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:
        for line in textwrap.wrap(self._text, max(10, width - 3))[:height]:
            yield [(f"  {line}", self._ink)]
