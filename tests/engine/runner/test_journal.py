"""Writes that wait: counted and named while they cannot be stored, kept for as long as it takes, and stored then."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from nnsize_engine.errors import StoreError
from nnsize_engine.runner import journal as journals
from nnsize_engine.runner.clock_watch import MIN_JUMP_SECONDS, ClockWatch
from nnsize_engine.runner.journal import Journal
from nnsize_engine.runs.database import open_for_writing
from nnsize_engine.runs.reader import read_header, read_log
from nnsize_engine.runs.stall_file import Stall, StallKind, read_stall, reserve
from nnsize_engine.runs.writer import add_fits
from support.made_runs import made_fit, made_run


class Clock:
    """Stands for the module ``time``; it moves when it is told."""

    def __init__(self) -> None:
        self.now, self.ran = 1_700_000_000.0, 0.0

    def time(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.ran

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.ran += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(journals, "time", clock)
    monkeypatch.setattr("nnsize_engine.runner.clock_watch.time", clock)
    return clock


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return made_run(tmp_path, "bagote", state="running", fits=0)


@pytest.fixture
def connection(folder: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(open_for_writing(folder)) as connection:
        yield connection


def add_fit(journal: Journal, candidate: int) -> None:
    journal.add_result(lambda c: add_fits(c, [made_fit(candidate, 0)]))


def test_on_a_full_disk_a_run_holds_for_longer_than_ten_minutes_and_loses_nothing(
    folder: Path, connection: sqlite3.Connection, clock: Clock
) -> None:
    reserve(folder)
    journal = Journal(connection, folder, 0.0)
    clock.wait(10)
    journal.flush()
    began = clock.now
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    journal.log("info", "x" * 100_000)
    for candidate in range(3):
        add_fit(journal, candidate)
    journal.flush()
    assert read_stall(folder) == Stall(kind="full", since=began, waiting=3)
    for _ in range(200):  # three hours
        clock.wait(60)
        journal.flush()
        assert journal.is_blocked
    add_fit(journal, 3)
    clock.wait(60)
    journal.flush()
    assert read_stall(folder) == Stall(kind="full", since=began, waiting=4)
    connection.execute(f"PRAGMA max_page_count = {pages + 1000}")
    stored: list[bool] = []
    journal.then(lambda: stored.append(True))
    clock.wait(60)
    journal.flush()
    assert (journal.is_blocked, read_stall(folder), stored) == (False, None, [True])
    assert read_header(connection).done == 4
    journal.flush()
    last = read_log(connection)[-1]
    assert last.level == "warning"
    assert last.text.startswith("the disk was full from ")
    assert last.text.endswith("4 results waited in memory, and nothing is lost")


@pytest.mark.parametrize(
    ("error", "name", "kind"),
    [
        (MemoryError, None, "memory"),
        (sqlite3.OperationalError, "SQLITE_BUSY", "locked"),
        (sqlite3.OperationalError, "SQLITE_IOERR_WRITE", "failing"),
        (sqlite3.OperationalError, "SQLITE_READONLY", "failing"),
    ],
)
def test_what_passes_is_waited_for(
    folder: Path,
    connection: sqlite3.Connection,
    clock: Clock,
    error: type[Exception],
    name: str | None,
    kind: StallKind,
) -> None:
    reserve(folder)
    journal = Journal(connection, folder, 0.0)
    fails = True

    def write(_: sqlite3.Connection) -> None:
        if fails:
            raised = error("made up")
            if name is not None:
                raised.sqlite_errorname = name  # type: ignore[attr-defined]
            raise raised

    add_fit(journal, 0)
    journal.add(write)
    journal.flush()
    found = read_stall(folder)
    assert found is not None
    assert (found.kind, found.waiting) == (kind, 1)
    fails = False
    clock.wait(2)
    journal.flush()
    assert read_stall(folder) is None
    assert read_header(connection).done == 1


def test_what_does_not_pass_ends_the_run(folder: Path, connection: sqlite3.Connection, clock: Clock) -> None:
    del clock

    def write(_: sqlite3.Connection) -> None:
        raise sqlite3.DatabaseError("database disk image is malformed")

    journal = Journal(connection, folder, 0.0)
    journal.add(write)
    with pytest.raises(StoreError, match="malformed"):
        journal.flush()


def test_a_clock_that_jumps_is_named_once(clock: Clock) -> None:
    watch = ClockWatch()
    clock.wait(3600)
    assert watch.jump() == ""
    clock.now += MIN_JUMP_SECONDS / 2
    assert watch.jump() == ""
    clock.now += 7200
    assert watch.jump() == "the clock was put forward by 2h00m, or the machine slept; no result depends on it"
    clock.now -= 86_400
    assert watch.jump() == "the clock was put back by 1d00h; no result depends on it"
    assert watch.jump() == ""
