"""App for slow links: it sends only what is visible, once, within a budget, and loses no key."""

import asyncio
import time
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from textual import events
from textual.app import App
from textual.screen import Screen
from textual.timer import Timer, TimerCallback

from nnsize_tui.chart.widget import ChartView
from nnsize_tui.terminal.driver import SlowLinkDriver
from nnsize_tui.terminal.send_budget import SendBudget
from nnsize_tui.widgets.canvas import Canvas
from nnsize_tui.widgets.text_input import Typing

MAX_OPENING_SECONDS = 1.0
"""Seconds after which keys no longer wait for a screen that opens; on a busy machine one needs a tenth of that."""


class SlowLinkApp(App[None], inherit_bindings=False):
    """Textual's app without repeated sending and without drawing of hidden screens."""

    def __init__(self) -> None:
        super().__init__(driver_class=SlowLinkDriver)
        self._pressed_on: WeakKeyDictionary[events.Key, Screen[object]] = WeakKeyDictionary()
        self._opening = 0
        """Number of screens that workers are about to open."""

        self._typed_on: WeakSet[Screen[object]] = WeakSet()
        """Screens whose text input has had the focus."""

    def set_timer(
        self, delay: float, callback: TimerCallback | None = None, *, name: str | None = None, pause: bool = False
    ) -> Timer:
        """Call after a number of seconds, even on a busy machine: Textual's timer may take its call for a missed tick.

        Textual waits 8 ms before it adapts the screen to another terminal size. On a busy machine the timer may take
        longer to start; without its call, neither this size nor any later one would take effect.
        """
        timer = super().set_timer(delay, callback, name=name, pause=pause)
        timer._skip = False
        return timer

    def on_mount(self) -> None:
        self.screen_change_signal.subscribe(self, self._catch_up)

    def on_resize(self, event: events.Resize) -> None:
        if self.send_budget is not None:
            self.send_budget.set_screen_size(event.size.area)

    def _catch_up(self, screen: Screen[object]) -> None:
        """Draw the widgets that were not drawn while the screen was covered."""
        for widget in (*screen.query(Canvas), *screen.query(ChartView)):
            widget.catch_up()

    @property
    def is_behind(self) -> bool:
        """True if frames still wait to be sent to the terminal."""
        return isinstance(self._driver, SlowLinkDriver) and self._driver.is_behind

    @property
    def _background_screens(self) -> list[Screen[Any]]:
        """Screens that are visible behind the one in front.

        Textual always counts the screen below. It would update that screen, and send the one in front again wherever
        the one below changed: three screens instead of one when a run is opened.
        """
        is_alone = bool(self._screen_stack) and self._screen_stack[-1].styles.background.a == 1
        return [] if is_alone else super()._background_screens

    @property
    def send_budget(self) -> SendBudget | None:
        """Budget of bytes that may be sent; None without a terminal."""
        return self._driver.send_budget if isinstance(self._driver, SlowLinkDriver) else None

    async def on_event(self, event: events.Event) -> None:
        """Note the screen on which a key was pressed, because a user types ahead of screens that open.

        Input is ignored while the explorer is being closed.
        """
        if isinstance(event, events.InputEvent | events.Paste):
            if self._exit:
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
            await self.screen._mounted_event.wait()

    async def push_screen_wait(self, screen: Any, *, mode: str | None = None) -> Any:
        """Push a screen as Textual does, but let input wait for it from now on, not only once it is mounted."""
        self._opening += 1
        try:
            await self._flush_next_callbacks()
        finally:
            self._opening -= 1
        return await super().push_screen_wait(screen, mode=mode)

    def on_key(self, event: events.Key) -> None:
        """Forward keys typed ahead: they were pressed on the screen below and belong to the text input of this one."""
        screen, typing = self.screen, self.screen.focused
        pressed = self._pressed_on.get(event, screen)
        if pressed is screen:
            return
        if isinstance(typing, Typing):
            self._typed_on.add(screen)
            typing._forward_event(event.copy())
        elif (
            screen not in self._typed_on
            and screen.query(Typing)
            and time.monotonic() < event.time + MAX_OPENING_SECONDS
        ):
            # The input gets the focus after the layout. Until then, post the key again.
            again = event.copy()
            again.time = event.time
            again._set_forwarded()
            self._pressed_on[again] = pressed
            self.post_message(again)
        else:
            return
        event.stop()
        event.prevent_default()
