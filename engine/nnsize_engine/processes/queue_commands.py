"""The batch queues that jobs are submitted to: their commands, and how their answers are read.

A queue is asked for the state of jobs by its own command. The formats are those of the manuals of SLURM 23, PBS Pro
2022, Grid Engine 8, LSF 10 and HTCondor 23; OAR and Moab are not asked. An answer of another form counts as no answer.
"""

import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from nnsize_engine.text import escape_text

QueueName = Literal["slurm", "pbs", "sge", "lsf", "htcondor", "oar", "moab"]

QUEUE_NAMES: tuple[QueueName, ...] = get_args(QueueName)

JobState = Literal["waiting", "running"]

MAX_ANSWER_SECONDS = 10.0  # of a queue's command; a busy controller of SLURM takes seconds

MAX_REASON_LETTERS = 120  # of a reason that is shown; SLURM lists every node that is down

MAX_ANSWER_LETTERS = 1_000_000  # of a queue's answer; one of a thousand jobs has 100,000


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedJob:
    """A job that a queue knows and that has not ended."""

    id: str
    state: JobState
    reason: str = ""
    """Why it waits, in the queue's words; empty if the queue does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A batch queue."""

    name: QueueName
    cluster: str
    """The class of dask-jobqueue."""

    submit: str
    cancel: str
    answer: str = r"(\d{1,20})"
    """A pattern that finds the id of a job in the answer to its submission."""

    first_job: str = ""
    """The end of the id of the first job of a submission, after what the pattern finds."""

    status: Callable[[Sequence[str]], Sequence[str]] | None = None
    """Returns the command that prints the state of jobs; None for a queue that is not asked."""

    read: Callable[[str], Sequence[tuple[str, str, str]]] = field(default=lambda _: ())
    """Returns id, state and reason of each job in the answer."""

    running: frozenset[str] = frozenset()
    """States of a job that runs."""

    waiting: frozenset[str] = frozenset()
    """States of a job that waits; one in a state of neither kind has ended."""

    unknown_job: str = ""
    """What the answer says if none of the jobs is known; its exit code is then not 0."""


def _rows(pattern: str) -> Callable[[str], Sequence[tuple[str, str, str]]]:
    """Return a reader of answers with one job a line: id, state and, if the pattern has it, reason."""
    line = re.compile(pattern, re.ASCII)

    def read(answer: str) -> Sequence[tuple[str, str, str]]:
        found = (line.match(text) for text in answer.splitlines())
        return [(one["id"], one["state"], one.groupdict().get("reason") or "") for one in found if one is not None]

    return read


def _read_pbs(answer: str) -> Sequence[tuple[str, str, str]]:
    """Read ``qstat -f``: a block for each job, whose long lines go on after a tab."""
    jobs = []
    for block in re.split(r"^Job Id:", answer.replace("\n\t", ""), flags=re.MULTILINE)[1:]:
        job_id = re.match(r"\s*(\d+)", block, re.ASCII)
        facts = dict(re.findall(r"^\s+(job_state|comment) = (.*)$", block, re.MULTILINE))
        if job_id is not None:
            jobs.append((job_id[1], facts.get("job_state", ""), facts.get("comment", "")))
    return jobs


def _read_condor(answer: str) -> Sequence[tuple[str, str, str]]:
    """Read ``condor_q -af``: cluster, process, state and the reason of a hold."""
    rows = _rows(r"(?P<id>\d+ \d+) (?P<state>\d)(?: (?P<reason>.*))?")(answer)
    return [
        (job_id.replace(" ", "."), state, "" if reason == "undefined" else reason) for job_id, state, reason in rows
    ]


def _user() -> str:
    import getpass

    return getpass.getuser()


BATCH_QUEUES: Mapping[str, Queue] = {
    queue.name: queue
    for queue in (
        Queue(
            name="slurm",
            cluster="SLURMCluster",
            submit="sbatch",
            cancel="scancel",
            status=lambda ids: ["squeue", "--noheader", "--format=%i|%T|%r", f"--jobs={','.join(ids)}"],
            read=_rows(r" *(?P<id>\d+)\|(?P<state>\w+)\|(?P<reason>.*)"),
            running=frozenset({"RUNNING", "COMPLETING", "CONFIGURING", "STAGE_OUT", "STOPPED", "SUSPENDED"}),
            waiting=frozenset({"PENDING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SPECIAL_EXIT", "RESV_DEL_HOLD"}),
            unknown_job="Invalid job id",
        ),
        Queue(
            name="pbs",
            cluster="PBSCluster",
            submit="qsub",
            cancel="qdel",
            status=lambda ids: ["qstat", "-f", *ids],
            read=_read_pbs,
            running=frozenset("REBU"),
            waiting=frozenset("QHWTSM"),
            unknown_job="Unknown Job",
        ),
        Queue(
            name="sge",
            cluster="SGECluster",
            submit="qsub",
            cancel="qdel",
            status=lambda _: ["qstat", "-u", _user()],  # it cannot be asked for ids
            read=_rows(r" *(?P<id>\d+) +[\d.]+ +\S+ +\S+ +(?P<state>\w+)"),
            running=frozenset({"r", "t", "Rr", "Rt", "hr", "s", "S", "T", "dr"}),
            waiting=frozenset({"qw", "hqw", "hRwq", "Eqw", "Rq"}),
        ),
        Queue(
            name="lsf",
            cluster="LSFCluster",
            submit="bsub",
            cancel="bkill",
            status=lambda ids: ["bjobs", "-noheader", "-o", "jobid stat pend_reason delimiter='|'", *ids],
            read=_rows(r" *(?P<id>\d+)\|(?P<state>\w+)\|(?P<reason>.*)"),
            running=frozenset({"RUN", "SSUSP", "USUSP", "PROV"}),
            waiting=frozenset({"PEND", "PSUSP", "WAIT"}),
            unknown_job="is not found",
        ),
        Queue(
            name="htcondor",
            cluster="HTCondorCluster",
            submit="condor_submit",
            cancel="condor_rm",
            answer=r"submitted to cluster (\d{1,20})",
            first_job=".0",
            status=lambda ids: ["condor_q", *ids, "-af", "ClusterId", "ProcId", "JobStatus", "HoldReason"],
            read=_read_condor,
            running=frozenset({"2", "6", "7"}),
            waiting=frozenset({"1", "5"}),
        ),
        Queue(name="oar", cluster="OARCluster", submit="oarsub", cancel="oardel", answer=r"OAR_JOB_ID=(\d{1,20})"),
        Queue(name="moab", cluster="MoabCluster", submit="msub", cancel="canceljob"),
    )
}


def ask_queue(queue: Queue, ids: Sequence[str]) -> Sequence[QueuedJob] | None:
    """Return those of the jobs that have not ended; None if the queue does not answer, or is not asked."""
    if not ids:
        return ()
    if queue.status is None:
        return None
    answer = _run(queue.status(ids))
    if answer is None:
        return None
    code, text = answer
    if code != 0 and not (queue.unknown_job and queue.unknown_job in text):
        return None
    wanted = frozenset(ids)
    jobs = []
    for job_id, state, reason in queue.read(text):
        if job_id in wanted and state in queue.running | queue.waiting:
            is_running = state in queue.running
            shown = "" if is_running or reason.strip() in ("None", "-") else escape_text(reason.strip())
            jobs.append(
                QueuedJob(id=job_id, state="running" if is_running else "waiting", reason=shown[:MAX_REASON_LETTERS])
            )
    return jobs


def cancel_jobs(cancel: Sequence[str], ids: Sequence[str]) -> bool:
    """Cancel jobs by a command; return whether it says that it did. A job that has ended may make it say no."""
    answer = _run([*cancel, *ids]) if ids else (0, "")
    return answer is not None and answer[0] == 0


def _run(command: Sequence[str]) -> tuple[int, str] | None:
    """Return the exit code and the output of a command; None if it is not there or takes too long."""
    program = shutil.which(command[0])
    if program is None:
        return None
    try:
        ended = subprocess.run(
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=MAX_ANSWER_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return ended.returncode, ended.stdout[:MAX_ANSWER_LETTERS].decode(errors="replace")
