"""Jobs of dask-jobqueue that are noted as soon as the queue has taken them."""

import asyncio
import shlex
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from nnsize_engine.cluster.backend import Note
from nnsize_engine.runs.queue_jobs import JobList
from nnsize_engine.text import escape_text

MAX_CALLS = 8  # commands of a queue at a time; 200 at once are a burden for a login node

MAX_CALL_SECONDS = 120.0  # of one command; a busy controller of SLURM takes a minute

MAX_WORDS = 300  # letters of what a queue says that are repeated


class RefusedError(RuntimeError):
    """A queue's command that failed, in the queue's words."""


class Submissions:
    """What became of the jobs that were submitted; only the thread of the scheduler changes it."""

    def __init__(self, jobs: JobList, note: Note) -> None:
        self.jobs = jobs
        self.under_way = 0
        """Submissions that the queue has not answered yet."""

        self.accepted = 0
        """Jobs that the queue has taken since the start."""

        self.refusal = ""
        """What the queue said when it last refused a job; empty once it takes one again."""

        self.ids: dict[str, str] = {}
        """The newest job of each worker, by name."""

        self.times: dict[str, float] = {}
        """When each job was taken, in seconds of the monotonic clock, by its id."""

        self._note = note

    def accept(self, name: str, job_id: str) -> None:
        """Note that the queue has taken the job of a worker."""
        self.accepted += 1
        self.refusal = ""
        self.ids[name] = job_id
        self.times[job_id] = time.monotonic()
        self.jobs.add(job_id)

    def refuse(self, words: str) -> None:
        """Note that the queue has refused a job."""
        if words != self.refusal:
            self.refusal = words
            self._note("warning", f"{self.jobs.queue.name} refused a job: {words}")


def recorded(job_class: Any, submissions: Submissions) -> Any:
    """Return a class of jobs that are noted in ``submissions``.

    They are submitted from their own folder of the run: queues write the output of a job where it was submitted.
    """
    room = asyncio.Semaphore(MAX_CALLS)
    jobs = submissions.jobs

    class RecordedJob(job_class):  # type: ignore[misc]  # dask-jobqueue has no types
        async def start(self) -> None:
            submissions.under_way += 1
            try:
                await super().start()
            except (RuntimeError, ValueError, OSError) as error:
                from distributed.core import Status

                self.status = Status.failed  # no cluster is closed while a job has no end
                submissions.refuse(str(error))
                raise
            else:
                submissions.accept(str(self.name), str(self.job_id))
            finally:
                submissions.under_way -= 1

        async def close(self) -> None:
            from distributed.core import Status

            if self.job_id in jobs.ids:
                try:
                    async with room:
                        await _output([*shlex.split(self.cancel_command), self.job_id], jobs.folder)
                except (RefusedError, OSError):
                    pass  # it has ended; if it has not, the next look at the queue finds it
                else:
                    jobs.remove([self.job_id])
            self.status = Status.closed
            self._event_finished.set()

        @staticmethod
        async def _call(command: Sequence[str], *, shell: bool = False) -> str:
            """Submit a job, and return the answer of the queue."""
            answer = jobs.new_answer()  # a file: should this process be killed, the watcher reads it
            try:
                async with room:
                    with answer.open("wb") as file:
                        await _output(command, jobs.folder, shell=shell, stdout=file)
                return answer.read_text(errors="replace")
            except RefusedError:
                answer.unlink(missing_ok=True)
                raise

    return RecordedJob


async def _output(command: Sequence[str], folder: Path, *, shell: bool = False, stdout: IO[bytes] | None = None) -> str:
    """Return what a command prints, unless it shall be written to a file.

    Raises:
        RefusedError: its exit code is not 0, or it takes too long.
        OSError: it cannot be started.
    """
    start: Any = asyncio.create_subprocess_shell if shell else asyncio.create_subprocess_exec
    pipe = asyncio.subprocess.PIPE
    process = await start(*command, stdin=asyncio.subprocess.DEVNULL, stdout=stdout or pipe, stderr=pipe, cwd=folder)
    try:
        output, errors = await asyncio.wait_for(process.communicate(), MAX_CALL_SECONDS)
    except TimeoutError as error:
        process.kill()
        raise RefusedError(f"{command[0]} did not answer within {MAX_CALL_SECONDS:.0f} seconds") from error
    if process.returncode != 0:
        said = " ".join((errors.strip() or output or b"").decode(errors="replace").split())
        raise RefusedError(escape_text(said)[:MAX_WORDS] or f"exit code {process.returncode} and no words")
    return str((output or b"").decode(errors="replace"))
