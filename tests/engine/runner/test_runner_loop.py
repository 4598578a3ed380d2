"""The runner's loop, with a run that is made up: what is taken over together, and what does not wait."""

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from nnsize_engine.errors import RunError
from nnsize_engine.runner import __main__ as running
from nnsize_engine.runner.__main__ import Runner
from nnsize_engine.runner.events import Event
from nnsize_engine.runner.job import RESUME_WITH_MEMORY, Progress
from nnsize_engine.runs.database import open_for_writing
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.stall_file import FILE_NAME as STALL_NAME
from nnsize_engine.search.events import Note
from support.made_runs import made_run


class Taken:
    """Stands for a run at work."""

    def __init__(self) -> None:
        self.progress = Progress()
        self.progress.is_at_work = True
        self.events: list[Event] = []

    is_prepared = False
    link = None
    stop_seconds = 1.0

    def prepare(self) -> None:
        """Have nothing to prepare."""

    def show_under_way(self) -> None:
        """Have nothing to show."""

    def take(self, event: Event) -> None:
        """Keep an event; one that says "ended" is the last of what is under way."""
        self.events.append(event)
        self.progress.is_at_work = event != Note("ended")


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runner]:
    folder = made_run(tmp_path, "bagote", state="stopped")
    with contextlib.closing(open_for_writing(folder)) as connection:
        one = Runner(folder, connection)
        monkeypatch.setattr(one, "_job", Taken())
        yield one


def receive(runner: Runner, seconds: float, *texts: str) -> tuple[list[Event], float]:
    """What is taken over in a moment, and how long that was."""
    for text in texts:
        runner._events.put(Note(text))
    began = time.monotonic()
    runner._receive(seconds)
    assert isinstance(runner._job, Taken)
    return runner._job.events, time.monotonic() - began


def test_everything_that_comes_in_a_moment_is_taken_over_together(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its clock stands still: the moment is over when nothing has come for so long, however busy the machine.
    monkeypatch.setattr(running, "time", SimpleNamespace(monotonic=lambda: 0.0))
    events, seconds = receive(runner, 0.05, "one", "two", "three")
    assert len(events) == 3
    assert seconds >= 0.05


@pytest.mark.parametrize("is_awaited", [False, True])
def test_what_somebody_waits_for_does_not_wait(runner: Runner, *, is_awaited: bool) -> None:
    if is_awaited:
        runner._journal.then(lambda: None)
    events, seconds = receive(runner, 600.0, "one" if is_awaited else "ended")
    assert len(events) == 1
    assert seconds < 300


def test_a_run_that_has_no_memory_fails_in_one_sentence_keeps_its_results_and_can_be_resumed(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, _ = read_state(runner._folder)

    def take(_: Event) -> None:
        raise MemoryError

    monkeypatch.setattr(runner._job, "take", take)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    runner._events.put(Note("one"))
    runner.work()
    header, state = read_state(runner._folder)
    assert (state, header.reason) == ("failed", f"memory ran out {RESUME_WITH_MEMORY}")
    assert header.done == before.done > 0
    assert not (runner._folder / STALL_NAME).exists()


def test_a_thread_that_cannot_be_started_is_a_reason(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    runner._compute(lambda _: None)
    (event,), _ = receive(runner, 0.01)
    assert isinstance(event, RunError)
    assert str(event) == "no thread could be started (can't start new thread); free memory or end programs, then resume"
