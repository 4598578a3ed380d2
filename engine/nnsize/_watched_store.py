"""The thread that writes the run of a watched search: it reads what workers tell, and stores it.

It is the one writer of the run. While nothing can be stored, as on a full disk, it keeps all and tries again.
"""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nnsize._watched_facts import in_order, plain_text
from nnsize._watched_results import fit_from_results, fit_of
from nnsize_engine.errors import NnsizeError
from nnsize_engine.processes.identity import this_process
from nnsize_engine.results.records import State
from nnsize_engine.results.search_records import FitProgress, FitResult
from nnsize_engine.results.watched import WatchedCandidate
from nnsize_engine.runs import writer
from nnsize_engine.runs.database import StoreFullError, open_for_writing, settle, transaction
from nnsize_engine.runs.ledger import count_facts
from nnsize_engine.runs.lock import only_runner
from nnsize_engine.runs.stall_file import Stall, forget_stall, reserve, write_stall
from nnsize_engine.runs.told_files import ToldReader
from nnsize_engine.settings.stored_settings import settings_to_json
from nnsize_engine.settings.watched import WatchedSettings
from nnsize_engine.text import seconds_text

LOOK_SECONDS = 0.1  # between two looks at what workers told
BEAT_SECONDS = 1.0  # between two signs of life
RETRY_SECONDS = 1.0  # between two tries where nothing can be stored
MAX_LOGGED_FAILURES = 20  # of fits; each has its reason beside its fold, too
MAX_END_SECONDS = 10.0  # that the end of a search waits for room on the disk

Write = Callable[[sqlite3.Connection], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """How the search ended."""

    state: State
    reason: str | None
    chosen: int | None


@dataclass(slots=True, kw_only=True)
class _Orders:
    """What the search asks for, until the thread takes it."""

    writes: list[Write] = field(default_factory=list)
    results: Mapping[str, Any] | None = None
    """The results of all candidates so far, to complete what no worker told."""

    end: _End | None = None


class StoreThread(threading.Thread):
    """Stores one watched search until it has ended."""

    def __init__(self, folder: Path, settings: WatchedSettings, refit: Any) -> None:
        super().__init__(name=f"nnsize-{folder.name}", daemon=True)
        self.problem = ""
        """Why the run could not be written to its end; empty if it was."""

        self._folder, self._settings, self._refit = folder, settings, refit
        self._orders, self._lock = _Orders(), threading.Lock()
        self._woken = threading.Event()
        self._told = ToldReader(folder)
        self._writes: list[Write] = []
        self._candidates: list[WatchedCandidate] = []
        self._done: set[tuple[int, int]] = set()
        self._under_way: set[tuple[int, int]] = set()
        self._failed = 0
        self._began = time.monotonic()
        self._last_beat = self._last_try = 0.0
        self._stall: Stall | None = None
        self._stalled_since = 0.0
        self._end: _End | None = None

    # Called by the thread of the search.

    def store(self, *writes: Write) -> None:
        """Put writes in line."""
        with self._lock:
            self._orders.writes += writes
        self._woken.set()

    def add_candidates(self, candidates: Sequence[WatchedCandidate], total: int, words: str) -> None:
        """Store candidates that are about to be evaluated, the number of all fits so far, and a line of the log."""
        self._candidates += candidates
        self.store(
            lambda connection: writer.set_watched_candidates(connection, candidates),
            lambda connection: writer.set_total(connection, total),
            lambda connection: writer.add_log(connection, "info", words),
        )

    def complete(self, results: Mapping[str, Any]) -> None:
        """Store the fits of results that no worker has told of, once all that was told is stored."""
        with self._lock:
            self._orders.results = results
        self._woken.set()

    def finish(self, state: State, reason: str | None, chosen: int | None) -> None:
        """Store how the search ended, and wait until this is done."""
        with self._lock:
            self._orders.end = _End(state=state, reason=reason, chosen=chosen)
        self._woken.set()
        self.join()

    # The thread.

    def run(self) -> None:
        """Write the run until the search has ended."""
        try:
            with (
                only_runner(self._folder),
                contextlib.closing(open_for_writing(self._folder)) as connection,
            ):
                reserve(self._folder)
                process = this_process()
                self._writes += [
                    lambda connection: writer.set_runner(connection, process),
                    lambda connection: writer.set_state(connection, "running"),
                ]
                while self._end is None or self._writes:
                    self._woken.wait(LOOK_SECONDS if self._end is None else RETRY_SECONDS)
                    self._woken.clear()
                    self._take()
                    self._flush(connection)
                settle(connection)
            self._told.remove()
            forget_stall(self._folder)
        except (NnsizeError, OSError) as error:
            self.problem = str(error)

    def _take(self) -> None:
        """Turn orders and messages into writes."""
        with self._lock:
            orders, self._orders = self._orders, _Orders()
        self._writes += orders.writes
        fits = self._new_fits()
        if orders.results is not None:
            fits += self._missing(orders.results)
        if fits:
            self._writes.append(lambda connection: writer.add_fits(connection, fits))
        if orders.end is not None:
            self._end = orders.end
            self._writes += self._ending(orders.end)

    def _new_fits(self) -> list[FitResult]:
        fits: list[FitResult] = []
        before = set(self._under_way)
        for message in self._told.new():
            with contextlib.suppress(KeyError, TypeError, ValueError, AttributeError):  # none that a worker wrote
                fits += self._event(message)
        if self._under_way != before:
            progress = [FitProgress(candidate=one, fold=fold, epochs=0, loss=0.0) for one, fold in self._under_way]
            self._writes.append(lambda connection: writer.set_under_way(connection, progress))
        return fits

    def _event(self, message: Mapping[str, Any]) -> list[FitResult]:
        """Take a message; return the fit that ended by it, if it is one."""
        match message["event"]:
            case "begin":
                self._under_way.add((int(message["candidate"]), int(message["split"])))
            case "end":
                self._learn_names(message)
                return self._ended(fit_of(message, self._settings))
            case "refit":
                self._log("info", "all candidates are done; the best one is fitted on all rows")
            case "refitted":
                self._log("info", f"the best candidate was fitted on all rows in {seconds_text(message['seconds'])}")
        return []

    def _ended(self, fit: FitResult) -> list[FitResult]:
        place = (fit.candidate, fit.fold)
        self._under_way.discard(place)
        if place in self._done or not (0 <= fit.candidate < len(self._candidates) and fit.fold < self._settings.splits):
            return []
        self._done.add(place)
        if fit.error is not None:
            self._failed += 1
            if self._failed <= MAX_LOGGED_FAILURES:
                self._log("warning", f"candidate {fit.candidate}, fold {fit.fold + 1} failed: {fit.error}")
        return [fit]

    def _learn_names(self, message: Mapping[str, Any]) -> None:
        """Take the names of the scores of a function that returns several, once it has."""
        names = list(message["test"])
        if self._done or not names or set(names) == set(self._settings.score_names):
            return
        ordered = in_order([plain_text(name) for name in names], self._refit)
        self._settings = settings = replace(self._settings, scorings=ordered, score_names=ordered)
        self._writes.append(lambda connection: writer.update_run(connection, settings=settings_to_json(settings)))

    def _missing(self, results: Mapping[str, Any]) -> list[FitResult]:
        """Return the fits in results that no worker told of."""
        fits: list[FitResult] = []
        for number in range(len(results["params"])):
            for split in range(self._settings.splits):
                if (number, split) not in self._done:
                    fits += self._ended(fit_from_results(results, number, split, self._settings))
        return fits

    def _log(self, level: str, text: str) -> None:
        self._writes.append(lambda connection: writer.add_log(connection, level, text))

    def _ending(self, end: _End) -> list[Write]:
        self._under_way.clear()
        if self._failed > MAX_LOGGED_FAILURES:
            self._log("warning", f"{self._failed:,} fits failed in all")
        chosen = [replace(one, is_chosen=True) for one in self._candidates if one.number == end.chosen]
        return [
            lambda connection: writer.set_under_way(connection, ()),
            lambda connection: writer.set_watched_candidates(connection, chosen),
            count_facts,
            lambda connection: writer.set_state(connection, end.state, end.reason),
            self._beat,
        ]

    def _beat(self, connection: sqlite3.Connection) -> None:
        writer.beat(connection, time.monotonic() - self._began)

    def _flush(self, connection: sqlite3.Connection) -> None:
        """Commit what is in line, with a sign of life once a second.

        Raises:
            StoreError: the file is damaged, or the search has ended and there is still no room.
        """
        now = time.monotonic()
        is_due = now - self._last_beat >= BEAT_SECONDS
        if not (self._writes or is_due) or (self._stall is not None and now - self._last_try < RETRY_SECONDS):
            return
        self._last_try = now
        try:
            with transaction(connection, self._folder):
                for write in self._writes:
                    write(connection)
                if is_due:
                    self._beat(connection)
        except StoreFullError as error:
            self._note_stall(error, now)
            return
        if self._stall is not None:
            self._stall = None
            write_stall(self._folder, None)
        self._writes.clear()
        if is_due:
            self._last_beat = now

    def _note_stall(self, error: StoreFullError, now: float) -> None:
        """Say where readers find it that nothing can be stored; give up a while after the search has ended."""
        if self._stall is None:
            self._stall, self._stalled_since = Stall(kind=error.kind, since=time.time()), now
        write_stall(self._folder, replace(self._stall, waiting=len(self._writes)))
        if self._end is not None and now - self._stalled_since > MAX_END_SECONDS:
            raise error
