"""Answers of queues, as their manuals show them."""

import stat
from pathlib import Path

import pytest

from nnsize_engine.processes.queue_commands import BATCH_QUEUES, MAX_REASON_LETTERS, QueuedJob, ask_queue, cancel_jobs
from nnsize_engine.settings import cluster

PBS = """Job Id: 123.server1
    Job_Name = dask-worker
    Job_Owner = someone@login1
    job_state = Q
    queue = workq
    comment = Not Running: Insufficient amount of resource: ncpus (R: 4 A: 0 T:
\t64)

Job Id: 124.server1
    Job_Name = dask-worker
    job_state = R
    comment = Job run at Mon Nov 30 at 13:00 on (node1:ncpus=4)

Job Id: 125.server1
    job_state = F
"""

SGE = """job-ID  prior   name       user         state submit/start at     queue                          slots
-----------------------------------------------------------------------------------------------------------------
    123 0.55500 dask-worke someone      qw    11/30/2026 13:00:00                                    4
    124 0.55500 dask-worke someone      r     11/30/2026 13:00:00 all.q@node1                        4
    999 0.55500 other      someone      r     11/30/2026 13:00:00 all.q@node1                        4
"""

ANSWERS = {
    "slurm": ("squeue", "123|PENDING|Priority\n124|RUNNING|None\n125|CANCELLED|None\nslurm: a note\n", "Priority"),
    "pbs": ("qstat", PBS, "Not Running: Insufficient amount of resource: ncpus (R: 4 A: 0 T:64)"),
    "sge": ("qstat", SGE, ""),
    "lsf": ("bjobs", "123|PEND|New job is waiting for scheduling;\n124|RUN|-\n125|DONE|-\n", "New job is waiting for"),
}


def command(folder: Path, name: str, answer: str, code: int = 0) -> None:
    """Put a command on the PATH that prints an answer."""
    (folder / f"{name}.txt").write_text(answer)
    path = folder / name
    path.write_text(f"#!/bin/sh\ncat {folder / name}.txt\necho $* > {folder / name}.arguments\nexit {code}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder at the beginning of the PATH."""
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return tmp_path


@pytest.mark.parametrize("name", ANSWERS)
def test_the_answer_of_a_queue_is_read(commands: Path, name: str) -> None:
    program, answer, reason = ANSWERS[name]
    command(commands, program, answer)
    waiting, running = ask_queue(BATCH_QUEUES[name], ["123", "124", "125"]) or ()
    assert (waiting.id, waiting.state) == ("123", "waiting")
    assert waiting.reason.startswith(reason)
    assert running == QueuedJob(id="124", state="running")


def test_the_answer_of_htcondor_is_read(commands: Path) -> None:
    command(
        commands, "condor_q", "12 0 1 undefined\n13 0 2 undefined\n14 0 5 Memory usage too high\n15 0 4 undefined\n"
    )
    jobs = ask_queue(BATCH_QUEUES["htcondor"], ["12.0", "13.0", "14.0", "15.0"])
    assert jobs == [
        QueuedJob(id="12.0", state="waiting"),
        QueuedJob(id="13.0", state="running"),
        QueuedJob(id="14.0", state="waiting", reason="Memory usage too high"),
    ]


def test_a_queue_that_knows_none_of_the_jobs_has_none(commands: Path) -> None:
    command(commands, "squeue", "slurm_load_jobs error: Invalid job id specified\n", code=1)
    assert ask_queue(BATCH_QUEUES["slurm"], ["123"]) == []
    assert ask_queue(BATCH_QUEUES["slurm"], []) == ()


@pytest.mark.parametrize("name", ["slurm", "oar", "moab"])
def test_no_answer_is_no_jobs_that_are_known(commands: Path, name: str) -> None:
    command(commands, "squeue", "slurm_load_jobs error: Unable to contact slurm controller\n", code=1)
    assert ask_queue(BATCH_QUEUES[name], ["123"]) is None


def test_a_reason_is_short_and_controls_no_terminal(commands: Path) -> None:
    command(commands, "squeue", f"123|PENDING|\033[2J{'x' * 1000}\n")
    (job,) = ask_queue(BATCH_QUEUES["slurm"], ["123"]) or ()
    assert job.reason.isprintable()
    assert len(job.reason) == MAX_REASON_LETTERS


def test_jobs_are_cancelled_by_their_ids(commands: Path) -> None:
    command(commands, "scancel", "")
    assert cancel_jobs(["scancel"], ["123", "124"])
    assert (commands / "scancel.arguments").read_text() == "123 124\n"
    command(commands, "scancel", "", code=1)
    assert not cancel_jobs(["scancel"], ["123"])
    assert not cancel_jobs(["no-such-command"], ["123"])


def test_every_queue_of_the_settings_has_its_commands() -> None:
    assert set(BATCH_QUEUES) == set(cluster.QUEUES)
