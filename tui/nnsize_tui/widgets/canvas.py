"""A widget of text lines that sends only the changed lines to the terminal.

Textual's own table and text widgets repaint themselves as a whole, tens of kilobytes a second on a live run.
"""

import time
from abc import abstractmethod
from asyncio import TimerHandle
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import RenderResult
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.theme import Theme
from textual.widget import Widget

from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.terminal.plain_text import plain_text
from nnsize_tui.terminal.send_budget import wait_to_send
from nnsize_tui.terminal.themes import Ink, cursor_style, style_of
from nnsize_tui.terminal.timers import call_after

Piece: TypeAlias = tuple[str, Ink]
"""Text, and the ink that names its meaning."""

Line: TypeAlias = Sequence[Piece]

CODE_BYTES = 45
"""Bytes that a piece of text costs besides its characters: colours, their reset, and the cursor's move."""


class Canvas(Widget):
    """Draw the lines that each kind of canvas gives; draw again only those that changed."""

    ALLOW_SELECT = False
    MIN_INTERVAL_SECONDS = 0.5
    """Seconds between two redraws that new data asks for; a key press is answered at once."""

    MAX_INTERVAL_SECONDS = 3.0
    """Seconds after which new data is drawn, however much the last redraw cost."""

    BEHIND_SECONDS = 0.1
    """Seconds until the next try while the terminal is still being sent an earlier picture."""

    BYTES_PER_SECOND = 800
    """Bytes that redraws for new data may send a second, within the two limits above: little enough for a slow link."""

    COVERED_SECONDS = 0.5
    """Seconds until a covered widget checks again whether it is in front."""

    CAN_WAIT = True
    """True if a redraw for new data waits until the link has room; False for small widgets such as a clock."""

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.glyphs = glyphs
        self._strips: list[Strip] = []
        self._drawn_for: Size | None = None
        """The size for which the lines were drawn."""

        self._next_at = 0.0
        self._pending: TimerHandle | None = None
        self._is_prepared = False
        """True if the lines are drawn for another size than the widget has."""

    @abstractmethod
    def lines(self, width: int, height: int) -> Iterable[Line]:
        """Return the lines to draw, from the top."""

    def cursor_line(self) -> int | None:
        """Return the number of the cursor's line, counted from the top; None where there is none."""
        return None

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return the reason why one of its actions is not possible now, as a clause; empty without one in words."""
        del action, parameters
        return ""

    @property
    def next_at(self) -> float:
        """The time from which on new data may be drawn again, on the monotonic clock."""
        return self._next_at

    def redraw_soon(self) -> None:
        """Draw now, or when the last drawing is old enough."""
        if self._pending is None and self.is_mounted:
            wait = self._next_at - time.monotonic()
            if self.CAN_WAIT:
                wait = max(wait, wait_to_send(self.app))
            if wait > 0:
                self._pending = call_after(self, wait, self._after_wait)
            else:
                self.redraw()

    def _after_wait(self) -> None:
        """Try again: another widget may have used the room on the link meanwhile."""
        self._pending = None
        self.redraw_soon()

    def redraw(self) -> None:
        """Draw now; only changed lines are sent."""
        if self._pending is not None:
            self._pending.cancel()
            self._pending = None
        is_covered = not self.screen.is_current
        if is_covered and self._drawn_for == self.size:
            self._pending = call_after(self, self.COVERED_SECONDS, self.redraw)
            return
        if self._strips and getattr(self.app, "is_behind", False):
            # Over a slow link the pictures of earlier keys would still be sent one after the other.
            self._pending = call_after(self, self.BEHIND_SECONDS, self.redraw)
            return
        width, height = self.size
        before, self._strips = self._strips, self._draw(width, height)
        self._is_prepared = False
        if len(before) != len(self._strips) or any(strip.cell_length != width for strip in before):
            self._wait_after(())  # the widget is new or resized
            self.refresh()
            if is_covered:  # it may be in sight under a dialog
                self.app.screen.refresh()
            return
        changed = {
            row: end
            for row, (was, now) in enumerate(zip(before, self._strips, strict=True))
            if (end := _changed_width(was, now))
        }
        self._wait_after([self._strips[row] for row in changed])
        if changed:
            self.refresh(*(Region(0, row, end, 1) for row, end in changed.items()))

    def prepare(self, width: int, height: int) -> None:
        """Draw for the size that the widget is about to have, so that its first picture is not sent twice."""
        is_another = (width, height) != tuple(self.size)
        if any(self.gutter.totals) or not (is_another or self._is_prepared):
            return
        self._strips, self._is_prepared = self._draw(width, height), is_another
        if not is_another:  # nor did it get the size for which it was drawn before
            self.refresh()

    def catch_up(self) -> None:
        """Draw now if a redraw is pending; called when the screen is in front again."""
        if self._pending is not None:
            self.redraw()

    def _wait_after(self, sent: Sequence[Strip]) -> None:
        cost = sum(CODE_BYTES * len(strip) + len(strip.text.encode()) for strip in sent)
        pause = min(self.MAX_INTERVAL_SECONDS, max(self._min_interval, cost / self.BYTES_PER_SECOND))
        self._next_at = time.monotonic() + pause

    @property
    def _min_interval(self) -> float:
        """Return the interval of the user's settings, or the usual one."""
        wanted: float | None = getattr(self.app, "refresh_seconds", None)
        return self.MIN_INTERVAL_SECONDS if wanted is None else wanted

    def _draw(self, width: int, height: int) -> list[Strip]:
        variables, unicode = self.app.theme_variables, self.glyphs.unicode
        self._drawn_for = Size(width, height)
        strips = []
        cursor = self.cursor_line()
        for number, line in zip(range(height), self.lines(width, height), strict=False):
            base = cursor_style(variables, has_focus=self.has_focus) if number == cursor else Style.null()
            strips.append(_strip(line, width, lambda ink: base + self.ink_style(ink, variables), unicode=unicode))  # noqa: B023
        return strips

    def ink_style(self, ink: Ink, variables: Mapping[str, str]) -> Style:
        """Return the style of an ink in this widget."""
        return style_of(ink, variables)

    def render(self) -> RenderResult:
        """Return nothing: `render_line` gives the lines."""
        return ""

    def render_line(self, y: int) -> Strip:
        """Return one line as it was last drawn."""
        background = self.rich_style
        if y < len(self._strips):
            return self._strips[y].apply_style(background)
        return Strip.blank(self.size.width, background)

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, self._recolour)

    def on_resize(self, _: events.Resize) -> None:
        self.redraw()

    def on_focus(self) -> None:
        self.redraw()

    def on_blur(self) -> None:
        self.redraw()

    def _recolour(self, _: Theme) -> None:
        self.redraw()


def _strip(line: Line, width: int, styles: Callable[[Ink], Style], *, unicode: bool) -> Strip:
    """Return a line exactly as wide as the widget, in few segments: each costs codes for its colours."""
    segments: list[Segment] = []
    used = 0
    for text, ink in (*line, (" " * width, "text")):
        text = plain_text(text, unicode=unicode)
        room = width - used
        length = cell_len(text)
        if length > room:
            text, length = set_cell_size(text, room), room
        used += length
        style = styles(ink)
        is_unseen = not text.strip() and not (segments and _shows_blanks(segments[-1].style))
        if segments and (segments[-1].style == style or is_unseen):
            segments[-1] = Segment(segments[-1].text + text, segments[-1].style)
        elif segments and not segments[-1].text.strip():
            segments[-1] = Segment(segments[-1].text + text, style)
        elif text:
            segments.append(Segment(text, style))
    return Strip(segments, width)


def _shows_blanks(style: Style | None) -> bool:
    """Return whether blanks of a style can be told from those of others, apart from the background of a line."""
    return style is not None and bool(style.reverse or style.underline)


def _changed_width(before: Strip, after: Strip) -> int:
    """Return the columns up to the last change: Textual sends a line from the widget's left edge in any case."""
    if before == after:
        return 0
    same = 0
    for was, now in zip(reversed(list(before)), reversed(list(after)), strict=False):
        if was != now:
            break
        same += now.cell_length
    return after.cell_length - same
