"""Drive the explorer in a test: wait for its screen, never for time to pass."""

import asyncio
import time
from collections.abc import Callable

from textual.app import App
from textual.pilot import Pilot, WaitForScreenTimeout

from nnsize_tui.widgets.canvas import Canvas

LONGEST = 60.0
CALM = 2
"""Checks in a row that must find no pending message: work that just ended may have posted one."""

_once_through = Pilot._wait_for_screen
_pressed = Pilot.press


async def settled(pilot: Pilot[None], timeout: float = LONGEST) -> bool:
    """Wait until the app has handled all requests and all their effects.

    Textual's own pilot waits until all widgets have been through what they were sent, not through what is sent on; and
    else until the process uses hardly any processor, which is also so while it waits for one on a busy machine.
    """
    deadline, calm = time.monotonic() + timeout, 0
    while calm < CALM and time.monotonic() < deadline and not pilot.app._exit:
        try:
            if not await _once_through(pilot, 1.0):
                return False
        except WaitForScreenTimeout:  # something takes long, or went away before it came to this
            calm = 0
            continue
        if _is_calm(pilot.app):
            calm += 1
        else:
            calm = 0
            await asyncio.sleep(0.001)
    return True


def _is_calm(app: App[None]) -> bool:
    """Return whether no widget has a pending message, and the screen in front is laid out."""
    screen = app.screen
    waiting: list[object] = [screen._layout_required, screen._scroll_required, screen._recompose_required]
    waiting += [app._resize_timer, screen._callbacks]
    for one in (app, *screen.walk_children(with_self=True)):
        waiting += [one._message_queue.qsize(), one._next_callbacks]
    return not any(waiting)


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, each after all effects of the one before."""
    for key in keys:
        await _pressed(pilot, key)


async def until(pilot: Pilot[None], is_so: Callable[[], object]) -> None:
    """Wait until a condition holds and the app is calm; fail if it does not hold in time."""
    deadline = time.monotonic() + LONGEST
    while not is_so():
        assert time.monotonic() < deadline, f"not so in time; the screen shows\n{shown(pilot)}"
        await pilot.pause(0.01)
    await settled(pilot)


def shown(pilot: Pilot[None]) -> str:
    """Return the screen as plain text, with pending redraws done first."""
    for canvas in pilot.app.screen.query(Canvas):
        if canvas.display:
            canvas.redraw()
    lines = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in lines)


async def until_shown(pilot: Pilot[None], *words: str) -> None:
    """Wait until all these words are on the screen."""
    await until(pilot, lambda: all(word in shown(pilot) for word in words))
