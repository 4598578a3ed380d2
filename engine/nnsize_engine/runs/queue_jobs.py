"""The jobs that a runner has submitted to a batch queue, in a folder of the run, so that none is forgotten.

Each runner makes a new folder. It holds the list of jobs that have not been cancelled, their output, and the keys
with which their workers connect. It is read as a stranger's: the run may have been copied from somebody else.
"""

import contextlib
import json
import os
import re
import stat
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from nnsize_engine.processes.identity import ProcessIdentity, is_alive, this_process
from nnsize_engine.processes.queue_commands import BATCH_QUEUES, Queue, ask_queue
from nnsize_engine.runs.own_files import read_own
from nnsize_engine.text import escape_text

FOLDER_PREFIX = "jobs-"

LIST_NAME = "jobs.json"

_JOB_ID = re.compile(r"\d{1,20}(?:\.\d{1,9})?", re.ASCII)

MAX_JOBS = 10_000  # of one runner; more are no number of workers that a scheduler serves

MAX_LIST_BYTES = 500_000  # a list of so many jobs takes less

MAX_FOLDERS = 50  # that are looked at; each runner on a queue makes one, and removes those of earlier ones

ANSWER_PREFIX = "answer-"  # of files with the answers of a queue to submissions that are not in the list yet

MAX_ANSWER_BYTES = 10_000  # of a queue to one submission; it is a line

MAX_OUTPUT_BYTES = 20_000  # read of the end of a job's output, for its last line


class JobList:
    """The jobs of this runner, stored with each change."""

    def __init__(self, run: Path, queue: Queue) -> None:
        """Make the folder.

        Raises:
            OSError: it cannot be made.
        """
        self.folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX, dir=run))
        """The folder from which jobs are submitted, and into which they write."""

        self.queue = queue
        self._run = run
        self._ids: dict[str, None] = {}
        self._lock = threading.Lock()
        self._store()

    @property
    def ids(self) -> Sequence[str]:
        """Ids of the jobs that are not known to have ended."""
        with self._lock:
            return tuple(self._ids)

    def add(self, job_id: str) -> None:
        """Store a job that was submitted."""
        with self._lock:
            self._ids[job_id] = None
            self._store()
        for answer, found in read_answers(self.folder, self.queue).items():
            if found == job_id:
                answer.unlink(missing_ok=True)

    def new_answer(self) -> Path:
        """Make a file for the answer of the queue to one submission, which names the job, and return its path.

        Raises:
            OSError: it cannot be made.
        """
        handle, name = tempfile.mkstemp(prefix=ANSWER_PREFIX, dir=self.folder)
        os.close(handle)
        return Path(name)

    def remove(self, ids: Sequence[str]) -> None:
        """Forget jobs that have ended or were cancelled."""
        with self._lock:
            for job_id in ids:
                self._ids.pop(job_id, None)
            self._store()

    def last_words(self, job_id: str) -> str:
        """Return the last line that a job wrote into its folder; empty if there is none."""
        return last_words(self.folder, job_id)

    def forget(self) -> None:
        """Remove the folder, if no job is left that has not been cancelled."""
        if not self.ids:
            remove_jobs_folder(self.folder)

    def _store(self) -> None:
        found = {
            "queue": self.queue.name,
            "run": str(self._run),
            "runner": asdict(this_process()),
            "ids": list(self._ids),
        }
        with contextlib.suppress(OSError):  # on a full disk the watcher knows fewer; they end by themselves
            handle, draft = tempfile.mkstemp(prefix=".jobs-", dir=self.folder)
            with os.fdopen(handle, "w") as file:
                json.dump(found, file)
            Path(draft).replace(self.folder / LIST_NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredJobs:
    """The jobs that a runner has stored."""

    folder: Path
    queue: Queue
    runner: ProcessIdentity
    ids: tuple[str, ...]


def read_jobs(folder: Path, run: Path) -> StoredJobs | None:
    """Return the jobs in a folder; None if it is not what a runner of this run writes."""
    try:
        found = json.loads(read_own(folder / LIST_NAME, MAX_LIST_BYTES))
        queue, ids, runner = BATCH_QUEUES[found["queue"]], found["ids"], ProcessIdentity(**found["runner"])
        is_of_run = found["run"] == str(run)  # of a copied folder, the jobs are not its own
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None
    is_sound = (
        is_of_run
        and type(ids) is list
        and len(ids) <= MAX_JOBS
        and all(type(job_id) is str and _JOB_ID.fullmatch(job_id) for job_id in ids)
        and (type(runner.pid), type(runner.start), type(runner.host)) == (int, str, str)
        and 0 < runner.pid < 2**31
    )
    if not is_sound:
        return None
    answered = [job_id for job_id in read_answers(folder, queue).values() if job_id]
    return StoredJobs(folder=folder, queue=queue, runner=runner, ids=tuple(dict.fromkeys([*ids, *answered])))


def read_answers(folder: Path, queue: Queue) -> Mapping[Path, str]:
    """Return the job that each answer of a queue names, by file; empty while the queue has not answered."""
    found = {}
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        paths = sorted(Path(entry.path) for entry in entries if entry.name.startswith(ANSWER_PREFIX))
        for path in paths[:MAX_JOBS]:
            with contextlib.suppress(OSError):
                answer = read_own(path, MAX_ANSWER_BYTES).decode(errors="replace")
                named = re.search(queue.answer, answer, re.ASCII)
                found[path] = f"{named[1]}{queue.first_job}" if named else ""
    return found


def jobs_folders(run: Path) -> Iterator[Path]:
    """Yield the folders that runners have made for their jobs."""
    with contextlib.suppress(OSError), os.scandir(run) as entries:
        found = [Path(entry.path) for entry in entries if entry.name.startswith(FOLDER_PREFIX)]
        for folder in sorted(found)[:MAX_FOLDERS]:
            with contextlib.suppress(OSError):
                if stat.S_ISDIR(folder.lstat().st_mode):
                    yield folder


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftJobs:
    """Jobs whose runner has died."""

    queue: Queue
    ids: tuple[str, ...]
    is_known: bool
    """True if the queue says that they are there; False if it does not answer."""

    @property
    def words(self) -> str:
        """Say which jobs are left, and how to cancel them."""
        count, them = ("1 job", "it") if len(self.ids) == 1 else (f"{len(self.ids)} jobs", "them")
        verb = "may be" if not self.is_known else "is" if len(self.ids) == 1 else "are"
        command = " ".join([self.queue.cancel, *self.ids])
        return f"{count} {verb} left in {self.queue.name} by its runner, which died; cancel {them}: {command}"


def left_jobs(run: Path) -> Sequence[LeftJobs]:
    """Return the jobs that died runners of a run have left in a queue; the queue is asked if there may be any."""
    found = []
    for folder in jobs_folders(run):
        stored = read_jobs(folder, run)
        if stored is None or not stored.ids or is_alive(stored.runner):
            continue
        jobs = ask_queue(stored.queue, stored.ids)
        ids = stored.ids if jobs is None else tuple(job.id for job in jobs)
        if ids:
            found.append(LeftJobs(queue=stored.queue, ids=ids, is_known=jobs is not None))
    return found


def remove_ended(run: Path) -> None:
    """Remove the folders of earlier runners whose jobs have ended."""
    for folder in jobs_folders(run):
        stored = read_jobs(folder, run)
        if stored is None or is_alive(stored.runner):
            continue
        if ask_queue(stored.queue, stored.ids) == ():
            remove_jobs_folder(folder)


def remove_jobs_folder(folder: Path) -> None:
    """Remove what runner and jobs wrote into a folder, and the folder unless something else is in it."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in list(entries):
            if not entry.is_dir(follow_symlinks=False):
                with contextlib.suppress(OSError):
                    Path(entry.path).unlink()
    with contextlib.suppress(OSError):
        folder.rmdir()


def last_words(folder: Path, job_id: str) -> str:
    """Return the last line of the newest file in a folder whose name has a job's id; empty if there is none."""
    of_job = re.compile(rf"(?<!\d){re.escape(job_id)}(?!\d)")
    words: Mapping[float, str] = {}
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if of_job.search(path.name):
                with contextlib.suppress(OSError):
                    lines = read_own(path, MAX_OUTPUT_BYTES).decode(errors="replace").split("\n")
                    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
                    words = {**words, path.lstat().st_mtime: escape_text(last)}
    return words[max(words)] if words else ""
