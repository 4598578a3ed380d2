"""Runs on a queue: the same scores, and no job left at their end, at a stop and when the runner is killed."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs import launch
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.queue_jobs import jobs_folders
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.cluster import ClusterSettings
from nnsize_engine.settings.search import SizeSettings
from support.commands import nnsize_here
from support.slurm import slurm_on_path
from support.slurm.stand_in import StandIn

pytest.importorskip("distributed")

pytestmark = pytest.mark.new_processes

NEW_RUNNERS = True  # Dask reads its configuration when it is imported

SECONDS = 120.0  # at most until something that is waited for is there

QUICK = SizeSettings(data="iris", scoring="accuracy", neurons="4:20:4", cv=3)

LONG = replace(QUICK, data="digits", neurons="200:400:20", network=replace(QUICK.network, max_iter=2000, tol=0.0))
"""It takes minutes."""

SLURM = ClusterSettings(where="slurm", workers=(2, 2))


@pytest.fixture
def slurm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """SLURM on the PATH of the runners that a test starts."""
    with slurm_on_path(tmp_path / "site") as (jobs, environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield jobs


def wait(reached: Callable[[], object]) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + SECONDS
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def view_of(folder: Path) -> SizeView:
    """Look at a search."""
    view = RunFollower(folder).look()
    assert isinstance(view, SizeView)
    return view


def are_gone(jobs: StandIn) -> bool:
    """Return whether no job is left, neither one that runs nor one that waits."""
    return all(jobs.state(job_id) == "ENDED" for job_id in jobs.ids())


def test_a_search_on_a_queue_has_the_scores_of_a_local_one_and_leaves_no_job(run_home: Path, slurm: StandIn) -> None:
    local, queued = (launch.start(settings, run_home) for settings in (QUICK, replace(QUICK, cluster=SLURM)))
    wait(lambda: all(read_state(folder)[1] not in LIVE_STATES for folder in (local, queued)))
    ours, theirs = view_of(local), view_of(queued)
    assert (theirs.state, theirs.header.reason) == ("finished", None)
    assert [[fit and fit.test_score for fit in one.fits] for one in theirs.summaries] == [
        [fit and fit.test_score for fit in one.fits] for one in ours.summaries
    ]
    assert any("slurm" in line.text for line in theirs.log)
    assert len(slurm.ids()) == 2
    wait(lambda: are_gone(slurm))
    assert list(jobs_folders(queued)) == []


def test_a_stopped_search_cancels_its_jobs_and_a_killed_one_too(run_home: Path, slurm: StandIn) -> None:
    (slurm.folder / "slots").write_text("1")
    folder = launch.start(replace(LONG, cluster=SLURM), run_home)
    wait(lambda: view_of(folder).under_way)
    launch.stop(folder)
    launch.wait_for_end(folder)
    assert read_state(folder)[1] == "stopped"
    wait(lambda: are_gone(slurm))
    assert list(jobs_folders(folder)) == []

    launch.resume(folder)
    wait(lambda: not are_gone(slurm) and view_of(folder).under_way)
    runner = view_of(folder).header.runner
    assert runner is not None
    os.kill(runner.pid, signal.SIGKILL)
    killed = time.monotonic()
    wait(lambda: are_gone(slurm))
    wait(lambda: list(jobs_folders(folder)) == [])
    assert time.monotonic() - killed < 60
    assert "scancel" not in nnsize_here("runs").stderr


@pytest.mark.usefixtures("run_home")
def test_a_queue_that_refuses_ends_the_run_in_its_words(slurm: StandIn) -> None:
    (slurm.folder / "refuse").write_text("invalid partition specified: nope")
    ended = nnsize_here("size", "iris", "--scoring", "accuracy", "--cluster", "slurm")
    assert ended.returncode == 2
    assert "slurm refused the jobs: sbatch: error: invalid partition specified: nope" in ended.stderr
