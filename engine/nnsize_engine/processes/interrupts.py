"""Ctrl-C that is counted instead of raised, so that it cannot come between making a run and telling of it."""

import signal
import threading
from types import FrameType
from typing import Any, Self


class Interrupts:
    """A count of Ctrl-C while a ``with`` block runs; the block has to look at it."""

    def __init__(self) -> None:
        self.count = 0
        self._before: Any = None

    def has_any(self) -> bool:
        """Return whether Ctrl-C was pressed."""
        return self.count > 0

    def raise_any(self) -> None:
        """Raise what Ctrl-C raises elsewhere, if it was pressed.

        Raises:
            KeyboardInterrupt: it was.
        """
        if self.has_any():
            raise KeyboardInterrupt

    def __enter__(self) -> Self:
        is_ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN  # as in the background of a script
        if not is_ignored and threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._add)
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _add(self, _: int, __: FrameType | None) -> None:
        self.count += 1
