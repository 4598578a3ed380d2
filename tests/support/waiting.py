"""Wait for a condition, never for time to pass."""

import time
from collections.abc import Callable


def wait_until(is_true: Callable[[], bool], seconds: float = 300.0, *, look_seconds: float = 0.02) -> None:
    """Return as soon as the condition holds; fail if it does not hold in time.

    ``look_seconds`` is the time between two looks, longer for one that costs milliseconds of a processor.

    A runner gives way to everything else: on a busy machine a second of its work may take a minute.
    """
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"not true within {seconds} s"
        time.sleep(look_seconds)
