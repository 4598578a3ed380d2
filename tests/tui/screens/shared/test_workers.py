"""An open run on a cluster: its header, its workers, and what it waits for."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.app import App

from nnsize_engine.results.cluster_facts import ClusterFacts
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.settings.cluster import ClusterSettings
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.app.explorer import ExplorerApp
from support.commands import nnsize_here
from support.made_clusters import made_cluster, show_cluster
from support.made_runs import EVOLUTION, made_run, make_evolution
from support.pilots import shown, until, until_shown

SLURM = ClusterSettings(where="slurm", workers=(2, 40))

SEARCH = SizeSettings(data="breast_cancer", neurons="5:100:5", cv=5, cluster=SLURM)


def opened(home: Path, cluster: ClusterFacts, kind: str = "size", *, unicode: bool = True) -> ExplorerApp:
    """Return the explorer on a run that a cluster computes."""
    if kind == "size":
        folder = made_run(home, "bagote", SEARCH, state="running", fits=40)
    else:
        folder = make_evolution(home, "bagote", replace(EVOLUTION, cluster=SLURM), state="running", generations=9)
    show_cluster(folder, cluster)
    return ExplorerApp(home, unicode=unicode, first=RunFollower(folder).look())


def focused(app: App[Any]) -> str | None:
    """Return the name of the part that gets the keys."""
    return None if app.focused is None else app.focused.id


@pytest.mark.parametrize("kind", ["size", "evolution"])
async def test_the_header_tells_of_the_cluster_as_far_as_it_has_room(home: Path, kind: str) -> None:
    app = opened(home, made_cluster(30), kind)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "26 of 30 workers")
        await pilot.resize_terminal(160, 48)
        await until_shown(pilot, "26 of 30 workers    12 waiting    4.1/s   41 GB of 120 GB")


@pytest.mark.parametrize("unicode", [True, False])
@pytest.mark.parametrize("kind", ["size", "evolution"])
async def test_a_key_shows_the_workers_which_scroll(home: Path, kind: str, *, unicode: bool) -> None:
    app = opened(home, made_cluster(30), kind, unicode=unicode)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "Workers")
        await pilot.press("c")
        await until_shown(
            pilot, "workers: 26 of 30 busy", "SLURMCluster-00", "5 neurons, fold 1", "400 MB/4.0 GB", "more"
        )
        assert focused(app) == "workers"
        assert "SLURMCluster-29" not in shown(pilot)
        assert shown(pilot).isascii() or unicode
        await pilot.press("end")
        await until_shown(pilot, "SLURMCluster-29", "above")
        await pilot.press("escape")
        await until(pilot, lambda: "SLURMCluster" not in shown(pilot))
        assert focused(app) == "table"
        await pilot.press("c", "c")
        await until(pilot, lambda: "SLURMCluster" not in shown(pilot))
        await pilot.press("c", "z")
        await until(pilot, lambda: focused(app) == "table")


async def test_workers_that_are_silent_idle_or_nearly_full_can_be_told(home: Path) -> None:
    cluster = made_cluster(9)
    silent = replace(cluster.workers[0], last_seen=time.time() - 700)
    app = opened(home, replace(cluster, workers=(silent, *cluster.workers[1:])))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("c")
        await until_shown(pilot, "11m", "idle", "3.7/4.0 GB", " node000 ")
        assert "workers: 8 of 9 workers busy, 12 waiting, 4.1/s finished" in shown(pilot)


async def test_the_key_is_not_offered_for_a_run_on_this_machine(home: Path) -> None:
    folder = made_run(home, "bagote", state="running", fits=3)
    async with ExplorerApp(home, unicode=True, first=RunFollower(folder).look()).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "bagote", "Zoom")
        assert "Workers" not in shown(pilot)
        await pilot.press("c")
        assert focused(pilot.app) == "table"


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_a_run_that_waits_for_workers_says_so_above_its_answer(home: Path, size: tuple[int, int]) -> None:
    waits = "a worker (slurm: 2 jobs waiting (Priority))"
    app = opened(home, made_cluster(0, waits_for=waits))
    async with app.run_test(size=size) as pilot:
        await until_shown(pilot, "Waiting for a worker (slurm: 2 jobs waiting (Priority))")
        assert "the run goes on by itself." in " ".join(shown(pilot).split())
        await pilot.press("c")
        await until_shown(pilot, "no worker is connected")
        show_cluster(home / "bagote", made_cluster(2))
        await until_shown(pilot, "SLURMCluster-01")
        assert "Waiting for" not in shown(pilot)


async def test_the_pane_of_a_run_that_has_ended_says_so(home: Path) -> None:
    folder = made_run(home, "bagote", SEARCH)
    async with ExplorerApp(home, unicode=True, first=RunFollower(folder).look()).run_test(size=(80, 24)) as pilot:
        await pilot.press("c")
        await until_shown(pilot, "no runner is at work")


def test_show_tells_of_the_cluster_and_its_workers(home: Path) -> None:
    folder = made_run(home, "bagote", SEARCH, state="running", fits=40)
    show_cluster(folder, made_cluster(3))
    printed = nnsize_here("show", "bagote").stdout
    assert "cluster             slurm, 2:40 workers" in printed
    assert "workers: 3 of 3 workers busy, 12 waiting, 4.1/s finished, 1.4 GB of 12 GB" in printed
    show_cluster(folder, made_cluster(0, waits_for="a worker"))
    assert "Waiting for a worker of cluster slurm; nothing is lost" in nnsize_here("show", "bagote").stdout
