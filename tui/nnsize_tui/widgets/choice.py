"""A choice of one of a few options, on one line, or on several where there is little room."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message

from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.widgets.canvas import Canvas, Line, Piece

GAP = "   "


class Choice(Canvas, can_focus=True):
    """Options; the arrow keys, the space bar or a click choose one of them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space,l", "step(1)", "Other", id="choice.next", tooltip="The next of these"),
        Binding("left,h", "step(-1)", "Other", id="choice.previous", show=False, tooltip="The one before"),
    ]

    class Chosen(Message):
        """Another option was chosen."""

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
        """The chosen value."""
        return self._options[self._chosen][0]

    def offer(self, options: Sequence[tuple[str, str]], chosen: str) -> None:
        """Offer other options; no message is posted."""
        values = [value for value, _ in options]
        is_other = options != self._options
        self._options, self._chosen = options, values.index(chosen)
        if is_other and self.is_mounted:
            self.refresh(layout=True)
        self.redraw()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the lines that the options need."""
        del container, viewport
        return len(self._rows(width))

    def _rows(self, width: int) -> list[list[int]]:
        """Return the numbers of the options in each line."""
        rows: list[list[int]] = [[]]
        used = 0
        for number, (_, words) in enumerate(self._options):
            length = 2 + len(words)
            if rows[-1] and used + length > width:
                rows.append([])
                used = 0
            rows[-1].append(number)
            used += length + len(GAP)
        return rows

    def lines(self, width: int, height: int) -> Iterable[Line]:
        del height
        for row in self._rows(width):
            line: list[Piece] = []
            for number in row:
                is_chosen = number == self._chosen
                line.append((self.glyphs.on if is_chosen else self.glyphs.off, "accent" if is_chosen else "dim"))
                line.append((f" {self._options[number][1]}{GAP}", "strong" if is_chosen else "dim"))
            yield line

    def cursor_line(self) -> int | None:
        rows = self._rows(self.size.width)
        return next(place for place, row in enumerate(rows) if self._chosen in row) if self.has_focus else None

    def action_step(self, step: int) -> None:
        """Choose the option that is ``step`` places further on."""
        self._choose((self._chosen + step) % len(self._options))

    def _choose(self, number: int) -> None:
        self._chosen = number
        self.redraw()
        self.post_message(self.Chosen(self.value))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        rows = self._rows(self.size.width)
        end = 0
        for number in rows[event.y] if event.y < len(rows) else ():
            end += 2 + len(self._options[number][1]) + len(GAP)
            if event.x < end:
                self._choose(number)
                return
