"""A call after a pause that comes however busy the machine is.

Textual's `set_timer` loses its one call when more time than it was to wait passes while it starts, on a busy machine:
it takes the call for a beat that was missed. A chart that waits for that call is never drawn again.
"""

import asyncio
from collections.abc import Callable

from textual.message_pump import MessagePump

LONGEST = 2.0
"""Seconds until a call that waits for the screen to be drawn comes without that."""


def call_after(pump: MessagePump, seconds: float, call: Callable[[], object]) -> asyncio.TimerHandle:
    """Let a widget or screen make a call after so many seconds, between two of its messages, unless cancelled.

    One that is being removed by then makes none: its parts may be gone before itself.
    """

    def call_if_there() -> None:
        if pump.is_running:
            call()

    return asyncio.get_running_loop().call_later(seconds, pump.call_next, call_if_there)


def after_refresh(pump: MessagePump, call: Callable[[], object]) -> None:
    """Let a widget or screen make a call, once, when what is asked for by now has been drawn.

    Textual keeps such calls with whichever screen is in front, and forgets them with that one: what was opened on top
    and left again at once would take them along.
    """
    is_made = False

    def call_once() -> None:
        nonlocal is_made
        if not is_made:
            is_made = True
            call()

    pump.call_after_refresh(call_once)
    call_after(pump, LONGEST, call_once)
