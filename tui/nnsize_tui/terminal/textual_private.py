"""Every use of Textual's private members, each behind a public name. No other file uses one.

Private members change without notice. ``pyproject.toml`` therefore names the tested minor version of Textual, and
``tests/tui/terminal/test_textual_private.py`` says for each member whether it is still there and does what we need.
"""

import contextlib
import queue
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TextIO, cast

from rich.console import COLOR_SYSTEMS, Console, RenderableType
from textual import events
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App
from textual.binding import BindingsMap
from textual.dom import DOMNode
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.keys import _character_to_key
from textual.message import Message
from textual.messages import Prune
from textual.notifications import Notification
from textual.screen import Screen, ScreenResultType
from textual.timer import Timer
from textual.widget import Widget

from nnsize_tui.terminal.escape_codes import encoded, erases_in_colour
from nnsize_tui.terminal.sent_picture import Part, SentPicture

if TYPE_CHECKING:
    from io import TextIOWrapper


class ScreenDeafWhenRemoved(Screen[ScreenResultType]):
    """A screen that handles no message while it is being removed.

    Its widgets may not be mounted yet, or may already be gone. Textual handles messages that wait in the queue of a
    screen also after its removal has begun.
    """

    async def _dispatch_message(self, message: Message) -> None:
        if isinstance(message, Prune | events.Unmount | events.Callback) or (self.is_attached and not self._pruning):
            await super()._dispatch_message(message)


class _Difference(CompositorUpdate):
    """The parts of an update that the terminal does not show yet."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts

    def render_segments(self, console: Console) -> str:
        return encoded(self._parts, COLOR_SYSTEMS.get(console.color_system or ""), can_erase=erases_in_colour())


def _parts_of(update: ChopsUpdate) -> Iterator[Part]:
    """Yield the parts of a screen that an update sends, as its own ``render_segments`` does."""
    for y, first, last in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x <= last and end > first:
                yield y, x, strip if first <= x < last and end <= last else strip.crop(0, min(end, last) - x)


class AppWithHooks(App[None], inherit_bindings=False):
    """An app that draws only visible screens, sends only changed cells, and is told which widgets join it."""

    def __init__(self, driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class=driver_class)
        self.sent_picture = SentPicture()
        self._sent_screen: Screen[object] | None = None
        """The last screen that was sent as a whole."""

    @property
    def driver(self) -> Driver | None:
        """The driver of the terminal; None before the app runs."""
        return self._driver

    def has_sent(self, screen: Screen[object]) -> bool:
        """Return whether the terminal shows this screen, at most with dialogs in front of it."""
        return screen is self._sent_screen

    def ask_to_exit(self, return_code: int) -> None:
        """Exit soon; may be called between any two instructions of the main thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.exit, None, return_code)

    @property
    def notices(self) -> list[Notification]:
        """The notices on the screen, the oldest first."""
        return list(self._notifications)

    def withdraw(self, notice: Notification) -> None:
        """Remove a notice before its time, when the next one is shown."""
        self._unnotify(notice, refresh=False)

    def widget_joined(self, widget: Widget) -> None:
        """Prepare a widget or screen that has just joined the app and is not mounted yet."""

    def _register_child(self, parent: DOMNode, child: Widget, before: int | None, after: int | None) -> None:
        super()._register_child(parent, child, before, after)
        self.widget_joined(child)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Send only what the terminal does not show yet.

        A screen that hides all others is sent as a whole when it comes to the front. That repairs a terminal to which
        another program has written.
        """
        if self._batch_count or not self._running or self.is_headless:
            super()._display(screen, renderable)
            return
        parts: list[Part] | None = None
        match renderable:
            case LayoutUpdate():
                if screen is not self._sent_screen and screen.styles.background.a == 1:
                    self.sent_picture.forget()
                    self._sent_screen = screen
                parts = self.sent_picture.replace([list(line) for line in renderable.strips])
            case ChopsUpdate():
                parts = self.sent_picture.update(_parts_of(renderable))
            case None:
                pass
            case _:
                self.sent_picture.forget()
        if parts is None:
            super()._display(screen, renderable)
        elif parts or self.screen.outer_size.clamp_offset(self.cursor_position) != self._previous_cursor_position:
            super()._display(screen, _Difference(parts))  # type: ignore[arg-type]  # Textual calls `render_segments`

    @property
    def _background_screens(self) -> list[Screen[object]]:
        """The screens that can be seen behind the one in front.

        Textual always counts the screen below as visible: it keeps that screen up to date, and sends the one in front
        again wherever the one below changed. Opening a run then sends three screens instead of one.
        """
        stack = self.screen_stack
        is_alone = bool(stack) and stack[-1].styles.background.a == 1
        return [] if is_alone else super()._background_screens


class LinuxDriverWithHooks(LinuxDriver):
    """Textual's driver for Linux and macOS, whose mouse modes, size and output a child class chooses."""

    MOUSE_ON: ClassVar[str] = ""
    """The sequence that asks the terminal for events of the mouse."""

    MOUSE_OFF: ClassVar[str] = ""

    def size_of_terminal(self) -> tuple[int, int] | None:
        """Return width and height; None lets Textual find them."""
        return None

    def replace_file(self, wrap: Callable[[TextIO], TextIO]) -> None:
        """Write to what ``wrap`` makes of the terminal's file, from the start of the application mode on."""
        if self._file is not None:
            self._file = cast("TextIOWrapper", wrap(self._file))

    def forget_picture(self) -> None:
        """Have the whole screen sent next: the terminal shows something else."""
        if isinstance(self._app, AppWithHooks):
            self._app.sent_picture.forget()

    def drop_unsent(self) -> bool:
        """Drop the writes that wait for the terminal; return False if there is no writer."""
        if self._writer_thread is None:
            return False
        waiting = self._writer_thread._queue
        with contextlib.suppress(queue.Empty):
            while True:
                waiting.get_nowait()
        return True

    def wake_writer(self, number: int) -> None:
        """Let a write that waits for the terminal look again whether there is room; Linux may not wake it by itself.

        Any signal does that has a handler, of which this is the number.
        """
        writer = self._writer_thread
        if writer is not None and writer.ident is not None and writer.is_alive():
            signal.pthread_kill(writer.ident, number)

    @property
    def unsent(self) -> int:
        """Number of writes that wait for the terminal."""
        return self._writer_thread._queue.qsize() if self._writer_thread is not None else 0

    def _get_terminal_size(self) -> tuple[int, int]:
        return self.size_of_terminal() or super()._get_terminal_size()

    def _enable_mouse_support(self) -> None:
        self._switch_mouse(self.MOUSE_ON)

    def _disable_mouse_support(self) -> None:
        self._switch_mouse(self.MOUSE_OFF)

    def _switch_mouse(self, sequence: str) -> None:
        if self._mouse:
            self.write(sequence)
            self.flush()


def send_together(screen: Screen[Any]) -> None:
    """Send what has changed on a screen in one picture.

    Each widget tells the screen of its change in a task of its own. A picture may be sent between two of these.
    """
    for widget in screen.query(Widget):
        widget._check_refresh()


def always_call(timer: Timer) -> None:
    """Let a timer make its call however late it is.

    If the whole delay passes while the timer starts, Textual takes its only call for a missed one and drops it.
    ``App.set_timer`` has no option against that.
    """
    timer._skip = False


def keys_of(node: DOMNode) -> BindingsMap:
    """Return the keys that a widget, a screen or the app has itself; the map may be changed."""
    return node._bindings


def mark_forwarded(event: events.Key) -> None:
    """Mark a key as forwarded, so that the app does not handle it again."""
    event._set_forwarded()


def key_of_character(character: str) -> str:
    """Return Textual's name of the key that types a character."""
    return _character_to_key(character)
