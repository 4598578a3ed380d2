"""Drive the explorer in a test: wait for what it shows, never for time to pass."""

import time
from collections.abc import Callable

from textual.pilot import Pilot

from nnsize_tui.widgets.canvas import Canvas

LONGEST = 60.0


async def until(pilot: Pilot[None], is_so: Callable[[], object]) -> None:
    """Let the app go on until it is so; fail when it has not become so in time."""
    deadline = time.monotonic() + LONGEST
    while not is_so():
        assert time.monotonic() < deadline, f"not so in time; the screen shows\n{shown(pilot)}"
        await pilot.pause(0.01)


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
