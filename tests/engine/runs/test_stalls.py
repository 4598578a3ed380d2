"""Why a run that is alive does not go on: what its runner writes, what readers see, and what is said."""

import contextlib
import errno
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import psutil
import pytest

from nnsize_engine.errors import RunError, StoreError
from nnsize_engine.processes.containers import this_host
from nnsize_engine.processes.identity import ProcessIdentity, _start, is_frozen, this_process
from nnsize_engine.results.records import State
from nnsize_engine.runs import control_file, launch, stall_file
from nnsize_engine.runs.database import StoreFullError, open_for_writing, reading, transaction
from nnsize_engine.runs.folders import STALE_SECONDS
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.reader import RunHeader, read_header
from nnsize_engine.runs.stall_file import (
    FILE_NAME,
    Stall,
    StallKind,
    forget_stall,
    read_stall,
    reserve,
    why_unwritable,
    write_stall,
)
from nnsize_engine.runs.stalls import find_stall, past_words, stall_words
from support.made_runs import made_run

SINCE = 1_700_000_000.0
FULL = Stall(kind="full", since=SINCE, waiting=31)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return made_run(tmp_path, "bagote", state="running", fits=3)


@pytest.fixture
def header(folder: Path) -> RunHeader:
    with reading(folder) as connection:
        return replace(read_header(connection), runner=this_process(), heartbeat=SINCE)


@pytest.fixture
def sleeper() -> Iterator[ProcessIdentity]:
    """A process of its own, to be frozen."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        yield ProcessIdentity(pid=process.pid, start=_start(psutil.Process(process.pid)), host=this_host())
        process.kill()


# The file.


def test_what_a_runner_writes_over_its_reserve_is_read(folder: Path) -> None:
    assert read_stall(folder) is None
    reserve(folder)
    size = (folder / FILE_NAME).stat().st_size
    assert read_stall(folder) is None
    write_stall(folder, FULL)
    assert read_stall(folder) == FULL
    write_stall(folder, replace(FULL, waiting=10**11, since=time.time()))
    assert (folder / FILE_NAME).stat().st_size == size
    write_stall(folder, None)
    assert read_stall(folder) is None
    forget_stall(folder)
    assert not (folder / FILE_NAME).exists()


def test_without_a_reserve_nothing_is_written(folder: Path) -> None:
    write_stall(folder, FULL)
    assert not (folder / FILE_NAME).exists()


@pytest.mark.parametrize(
    "content",
    [
        "", "{", "[]", "null", "7", '"full"', "{}", "[" * 200,
        '{"kind": "full", "since": "x", "waiting": 1}',
        '{"kind": "full", "since": 1e300, "waiting": 1}',
        '{"kind": "full", "since": NaN, "waiting": 1}',
        '{"kind": "full", "since": -1.0, "waiting": 1}',
        '{"kind": "full", "since": 1.0, "waiting": -1}',
        '{"kind": "full", "since": 1.0, "waiting": true}',
        '{"kind": "full", "since": 1.0, "waiting": 1e9}',
        '{"kind": "\\u001b]0;x", "since": 1.0, "waiting": 1}',
        '{"kind": ["full"], "since": 1.0, "waiting": 1}',
        '{"kind": {}, "since": 1.0, "waiting": 1}',
    ],
)  # fmt: skip
def test_what_no_runner_writes_says_nothing(folder: Path, content: str) -> None:
    (folder / FILE_NAME).write_text(content)
    assert read_stall(folder) is None
    assert RunFollower(folder).look().stall is None


def test_a_link_in_place_of_the_file_is_neither_read_nor_written(folder: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text('{"kind": "full", "since": 1.0, "waiting": 1}')
    before = victim.read_text()
    (folder / FILE_NAME).symlink_to(victim)
    reserve(folder)
    write_stall(folder, FULL)
    assert read_stall(folder) is None
    assert victim.read_text() == before
    forget_stall(folder)
    assert victim.read_text() == before


def test_the_file_goes_with_its_run(run_home: Path) -> None:
    folder = made_run(run_home, "bagote", state="stopped", fits=3)
    reserve(folder)
    (folder / f"{stall_file.DRAFT_PREFIX}x").touch()
    assert launch.delete(folder) == ()
    assert not folder.exists()


# Which kind an error is.


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (errno.ENOSPC, "full"), (errno.EDQUOT, "quota"), (errno.EROFS, "read-only"), (errno.EACCES, "denied"),
        (errno.ENOMEM, "memory"), (errno.EIO, "failing"),
    ],
)  # fmt: skip
def test_a_folder_that_cannot_be_written_tells_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, kind: StallKind
) -> None:
    assert why_unwritable(tmp_path) == "failing"
    assert list(tmp_path.iterdir()) == []

    def refused(**_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(tempfile, "TemporaryFile", refused)
    assert why_unwritable(tmp_path) == kind


def _sqlite_error(name: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("made up")
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (_sqlite_error("SQLITE_FULL"), "full"),
        (_sqlite_error("SQLITE_BUSY"), "locked"),
        (_sqlite_error("SQLITE_BUSY_SNAPSHOT"), "locked"),
        (_sqlite_error("SQLITE_IOERR_WRITE"), "read-only"),
        (_sqlite_error("SQLITE_CANTOPEN"), "read-only"),
        (_sqlite_error("SQLITE_READONLY_DIRECTORY"), "read-only"),
        (MemoryError(), "memory"),
        (_sqlite_error("SQLITE_CORRUPT"), None),
        (_sqlite_error("SQLITE_READONLY_DBMOVED"), None),
    ],
)
def test_an_error_tells_what_to_wait_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, kind: StallKind | None
) -> None:
    monkeypatch.setattr("nnsize_engine.runs.database.why_unwritable", lambda _: "read-only")
    with contextlib.closing(open_for_writing(folder)) as connection:
        with pytest.raises(StoreError, match="run bagote cannot be written") as raised, transaction(connection, folder):
            raise error
        assert (raised.value.kind if isinstance(raised.value, StoreFullError) else None) == kind


# What readers see.


def test_a_run_that_beats_is_not_stalled(folder: Path, header: RunHeader) -> None:
    assert find_stall(folder, header, "running", SINCE + STALE_SECONDS - 1) is None


def test_what_the_runner_says_counts_while_it_lives_and_when_it_has_died(folder: Path, header: RunHeader) -> None:
    reserve(folder)
    write_stall(folder, FULL)
    assert find_stall(folder, header, "running", SINCE) == FULL
    assert find_stall(folder, header, "interrupted", SINCE) == FULL
    ended: list[State] = ["stopped", "finished", "failed", "refused"]
    assert [find_stall(folder, header, state, SINCE) for state in ended] == [None] * 4


@pytest.mark.parametrize(
    ("seen", "kind"),
    [
        ({}, "silent"), ({"f_bavail": 3}, "full"), ({"f_favail": 0}, "full"), ({"f_flag": os.ST_RDONLY}, "read-only"),
        ({"f_files": 0, "f_favail": 0}, "silent"),
    ],
)  # fmt: skip
def test_a_silent_run_that_says_nothing_is_looked_into(
    folder: Path, header: RunHeader, monkeypatch: pytest.MonkeyPatch, seen: dict[str, int], kind: StallKind
) -> None:
    found: dict[str, Any] = {"f_flag": 0, "f_bavail": 10**6, "f_frsize": 4096, "f_files": 100, "f_favail": 50} | seen
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(**found))
    stall = find_stall(folder, header, "running", SINCE + STALE_SECONDS + 1)
    assert stall == Stall(kind=kind, since=SINCE)


def test_a_clock_that_was_put_back_makes_no_run_look_stalled(folder: Path, header: RunHeader) -> None:
    assert find_stall(folder, header, "running", SINCE - 1e6) is None


def test_a_dead_runner_is_not_stalled(folder: Path, header: RunHeader) -> None:
    ghost = replace(header, runner=replace(this_process(), start="1"))
    assert find_stall(folder, ghost, "running", SINCE + 1e6) is None
    elsewhere = replace(header, runner=replace(this_process(), host="elsewhere"))
    assert find_stall(folder, elsewhere, "running", SINCE + 1e6) is None


def test_a_frozen_runner_is_seen_and_how_it_goes_on_is_said(
    folder: Path, header: RunHeader, sleeper: ProcessIdentity
) -> None:
    header = replace(header, runner=sleeper)
    assert find_stall(folder, header, "running", SINCE) is None
    os.kill(sleeper.pid, signal.SIGSTOP)
    until = time.monotonic() + 60
    while not is_frozen(sleeper) and time.monotonic() < until:
        time.sleep(0.01)
    reserve(folder)
    write_stall(folder, FULL)  # it cannot go on before it is let go on
    stall = find_stall(folder, header, "running", SINCE)
    assert stall is not None
    assert stall_words(stall, folder, header, "running").endswith(f"(SIGSTOP); let it go on: kill -CONT {sleeper.pid}")
    assert not is_frozen(replace(sleeper, host="elsewhere"))
    os.kill(sleeper.pid, signal.SIGCONT)
    write_stall(folder, None)
    while is_frozen(sleeper) and time.monotonic() < until:
        time.sleep(0.01)
    assert find_stall(folder, header, "running", SINCE) is None


# What is said.


@pytest.mark.parametrize("kind", get_args(StallKind))
def test_each_kind_is_one_sentence(folder: Path, header: RunHeader, kind: StallKind) -> None:
    words = stall_words(Stall(kind=kind, since=SINCE), folder, header, "running")
    assert "2023-11-1" in words
    assert not words.endswith(".")
    assert words[0].islower()
    assert past_words(kind)


@pytest.mark.parametrize(
    ("waiting", "state", "expected"),
    [
        (0, "running", "; nothing is lost, and the run goes on by itself as soon as there is room"),
        (1, "running", "; 1 result waits in memory, and the run goes on by itself as soon as there is room"),
        (1031, "paused", "; 1,031 results wait in memory, and the run goes on by itself as soon as there is room"),
        (0, "interrupted", "the disk was full; all results are stored; go on: nnsize resume bagote"),
        (1, "interrupted", "the disk was full; 1 result was not stored; compute it again: nnsize resume bagote"),
        (31, "interrupted", "the disk was full; 31 results were not stored; compute them again: nnsize resume bagote"),
    ],
)
def test_the_results_that_wait_are_counted(
    folder: Path, header: RunHeader, waiting: int, state: State, expected: str
) -> None:
    assert stall_words(replace(FULL, waiting=waiting), folder, header, state).endswith(expected)


def test_a_view_and_the_refusal_to_resume_say_it(folder: Path) -> None:
    reserve(folder)
    write_stall(folder, FULL)
    view = RunFollower(folder).look()
    assert view.stall == FULL
    assert "the disk has been full since" in view.stall_words
    with pytest.raises(RunError, match="is running already, but the disk has been full since 2023"):
        launch.resume(folder)
    with pytest.raises(RunError, match="stop it before deleting it, but the disk has been full since 2023"):
        launch.delete(folder)


def test_a_stalled_run_is_not_waited_for_for_long(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "MAX_STALL_SECONDS", 0.1)
    reserve(folder)
    write_stall(folder, FULL)
    assert launch.wait_for(folder, lambda state: state == "paused", 600) == "running"
    control_file.ask(folder, "stop")
    monkeypatch.setattr(launch, "MAX_STOP_SECONDS", 0.3)
    began = time.monotonic()
    assert launch.wait_for_end(folder) == "running"  # one that is to stop does so on a full disk, too
    assert time.monotonic() - began >= 0.3
    monkeypatch.setattr(launch, "MAX_STOP_SECONDS", 600)
    monkeypatch.setattr("nnsize_engine.runs.stalls.is_frozen", lambda _: True)
    assert launch.wait_for_end(folder) == "running"


@pytest.mark.parametrize(
    ("code", "advice"),
    [(errno.EROFS, "Read-only file system; make its disk writable first"), (errno.EACCES, "allow it first: chmod")],
)
def test_a_folder_in_which_nothing_can_be_asked_says_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch, code: int, advice: str
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(tempfile, "mkstemp", refused)
    monkeypatch.setattr(control_file, "open_own", refused)
    with pytest.raises(RunError, match=advice):
        control_file.ask(folder, "pause")


def test_a_folder_in_which_no_file_can_be_made_is_still_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(tempfile, "mkstemp", refused)
    control_file.ask(folder, "pause")
    assert control_file.wish(folder) == "pause"
