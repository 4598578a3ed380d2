"""Look at runs again and again, beside the screen, and tell it what changed."""

import contextlib
import os
import threading
import time
from pathlib import Path

from nnsize_engine.errors import NnsizeError, RunError, StoreError
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs.database import FILE_NAME
from nnsize_engine.runs.folders import holds_run, is_gone, read_state, seen_state
from nnsize_engine.runs.view import AnyView, RunFollower
from nnsize_tui.follow.extras import Beside, Wanted
from nnsize_tui.follow.messages import Post, RunRow, RunSeen, RunsSeen, RunUnreadable, Trouble

LONG = 3000
"""Fits or generations that are read in a tenth of a second."""

Signature = tuple[tuple[int, int] | None, ...]

SETTLED_NS = 5_000_000_000
"""Nanoseconds after which all that was written can be read: a commit is seen a moment after its last byte is there."""


class Pace:
    """When a follower looks next, and whether it goes on; the screen's hand on the worker."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._wake = threading.Event()
        self._has_ended = False

    def wait(self) -> bool:
        """Wait for the next look; False when there is none."""
        self._wake.wait(self._seconds)
        self._wake.clear()
        return not self._has_ended

    def look_now(self) -> None:
        """Do not wait for the next look."""
        self._wake.set()

    def take(self, seconds: float) -> None:
        """Look so often from now on, the next time at once."""
        self._seconds = seconds
        self._wake.set()

    def end(self) -> None:
        """Let the follower return."""
        self._has_ended = True
        self._wake.set()


def follow_run(follower: RunFollower, pace: Pace, post: Post, wanted: Wanted | None = None) -> None:
    """Post what is new about one run, and what is wanted beside it, until the pace ends it."""
    folder = follower.folder
    beside = Beside(folder, wanted or Wanted(), post)
    before: AnyView | tuple[str, bool] | None = None
    while True:
        try:
            now: AnyView | tuple[str, bool] = follower.look()
        except StoreError as error:
            now = (str(error), is_gone(folder))  # what is deleted loses its file first, then goes itself
        if now != before:
            if isinstance(now, tuple):
                post(RunUnreadable(now[0], is_gone=now[1]))
            else:
                post(RunSeen(now))
        before = now
        if not isinstance(now, tuple):
            beside.look(now)
        if not pace.wait():
            return


def follow_runs(runs: "RunsFollower", pace: Pace, post: Post) -> None:
    """Post the list of all runs whenever it changed, until the pace ends it."""
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
    """Looks at all runs below a home; reads only those that may have changed."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._rows: dict[Path, RunRow] = {}
        self._followers: dict[Path, RunFollower] = {}
        self._signatures: dict[Path, Signature] = {}

    def look(self, seconds: float = float("inf")) -> tuple[RunRow, ...]:
        """All runs, newest first; after so many seconds only what is quick to read of the others.

        Raises:
            RunError: the home cannot be listed.
        """
        deadline = time.monotonic() + seconds
        folders = self._folders()
        for gone in self._rows.keys() - folders.keys():
            for memory in (self._rows, self._followers, self._signatures):
                memory.pop(gone, None)
        # The newest are seen first: should time run out, it is for those further down.
        for folder in sorted(folders, key=lambda folder: -folders[folder]):
            self._look_at(folder, is_late=time.monotonic() > deadline, is_hurried=seconds < float("inf"))
        return tuple(sorted(self._rows.values(), key=_newest_first))

    def follower(self, folder: Path) -> RunFollower:
        """Who looks at one run, for others to look with: what is read once need not be read and kept twice."""
        return self._followers.setdefault(folder, RunFollower(folder))

    def _folders(self) -> dict[Path, float]:
        """The folder of every run, and when it was made, as far as the file system tells."""
        found: dict[Path, float] = {}
        try:
            with os.scandir(self.home) as entries:
                for entry in entries:
                    with contextlib.suppress(FileNotFoundError):  # one that is deleted just now
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
        is_settled = all(part is None or time.time_ns() - part[0] > SETTLED_NS for part in signature)
        if (
            row is not None
            and row.view is not None
            and signature == self._signatures.get(folder)
            # Nothing was written; but a runner that should be writing may have died, or ended since, and said how.
            and (row.state not in LIVE_STATES or row.header is None or seen_state(row.header) in LIVE_STATES)
        ):
            return
        try:
            if is_hurried:
                row = first_look(folder)
                if is_late or is_long(row):
                    self._rows[folder] = row
                    return
            view = self.follower(folder).look()
            self._rows[folder] = RunRow(folder=folder, header=view.header, state=view.state, view=view)
        except StoreError as error:
            self._rows[folder] = RunRow(folder=folder, reason=str(error))
        if is_settled:
            self._signatures[folder] = signature
        else:
            self._signatures.pop(folder, None)


def first_look(folder: Path) -> RunRow:
    """A run without its results, which is quick however many there are.

    Raises:
        StoreError: it cannot be read.
    """
    header, state = read_state(folder)
    return RunRow(folder=folder, header=header, state=state)


def is_long(row: RunRow) -> bool:
    """Whether reading all results of a run takes longer than one waits for a first frame."""
    return row.header is not None and row.header.done > LONG


def _signature(folder: Path) -> Signature:
    """What changes whenever something is written: length and time of the file and of its write-ahead log."""
    found: list[tuple[int, int] | None] = []
    for name in (FILE_NAME, f"{FILE_NAME}-wal"):
        try:
            status = (folder / name).stat()
            # An empty log is as none at all: reading makes it where it is missing.
            found.append((status.st_mtime_ns, status.st_size) if status.st_size else None)
        except OSError:
            found.append(None)
    return tuple(found)


def _newest_first(row: RunRow) -> tuple[float, str]:
    return (-row.header.created if row.header else 0.0, row.folder.name)
