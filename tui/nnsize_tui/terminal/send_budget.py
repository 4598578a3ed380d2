"""Budget of bytes sent to the terminal: drawings of new data wait while they would overload a slow line.

It is a token bucket, https://en.wikipedia.org/wiki/Token_bucket. Answers to keys spend from it too, but never wait.
"""

import time

MIN_BYTES_PER_SECOND, BYTES_PER_SECOND_PER_CELL, MAX_BYTES_PER_SECOND = 1500.0, 0.44, 5000.0
"""Rate at which the budget fills: at least, for each cell of the screen, and at most. A larger screen needs more."""

MAX_SAVED_SECONDS, MAX_DEBT_SECONDS = 1.0, 5.0
"""Seconds of the rate that can be saved for one burst, and that can be owed after one."""

KEY_ANSWER_SECONDS, MAX_DEBT_SECONDS_AFTER_KEY = 0.4, 1.0
"""Bytes sent within the first time after a key are its answer. They count for at most the second time, so that live
numbers pause no longer than that."""

MAX_CHART_DEBT_SECONDS, MAX_SMALL_DEBT_SECONDS = 0.0, 2.5
"""Debt, in seconds, up to which a drawing is sent: a chart is large and waits, so that small changes need not wait."""


class SendBudget:
    """Token bucket of bytes."""

    def __init__(self) -> None:
        self._rate = MIN_BYTES_PER_SECOND
        self._bytes = 0.0
        self._filled = time.monotonic()
        self._last_key = self._filled

    def set_screen_size(self, cells: int) -> None:
        """Set the rate for a screen of this number of cells."""
        self._fill()
        self._rate = min(MAX_BYTES_PER_SECOND, max(MIN_BYTES_PER_SECOND, BYTES_PER_SECOND_PER_CELL * cells))

    def note_key(self) -> None:
        """Note that a key was pressed."""
        self._last_key = time.monotonic()

    def spend(self, count: int) -> None:
        """Subtract the number of bytes that are sent."""
        self._fill()
        debt = MAX_DEBT_SECONDS_AFTER_KEY if self._filled - self._last_key < KEY_ANSWER_SECONDS else MAX_DEBT_SECONDS
        self._bytes = max(self._bytes - count, min(self._bytes, -debt * self._rate))

    def wait(self, debt: float) -> float:
        """Return the seconds until the debt is at most this many seconds; 0 or less if it already is."""
        self._fill()
        return -self._bytes / self._rate - debt

    def _fill(self) -> None:
        now = time.monotonic()
        self._bytes = min(self._bytes + (now - self._filled) * self._rate, MAX_SAVED_SECONDS * self._rate)
        self._filled = now


def wait_to_send(app: object, debt: float = MAX_SMALL_DEBT_SECONDS) -> float:
    """Return the seconds until a drawing that can wait may be sent; 0 for an app without a budget, as in tests."""
    send_budget: SendBudget | None = getattr(app, "send_budget", None)
    return send_budget.wait(debt) if send_budget is not None else 0.0
