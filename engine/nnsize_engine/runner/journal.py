"""The runner's writes, gathered and committed together; none is lost when the disk is full for a while."""

import contextlib
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

from nnsize_engine.errors import StoreError
from nnsize_engine.runs import writer
from nnsize_engine.runs.database import StoreFullError, move_from_log, transaction
from nnsize_engine.runs.ledger import count_facts

BEAT_SECONDS = 1.0  # between two heartbeats

MOVE_SECONDS = 3.0  # between two times that commits are moved from the log into the file, and facts are counted

RETRY_SECONDS = 1.0  # between two attempts to write to a full or locked disk

MAX_RETRY_SECONDS = 600.0  # of attempts to write, before the run fails; long enough to make room

Write = Callable[[sqlite3.Connection], None]


def note(text: str) -> None:
    """Write to the runner's log file, unless the same full disk prevents it."""
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)  # noqa: T201  # standard error is the log file


class Journal:
    """Writes waiting to be committed, in order."""

    def __init__(self, connection: sqlite3.Connection, folder: Path, active_seconds: float) -> None:
        self.active_seconds = active_seconds
        """Time that runners worked on the run, pauses left out."""

        self._connection = connection
        self._folder = folder
        self._waiting: list[Write] = []
        self._callbacks: list[Callable[[], None]] = []
        self._last_beat = 0.0
        self._last_move = time.monotonic()
        self._blocked_since: float | None = None
        self._last_try = 0.0

    @property
    def is_blocked(self) -> bool:
        """Return whether the last commit found no room."""
        return self._blocked_since is not None

    @property
    def is_awaited(self) -> bool:
        """Return whether a caller waits for the next commit."""
        return bool(self._callbacks)

    def add(self, write: Write) -> None:
        """Put a write in line."""
        self._waiting.append(write)

    def log(self, level: str, text: str) -> None:
        """Put a line for the run's log in line."""
        self.add(lambda connection: writer.add_log(connection, level, text))

    def then(self, callback: Callable[[], None]) -> None:
        """Call back once everything in line so far is committed."""
        self._callbacks.append(callback)

    def flush(self) -> None:
        """Commit all that waits, and beat once a second. While there is no room, keep it and try once a second.

        Raises:
            StoreError: the file is damaged, or there has been no room for ten minutes.
        """
        now = time.monotonic()
        beat_due = now - self._last_beat >= BEAT_SECONDS
        is_move_due = now - self._last_move >= MOVE_SECONDS
        if not (self._waiting or self._callbacks or beat_due) or (
            self.is_blocked and now - self._last_try < RETRY_SECONDS
        ):
            return
        self._last_try = now
        try:
            with transaction(self._connection, self._folder):
                for write in self._waiting:
                    write(self._connection)
                if beat_due:
                    writer.beat(self._connection, self.active_seconds)
                if is_move_due:
                    count_facts(self._connection)
        except StoreFullError as error:
            self._note_blocked(now, error)
            return
        self._waiting.clear()
        self._blocked_since = None
        if beat_due:
            self._last_beat = now
        if is_move_due:
            self._last_move = now
            move_from_log(self._connection)
        callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def _note_blocked(self, now: float, error: StoreFullError) -> None:
        if self._blocked_since is None:
            self._blocked_since = now
            note(f"{error}; {len(self._waiting)} writes wait for room")
        elif now - self._blocked_since > MAX_RETRY_SECONDS:
            raise StoreError(f"{error}; gave up after {MAX_RETRY_SECONDS:.0f} s") from error
