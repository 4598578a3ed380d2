"""Workers as jobs in a queue, with a stand-in for SLURM that runs the jobs on this machine."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from nnsize_engine.cluster import job_keeper
from nnsize_engine.cluster.adaptive import wanted_workers
from nnsize_engine.cluster.backend import Level
from nnsize_engine.cluster.queues import QueueBackend, import_dask_jobqueue, open_queue_cluster
from nnsize_engine.errors import ClusterError
from nnsize_engine.runs.queue_jobs import LIST_NAME, jobs_folders, left_jobs
from nnsize_engine.settings.cluster import ClusterSettings
from support.slurm import slurm_on_path
from support.slurm.stand_in import StandIn

dask = pytest.importorskip("dask")
distributed = pytest.importorskip("distributed")

SECONDS = 60.0  # at most until something that is waited for is there

CORES, MEMORY = "jobqueue.slurm.cores", "jobqueue.slurm.memory"

SETTINGS = {
    CORES: 1,
    MEMORY: "2GB",
    "jobqueue.slurm.worker-extra-args": ["--no-nanny"],  # half as many processes to start
    "distributed.deploy.lost-worker-timeout": "300ms",
    "distributed.adaptive.interval": "200ms",
}


@pytest.fixture
def slurm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """SLURM on the PATH, and a keeper that looks at its jobs often."""
    for name, seconds in (("LOOK", 0.1), ("WAITING", 0.2), ("RUNNING", 0.5), ("GRACE", 0.3), ("REPLACE", 0.3)):
        monkeypatch.setattr(job_keeper, f"{name}_SECONDS", seconds)
    import_dask_jobqueue()  # it brings the defaults of its settings
    with slurm_on_path(tmp_path / "site") as (jobs, environment), dask.config.set(SETTINGS):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield jobs


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The folder of a run."""
    folder = tmp_path / "run"
    folder.mkdir()
    return folder


class Notes(list[str]):
    """Lines for the log of a run."""

    def take(self, level: Level, text: str) -> None:
        """Keep a line."""
        self.append(f"{level}: {text}")


@pytest.fixture
def notes() -> Notes:
    """An empty log."""
    return Notes()


@pytest.fixture
def opened(run: Path, notes: Notes) -> Iterator[Callable[..., QueueBackend]]:
    """Open clusters on the queue, and close those that are left open."""
    backends: list[QueueBackend] = []

    def start(fewest: int = 1, most: int | None = None) -> QueueBackend:
        settings = ClusterSettings(where="slurm", workers=(fewest, most or fewest))
        backends.append(open_queue_cluster("slurm", settings, run, notes.take))
        return backends[-1]

    yield start
    for backend in backends:
        backend.close()


def connect(backend: QueueBackend) -> Any:
    """Return a client of the scheduler."""
    return distributed.Client(backend.address, security=backend.security, set_as_default=False)


def wait(reached: Callable[[], object]) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + SECONDS
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def connected(run: Path) -> list[Path]:
    """Return the output of the jobs whose workers have connected."""
    return [path for path in run.glob("jobs-*/slurm-*.out") if "Registered to" in path.read_text()]


def running(jobs: StandIn) -> int:
    """Return how many jobs run."""
    return sum(jobs.state(job_id) == "RUNNING" for job_id in jobs.ids())


def test_jobs_are_submitted_compute_and_are_cancelled_at_the_end(
    slurm: StandIn, opened: Callable[..., QueueBackend], run: Path
) -> None:
    backend = opened(2)
    with connect(backend) as client:
        client.wait_for_workers(2, timeout=SECONDS)
        assert client.submit(sum, [1, 2]).result(timeout=SECONDS) == 3
    assert backend.address.startswith("tls://")
    assert running(slurm) == 2
    (folder,) = jobs_folders(run)
    assert (folder.stat().st_mode & 0o777, len(list(folder.glob("slurm-*.out")))) == (0o700, 2)
    backend.close()
    assert list(jobs_folders(run)) == []
    wait(lambda: running(slurm) == 0)


def test_the_status_tells_why_jobs_wait(slurm: StandIn, opened: Callable[..., QueueBackend]) -> None:
    (slurm.folder / "hold").write_text("Priority")
    backend = opened(2)
    wait(lambda: backend.status() == "slurm: 2 jobs waiting (Priority)")
    (slurm.folder / "hold").unlink()
    (slurm.folder / "slots").write_text("1")
    wait(lambda: backend.status() == "slurm: 1 job waiting (Resources), 1 job running")
    backend.close()  # cancels the waiting one, too
    wait(lambda: not any(slurm.state(job_id) != "ENDED" for job_id in slurm.ids()))


def test_adaptive_workers_begin_with_the_fewest(slurm: StandIn, opened: Callable[..., QueueBackend]) -> None:
    backend = opened(1, 3)
    with connect(backend) as client:
        client.wait_for_workers(1, timeout=SECONDS)
        assert len(slurm.ids()) == 1
        tasks = client.map(time.sleep, [0.4] * 60, pure=False)
        wait(lambda: running(slurm) == 3)
        client.cancel(tasks)


@pytest.mark.parametrize(
    ("threads", "tasks", "wanted"),
    [([], 0, 0), ([1, 1], 2, 4), ([1, 1], 5, 4), ([1, 1], 1, 1), ([4, 4], 5, 2), ([4, 4], 4, 1), ([4, 4], 0, 0)],
)
def test_workers_are_doubled_while_all_are_busy(threads: list[int], tasks: int, wanted: int) -> None:
    assert wanted_workers(threads, tasks) == wanted


def test_a_job_that_dies_is_replaced(slurm: StandIn, opened: Callable[..., QueueBackend], notes: Notes) -> None:
    backend = opened(1)
    with connect(backend) as client:
        client.wait_for_workers(1, timeout=SECONDS)
        (first,) = slurm.ids()
        time.sleep(1.0)  # it is seen as connected
        slurm.end(first, signal.SIGKILL)
        wait(lambda: len(slurm.ids()) == 2)
        assert client.submit(sum, [1, 2]).result(timeout=SECONDS) == 3
    wait(lambda: any(f"job {first} of slurm has ended" in line for line in notes))


def test_jobs_that_end_before_their_workers_connect_end_the_run_with_their_last_words(
    slurm: StandIn, opened: Callable[..., QueueBackend], notes: Notes
) -> None:
    with dask.config.set({"jobqueue.slurm.python": "/no/such/python"}):
        backend = opened(1)
        with pytest.raises(ClusterError, match=r"3 jobs of slurm ended before .* connected: .*No such file"):
            wait(lambda: backend.status() is None)
    assert len(slurm.ids()) == job_keeper.MAX_FAILURES
    assert sum("ended before its worker connected" in line for line in notes) == job_keeper.MAX_FAILURES


def test_a_queue_that_refuses_is_quoted(slurm: StandIn, opened: Callable[..., QueueBackend], run: Path) -> None:
    (slurm.folder / "refuse").write_text("invalid partition specified: nope")
    backend = opened(2)
    words = r"^slurm refused the jobs: sbatch: error: invalid partition specified: nope$"
    with pytest.raises(ClusterError, match=words):
        wait(lambda: backend.status() is None)
    backend.close()
    assert list(jobs_folders(run)) == []


def test_without_the_command_of_a_queue_one_sentence_names_it(
    run: Path, notes: Notes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ClusterError, match="needs the command sbatch, which is not on the PATH"):
        open_queue_cluster("slurm", ClusterSettings(where="slurm"), run, notes.take)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            {CORES: None, MEMORY: None},
            r"does not say its cores and memory; write there, .* jobqueue: {slurm: {cores: 1, memory: 4GB}}",
        ),
        ({MEMORY: None}, "does not say its memory"),
        ({MEMORY: "much"}, "cannot be started as .*jobqueue.yaml says: .*much"),
        ({CORES: "four"}, "cannot be started as .*jobqueue.yaml says"),
    ],
)
def test_missing_and_wrong_settings_are_one_sentence(
    slurm: StandIn, run: Path, notes: Notes, settings: dict[str, object], words: str
) -> None:
    with dask.config.set(settings), pytest.raises(ClusterError, match=words) as raised:
        open_queue_cluster("slurm", ClusterSettings(where="slurm"), run, notes.take)
    assert "\n" not in str(raised.value)
    assert list(run.iterdir()) == []
    assert slurm.ids() == []


RUNNER = """
    import sys, time
    from pathlib import Path
    from nnsize_engine.cluster import job_keeper
    from nnsize_engine.cluster.queues import open_queue_cluster
    from nnsize_engine.settings.cluster import ClusterSettings

    job_keeper.LOOK_SECONDS = 0.1
    settings = ClusterSettings(where="slurm", workers=(3, 3))
    backend = open_queue_cluster("slurm", settings, Path(sys.argv[1]), lambda *_: None)
    print(backend.address, flush=True)
    time.sleep(600)
"""


@contextlib.contextmanager
def started_runner(run: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a process that submits three jobs, and prints a line once it has."""
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(RUNNER), str(run)], stdout=subprocess.PIPE)
    with process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def runner(slurm: StandIn, run: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that has submitted three jobs; two of them run, and one waits."""
    (slurm.folder / "slots").write_text("2")
    with started_runner(run) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        wait(lambda: len(slurm.ids()) == 3 and len(connected(run)) == 2)
        yield process


def test_the_jobs_of_a_killed_runner_are_cancelled(
    slurm: StandIn, run: Path, runner: "subprocess.Popen[bytes]"
) -> None:
    runner.kill()
    runner.wait()
    wait(lambda: {slurm.state(job_id) for job_id in slurm.ids()} == {"ENDED"})
    wait(lambda: list(jobs_folders(run)) == [])
    assert left_jobs(run) == []


def test_a_job_that_the_queue_takes_while_its_runner_is_killed_is_cancelled(slurm: StandIn, run: Path) -> None:
    (slurm.folder / "slow").touch()
    with started_runner(run) as runner:
        wait(lambda: len(slurm.ids()) == 3)
        (folder,) = jobs_folders(run)
        assert json.loads((folder / LIST_NAME).read_text())["ids"] == [], "sbatch has not answered yet"
        runner.kill()
        runner.wait()
    (slurm.folder / "slow").unlink()
    wait(lambda: {slurm.state(job_id) for job_id in slurm.ids()} == {"ENDED"})
    wait(lambda: list(jobs_folders(run)) == [])


def test_the_jobs_of_a_runner_that_is_killed_with_its_watcher_are_told(
    slurm: StandIn, run: Path, runner: "subprocess.Popen[bytes]"
) -> None:
    children = psutil.Process(runner.pid).children()
    (watcher,) = (one for one in children if "nnsize_engine.cluster.queue_watcher" in one.cmdline())
    os.kill(watcher.pid, signal.SIGTERM)  # as at a logout; it goes on
    os.kill(watcher.pid, signal.SIGKILL)
    runner.kill()
    runner.wait()
    # The workers of jobs that run end by themselves without a scheduler; the job that waits is left.
    (slurm.folder / "hold").write_text("Priority")
    waiting = next(job_id for job_id in slurm.ids() if slurm.state(job_id) == "PENDING")
    wait(lambda: running(slurm) == 0)
    (left,) = left_jobs(run)
    assert left.words == f"1 job is left in slurm by its runner, which died; cancel it: scancel {waiting}"
    (slurm.folder / "silent").touch()
    (left,) = left_jobs(run)
    assert left.words.startswith("3 jobs may be left in slurm by its runner, which died; cancel them: scancel 100")
    assert sorted(left.ids) == ["1000", "1001", "1002"]
    (slurm.folder / "silent").unlink()
    copied = run.parent / "copied"
    shutil.copytree(run, copied)
    assert left_jobs(copied) == [], "the ids of a copied folder are not its own"
