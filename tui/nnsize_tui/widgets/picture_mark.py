"""The mark beside the chosen one of several pictures: a bar in the column to its left."""

from collections.abc import Iterable

from nnsize_tui.widgets.canvas import Canvas, Line


class PictureMark(Canvas):
    """A vertical bar, as high as its picture."""

    CAN_WAIT = False  # it answers a key

    def lines(self, width: int, height: int) -> Iterable[Line]:
        """Yield the bar."""
        del width
        for _ in range(height):
            yield [("▎" if self.glyphs.unicode else "|", "accent")]
