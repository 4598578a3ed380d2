"""Whole runs on a cluster: stopped, killed, resumed elsewhere, refused."""

import os
import signal
from pathlib import Path

import psutil
import pytest

from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.results.search_records import FitResult
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import reading
from nnsize_engine.runs.folders import list_runs, read_state
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.search_reader import read_fits
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.stored_settings import settings_from_json, settings_to_json
from support.clusters import Machines, free_port, local_fits, search_of, wait_until
from support.commands import nnsize, nnsize_here
from support.waiting import wait_until as wait_for

MEDIUM = NetworkParameters(max_iter=2000, tol=0, n_iter_no_change=2000)


def fits_of(folder: Path) -> dict[tuple[int, int], FitResult]:
    """Return the stored fits."""
    with reading(folder) as connection:
        return {(fit.candidate, fit.fold): fit for fit in read_fits(connection)[0]}


def scores(fits: dict[tuple[int, int], FitResult]) -> dict[tuple[int, int], tuple[float | None, float | None]]:
    """Return the scores of fits."""
    return {key: (fit.test_score, fit.train_score) for key, fit in fits.items()}


def test_a_run_whose_runner_is_killed_goes_on_without_the_cluster(two_workers: Machines, run_home: Path) -> None:
    search = search_of(neurons="30:38", cv=3, network=MEDIUM, cluster=two_workers.settings(2))
    expected = scores({key: fit.result for key, fit in local_fits(search).items()})  # compiled, too, before it is timed
    folder = launch.start(search.settings, run_home)
    wait_for(lambda: len(fits_of(folder)) > 2 or read_state(folder)[1] not in LIVE_STATES)
    view = RunFollower(folder).look()
    assert isinstance(view, SizeView)
    assert view.state == "running", view.header.reason
    assert view.cluster is not None
    assert len(view.cluster.workers) == 2
    header, _ = read_state(folder)
    assert header.runner is not None
    os.kill(header.runner.pid, signal.SIGKILL)
    wait_for(lambda: read_state(folder)[1] == "interrupted")
    before = fits_of(folder)
    wait_until(two_workers.is_idle)  # Dask drops what the dead runner asked for
    resumed = nnsize_here("resume", folder.name, "--follow", "--cluster", "none")
    assert resumed.returncode == 0, resumed.stderr
    after = fits_of(folder)
    assert {key: fit for key, fit in after.items() if key in before} == before  # their seconds, too: none is repeated
    assert scores(after) == expected
    assert RunFollower(folder).look().cluster is None


def test_local_workers_end_with_a_killed_runner(run_home: Path) -> None:
    search = search_of(neurons="30:44", cv=3, network=MEDIUM, cluster=Machines.local(2))
    folder = launch.start(search.settings, run_home)
    wait_for(lambda: len(fits_of(folder)) > 2)
    header, _ = read_state(folder)
    assert header.runner is not None
    children = psutil.Process(header.runner.pid).children(recursive=True)
    assert len(children) >= 2
    launch.pause(folder)
    assert launch.wait_for(folder, lambda state: state == "paused", 30) == "paused"
    os.kill(header.runner.pid, signal.SIGKILL)
    gone, alive = psutil.wait_procs(children, timeout=30)
    assert not alive
    assert gone


def test_a_wrong_address_ends_in_a_sentence_and_leaves_no_run(run_home: Path) -> None:
    address = f"tcp://127.0.0.1:{free_port()}"
    found = nnsize("size", "--neurons", "2", "--cv", "2", "--cluster", address)
    assert found.returncode == 2
    assert f"the scheduler {address} cannot be reached: nothing answers there" in found.stderr
    assert "Traceback" not in found.stderr
    assert list_runs(run_home) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--cluster", "slrum"), "cluster is 'slrum'; did you mean 'slurm'?"),
        (("--cluster", "tcp://host"), "the address of a scheduler is tcp://HOST:PORT or tls://HOST:PORT"),
        (("--cluster", "tcp://host:99999"), "the address of a scheduler is tcp://HOST:PORT or tls://HOST:PORT"),
        (("--cluster", "local"), "it must be local:N with 1 to 256 worker processes on this machine"),
        (("--cluster", "local:0"), "it must be local:N with 1 to 256 worker processes on this machine"),
        (("--cluster", "local:2", "--workers", "2"), "local:N says itself how many workers there are"),
        (("--cluster", "/no/such/file"), "there is no such scheduler file"),
        (("--cluster", "mesos"), "it must be tcp://HOST:8786"),
        (("--workers", "2"), "no cluster is chosen"),
        (("--cluster", "slurm", "--workers", "9:2"), "it must be a number such as 40"),
        (("--cluster", "slurm", "--workers", "many"), "it must be a number such as 40"),
        (("--cluster", "slurm", "--workers", "0"), "workers is 0"),
        (("--cluster", "slurm", "--cluster-wait", "-1"), "cluster-wait is -1.0"),
    ],
)
def test_a_wrong_option_is_refused(options: tuple[str, ...], words: str, run_home: Path) -> None:
    for command in ("size", "evolve"):
        found = nnsize_here(command, *options)
        assert found.returncode == 2
        assert words in found.stderr
        assert len(found.stderr.strip().splitlines()) == 1
    assert list_runs(run_home) == []


def test_the_cluster_is_stored_with_the_settings(run_home: Path) -> None:
    del run_home
    settings = search_of(cluster=Machines.local(3)).settings
    assert settings_from_json(settings_to_json(settings), "size") == settings


def test_defaults_name_the_cluster(run_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    monkeypatch.setenv("NNSIZE_CONFIG", str(file))
    file.write_text('[cluster]\nwhere = "local"\nworkers = 2\n')
    assert "cluster is 'local'" in nnsize_here("size", "--estimate").stderr
    assert nnsize_here("size", "--neurons", "2", "--cv", "2", "--cluster", "none").returncode == 0
    file.write_text('[cluster]\nwher = "local:2"\n')
    assert f"unknown setting 'wher' in [cluster] of {file}; did you mean 'where'?" in nnsize_here("size").stderr
    file.write_text("[cluster]\nwhere = 3\nwait = true\n")
    assert "wait in [cluster]" in nnsize_here("size").stderr
    assert len(list_runs(run_home)) == 1
