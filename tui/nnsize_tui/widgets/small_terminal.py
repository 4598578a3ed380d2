"""A cover that says that the terminal is too small for the screens."""

from collections.abc import Iterable

from textual import events
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.widgets.canvas import Canvas, Line

MIN_COLUMNS, MIN_LINES = 60, 20
"""The smallest size at which every screen is tested."""


class SmallTerminalCover(Canvas, can_focus=True):
    """Cover a screen and take its keys except those that quit: no hidden widget may react to keys."""

    DEFAULT_CSS = """
    SmallTerminalCover {
        layer: _loading;
        position: absolute;
        offset: 0 0;
        width: 100%;
        height: 100%;
        background: $background;
    }
    """

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(glyphs)
        self._before: Widget | None = None
        self._is_leaving = False

    def lines(self, width: int, height: int) -> Iterable[Line]:
        del height
        sentences = (
            f"This terminal is {width} × {self.size.height}. Please enlarge it to {MIN_COLUMNS} × {MIN_LINES}.",
            f"Too small: {MIN_COLUMNS} × {MIN_LINES} is needed.",
            f"Needs {MIN_COLUMNS}x{MIN_LINES}",
        )
        yield [(next((one for one in sentences if len(one) <= width), f"{MIN_COLUMNS}x{MIN_LINES}"), "strong")]

    def on_mount(self) -> None:
        self._before = self.screen.focused
        self.focus()

    def on_blur(self) -> None:
        """Take the focus back from the covered screen, and remember the widget that gets it later."""
        focused = self.screen.focused if self.is_attached else None
        if focused is not None and not self._is_leaving:
            self._before = focused
            self.focus()

    def on_key(self, event: events.Key) -> None:
        active = self.screen.active_bindings.get(event.key)
        if active is None or active.binding.action != "quit":
            event.stop()

    def leave(self) -> None:
        """Uncover the screen, and give the focus back."""
        self._is_leaving = True
        if self._before is not None and self._before.is_attached:
            self._before.focus()
        self.remove()


def cover_if_too_small(screen: Screen[object], glyphs: Glyphs, size: Size) -> None:
    """Cover a screen at a size that is too small, and uncover it at any other; ignore a screen that was left."""
    if not screen.is_attached:
        return
    covers = [cover for cover in screen.query(SmallTerminalCover) if not cover._is_leaving]
    if size.width < MIN_COLUMNS or size.height < MIN_LINES:
        if not covers:
            screen.mount(SmallTerminalCover(glyphs))
    else:
        for cover in covers:
            cover.leave()
