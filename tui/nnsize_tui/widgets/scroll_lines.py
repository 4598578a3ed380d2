"""A pane of text that scrolls by keys and by the wheel."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.terminal.themes import Ink
from nnsize_tui.widgets.canvas import Canvas, Line, Piece


class ScrollLines(Canvas, can_focus=True):
    """Show lines below a title; each pane of the explorer is a final child."""

    STAYS_AT_END = False
    """True if the pane stays at its end when new lines come, as in a log."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_by(-1)", "Up", id="pane.up", show=False, tooltip="Scroll up"),
        Binding("down,j", "scroll_by(1)", "Down", id="pane.down", show=False, tooltip="Scroll down"),
        Binding("pageup", "page(-1)", "Page up", id="pane.page_up", show=False, tooltip="A page up"),
        Binding("pagedown", "page(1)", "Page down", id="pane.page_down", show=False, tooltip="A page down"),
        Binding("home,g", "scroll_by(-100000)", "First line", id="pane.first", show=False, tooltip="The first line"),
        Binding("end,G", "scroll_by(100000)", "Last line", id="pane.last", show=False, tooltip="The last line"),
    ]

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:
        super().__init__(glyphs, id=id)
        self._top: int | None = None if self.STAYS_AT_END else 0
        """The first line in sight; None for "the last ones"."""

    @abstractmethod
    def pane_title(self) -> str:
        """Return the words of the rule at the top."""

    def fixed(self, width: int) -> Sequence[Line]:
        """Return lines below the title that do not scroll."""
        del width
        return ()

    def footer(self, width: int) -> Sequence[Line]:
        """Return lines at the end that do not scroll."""
        del width
        return ()

    @abstractmethod
    def content(self, width: int) -> Sequence[Line]:
        """Return all lines, at this width."""

    def lines(self, width: int, height: int) -> Iterable[Line]:
        fixed, footer = self.fixed(width), self.footer(width)
        content = self.content(width)
        room = max(1, height - 1 - len(fixed) - len(footer))
        top = self._first(len(content), room)
        above, below = top, len(content) - top - room
        yield self._rule(width, above, below)
        yield from fixed
        yield from content[top : top + room]
        yield from footer

    def _first(self, count: int, room: int) -> int:
        last = max(0, count - room)
        return last if self._top is None else min(self._top, last)

    def _rule(self, width: int, above: int, below: int) -> Line:
        rule = self.glyphs.rule
        ink: Ink = "title" if self.has_focus else "dim"
        hidden = f"{below} more" if below > 0 else ""
        if above > 0:
            hidden = f"{above} above, {below} below" if below > 0 else f"{above} above"
        title = self.pane_title()
        used = len(title) + 4 + (len(hidden) + 3 if hidden else 0)
        if used > width:
            hidden, used = "", len(title) + 4
        line: list[Piece] = [(rule, "faint"), (f" {title} ", ink), (rule * (width - used), "faint")]
        if hidden:
            line += [(f" {hidden} ", "dim"), (rule, "faint")]
        return [*line, (rule, "faint")]

    def action_scroll_by(self, rows: int) -> None:
        """Scroll by a number of lines."""
        count, room = len(self.content(self.size.width)), self._lines_in_sight
        last = max(0, count - room)
        top = max(0, min(last, self._first(count, room) + rows))
        self._top = None if self.STAYS_AT_END and top == last else top
        self.redraw()

    def action_page(self, pages: int) -> None:
        """Scroll by a number of pages."""
        self.action_scroll_by(pages * self._lines_in_sight)

    @property
    def _lines_in_sight(self) -> int:
        """The lines of the content that have room."""
        width, height = self.size
        return max(1, height - 1 - len(self.fixed(width)) - len(self.footer(width)))

    def rewind(self) -> None:
        """Scroll to the beginning of a new text; to its end if the pane stays there."""
        self._top = None if self.STAYS_AT_END else 0

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.action_scroll_by(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.action_scroll_by(-3)
