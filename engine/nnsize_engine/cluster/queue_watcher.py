"""A process that outlives its runner and cancels the jobs that a killed one leaves in a queue.

``python -m nnsize_engine.cluster.queue_watcher RUNNER FOLDER RUN CANCEL…``: the runner's process id, the folder of its
jobs, the run folder, and the command that cancels jobs. A runner that ends by itself has cancelled them.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from nnsize_engine.processes.parent_watch import wait_for_end
from nnsize_engine.processes.queue_commands import Queue, ask_queue, cancel_jobs
from nnsize_engine.runs.queue_jobs import JobList, read_answers, read_jobs, remove_jobs_folder

MAX_CALL_SECONDS = 120.0  # of a submission that was under way when the runner died

ATTEMPTS = 12  # to cancel what the queue still has, so that it may be out of order for some minutes

ATTEMPT_SECONDS = 5.0  # between the first two attempts; each further wait is longer by as much


def start_watcher(jobs: JobList, run: Path, cancel: Sequence[str]) -> "subprocess.Popen[bytes]":
    """Start a watcher of the calling process, and return it.

    Raises:
        OSError: it cannot be started.
    """
    return subprocess.Popen(
        [sys.executable, "-m", __name__, str(os.getpid()), str(jobs.folder), str(run), *cancel],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONSAFEPATH": "1"},
        start_new_session=True,
    )


def main(arguments: Sequence[str]) -> None:
    """Wait for the end of the runner, and cancel the jobs that it has left."""
    runner, folder, run, *cancel = arguments[1:]
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # whoever ends all processes of a user may end the runner last
    wait_for_end(int(runner))
    if cancel_left(Path(folder), Path(run), cancel):
        remove_jobs_folder(Path(folder))


def cancel_left(folder: Path, run: Path, cancel: Sequence[str]) -> bool:
    """Cancel the jobs of a dead runner, and those that the queue was about to take; return whether none is left."""
    stored = read_jobs(folder, run)
    if stored is None:
        return True
    is_done = cancel_all(stored.queue, stored.ids, cancel)
    deadline = time.monotonic() + MAX_CALL_SECONDS
    while not all(read_answers(folder, stored.queue).values()) and time.monotonic() < deadline:
        time.sleep(0.5)
    known, stored = stored.ids, read_jobs(folder, run)
    late = [job_id for job_id in stored.ids if job_id not in known] if stored is not None else []
    if stored is None or not late:
        return is_done
    return cancel_all(stored.queue, late, cancel) and is_done


def cancel_all(queue: Queue, ids: Sequence[str], cancel: Sequence[str]) -> bool:
    """Cancel jobs, again while the queue says that it still has some; return whether none is left after minutes."""
    for attempt in range(ATTEMPTS):
        was_cancelled = cancel_jobs(cancel, ids)
        left = ask_queue(queue, ids)
        if left == () or (left is None and was_cancelled):
            return True
        ids = ids if left is None else [job.id for job in left]
        time.sleep(ATTEMPT_SECONDS * (attempt + 1))
    return False


if __name__ == "__main__":
    main(sys.argv)
