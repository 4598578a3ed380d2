"""App for slow links: it sends only what is visible, once, within a budget, and loses no key."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from textual import events
from textual.filter import LineFilter
from textual.screen import Screen
from textual.timer import Timer, TimerCallback

from nnsize_tui.chart.widget import ChartView
from nnsize_tui.terminal.driver import SlowLinkDriver
from nnsize_tui.terminal.harmless_filter import HarmlessFilter
from nnsize_tui.terminal.send_budget import SendBudget
from nnsize_tui.terminal.textual_private import AppWithHooks, always_call, mark_forwarded
from nnsize_tui.widgets.canvas import Canvas
from nnsize_tui.widgets.text_input import TextInput

SETTLING_SECONDS = 0.4
"""Seconds after a new size until all is sent once more. While a window is dragged, a multiplexer has one size after the
other and tells some of them late, so that what is drawn for one of them ends up in another."""

MAX_OPENING_SECONDS = 1.0
"""Seconds after which keys no longer wait for a screen that opens; on a busy machine one needs a tenth of that."""


class SlowLinkApp(AppWithHooks, inherit_bindings=False):
    """Textual's app without repeated sending and without drawing of hidden screens."""

    def __init__(self) -> None:
        super().__init__(driver_class=SlowLinkDriver)
        self._pressed_on: WeakKeyDictionary[events.Key, Screen[object]] = WeakKeyDictionary()
        self._harmless_filter = HarmlessFilter()
        self._is_closing = False
        self._settling: Timer | None = None
        """Runs until the size of the terminal has not changed for a while; None before the first change."""

        self._has_size = False

        self._opening: set[Screen[object]] = set()
        """Screens that workers are about to open."""

        self._typed_on: WeakSet[Screen[object]] = WeakSet()
        """Screens whose text input has had the focus."""

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return Textual's filters of drawn lines, and the one that keeps texts from controlling the terminal."""
        return (*super().get_line_filters(), self._harmless_filter)

    def set_timer(
        self, delay: float, callback: TimerCallback | None = None, *, name: str | None = None, pause: bool = False
    ) -> Timer:
        """Call after a number of seconds, even on a busy machine, where Textual's timer can lose its call.

        Textual waits 8 ms before it adapts the screen to another terminal size. On a busy machine the timer may take
        longer to start; without its call, neither this size nor any later one would take effect.
        """
        timer = super().set_timer(delay, callback, name=name, pause=pause)
        always_call(timer)
        return timer

    def on_mount(self) -> None:
        self.screen_change_signal.subscribe(self, self._catch_up)

    def on_resize(self, event: events.Resize) -> None:
        self.sent_picture.forget()  # the terminal may have moved its lines
        if self.send_budget is not None:
            self.send_budget.set_screen_size(event.size.area)
        if event.size == self.screen.size:
            # The terminal had another size for a moment, and lost what did not fit. Textual would send nothing.
            self.screen.refresh()
        if self._settling is not None:
            self._settling.stop()
        if self._has_size:
            self._settling = self.set_timer(SETTLING_SECONDS, self._send_again)
        self._has_size = True

    def _send_again(self) -> None:
        self.sent_picture.forget()
        if self.screen_stack:  # none while the explorer ends
            self.screen.refresh()

    def _catch_up(self, screen: Screen[object]) -> None:
        """Draw the widgets that were not drawn while the screen was covered.

        Behind a dialog the screen stayed in sight. Then only what the dialog hid is sent now, so that it is soon gone
        on a slow line. Each widget draws its new data within ``COVERED_SECONDS``.
        """
        if self.has_sent(screen):
            return
        for widget in (*screen.query(Canvas), *screen.query(ChartView)):
            widget.catch_up()

    @property
    def is_behind(self) -> bool:
        """True if frames still wait to be sent to the terminal."""
        return isinstance(self.driver, SlowLinkDriver) and self.driver.is_behind

    @property
    def send_budget(self) -> SendBudget | None:
        """Budget of bytes that may be sent; None without a terminal."""
        return self.driver.send_budget if isinstance(self.driver, SlowLinkDriver) else None

    def exit(self, result: None = None, return_code: int = 0, message: Any = None) -> None:
        """Close the explorer; from now on, input is ignored."""
        self._is_closing = True
        super().exit(result, return_code, message)

    def leave_at_once(self, number: int) -> None:
        """Restore the terminal without waiting for it, at this signal; may be called in any thread."""
        if isinstance(self.driver, SlowLinkDriver):
            self.driver.leave_at_once(number)

    async def on_event(self, event: events.Event) -> None:
        """Note the screen on which a key was pressed, because a user types ahead of screens that open.

        Input is ignored while the explorer is being closed.
        """
        if isinstance(event, events.InputEvent | events.Paste):
            if self._is_closing:
                return
            await self._ready_for_input()
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._pressed_on[event] = self.screen
        if isinstance(event, events.InputEvent) and self.send_budget is not None:
            self.send_budget.note_key()
        await super().on_event(event)

    async def _ready_for_input(self) -> None:
        """Wait until the screens opened by earlier keys are mounted, because this input is for them.

        Otherwise the second of two quick keys would act on the screen below: a user who opens a setup and types a name
        that begins with s would stop a run.
        """
        deadline = time.monotonic() + MAX_OPENING_SECONDS
        await asyncio.sleep(0)  # let workers that were just started begin to open their screens
        while self._opening and time.monotonic() < deadline:
            await asyncio.sleep(0)
        while self.is_running and not self.screen.is_mounted:
            await asyncio.sleep(0)

    async def push_screen_wait(self, screen: Any, *, mode: str | None = None) -> Any:
        """Open a screen as Textual does; input waits for it from now on."""
        self._opening.add(screen)
        try:
            return await super().push_screen_wait(screen, mode=mode)
        finally:
            self._opening.discard(screen)

    def push_screen(
        self, screen: Any, callback: Any = None, wait_for_dismiss: bool = False, *, mode: str | None = None
    ) -> Any:
        """Open a screen as Textual does; input need not wait for its worker any more."""
        self._opening.discard(screen)
        if wait_for_dismiss:
            return super().push_screen(screen, callback, wait_for_dismiss=True, mode=mode)
        return super().push_screen(screen, callback, mode=mode)

    def on_key(self, event: events.Key) -> None:
        """Forward keys typed ahead: they were pressed on the screen below and belong to the text input of this one."""
        screen, typing = self.screen, self.screen.focused
        pressed = self._pressed_on.get(event, screen)
        if pressed is screen:
            return
        if isinstance(typing, TextInput):
            self._typed_on.add(screen)
            again = event.copy()
            mark_forwarded(again)
            typing.post_message(again)
        elif (
            screen not in self._typed_on
            and screen.query(TextInput)
            and time.monotonic() < event.time + MAX_OPENING_SECONDS
        ):
            # The input gets the focus after the layout. Until then, post the key again.
            again = event.copy()
            again.time = event.time
            mark_forwarded(again)
            self._pressed_on[again] = pressed
            self.post_message(again)
        else:
            return
        event.stop()
        event.prevent_default()
