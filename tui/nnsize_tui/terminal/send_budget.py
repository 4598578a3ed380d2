"""How much may still be sent to the terminal now: what data asks for waits while that is too much for a slow line.

A bucket of bytes that fills steadily (https://en.wikipedia.org/wiki/Token_bucket). What a key asks for is paid too, but
never waits.
"""

import time

LEAST_RATE, RATE_OF_CELL, MOST_RATE = 1500.0, 0.44, 5000.0
"""Bytes a second: of a small screen, for each cell of larger ones, and of the largest."""

MOST_SAVED, MOST_OWED = 1.0, 5.0
"""Seconds: of a pause as much as this may be sent at once, and what was sent is not paid for any longer."""

ASKED_SECONDS, ASKED_OWED = 0.4, 1.0
"""What is sent so soon after a key was asked for: live numbers need not stand still for longer than this."""

PATIENT, IMPATIENT = 0.0, 2.5
"""Seconds that may be owed when something is sent: a chart is large and waits, so that small changes need not."""


class SendBudget:
    """Counts what is sent."""

    def __init__(self) -> None:
        self._rate = LEAST_RATE
        self._left = 0.0
        self._filled = time.monotonic()
        self._asked = self._filled

    def fit(self, cells: int) -> None:
        """Fill it as a screen of so many cells needs."""
        self._fill()
        self._rate = min(MOST_RATE, max(LEAST_RATE, RATE_OF_CELL * cells))

    def ask(self) -> None:
        """A key was pressed."""
        self._asked = time.monotonic()

    def pay(self, count: int) -> None:
        """So many bytes are sent."""
        self._fill()
        owed = ASKED_OWED if self._filled - self._asked < ASKED_SECONDS else MOST_OWED
        self._left = max(self._left - count, min(self._left, -owed * self._rate))

    def wait(self, owed: float) -> float:
        """Seconds until something may be sent that can wait until no more than this is owed; 0 or less for now."""
        self._fill()
        return -self._left / self._rate - owed

    def _fill(self) -> None:
        now = time.monotonic()
        self._left = min(self._left + (now - self._filled) * self._rate, MOST_SAVED * self._rate)
        self._filled = now


def wait_to_send(app: object, owed: float = IMPATIENT) -> float:
    """Seconds until the line to the terminal has room for what can wait; 0 where nobody counts, as in a test."""
    purse: SendBudget | None = getattr(app, "purse", None)
    return purse.wait(owed) if purse is not None else 0.0
