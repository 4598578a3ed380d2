"""The first lines of an export."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size

from nnsize_tui.widgets.canvas import Canvas, Line


class Preview(Canvas):
    """Show words on the whole file, and as many of its lines as have room, cut at the right."""

    _title = ""
    _shown: Sequence[str] = ()

    def show(self, title: str, shown: Sequence[str]) -> None:
        """Show this title and these lines."""
        self._title, self._shown = title, shown
        self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:
        yield [(self._title, "dim")]
        for line in self._shown[: max(0, height - 1)]:
            text, mark = line.expandtabs(4), self.glyphs.ellipsis
            yield [(text if cell_len(text) <= width else set_cell_size(text, width - len(mark)) + mark, "text")]
