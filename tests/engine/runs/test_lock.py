"""One runner at a time, and what it has to wait for."""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from nnsize_engine.errors import RunError
from nnsize_engine.processes.identity import this_process
from nnsize_engine.runs import launch, lock
from nnsize_engine.runs.database import open_for_writing
from nnsize_engine.runs.writer import set_runner, set_state
from support.made_runs import made_run


@pytest.fixture
def wanted(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set once somebody waits for a lock."""
    waits = threading.Event()

    def sleep(seconds: float) -> None:
        waits.set()
        time.sleep(seconds)

    monkeypatch.setattr(lock, "time", SimpleNamespace(monotonic=time.monotonic, sleep=sleep))
    return waits


def test_a_run_is_deleted_in_the_moment_in_which_its_runner_ends(
    tmp_path: Path, wanted: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "MAX_LOCK_SECONDS", 60.0)
    folder = made_run(tmp_path, "bagote", state="stopped")
    is_held = threading.Event()

    def ending_runner() -> None:
        with lock.only_runner(folder):
            is_held.set()
            wanted.wait(60)

    thread = threading.Thread(target=ending_runner)
    thread.start()
    assert is_held.wait(60)
    launch.delete(folder)
    thread.join()
    assert wanted.is_set()
    assert not folder.exists()


@pytest.mark.usefixtures("wanted")
def test_nobody_waits_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "MAX_LOCK_SECONDS", 0.0)
    folder = made_run(tmp_path, "bagote", state="stopped")
    with lock.only_runner(folder), pytest.raises(RunError, match="another runner is at work on run bagote"):
        launch.delete(folder)
    assert folder.exists()


HOLDS_THE_LOCK = (
    "import sys; from pathlib import Path; from nnsize_engine.runs.lock import only_runner\n"
    "with only_runner(Path(sys.argv[1])):\n"
    "    print(1, flush=True)\n"
    "    sys.stdin.read()\n"
)


@pytest.mark.parametrize("follows", [launch.delete, launch.resume])
def test_whatever_follows_a_run_first_lets_its_runner_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, follows: Callable[[Path], None]
) -> None:
    folder = made_run(tmp_path, "bagote", state="stopped")
    pipe, waits = subprocess.PIPE, threading.Event()
    with subprocess.Popen([sys.executable, "-c", HOLDS_THE_LOCK, folder], stdin=pipe, stdout=pipe) as runner:
        assert runner.stdin is not None
        assert runner.stdout is not None
        runner.stdout.readline()
        start = Path(f"/proc/{runner.pid}/stat").read_text().rpartition(")")[2].split()[19]
        with contextlib.closing(open_for_writing(folder)) as connection:
            set_runner(connection, replace(this_process(), pid=runner.pid, start=start))

        def sleep(seconds: float) -> None:
            waits.set()
            assert runner.stdin is not None
            runner.stdin.close()
            time.sleep(seconds)

        def begin(_: Path, *, runs_code: bool = False) -> None:
            assert not runs_code
            assert waits.is_set()

        monkeypatch.setattr(lock, "MAX_LOCK_SECONDS", 0.0)
        monkeypatch.setattr(launch, "MAX_END_SECONDS", 60.0)
        monkeypatch.setattr(launch, "time", SimpleNamespace(monotonic=time.monotonic, sleep=sleep))
        monkeypatch.setattr(launch, "start_runner", begin)
        follows(folder)
    assert waits.is_set()


def test_a_runner_that_took_its_run_over_and_ended_while_nobody_looked_has_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made_run(tmp_path, "bagote", state="stopped")

    def has_ended(pid: int) -> bool:
        with contextlib.closing(open_for_writing(folder)) as connection:
            set_runner(connection, replace(this_process(), pid=pid, start="1"))
            set_state(connection, "finished")
        return True

    monkeypatch.setattr("nnsize_engine.runs.start_runner.spawn", lambda *_: 2**22 + 1)
    monkeypatch.setattr("nnsize_engine.runs.start_runner.has_ended", has_ended)
    launch.resume(folder)
