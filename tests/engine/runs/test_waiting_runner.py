"""A runner that waits for its run: it becomes an ordinary one, or ends without a trace."""

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from nnsize_engine.errors import DataError
from nnsize_engine.runs import launch, waiting_runner
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.reader import RunHeader
from nnsize_engine.runs.waiting_runner import WaitingRunner
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.run import Kind, StartedSettings
from nnsize_engine.settings.search import SizeSettings
from support.waiting import wait_until

pytestmark = pytest.mark.usefixtures("forked_processes")  # those that do not wait

SEARCH = SizeSettings(neurons="2,3", cv=2, references=False)
EVOLUTION = EvolutionSettings(data="iris", layers="2", fitness="log_loss", members=6, generations=3, jobs=1)
ENDED = ("finished", "stopped", "failed", "refused")

FACTS = {
    "size": "SELECT candidate, fold, test_score, train_score, iterations, has_converged FROM fit ORDER BY 1, 2",
    "evolution": "SELECT number, best, mean, std, train, held_out, diversity, accepted FROM generation ORDER BY 1",
}
"""What a run of each kind computes, without the times that it takes."""


@pytest.fixture
def waiting() -> Iterator[WaitingRunner]:
    one = WaitingRunner()
    yield one
    one.end()


def begin(waiting: WaitingRunner, kind: Kind = "size") -> int:
    """Let a runner wait; return its process id."""
    waiting.start(kind)
    assert waiting._process is not None
    return waiting._process.pid


def is_there(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def finished(folder: Path) -> RunHeader:
    """Wait for the end of a run."""
    wait_until(lambda: read_state(folder)[1] in ENDED)
    header, state = read_state(folder)
    assert state == "finished", (header.reason, (folder / "runner.log").read_text())
    return header


def runner_of(folder: Path) -> int:
    runner = read_state(folder)[0].runner
    assert runner is not None
    return runner.pid


def facts(folder: Path, kind: Kind) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(folder / "run.sqlite")) as connection:
        return connection.execute(FACTS[kind]).fetchall()


@pytest.mark.parametrize("settings", [SEARCH, EVOLUTION])
def test_a_run_has_the_results_of_one_that_was_started_as_usual(
    run_home: Path, waiting: WaitingRunner, settings: StartedSettings
) -> None:
    pid = begin(waiting, settings.kind)
    folder = launch.start(settings, run_home, waiting=waiting)
    assert runner_of(folder) == pid
    usual = launch.start(settings, run_home, waiting=waiting)  # it is used up
    assert runner_of(usual) != pid
    one, other = finished(folder), finished(usual)
    found = facts(folder, settings.kind)
    assert found
    assert found == facts(usual, settings.kind)
    assert (one.data, one.versions, one.reason) == (other.data, other.versions, other.reason)
    wait_until(lambda: not any(is_there(one) for one in (pid, runner_of(usual))))  # they have tidied up
    assert sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in usual.iterdir())


@pytest.mark.new_processes
@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells what a process is")
def test_it_is_a_process_like_any_runner(
    run_home: Path, waiting: WaitingRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_NUM_THREADS", "1")
    begin(waiting)
    endless = replace(SEARCH, neurons="500:3000:5")
    runs = [launch.start(endless, run_home, waiting=one) for one in (waiting, None)]
    for run in runs:
        wait_until(lambda run=run: read_state(run)[1] == "running")  # type: ignore[misc]
    one, other = (_facts_of_process(run) for run in runs)
    for run in runs:
        launch.stop(run)
    assert one == other
    assert one["niceness"] == os.nice(0) + 10
    assert one["policies"] == {os.SCHED_OTHER}
    for run in runs:
        launch.wait_for_end(run)


def _facts_of_process(run: Path) -> dict[str, object]:
    process = psutil.Process(runner_of(run))
    folder = Path("/proc") / str(process.pid)
    status = dict(line.split(":\t", 1) for line in (folder / "status").read_text().splitlines() if ":\t" in line)
    with process.oneshot():
        return {
            "niceness": process.nice(),
            "policies": _of_threads(process, os.sched_getscheduler),
            "input and output": _of_threads(process, lambda thread: psutil.Process(thread).ionice()),
            "session": os.getsid(process.pid) == process.pid,
            "parent": process.ppid(),
            "folder": process.cwd(),
            "environment": process.environ(),
            "signals": [status[name] for name in ("SigBlk", "SigIgn", "SigCgt", "Umask")],
            "streams": [str((folder / "fd" / str(number)).readlink()).replace(str(run), "") for number in range(3)],
            "sockets": process.net_connections("unix"),
        }


def _of_threads(process: psutil.Process, look: Callable[[int], object]) -> set[object]:
    found = set()
    for thread in process.threads():
        with contextlib.suppress(psutil.Error, OSError):  # it has ended
            found.add(look(thread.id))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells which files a process has open")
def test_it_waits_without_any_file_or_terminal(waiting: WaitingRunner) -> None:
    folder = Path("/proc") / str(begin(waiting))
    wait_until(lambda: (folder / "cwd").readlink() == Path("/"))
    assert {(folder / "fd" / name).readlink() for name in ("0", "1", "2")} == {Path(os.devnull)}


def test_it_ends_when_nothing_is_started(waiting: WaitingRunner) -> None:
    pid = begin(waiting)
    waiting.start("size")
    assert begin(waiting) == pid  # never more than one
    waiting.end()
    wait_until(lambda: not is_there(pid))
    waiting.start("size")
    assert waiting._process is None  # the setup was left before


STARTS_AND_SLEEPS = (
    "import time; from nnsize_engine.runs.waiting_runner import WaitingRunner\n"
    "waiting = WaitingRunner(); waiting.start('size'); print(waiting._process.pid, flush=True); time.sleep(600)"
)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP])
def test_it_ends_with_the_process_that_started_it(number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", STARTS_AND_SLEEPS], stdout=subprocess.PIPE) as explorer:
        assert explorer.stdout is not None
        pid = int(explorer.stdout.readline())
        assert is_there(pid)
        explorer.send_signal(number)
    wait_until(lambda: not is_there(pid))


def test_it_ends_after_a_time_in_which_nothing_was_started() -> None:
    code = (
        "import sys; from nnsize_engine.runner import waiting\n"
        "waiting.preload = lambda kind: None; waiting.MAX_WAIT_SECONDS = 0.0\n"
        "sys.exit(waiting.main(['waiting', 'size']))"
    )
    ours, theirs = socket.socketpair()
    with ours, theirs:
        done = subprocess.run([sys.executable, "-c", code], stdin=theirs.fileno(), check=False, timeout=300)
    assert done.returncode == 0


def test_another_environment_needs_another_runner(
    run_home: Path, waiting: WaitingRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = begin(waiting)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # libraries have read it by now
    folder = launch.start(SEARCH, run_home, waiting=waiting)
    assert runner_of(folder) != pid
    wait_until(lambda: not is_there(pid))
    finished(folder)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_run_starts_without_one_that_is_dead_or_frozen(
    run_home: Path, waiting: WaitingRunner, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    monkeypatch.setattr(waiting_runner, "MAX_ANSWER_SECONDS", 0.2)
    pid = begin(waiting)
    os.kill(pid, number)
    folder = launch.start(SEARCH, run_home, waiting=waiting)
    assert runner_of(folder) != pid
    wait_until(lambda: not is_there(pid))
    finished(folder)


def test_its_refusal_is_that_of_any_runner(run_home: Path, waiting: WaitingRunner) -> None:
    settings = replace(SEARCH, cv=300)
    begin(waiting)
    reasons = []
    for one in (waiting, None):
        folder = launch.start(settings, run_home, waiting=one)
        wait_until(lambda folder=folder: read_state(folder)[1] == "refused")  # type: ignore[misc]
        with pytest.raises(DataError) as refused:
            launch.discard_refused(folder)
        reasons.append(str(refused.value))
    assert reasons[0] == reasons[1]


@pytest.mark.parametrize(("available", "waits"), [(None, True), (2_000_000_000, True), (900_000_000, False)])
def test_none_waits_where_memory_is_scarce(
    waiting: WaitingRunner, monkeypatch: pytest.MonkeyPatch, available: int | None, *, waits: bool
) -> None:
    monkeypatch.setattr(waiting_runner, "available_bytes", lambda: available)
    waiting.start("size")
    assert (waiting._process is not None) is waits
