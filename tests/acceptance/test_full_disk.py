"""A real disk that fills up under a run at work: it is named everywhere, and the run goes on by itself."""

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs import launch
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.stall_file import FILE_NAME, read_stall
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from support.commands import nnsize_here
from support.waiting import wait_until

SETTINGS = SizeSettings(
    data="iris", neurons="2:40", cv=5, jobs=2, scoring="accuracy", references=False,
    network=NetworkParameters(max_iter=400, tol=0),
)  # fmt: skip
"""190 fits with a loss curve of 3 kB each."""

DISK_BYTES = 3_000_000


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small disk of its own, as the home of runs."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("only root may make a small disk")
    monkeypatch.setenv("NNSIZE_HOME", str(folder / "runs"))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Leave no byte of room."""
    path = disk / "fill"
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    return path


def is_stalled(folder: Path, kind: str) -> bool:
    stall = RunFollower(folder).look().stall
    return stall is not None and stall.kind == kind


def test_a_run_names_a_full_disk_and_goes_on_by_itself_with_nothing_lost(disk: Path) -> None:
    folder = launch.start(SETTINGS, disk / "runs")
    wait_until(lambda: read_state(folder)[0].done >= 1)
    filler = fill(disk)
    wait_until(lambda: is_stalled(folder, "full"))

    paused = nnsize_here("pause", folder.name)
    assert paused.returncode == 2
    assert f"run {folder.name} is still running, and does what it was asked later: the disk has been full" in (
        paused.stderr
    )
    resumed = nnsize_here("resume", folder.name)
    assert "is running already, but the disk has been full since" in resumed.stderr
    assert "stalled: the disk has been full since" in nnsize_here("show", folder.name).stdout
    assert "stalled" in nnsize_here("runs").stdout
    seen = json.loads(nnsize_here("show", folder.name, "--json").stdout)["stall"]
    stall = read_stall(folder)
    assert stall is not None
    assert (seen["kind"], seen["since"]) == ("full", stall.since)
    assert seen["words"].endswith("goes on by itself as soon as there is room")

    filler.unlink()
    wait_until(lambda: read_state(folder)[1] == "paused")  # as it was asked
    assert RunFollower(folder).look().stall is None
    launch.resume(folder)
    wait_until(lambda: read_state(folder)[1] not in LIVE_STATES)
    view = RunFollower(folder).look()
    assert (view.state, view.header.done, view.broken) == ("finished", view.header.total, ())
    assert any(line.text.startswith("the disk was full from") for line in view.log)
    assert not (folder / FILE_NAME).exists()


def test_a_run_that_is_stopped_on_a_full_disk_says_what_it_could_not_store(disk: Path) -> None:
    folder = launch.start(replace(SETTINGS, neurons="2:400"), disk / "runs")
    wait_until(lambda: read_state(folder)[0].done >= 1)
    filler = fill(disk)
    wait_until(lambda: is_stalled(folder, "full"))
    stopped = nnsize_here("stop", folder.name)
    assert f"run {folder.name} has ended: its runner ended while the disk was full; " in stopped.stderr
    assert f"nnsize resume {folder.name}" in stopped.stderr
    assert "not stored: its runner ended while the disk was full" in nnsize_here("show", folder.name).stdout
    filler.unlink()
    launch.resume(folder)
    assert RunFollower(folder).look().stall is None
    launch.stop(folder)
    wait_until(lambda: read_state(folder)[1] == "stopped")


def test_a_frozen_runner_is_named_with_the_command_that_lets_it_go_on(disk: Path) -> None:
    folder = launch.start(replace(SETTINGS, neurons="2:400"), disk / "runs")
    wait_until(lambda: read_state(folder)[0].done >= 1)
    runner = read_state(folder)[0].runner
    assert runner is not None
    os.kill(runner.pid, signal.SIGSTOP)
    try:
        wait_until(lambda: is_stalled(folder, "frozen"))
        assert f"kill -CONT {runner.pid}" in nnsize_here("show", folder.name).stdout
        assert f"(SIGSTOP); let it go on: kill -CONT {runner.pid}" in nnsize_here("stop", folder.name).stderr
    finally:
        os.kill(runner.pid, signal.SIGCONT)
    wait_until(lambda: read_state(folder)[1] == "stopped")
