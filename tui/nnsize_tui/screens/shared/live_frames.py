"""Show the newest view of a live run in all parts of a screen at one moment.

Every widget limits how often it is drawn. If each drew by itself, the bar, the answer, the table and the chart of one
picture would be of different moments of the run. Here a newer view waits until all of them can be drawn; then all are
drawn and sent together.
"""

import time
from asyncio import TimerHandle
from collections.abc import Callable
from typing import Generic, TypeVar

from nnsize_tui.chart.widget import ChartView
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.terminal.send_budget import MAX_CHART_DEBT_SECONDS, wait_to_send
from nnsize_tui.terminal.textual_private import send_together
from nnsize_tui.terminal.timers import call_after
from nnsize_tui.widgets.canvas import Canvas

MIN_SECONDS_BETWEEN, MAX_SECONDS_BETWEEN = 0.5, 1.0
"""Seconds between two views, unless the send budget is spent; the user's settings may say another minimum."""

BEHIND_SECONDS = 0.1
"""Seconds until the next try while the terminal is still being sent an earlier picture."""

Seen = TypeVar("Seen")


class LiveFrames(Generic[Seen]):
    """The newest view, until it is shown."""

    def __init__(self, screen: BaseScreen[None], show: Callable[[Seen], None]) -> None:
        """``show`` gives a view to all parts of the screen."""
        self._screen, self._show = screen, show
        self._newest: Seen | None = None
        self._wanted_since: float | None = None
        """The time since which a view waits to be shown."""

        self._shown_at = -MAX_SECONDS_BETWEEN
        self._pending: TimerHandle | None = None

    def take(self, view: Seen, *, at_once: bool) -> None:
        """Show a view as soon as all parts can be drawn; the newest one replaces those that wait."""
        self._newest = view
        if at_once and not self._is_behind:
            self._show_now()
        else:
            self.show_soon()

    def show_soon(self) -> None:
        """Show the view that waits, if there is one, as soon as all parts can be drawn."""
        if self._pending is not None or self._newest is None or not self._screen.is_current:
            return  # a screen that is covered shows it when it is in front again
        now = time.monotonic()
        self._wanted_since = self._wanted_since or now
        wait = self._wait(now)
        if wait > 0:
            self._pending = call_after(self._screen, wait, self._after_wait)
        else:
            self._show_now()

    def _after_wait(self) -> None:
        self._pending = None
        self.show_soon()

    def _wait(self, now: float) -> float:
        """Return the seconds until all parts can be drawn and the link has room for them; 0 or less if now."""
        app = self._screen.app
        if self._is_behind:
            return BEHIND_SECONDS
        least = self._screen.explorer.refresh_seconds or MIN_SECONDS_BETWEEN
        of_parts = max((one.next_at for one in self._parts()), default=0.0)
        due = min(max(self._shown_at + least, of_parts), self._shown_at + max(least, MAX_SECONDS_BETWEEN))
        # The longer it waits, the larger the debt may be: else small changes would delay it forever.
        return max(due - now, wait_to_send(app, MAX_CHART_DEBT_SECONDS + now - (self._wanted_since or now)))

    @property
    def _is_behind(self) -> bool:
        """True if an earlier picture still waits to be sent."""
        return bool(getattr(self._screen.app, "is_behind", False))

    def _show_now(self) -> None:
        view, self._newest, self._wanted_since = self._newest, None, None
        if self._pending is not None:
            self._pending.cancel()
            self._pending = None
        if view is None:
            return
        self._show(view)
        for part in self._parts():
            part.catch_up()
        send_together(self._screen)
        self._shown_at = time.monotonic()

    def _parts(self) -> list[Canvas | ChartView]:
        """Return the widgets in sight that are drawn."""
        found: list[Canvas | ChartView] = [*self._screen.query(Canvas), *self._screen.query(ChartView)]
        return [one for one in found if one.display]
