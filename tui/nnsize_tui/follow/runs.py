"""Threads that look at one run, or at all runs, again and again, and post what changed."""

import contextlib
import os
import threading
import time
from dataclasses import replace
from pathlib import Path

from nnsize_engine.errors import NnsizeError, RunError, StoreError
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs.database import FILE_NAME
from nnsize_engine.runs.folders import holds_run, is_gone, read_state, seen_state
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.label import label_of, label_status, read_label
from nnsize_engine.runs.stalls import find_stall
from nnsize_engine.runs.view import AnyView
from nnsize_tui.follow.details import DetailFollower, DetailRequest
from nnsize_tui.follow.large_results import settle_memory
from nnsize_tui.follow.messages import Post, RunRow, RunSeen, RunsSeen, RunUnreadable, Trouble

MAX_QUICK_RESULTS = 3000
"""Number of fits or generations that can be read before the first frame, in a tenth of a second."""

Signature = tuple[tuple[int, ...] | None, ...]

SETTLED_NANOSECONDS = 5_000_000_000
"""Age of a file after which its last commit is visible: SQLite shows a commit shortly after its last byte."""


MAX_QUICK_LOOKS = 20
QUICK_LOOK_SECONDS = 0.05
"""Number of looks, and seconds between two of them, at a live run that has no result yet: its first one is awaited."""


class Pace:
    """Control of a following thread by its screen: the time between looks, and the end."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._wake = threading.Event()
        self._has_ended = False

    def wait(self, most: float = float("inf")) -> bool:
        """Wait until the next look, this number of seconds at most; return False if there is none."""
        self._wake.wait(min(self._seconds, most))
        self._wake.clear()
        return not self._has_ended

    def look_now(self) -> None:
        """Let the thread look now."""
        self._wake.set()

    def take(self, seconds: float) -> None:
        """Set the seconds between looks, and let the thread look now."""
        self._seconds = seconds
        self._wake.set()

    def end(self) -> None:
        """Let the thread end."""
        self._has_ended = True
        self._wake.set()


def follow_run(follower: RunFollower, pace: Pace, post: Post, request: DetailRequest | None = None) -> None:
    """Post changes of one run and of its requested details until the pace ends it."""
    folder = follower.folder
    details = DetailFollower(folder, request or DetailRequest(), post)
    before: AnyView | tuple[str, bool] | None = None
    quick_looks = MAX_QUICK_LOOKS
    while True:
        try:
            now: AnyView | tuple[str, bool] = follower.look()
        except StoreError as error:
            now = (str(error), is_gone(folder))  # deleting removes the file first, then the folder
        if now != before:
            if isinstance(now, tuple):
                post(RunUnreadable(now[0], is_gone=now[1]))
            else:
                post(RunSeen(now))
        is_first, before = before is None, now
        if not isinstance(now, tuple):
            if is_first and now.header.done > MAX_QUICK_RESULTS:
                settle_memory()
            details.look(now)
        is_quick = quick_looks > 0 and not isinstance(now, tuple) and _is_without_result(now)
        quick_looks -= is_quick
        if not pace.wait(QUICK_LOOK_SECONDS if is_quick else float("inf")):
            return


def _is_without_result(view: AnyView) -> bool:
    return view.state in LIVE_STATES and not view.header.done


def follow_runs(runs: "RunsFollower", pace: Pace, post: Post) -> None:
    """Post the list of all runs after each change until the pace ends it."""
    before: tuple[RunRow, ...] | str | None = None
    while True:
        try:
            now: tuple[RunRow, ...] | str = runs.look()
        except NnsizeError as error:
            now = str(error)
        if now != before:
            post(Trouble(now) if isinstance(now, str) else RunsSeen(now))
        before = now
        if not pace.wait():
            return


class RunsFollower:
    """Repeated looks at all runs below a home; only those that may have changed are read."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._rows: dict[Path, RunRow] = {}
        self._followers: dict[Path, RunFollower] = {}
        self._signatures: dict[Path, Signature] = {}

    def look(self, seconds: float = float("inf")) -> tuple[RunRow, ...]:
        """Return all runs, newest first.

        After this number of seconds, the other runs are read without their results.

        Raises:
            RunError: the home cannot be listed.
        """
        deadline = time.monotonic() + seconds
        folders = self._folders()
        for gone in self._rows.keys() - folders.keys():
            for memory in (self._rows, self._followers, self._signatures):
                memory.pop(gone, None)
        # The newest first: they are at the top of the table, and time may run out.
        for folder in sorted(folders, key=lambda folder: -folders[folder]):
            self._look_at(folder, is_late=time.monotonic() > deadline, is_hurried=seconds < float("inf"))
        return tuple(sorted(self._rows.values(), key=_newest_first))

    def follower(self, folder: Path) -> RunFollower:
        """Return the follower of one run; screens share it, so that results are read and stored once."""
        return self._followers.setdefault(folder, RunFollower(folder))

    def _folders(self) -> dict[Path, float]:
        """Return the folder of every run and its modification time."""
        found: dict[Path, float] = {}
        try:
            with os.scandir(self.home) as entries:
                for entry in entries:
                    with contextlib.suppress(FileNotFoundError):  # deleted since it was listed
                        if not entry.name.startswith(".") and entry.is_dir():
                            found[Path(entry.path)] = entry.stat().st_mtime
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise RunError(f"the runs in {self.home} cannot be listed: {error.strerror or error}") from error
        return {folder: moment for folder, moment in found.items() if holds_run(folder)}

    def _look_at(self, folder: Path, *, is_late: bool, is_hurried: bool) -> None:
        row = self._rows.get(folder)
        signature = _signature(folder)
        is_settled = all(part is None or time.time_ns() - part[0] > SETTLED_NANOSECONDS for part in signature)
        if (
            row is not None
            and row.view is not None
            and signature == self._signatures.get(folder)
            # Nothing was written. But the runner of a live run may have died since, or stalled.
            and (row.state not in LIVE_STATES or row.header is None or seen_state(row.header) in LIVE_STATES)
        ):
            self._rows[folder] = _with_stall(row)
            return
        try:
            if is_hurried:
                row = first_look(folder)
                if is_late or is_long(row):
                    self._rows[folder] = row
                    return
            view = self.follower(folder).look()
            before = self._rows.get(folder)
            row = RunRow(folder=folder, header=view.header, state=view.state, view=view, label=view.label)
            self._rows[folder] = row
            if is_long(row) and (before is None or before.view is None):
                settle_memory()
        except StoreError as error:
            self._rows[folder] = RunRow(folder=folder, reason=str(error), label=read_label(folder))
        if is_settled:
            self._signatures[folder] = signature
        else:
            self._signatures.pop(folder, None)


def _with_stall(row: RunRow) -> RunRow:
    """Return a row that was read before, with what stalls its run now."""
    assert row.view is not None, "its results were read"
    stall = find_stall(row.folder, row.view.header, row.view.state)
    return row if stall == row.view.stall else replace(row, view=replace(row.view, stall=stall))


def first_look(folder: Path) -> RunRow:
    """Read a run without its results.

    Raises:
        StoreError: it cannot be read.
    """
    header, state = read_state(folder)
    return RunRow(folder=folder, header=header, state=state, label=label_of(folder, header.settings))


def is_long(row: RunRow) -> bool:
    """Return whether reading all results of a run would delay the first frame."""
    return row.header is not None and row.header.done > MAX_QUICK_RESULTS


def _signature(folder: Path) -> Signature:
    """Return modification time and size of the database, of its write-ahead log, and of the run's label.

    Every write changes them.
    """
    found: list[tuple[int, ...] | None] = []
    for name in (FILE_NAME, f"{FILE_NAME}-wal"):
        try:
            status = (folder / name).stat()
            # An empty log counts as missing, because readers create it.
            found.append((status.st_mtime_ns, status.st_size) if status.st_size else None)
        except OSError:
            found.append(None)
    return (*found, label_status(folder))


def _newest_first(row: RunRow) -> tuple[float, str]:
    return (-row.header.created if row.header else 0.0, row.folder.name)
