"""Look at the jobs of a run in their queue: say what the queue says, and replace jobs that have ended."""

import threading
import time
from collections.abc import Sequence
from typing import Any

from nnsize_engine.cluster.backend import Note
from nnsize_engine.cluster.recorded_job import Submissions
from nnsize_engine.errors import ClusterError
from nnsize_engine.processes.queue_commands import QueuedJob, ask_queue

LOOK_SECONDS = 2.0  # between two looks at the connected workers

WAITING_SECONDS = 15.0  # between two questions to the queue while jobs wait; sites dislike more

RUNNING_SECONDS = 60.0  # the same while all jobs run

GRACE_SECONDS = 10.0  # after its submission in which a job may be unknown to the queue

REPLACE_SECONDS = 15.0  # between two submissions of jobs in place of those that ended

RETRY_SECONDS = 60.0  # until jobs that the queue refused are submitted again

MAX_FAILURES = 3  # jobs in a row that end before their workers connect; more are no accident

MAX_REASONS = 3  # different reasons why jobs wait that are shown


class JobKeeper:
    """Looks at the jobs of one cluster, in a thread of its own."""

    def __init__(self, cluster: Any, submissions: Submissions, note: Note) -> None:
        """``cluster`` is one of dask-jobqueue that was told how many workers it shall have."""
        self._cluster, self._submissions, self._note = cluster, submissions, note
        self._jobs, self._queue = submissions.jobs, submissions.jobs.queue
        self._states: Sequence[QueuedJob] | None = ()
        self._connected_ids: set[str] = set()
        self._failures = 0
        self._failure = ""
        self._next_question = 0.0
        self._next_submission = 0.0
        self._is_ended = threading.Event()

    def start(self) -> None:
        """Begin to look."""
        threading.Thread(target=self._keep, daemon=True).start()

    def end(self) -> None:
        """End looking."""
        self._is_ended.set()

    def status(self) -> str:
        """Return in a few words what the queue says of the jobs.

        Raises:
            ClusterError: the queue refuses all jobs, or they end before their workers connect.
        """
        name, found = self._queue.name, self._submissions
        if found.refusal and not found.accepted and not found.under_way:
            raise ClusterError(f"{name} refused the jobs: {found.refusal}")
        if self._failures >= MAX_FAILURES:
            words = self._failure or "; they left no words"
            raise ClusterError(f"{self._failures} jobs of {name} ended before their workers connected{words}")
        jobs, submitted = self._states, len(self._jobs.ids)
        if not jobs:
            parts = [f"{_count(submitted)} submitted" if submitted else "no job submitted yet"]
        else:
            waiting = [job for job in jobs if job.state == "waiting"]
            running = len(jobs) - len(waiting)
            parts = [f"{_count(len(waiting))} waiting{_reasons(waiting)}"] if waiting else []
            parts += [f"{_count(running)} running"] if running else []
        parts += [f"refused: {found.refusal}"] if found.refusal else []
        return f"{name}: {', '.join(parts)}"

    def _keep(self) -> None:
        while not self._is_ended.wait(LOOK_SECONDS):
            self.look(time.monotonic())

    def look(self, now: float) -> None:
        """Look once, at a moment of the monotonic clock."""
        connected = self._connected_jobs()
        if connected - self._connected_ids:
            self._failures = 0
        lost = (self._connected_ids - connected) & set(self._jobs.ids)
        self._connected_ids |= connected
        if now >= self._next_question or (lost and now >= self._next_question - RUNNING_SECONDS + WAITING_SECONDS):
            self._states = ask_queue(self._queue, self._jobs.ids)
            waits = self._states is None or any(job.state == "waiting" for job in self._states)
            are_all_there = connected >= set(self._jobs.ids)
            self._next_question = now + (RUNNING_SECONDS if are_all_there and not waits else WAITING_SECONDS)
            if self._states is not None:
                self._forget_ended({job.id for job in self._states} | connected, now)
        if now >= self._next_submission and self._failures < MAX_FAILURES and not self._is_ended.is_set():
            self._replace(now)

    def _connected_jobs(self) -> set[str]:
        """Return the ids of the jobs that have a connected worker."""
        workers = [str(one["name"]) for one in list(self._cluster.scheduler_info["workers"].values())]
        names = {*workers, *(name.rpartition("-")[0] for name in workers)}  # a job may have several: NAME-0, NAME-1
        return {job_id for name, job_id in list(self._submissions.ids.items()) if name in names}

    def _forget_ended(self, known: set[str], now: float) -> None:
        """Forget jobs that the queue no longer has."""
        times = self._submissions.times
        ended = [job_id for job_id in self._jobs.ids if job_id not in known and now - times[job_id] > GRACE_SECONDS]
        self._jobs.remove(ended)
        for job_id in ended:
            if job_id in self._connected_ids:
                self._note("info", f"job {job_id} of {self._queue.name} has ended")
                continue
            words = self._jobs.last_words(job_id)
            self._failures += 1
            self._failure = f": {words}" if words else ""
            self._note(
                "warning", f"job {job_id} of {self._queue.name} ended before its worker connected{self._failure}"
            )

    def _replace(self, now: float) -> None:
        """Submit jobs for workers that have none, because theirs has ended or was refused."""
        if not self._without_job() or self._submissions.under_way:
            return
        self._next_submission = now + (RETRY_SECONDS if self._submissions.refusal else REPLACE_SECONDS)
        self._cluster.loop.add_callback(self._submit)

    def _without_job(self) -> list[Any]:
        """Return the names of the workers that have no job.

        A job whose worker was connected is left to Dask, which forgets it some seconds after the worker is gone. It
        would then cancel another job of the same name.
        """
        live, ids = set(self._jobs.ids), self._submissions.ids
        return [
            name
            for name in list(self._cluster.worker_spec)
            if name not in self._cluster.workers or ids.get(str(name), "") not in live | self._connected_ids
        ]

    def _submit(self) -> None:
        """Submit what is missing; called by the thread of the scheduler, which alone changes the cluster."""
        if not self._submissions.under_way:
            for name in self._without_job():
                self._cluster.workers.pop(name, None)
            self._cluster.scale(jobs=len(self._cluster.worker_spec))


def _count(jobs: int) -> str:
    return "1 job" if jobs == 1 else f"{jobs} jobs"


def _reasons(waiting: Sequence[QueuedJob]) -> str:
    """Return the different reasons why jobs wait, in parentheses; empty if the queue gives none."""
    reasons = list(dict.fromkeys(job.reason for job in waiting if job.reason))
    more = f" and {len(reasons) - MAX_REASONS} more" if len(reasons) > MAX_REASONS else ""
    return f" ({', '.join(reasons[:MAX_REASONS])}{more})" if reasons else ""
