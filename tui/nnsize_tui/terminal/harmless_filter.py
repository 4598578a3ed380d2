"""The last look at each line before it is drawn: nothing in it can control the terminal, whoever wrote the text."""

from rich.cells import get_character_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter


class HarmlessFilter(LineFilter):
    """A filter that takes control characters, changes of direction and broken characters out of texts.

    Most texts are made harmless where they are written; dialogs and notifications are drawn by Textual itself.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments of a line, as wide as before."""
        del background
        if all(segment.control or segment.text.isprintable() for segment in segments):
            return segments
        return [segment if segment.control else Segment(_harmless(segment.text), segment.style) for segment in segments]


def _harmless(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " * get_character_cell_size(sign) for sign in text)
