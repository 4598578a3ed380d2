"""Drive the explorer in a test: wait for what it shows, never for time to pass."""

import asyncio
import time
from collections.abc import Callable

from textual.app import App
from textual.pilot import Pilot, WaitForScreenTimeout

from nnsize_tui.widgets.canvas import Canvas

LONGEST = 60.0
CALM = 2
"""Times in a row that nothing is found on its way: what was still being worked at may have sent something on."""

_once_through = Pilot._wait_for_screen
_pressed = Pilot.press


async def settled(pilot: Pilot[None], timeout: float = LONGEST) -> bool:
    """Let the app go on until all that was asked of it, and all that follows from that, is done.

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
    """Whether nobody has a message before them, and the screen in front is laid out."""
    screen = app.screen
    waiting: list[object] = [screen._layout_required, screen._scroll_required, screen._recompose_required]
    waiting += [app._resize_timer, screen._callbacks]
    for one in (app, *screen.walk_children(with_self=True)):
        waiting += [one._message_queue.qsize(), one._next_callbacks]
    return not any(waiting)


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, each when all that the one before led to is done."""
    for key in keys:
        await _pressed(pilot, key)


async def until(pilot: Pilot[None], is_so: Callable[[], object]) -> None:
    """Let the app go on until it is so, and all that follows from it is done; fail when it is not so in time."""
    deadline = time.monotonic() + LONGEST
    while not is_so():
        assert time.monotonic() < deadline, f"not so in time; the screen shows\n{shown(pilot)}"
        await pilot.pause(0.01)
    await settled(pilot)


def shown(pilot: Pilot[None]) -> str:
    """All that stands on the screen, as plain text; what waits to be redrawn is drawn first."""
    for canvas in pilot.app.screen.query(Canvas):
        if canvas.display:
            canvas.redraw()
    lines = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in lines)


async def until_shown(pilot: Pilot[None], *words: str) -> None:
    """Let the app go on until all these words stand on the screen."""
    await until(pilot, lambda: all(word in shown(pilot) for word in words))
