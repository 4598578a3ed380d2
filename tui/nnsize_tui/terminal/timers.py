"""Calls after a pause that are never lost, even on a busy machine.

Textual's `set_timer` loses its single call if its whole delay passes while the timer starts: it takes the call for a
missed tick. A chart that waits for that call would never be drawn again.
"""

import asyncio
from collections.abc import Callable

from textual.message_pump import MessagePump

MAX_DRAW_SECONDS = 2.0
"""Seconds after which a call that waits for a drawing is made without it."""


def call_after(pump: MessagePump, seconds: float, call: Callable[[], object]) -> asyncio.TimerHandle:
    """Make a call after a number of seconds, between two messages of a widget or screen, unless it is cancelled.

    There is no call if the widget or screen is being removed, because its children may be removed already.
    """

    def call_if_there() -> None:
        if pump.is_running:
            call()

    return asyncio.get_running_loop().call_later(seconds, pump.call_next, call_if_there)


def after_refresh(pump: MessagePump, call: Callable[[], object]) -> None:
    """Make a call once, after all requested drawings are done.

    Textual stores such calls with the screen in front and drops them with it: a dialog that is opened and closed at
    once would take the call with it. So the call is also made after :data:`MAX_DRAW_SECONDS`.
    """
    is_made = False

    def call_once() -> None:
        nonlocal is_made
        if not is_made:
            is_made = True
            call()

    pump.call_after_refresh(call_once)
    call_after(pump, MAX_DRAW_SECONDS, call_once)
