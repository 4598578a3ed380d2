"""Notice that the clock was set, or that the machine slept; no time that a run measures depends on the clock."""

import time

from nnsize_engine.text import seconds_text

MIN_JUMP_SECONDS = 10.0  # between two looks; a clock that is kept right by the network moves by less


class ClockWatch:
    """Comparison of the clock with a timer that only runs while the machine does."""

    def __init__(self) -> None:
        self._offset = _offset()

    def jump(self) -> str:
        """Return in words how the clock has jumped since the last look; empty if it has not."""
        before, self._offset = self._offset, _offset()
        seconds = self._offset - before
        if abs(seconds) < MIN_JUMP_SECONDS:
            return ""
        shown = seconds_text(abs(seconds))
        if seconds < 0:
            return f"the clock was put back by {shown}; no result depends on it"
        return f"the clock was put forward by {shown}, or the machine slept; no result depends on it"


def _offset() -> float:
    return time.time() - time.monotonic()
