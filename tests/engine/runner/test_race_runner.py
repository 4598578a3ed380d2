"""Real runners of a race: killed and resumed, they make the same decisions as one that was left alone."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.processes.identity import is_alive
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs import launch
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from support.views import size_view
from support.waiting import wait_until

# Long enough to be killed at work.
AUTO = SizeSettings(
    data="breast_cancer", neurons="auto", max_neurons=64, network=NetworkParameters(max_iter=1200, tol=0),
    references=False,
)  # fmt: skip
GRID = SizeSettings(
    data="digits", scoring="accuracy", neurons="1,64,2,4,8,16,32", race=True,
    network=NetworkParameters(max_iter=120, tol=0), references=False,
)  # fmt: skip

AUTO_GRID = SizeSettings(
    data="wine", scoring="accuracy", neurons="auto", max_neurons=32, cv=3, repeats=2, seed=3,
    grid=(("alpha", (1e-4, 3.0)), ("activation", ("relu", "logistic"))), network=NetworkParameters(max_iter=300, tol=0),
)  # fmt: skip


def finish(folder: Path) -> SizeView:
    wait_until(lambda: read_state(folder)[1] not in LIVE_STATES, 900)
    view = size_view(folder)
    assert view.state == "finished", view.header.reason
    return view


def fits_done(folder: Path) -> int:
    return read_state(folder)[0].done


def kill_after(folder: Path, fits: int) -> None:
    wait_until(lambda: fits_done(folder) >= fits)
    runner = read_state(folder)[0].runner
    assert runner is not None
    os.kill(runner.pid, signal.SIGKILL)
    wait_until(lambda: is_alive(runner) is False)


@pytest.mark.parametrize("settings", [AUTO, GRID, AUTO_GRID], ids=["auto", "sizes", "auto, grid, repeats"])
def test_killed_twice_and_resumed_a_race_equals_one_that_was_left_alone(settings: SizeSettings, run_home: Path) -> None:
    alone = finish(launch.start(replace(settings, jobs=1), run_home))
    assert alone.race is not None
    assert alone.race.dropped
    for jobs in (1, 2):
        folder = launch.start(replace(settings, jobs=jobs), run_home)
        for goal in (4, alone.header.done // 2):
            kill_after(folder, goal)
            seen = size_view(folder)
            assert seen.state == "interrupted"
            launch.resume(folder)
        resumed = finish(folder)
        assert [one.scores for one in resumed.summaries] == [one.scores for one in alone.summaries]
        assert resumed.race == alone.race
        assert resumed.choice == alone.choice
        assert resumed.final_of_best is not None
        assert alone.final_of_best is not None
        assert resumed.final_of_best.test_score == alone.final_of_best.test_score
        assert (resumed.header.done, resumed.header.total) == (alone.header.done, alone.header.done)
