"""Processes that run trials: one that hangs or crashes is a failure, and the campaign goes on."""

import contextlib
import os
import signal
import sys
import time
import traceback
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from random import Random
from typing import Any

from campaign.file_limit import limit_files
from campaign.kinds import KINDS
from campaign.outcome import Outcome
from campaign.scratch import emptied, end_runners, remove_all, set_surroundings
from campaign.starts import choose_start, start_runners_warm

_SPAWN = get_context("spawn")  # a fork would share the threads of what the campaign has loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A trial to run."""

    kind: str
    seed: int


@dataclass(slots=True, kw_only=True)
class Worker:
    """A process that runs one trial at a time in a folder of its own."""

    folder: Path
    runners: str
    """Address of the process that forks runners."""

    task: Task | None = None
    deadline: float = 0.0
    _process: Any = field(default=None, repr=False)
    _pipe: "Connection[Any, Any] | None" = None

    def begin(self, task: Task) -> None:
        """Hand over a trial."""
        if self._process is None or not self._process.is_alive():
            self._pipe, other = _SPAWN.Pipe()
            self._process = _SPAWN.Process(target=_work, args=(other, str(self.folder), self.runners))
            self._process.start()
            other.close()
        assert self._pipe is not None
        self._pipe.send(task)
        self.task = task
        self.deadline = time.monotonic() + KINDS[task.kind].max_seconds

    def outcome(self) -> Outcome | None:
        """Return the outcome of the trial; None while it is under way."""
        assert self.task is not None
        assert self._pipe is not None
        if self._pipe.poll():
            with contextlib.suppress(EOFError, OSError):
                found: Outcome = self._pipe.recv()
                return found
            self._process.join()
            return self._lost(f"the process of the trial ended with code {self._process.exitcode}")
        if time.monotonic() > self.deadline:
            return self._lost(f"hung: not over after {KINDS[self.task.kind].max_seconds:.0f} s")
        return None

    def _lost(self, words: str) -> Outcome:
        self.end()
        return Outcome(failures=(words,))

    def end(self) -> None:
        """Kill the process and the runners that it started."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None
        end_runners(self.folder)
        remove_all(self.folder)

    @property
    def pipe(self) -> "Connection[Any, Any]":
        """The pipe on which the outcome arrives."""
        assert self._pipe is not None
        return self._pipe


def wait_for_any(workers: list[Worker]) -> None:
    """Wait until a worker has an outcome, or for a moment."""
    wait([worker.pipe for worker in workers if worker.task is not None], timeout=1.0)


def run_trial(task: Task, folder: Path, runners: str) -> Outcome:
    """Run one trial in this process; whatever it raises is a failure."""
    with emptied(folder):
        set_surroundings(folder)
        choose_start(Random(f"start of {task.kind} {task.seed}"), runners)
        try:
            return KINDS[task.kind].run(Random(f"{task.kind} {task.seed}"), folder)
        except Exception:
            return Outcome(failures=(traceback.format_exc(limit=-6),))
        finally:
            os.chdir(folder.parent)
            end_runners(folder)


def _work(pipe: "Connection[Any, Any]", folder: str, runners: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the campaign ends its workers
    sys.stdin = Path(os.devnull).open()  # noqa: SIM115
    limit_files()
    place = Path(folder)
    set_surroundings(place)
    start_runners_warm()
    with contextlib.suppress(EOFError, OSError):
        while True:
            pipe.send(run_trial(pipe.recv(), place / "trial", runners))
