"""An app that is light on a slow line: it sends what is seen, once, within a budget, and loses no key."""

import asyncio
import time
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from textual import events
from textual.screen import Screen
from textual.timer import Timer, TimerCallback

from nnsize_tui.chart.widget import ChartView
from nnsize_tui.terminal.driver import QuietDriver
from nnsize_tui.terminal.send_budget import SendBudget
from nnsize_tui.terminal.textual_private import AppWithHooks, always_call, mark_forwarded
from nnsize_tui.widgets.canvas import Canvas
from nnsize_tui.widgets.text_input import Typing

MOST_SECONDS = 1.0
"""A screen is opened, and its line to type in has the focus, long before."""


class LeanApp(AppWithHooks, inherit_bindings=False):
    """What Textual's own app would send several times, or draw for nobody, is left out."""

    def __init__(self) -> None:
        super().__init__(driver_class=QuietDriver)
        self._pressed_on: WeakKeyDictionary[events.Key, Screen[object]] = WeakKeyDictionary()
        self._is_closing = False
        self._opening: set[Screen[object]] = set()
        """Screens that workers are about to open."""

        self._typed_on: WeakSet[Screen[object]] = WeakSet()
        """The screens whose line to type in has had the focus."""

    def set_timer(
        self, delay: float, callback: TimerCallback | None = None, *, name: str | None = None, pause: bool = False
    ) -> Timer:
        """Call after so many seconds, for sure: Textual's timer may take its one call for a beat that it missed.

        It waits 8 ms before it fits the screen to a terminal of another size. On a busy machine more may pass while the
        timer starts; without that call neither this size nor any later one would be seen.
        """
        timer = super().set_timer(delay, callback, name=name, pause=pause)
        always_call(timer)
        return timer

    def on_mount(self) -> None:
        self.screen_change_signal.subscribe(self, self._catch_up)

    def on_resize(self, event: events.Resize) -> None:
        if self.purse is not None:
            self.purse.fit(event.size.area)

    def _catch_up(self, screen: Screen[object]) -> None:
        """Draw what was not drawn while the screen was covered."""
        for widget in (*screen.query(Canvas), *screen.query(ChartView)):
            widget.catch_up()

    @property
    def is_behind(self) -> bool:
        """Whether the terminal has not yet been sent what it should show already."""
        return isinstance(self.driver, QuietDriver) and self.driver.is_behind

    @property
    def purse(self) -> SendBudget | None:
        """What may still be sent to the terminal now; None where there is no terminal."""
        return self.driver.purse if isinstance(self.driver, QuietDriver) else None

    def exit(self, result: None = None, return_code: int = 0, message: Any = None) -> None:
        """Close the explorer; from now on nothing is done any more that is asked for."""
        self._is_closing = True
        super().exit(result, return_code, message)

    async def on_event(self, event: events.Event) -> None:
        """Remember where a key was pressed: nobody waits until what the key before asked for is there.

        Nothing is done any more while the explorer is being closed.
        """
        if isinstance(event, events.InputEvent | events.Paste):
            if self._is_closing:
                return
            await self._ready_for_input()
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._pressed_on[event] = self.screen
        if isinstance(event, events.InputEvent) and self.purse is not None:
            self.purse.ask()
        await super().on_event(event)

    async def _ready_for_input(self) -> None:
        """Wait until what came before has opened what it opens, and that has its parts: it is what input is meant for.

        Else the second key of a burst would mean something on the screen below: whoever opens a setup and types a name
        that begins with s would stop a run.
        """
        deadline = time.monotonic() + MOST_SECONDS
        await asyncio.sleep(0)  # workers open screens: let those that have just been asked to begin with it
        while self._opening and time.monotonic() < deadline:
            await asyncio.sleep(0)
        while self.is_running and not self.screen.is_mounted:
            await asyncio.sleep(0)

    async def push_screen_wait(self, screen: Any, *, mode: str | None = None) -> Any:
        """Open a screen as Textual does; input waits for it from now on, and not only from when it is there."""
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
        """What is typed ahead of a screen to type into comes by way of the one below, and belongs into it."""
        screen, typing = self.screen, self.screen.focused
        pressed = self._pressed_on.get(event, screen)
        if pressed is screen:
            return
        if isinstance(typing, Typing):
            self._typed_on.add(screen)
            again = event.copy()
            mark_forwarded(again)
            typing.post_message(again)
        elif screen not in self._typed_on and screen.query(Typing) and time.monotonic() < event.time + MOST_SECONDS:
            # Its line takes the focus when it has found its place: until then this comes round again.
            again = event.copy()
            again.time = event.time
            mark_forwarded(again)
            self._pressed_on[again] = pressed
            self.post_message(again)
        else:
            return
        event.stop()
        event.prevent_default()
