"""One of a few, in one line."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from nnsize_tui.glyphs import Glyphs
from nnsize_tui.widgets.canvas import Canvas, Line, Piece

GAP = "   "


class Choice(Canvas, can_focus=True):
    """Chosen with the arrow keys, the space bar or a click."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space,l", "step(1)", "Other", id="choice.next", tooltip="The next of these"),
        Binding("left,h", "step(-1)", "Other", id="choice.previous", show=False, tooltip="The one before"),
    ]

    class Chosen(Message):
        """Another one is chosen."""

        def __init__(self, value: str) -> None:
            super().__init__()
            self.value = value

    def __init__(
        self,
        glyphs: Glyphs,
        options: Sequence[tuple[str, str]],
        *,
        id: str | None = None,
    ) -> None:
        """``options`` are values and the words that stand for them; the first is chosen."""
        super().__init__(glyphs, id=id)
        self._options = options
        self._chosen = 0

    @property
    def value(self) -> str:
        """The value chosen."""
        return self._options[self._chosen][0]

    def lines(self, width: int, height: int) -> Iterable[Line]:
        del width, height
        line: list[Piece] = []
        for number, (_, words) in enumerate(self._options):
            is_chosen = number == self._chosen
            line.append((self.glyphs.on if is_chosen else self.glyphs.off, "accent" if is_chosen else "dim"))
            line.append((f" {words}{GAP}", "strong" if is_chosen else "dim"))
        yield line

    def cursor_line(self) -> int | None:
        return 0 if self.has_focus else None

    def action_step(self, step: int) -> None:
        """Choose the one so many further on."""
        self._choose((self._chosen + step) % len(self._options))

    def _choose(self, number: int) -> None:
        self._chosen = number
        self.redraw()
        self.post_message(self.Chosen(self.value))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        end = 0
        for number, (_, words) in enumerate(self._options):
            end += 2 + len(words) + len(GAP)
            if event.x < end:
                self._choose(number)
                return
