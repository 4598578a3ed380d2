"""The list of jobs in a run folder, read as a stranger's."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from nnsize_engine.processes.identity import this_process
from nnsize_engine.processes.queue_commands import BATCH_QUEUES, QueueName
from nnsize_engine.runs.queue_jobs import (
    LIST_NAME,
    MAX_JOBS,
    JobList,
    jobs_folders,
    left_jobs,
    read_jobs,
    remove_ended,
)
from nnsize_engine.runs.remove_files import remove_files
from support.commands import nnsize_here
from support.made_runs import made_run


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a run, on a machine without the commands of a queue."""
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "run").mkdir()
    return tmp_path / "run"


def die(jobs: JobList) -> None:
    """Let the runner that has stored jobs be a process that is gone."""
    path = jobs.folder / LIST_NAME
    gone = asdict(replace(this_process(), pid=2**22 - 1))
    path.write_text(json.dumps(json.loads(path.read_text()) | {"runner": gone}))


def test_jobs_are_stored_as_they_come_and_go(run: Path) -> None:
    jobs = JobList(run, BATCH_QUEUES["slurm"])
    jobs.add("12")
    jobs.add("13")
    jobs.remove(["12"])
    stored = read_jobs(jobs.folder, run)
    assert stored is not None
    assert (stored.queue.name, stored.ids, stored.runner) == ("slurm", ("13",), this_process())
    assert left_jobs(run) == [], "their runner is alive"
    jobs.forget()
    assert jobs.folder.exists(), "a job is left"
    jobs.remove(["13"])
    jobs.forget()
    assert list(run.iterdir()) == []


@pytest.mark.parametrize(
    ("queue", "answer", "job_id"),
    [
        ("slurm", "Submitted batch job 1234\n", "1234"),
        ("pbs", "1234.pbs01.site\n", "1234"),
        ("sge", 'Your job 1234 ("dask-worker") has been submitted\n', "1234"),
        ("lsf", "Job <1234> is submitted to queue <normal>.\n", "1234"),
        ("htcondor", "Submitting job(s).\n1 job(s) submitted to cluster 1234.\n", "1234.0"),
        ("oar", "[ADMISSION RULE] Set default walltime to 7200.\nOAR_JOB_ID=1234\n", "1234"),
        ("moab", "\n1234\n", "1234"),
        ("slurm", "", None),
        ("oar", "[ADMISSION RULE] Set default walltime to 7200.\n", None),
    ],
)
def test_a_job_that_was_not_noted_yet_is_known_by_the_answer_of_its_queue(
    run: Path, queue: QueueName, answer: str, job_id: str | None
) -> None:
    jobs = JobList(run, BATCH_QUEUES[queue])
    jobs.add("12")
    path = jobs.new_answer()
    path.write_text(answer)
    stored = read_jobs(jobs.folder, run)
    assert stored is not None
    assert stored.ids == (("12",) if job_id is None else ("12", job_id))
    jobs.add(job_id or "13")
    assert path.exists() == (job_id is None)


def test_jobs_of_a_dead_runner_are_told_and_go_with_the_run(run: Path) -> None:
    jobs = JobList(run, BATCH_QUEUES["pbs"])
    jobs.add("12")
    (jobs.folder / "dask-worker.o12").write_text("the output of a job\n")
    assert jobs.last_words("12") == "the output of a job"
    assert jobs.last_words("1") == ""
    die(jobs)
    (left,) = left_jobs(run)
    assert left.words == "1 job may be left in pbs by its runner, which died; cancel it: qdel 12"
    remove_ended(run)
    assert jobs.folder.exists(), "whether the job has ended is not known"
    assert remove_files(run, "runner.log") == ()
    assert not run.exists()


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found.update(queue="rm -rf"),
        lambda found: found.update(queue=["slurm"]),
        lambda found: found.update(ids=["12; rm -rf ~"]),
        lambda found: found.update(ids=["--user=someone"]),
        lambda found: found.update(ids=[12]),
        lambda found: found.update(ids="12"),
        lambda found: found.update(ids=["1"] * (MAX_JOBS + 1)),
        lambda found: found.update(ids=["١٢"]),
        lambda found: found.update(run="/somewhere/else"),
        lambda found: found.update(runner={"pid": -1, "start": "", "host": ""}),
        lambda found: found.update(runner={"pid": 1}),
        lambda found: found.update(runner=None),
        lambda found: found.pop("ids"),
    ],
)
def test_a_list_that_no_runner_wrote_is_no_list(run: Path, change: Change) -> None:
    jobs = JobList(run, BATCH_QUEUES["slurm"])
    jobs.add("12")
    die(jobs)
    found = json.loads((jobs.folder / LIST_NAME).read_text())
    change(found)
    (jobs.folder / LIST_NAME).write_text(json.dumps(found))
    assert read_jobs(jobs.folder, run) is None
    assert left_jobs(run) == []


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"[" * 100_000, b"3"])
def test_a_file_that_is_no_list_is_none(run: Path, content: bytes) -> None:
    jobs = JobList(run, BATCH_QUEUES["slurm"])
    (jobs.folder / LIST_NAME).write_bytes(content)
    assert read_jobs(jobs.folder, run) is None


def test_links_and_pipes_are_not_followed(run: Path, tmp_path: Path) -> None:
    jobs = JobList(run, BATCH_QUEUES["slurm"])
    jobs.add("12")
    die(jobs)
    elsewhere = tmp_path / "elsewhere"
    jobs.folder.rename(elsewhere)
    (run / "jobs-link").symlink_to(elsewhere)
    assert list(jobs_folders(run)) == []
    folder = run / "jobs-pipe"
    folder.mkdir()
    os.mkfifo(folder / LIST_NAME)
    (run / "jobs-linked").mkdir()
    (run / "jobs-linked" / LIST_NAME).symlink_to(elsewhere / LIST_NAME)
    assert left_jobs(run) == []
    remove_files(run, "runner.log")
    assert (elsewhere / LIST_NAME).exists()


def test_the_list_of_runs_and_a_run_name_jobs_that_are_left(
    run_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made_run(run_home, "bagote", state="interrupted", fits=3)
    monkeypatch.setenv("PATH", str(tmp_path))
    jobs = JobList(folder, BATCH_QUEUES["slurm"])
    jobs.add("12")
    jobs.add("13")
    die(jobs)
    words = "2 jobs may be left in slurm by its runner, which died; cancel them: scancel 12 13"
    assert f"nnsize: Run bagote: {words}\n" in nnsize_here("runs").stderr, "a full stop would be copied"
    assert f"not cancelled: {words}" in nnsize_here("show", "bagote").stdout
