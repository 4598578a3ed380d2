"""Every use of Textual's private members, each behind a public name. No other file uses one.

Private members change without notice. ``pyproject.toml`` therefore names the tested minor version of Textual, and
``tests/tui/terminal/test_textual_private.py`` says for each member whether it is still there and does what we need.
"""

import contextlib
import queue
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, TextIO, cast

from textual import events
from textual.app import App
from textual.binding import BindingsMap
from textual.dom import DOMNode
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.keys import _character_to_key
from textual.message import Message
from textual.messages import Prune
from textual.screen import Screen, ScreenResultType
from textual.timer import Timer
from textual.widget import Widget

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


class AppWithHooks(App[None], inherit_bindings=False):
    """An app that draws only visible screens, and is told which widgets join it."""

    @property
    def driver(self) -> Driver | None:
        """The driver of the terminal; None before the app runs."""
        return self._driver

    def widget_joined(self, widget: Widget) -> None:
        """Prepare a widget or screen that has just joined the app and is not mounted yet."""

    def _register_child(self, parent: DOMNode, child: Widget, before: int | None, after: int | None) -> None:
        super()._register_child(parent, child, before, after)
        self.widget_joined(child)

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

    def drop_unsent(self) -> bool:
        """Drop the writes that wait for the terminal; return False if there is no writer."""
        if self._writer_thread is None:
            return False
        waiting = self._writer_thread._queue
        with contextlib.suppress(queue.Empty):
            while True:
                waiting.get_nowait()
        return True

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
