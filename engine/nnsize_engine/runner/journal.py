"""The runner's writes, gathered and committed together; none is lost while they cannot be stored."""

import contextlib
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

from nnsize_engine.runs import writer
from nnsize_engine.runs.database import StoreFullError, move_from_log, transaction
from nnsize_engine.runs.ledger import count_facts
from nnsize_engine.runs.stall_file import Stall, write_stall
from nnsize_engine.runs.stalls import past_words
from nnsize_engine.text import moment_text

BEAT_SECONDS = 1.0  # between two heartbeats

MOVE_SECONDS = 3.0  # between two times that commits are moved from the log into the file, and facts are counted

RETRY_SECONDS = 1.0  # between two attempts to write to a full or locked disk

Write = Callable[[sqlite3.Connection], None]


def note(text: str) -> None:
    """Write to the runner's log file, unless the same full disk prevents it."""
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)  # noqa: T201  # standard error is the log file


class Journal:
    """Writes waiting to be committed, in order."""

    def __init__(self, connection: sqlite3.Connection, folder: Path, active_seconds: float) -> None:
        self.active_seconds = active_seconds
        """Time that runners worked on the run, pauses and stalls left out."""

        self._connection = connection
        self._folder = folder
        self._waiting: list[Write] = []
        self._results = 0
        self._has_stored_results = False
        self._callbacks: list[Callable[[], None]] = []
        self._last_beat = 0.0
        self._last_move = time.monotonic()
        self.stall: Stall | None = None
        """Why the last commit was not possible; None if it was."""

        self._last_try = 0.0

    @property
    def is_blocked(self) -> bool:
        """Return whether the last commit was not possible."""
        return self.stall is not None

    @property
    def is_awaited(self) -> bool:
        """Return whether a caller waits for the next commit, or the user for the first result."""
        return bool(self._callbacks) or (self._results > 0 and not self._has_stored_results)

    def add(self, write: Write) -> None:
        """Put a write in line."""
        self._waiting.append(write)

    def add_result(self, write: Write) -> None:
        """Put a write in line that stores a result, such as a fit or a generation."""
        self._results += 1
        self.add(write)

    def log(self, level: str, text: str) -> None:
        """Put a line for the run's log in line."""
        self.add(lambda connection: writer.add_log(connection, level, text))

    def then(self, callback: Callable[[], None]) -> None:
        """Call back once everything in line so far is committed."""
        self._callbacks.append(callback)

    def flush(self) -> None:
        """Commit all that waits, and beat once a second. While that is not possible, keep it and try once a second.

        Raises:
            StoreError: the file is damaged.
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
            self._note_blocked(error)
            return
        stored, self._results = self._results, 0
        self._has_stored_results = self._has_stored_results or stored > 0
        self._waiting.clear()
        if self.stall is not None:
            self._note_unblocked(self.stall, stored)
        if beat_due:
            self._last_beat = now
        if is_move_due:
            self._last_move = now
            move_from_log(self._connection)
        callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def _note_blocked(self, error: StoreFullError) -> None:
        """Say why nothing can be stored, in a place that is there already."""
        before = self.stall
        if before is None:
            note(f"{error}; {len(self._waiting)} writes wait")
        since = time.time() if before is None else before.since
        self.stall = Stall(kind=error.kind, since=since, waiting=self._results)
        if self.stall != before:
            write_stall(self._folder, self.stall)

    def _note_unblocked(self, stall: Stall, stored: int) -> None:
        self.stall = None
        write_stall(self._folder, None)
        self.log(
            "warning",
            f"{past_words(stall.kind)} from {moment_text(stall.since)} to {moment_text(time.time())}; "
            f"{stored:,} results waited in memory, and nothing is lost",
        )
