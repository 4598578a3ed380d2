"""The background process that works on one run: ``python -m nnsize_engine.runner FOLDER``.

With ``--run-code`` it may call a Python function of the user as fitness.

One thread computes and hands over what it finds; the main thread is the only writer. It wakes ten times a second to
commit results, to beat, and to see whether someone requests a pause, a resumption or a stop.
"""

import contextlib
import os
import queue
import signal
import sqlite3
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from nnsize_engine.errors import NnsizeError, RunError
from nnsize_engine.processes.identity import this_process
from nnsize_engine.results.records import LIVE_STATES, State
from nnsize_engine.runner.clock_watch import ClockWatch
from nnsize_engine.runner.events import Event, Work
from nnsize_engine.runner.job import RESUME_WITH_MEMORY
from nnsize_engine.runner.journal import Journal, note
from nnsize_engine.runner.kinds import open_job
from nnsize_engine.runs import control_file, writer
from nnsize_engine.runs.cluster_tables import set_cluster
from nnsize_engine.runs.database import FILE_NAME, open_for_writing, settle
from nnsize_engine.runs.folders import is_gone
from nnsize_engine.runs.launch import check_code
from nnsize_engine.runs.ledger import count_facts
from nnsize_engine.runs.leftovers import remove_left_wishes
from nnsize_engine.runs.lock import only_runner
from nnsize_engine.runs.mend import mend
from nnsize_engine.runs.reader import read_header
from nnsize_engine.runs.stall_file import forget_stall, reserve
from nnsize_engine.runs.stalls import past_words
from nnsize_engine.runs.start_runner import RUNS_CODE
from nnsize_engine.text import seconds_text

TICK_SECONDS = 0.1  # between two looks at the control file; a key is answered at once

MAX_TICK_SECONDS = 30.0  # of one turn of the loop; a commit waits ten seconds for a lock, and all else takes less

MAX_CLOSE_SECONDS = 30.0  # for the jobs of a cluster to be cancelled, and its processes on this machine to end

NICENESS = 10  # of 19; other programs of the machine come first


def main(arguments: Sequence[str]) -> int:
    """Work on a run until it is finished, stopped or has failed.

    Returns an exit code: 0 when the run's state says how it ended, 1 when it could not be stored.
    """
    folder = Path(arguments[1]).absolute()
    enter_background()
    return work_on(folder, runs_code=RUNS_CODE in arguments)


def enter_background() -> None:
    """Make this process one of the background, whatever it was started from."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.chdir("/")  # hold no file system busy
    os.umask(0o077)  # logs of SQLite, checkpoints and compiled code are the user's alone
    with contextlib.suppress(OSError):
        os.nice(NICENESS)  # the screen, and whoever shares the machine, go first


def work_on(folder: Path, *, runs_code: bool, wait_for_libraries: Callable[[], None] = lambda: None) -> int:
    """Work on a run as :func:`main` does; ``wait_for_libraries`` returns when no other thread is loading them."""
    try:
        with only_runner(folder), contextlib.closing(open_for_writing(folder)) as connection:
            check_code(folder.name, read_header(connection).settings, is_allowed=runs_code)
            remove_left_wishes(folder)
            mend(connection, folder)
            Runner(folder, connection, wait_for_libraries).work()
    except NnsizeError as error:
        note(str(error))
        return 1
    return 0


class Runner:
    """The loop that stores results, pauses and stops."""

    def __init__(
        self, folder: Path, connection: sqlite3.Connection, wait_for_libraries: Callable[[], None] = lambda: None
    ) -> None:
        self._folder = folder
        self._connection = connection
        self._wait_for_libraries = wait_for_libraries
        header = read_header(connection)
        self._journal = Journal(connection, folder, header.active_seconds)
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._state: State = "starting"
        self._wish: control_file.Wish = "run"
        self._job = open_job(folder, header, connection, self._journal, self._compute)
        self._terminated = threading.Event()
        self._clock = ClockWatch()
        self._was_interrupted = header.runner is not None and header.state in LIVE_STATES

    def work(self) -> None:
        """Run to the end.

        Raises:
            StoreError: nothing can be stored any more.
        """
        signal.signal(signal.SIGTERM, lambda *_: self._terminated.set())
        reserve(self._folder)
        self._journal.add(lambda connection: writer.set_runner(connection, this_process()))
        if self._was_interrupted:
            self._journal.log("warning", "the runner before this one died; going on with what it had stored")
        self._enter("starting")
        self._journal.flush()
        if self._journal.stall is not None:
            raise RunError(f"run {self._folder.name} cannot be written: {past_words(self._journal.stall.kind)}")
        self._job.prepare()
        while not self._job.progress.has_ended:
            try:
                self._tick()
            except MemoryError:
                self._job.progress.end("failed", f"memory ran out {RESUME_WITH_MEMORY}")
        self._leave_cluster()
        self._end(*self._job.progress.ending)

    def _tick(self) -> None:
        """Take over what was found, do what is requested, and store it."""
        began = time.monotonic()
        self._receive(TICK_SECONDS)
        self._check_folder()
        if jump := self._clock.jump():
            self._journal.log("warning", jump)
        self._follow_wish()
        self._job.show_under_way()
        if self._job.link is not None:
            self._job.link.show()
        self._journal.flush()
        seconds = time.monotonic() - began
        if seconds > MAX_TICK_SECONDS and not self._job.progress.has_ended:  # a stop waits for what is under way
            shown = seconds_text(seconds)
            self._journal.log("warning", f"the runner was frozen, or waited for the machine, for {shown}; it goes on")
        if self._state != "paused" and not self._journal.is_blocked:
            self._journal.active_seconds += min(seconds, MAX_TICK_SECONDS)

    def _check_folder(self) -> None:
        """Accept a folder that is there, or that only cannot be looked at, as over a network.

        Raises:
            RunError: it is gone.
        """
        if is_gone(self._folder / FILE_NAME):
            raise RunError(f"the folder of run {self._folder.name} is gone; nothing is left to work for")

    def _follow_wish(self) -> None:
        wish = self._wish = "stop" if self._terminated.is_set() else control_file.wish(self._folder, self._wish)
        if wish == "stop":
            self._job.progress.halt.set()
            deadline = time.monotonic() + self._job.stop_seconds
            while self._job.progress.is_at_work and time.monotonic() < deadline and not self._journal.is_blocked:
                self._receive(TICK_SECONDS)
                self._journal.flush()
            self._job.progress.end("stopped", "terminated by a signal" if self._terminated.is_set() else None)
        elif wish == "pause" and self._state != "paused":
            self._job.progress.halt.set()
            self._enter("paused")
            self._journal.log("info", "paused")
        elif wish == "run" and self._state == "paused":
            self._enter("running" if self._job.is_prepared else "starting")
            self._journal.log("info", "resumed")
        elif self._state == "starting" and self._job.is_prepared:
            self._enter("running")
        if self._journal.is_blocked:
            self._job.progress.halt.set()
        elif self._state == "running":
            self._job.progress.halt.clear()
            self._job.proceed()

    def _receive(self, seconds: float) -> None:
        """Take over what the computing thread finds in a moment, so that it is committed together.

        A commit waits for the disk, and there may be hundreds of events a second. Shorter where someone waits for what
        follows: the computing thread for a commit, or the run for what is to be done next.
        """
        deadline = time.monotonic() + seconds
        with contextlib.suppress(queue.Empty):
            while (left := deadline - time.monotonic()) > 0:
                self._job.take(self._events.get(timeout=left))
                if not self._job.progress.is_at_work or self._journal.is_awaited:
                    return

    def _leave_cluster(self) -> None:
        """Let tasks be dropped, jobs cancelled and worker processes ended; take over what comes back meanwhile."""
        link = self._job.link
        if link is None:
            return
        link.begin_closing()
        deadline = time.monotonic() + MAX_CLOSE_SECONDS
        while not link.is_closed and time.monotonic() < deadline:
            self._receive(TICK_SECONDS)
            self._journal.flush()
        self._journal.add(lambda connection: set_cluster(connection, None))

    def _compute(self, work: Work) -> None:
        """Run work in a thread; what it hands over, and its error if it has one, arrive as events."""

        def guarded() -> None:
            try:
                self._wait_for_libraries()  # two threads that load them at once may see half of a module
                work(self._events.put)
            except Exception as error:  # whatever it is, the main thread must hear of it
                if not isinstance(error, NnsizeError):
                    note(traceback.format_exc())
                self._events.put(error)

        try:
            threading.Thread(target=guarded, daemon=True).start()
        except RuntimeError as error:  # no memory for its stack, or too many threads
            self._events.put(
                RunError(f"no thread could be started ({error}); free memory or end programs, then resume")
            )

    def _enter(self, state: State, reason: str | None = None) -> None:
        self._state = state
        self._journal.add(lambda connection: writer.set_state(connection, state, reason))

    def _end(self, state: State, reason: str | None) -> None:
        self._enter(state, reason)
        level = "error" if state in ("failed", "refused") else "info"
        self._journal.log(level, state if reason is None else f"{state}: {reason}")
        self._journal.add(count_facts)
        self._journal.flush()
        # Whoever stops or terminates it does not want to wait for room; it then shows as interrupted.
        while self._journal.is_blocked and not self._terminated.is_set() and control_file.wish(self._folder) != "stop":
            time.sleep(TICK_SECONDS)
            self._check_folder()
            self._journal.flush()
        if self._journal.is_blocked:
            return  # nothing can be tidied up
        forget_stall(self._folder)
        settle(self._connection)


if __name__ == "__main__":
    code = main(sys.argv)
    # At once: the interpreter would wait for fits under way, and the workers end by themselves with this process.
    os._exit(code)
