"""One runner at a time, and what it has to wait for."""

import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from nnsize_engine import launch, lock
from nnsize_engine.errors import RunError
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
    monkeypatch.setattr(lock, "_PATIENCE", 60.0)
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
    monkeypatch.setattr(lock, "_PATIENCE", 0.0)
    folder = made_run(tmp_path, "bagote", state="stopped")
    with lock.only_runner(folder), pytest.raises(RunError, match="another runner is at work on run bagote"):
        launch.delete(folder)
    assert folder.exists()
