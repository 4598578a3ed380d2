"""An open run on a cluster: its header, its workers, and what it waits for."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.app import App

from nnsize_engine.results.cluster_facts import ClusterFacts, sorted_workers
from nnsize_engine.runs import launch
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.settings.cluster import ClusterSettings
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.text.cluster import rate_text, worker_memory
from support.commands import nnsize_here
from support.made_clusters import GB, MB, made_cluster, show_cluster
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
    app = opened(home, made_cluster(), kind)
    tasks = "12 fits waiting   248 fits/min" if kind == "size" else "248 tasks/min"
    async with app.run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, f"slurm   30 of 34 workers busy   {tasks}   49 of 136 GB   3 nearly full")
        await pilot.resize_terminal(80, 24)
        await until_shown(pilot, f"30 of 34 workers busy   {tasks.replace(' fits', '')}   49 of 136 GB   3 nearly full")
        await pilot.resize_terminal(60, 20)
        await until_shown(pilot, "30/34 busy", "248/min", "3 nearly full")


@pytest.mark.parametrize("unicode", [True, False])
@pytest.mark.parametrize("kind", ["size", "evolution"])
async def test_a_key_shows_the_workers_which_scroll(home: Path, kind: str, *, unicode: bool) -> None:
    app = opened(home, made_cluster(), kind, unicode=unicode)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "Workers")
        await pilot.press("c")
        await until_shown(
            pilot, "workers: 30 of 34 busy, 3 nearly full", "SLURMCluster-0 ", "5 neurons, fold 1", "0.4/4.0 GB", "more"
        )
        assert focused(app) == "workers"
        assert "SLURMCluster-33" not in shown(pilot)
        assert shown(pilot).isascii() or unicode
        await pilot.press("end")
        await until_shown(pilot, "SLURMCluster-33", "above")
        await pilot.press("escape")
        await until(pilot, lambda: "SLURMCluster" not in shown(pilot))
        assert focused(app) == "table"
        await pilot.press("c", "c")
        await until(pilot, lambda: "SLURMCluster" not in shown(pilot))
        await pilot.press("c", "z")
        await until(pilot, lambda: focused(app) == "table")


async def test_workers_that_are_silent_idle_or_nearly_full_can_be_told(home: Path) -> None:
    cluster = made_cluster(9)
    silent = replace(cluster.workers[0], last_seen=time.time() - 3 * 3600)
    app = opened(home, replace(cluster, workers=(silent, *cluster.workers[1:])))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("c")
        await until_shown(pilot, "3h0", "idle", "3.7/4.0 GB", " node000 ")
        assert "workers: 8 of 9 busy, 1 nearly full, 1 silent" in shown(pilot)
        assert "8 of 9 workers busy   12 fits waiting   248 fits/min" in shown(pilot)


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
        await until_shown(
            pilot,
            "Waiting for a worker of cluster slurm (slurm: 2 jobs waiting",
            "▶ waiting",
            "slurm   no worker is connected",
        )
        assert "left" not in shown(pilot)  # nobody knows how long the queue takes
        assert "the run goes on by itself." in " ".join(shown(pilot).split())
        await pilot.press("c")
        await until_shown(pilot, "no worker is connected")
        show_cluster(home / "bagote", made_cluster(2))
        await until_shown(pilot, "SLURMCluster-1", "▶ running", "left")
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
    assert "workers: 3 of 3 workers busy, 12 fits waiting, 248 fits/min, 1.4 of 12 GB" in printed
    show_cluster(folder, made_cluster(0, waits_for="a worker"))
    assert "Waiting for a worker of cluster slurm; nothing is lost" in nnsize_here("show", "bagote").stdout
    listed = nnsize_here("runs")
    assert "  waiting  40/95" in listed.stdout
    assert "Run bagote waits for a worker of cluster slurm." in listed.stdout + listed.stderr


async def test_the_list_of_runs_says_that_a_run_waits(home: Path) -> None:
    folder = made_run(home, "bagote", SEARCH, state="running", fits=40)
    show_cluster(folder, made_cluster(0, waits_for="a worker"))
    async with ExplorerApp(home, unicode=True).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "▶ waiting", "Waiting for a worker of cluster slurm")
        assert "left" not in shown(pilot)


async def test_a_paused_run_without_workers_waits_for_nothing(home: Path) -> None:
    folder = made_run(home, "bagote", SEARCH, state="paused", fits=40)
    show_cluster(folder, made_cluster(0, waits_for="a worker"))
    async with ExplorerApp(home, unicode=True, first=RunFollower(folder).look()).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "paused", "no worker is connected")
        assert "aiting" not in shown(pilot)


def test_workers_are_sorted_by_the_numbers_in_their_names() -> None:
    names = ["node-10", "tcp://10.0.0.9:4", "node-9", "node-9-0", "tcp://10.0.0.10:3", "7"]
    workers = [replace(made_cluster(1).workers[0], name=name) for name in names]
    assert [one.name for one in sorted_workers(workers)] == [
        "node-9", "node-9-0", "node-10", "tcp://10.0.0.9:4", "tcp://10.0.0.10:3", "7"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rate", "text"),
    [(0.0, "0 fits/min"), (0.01, "0.6 fits/min"), (0.2, "12 fits/min"), (20.0, "1,200 fits/min"), (200, "200 fits/s")],
)
def test_the_throughput_is_given_a_minute_unless_it_is_high(rate: float, text: str) -> None:
    assert rate_text(rate, "fits") == text


@pytest.mark.parametrize(
    ("used", "limit", "text"),
    [
        (400 * MB, 4 * GB, "0.4/4.0 GB"), (12 * GB, 16 * GB, "12/16 GB"), (411 * MB, 0, "411 MB"),
        (90 * MB, 512 * MB, "90/512 MB"), (0, 4 * GB, "0.0/4.0 GB"), (5 * GB, 4 * GB, "5.0/4.0 GB"),
    ],
)  # fmt: skip
def test_memory_is_given_in_the_unit_of_its_limit(used: int, limit: int, text: str) -> None:
    assert worker_memory(replace(made_cluster(1).workers[0], memory=used, memory_limit=limit)) == text


RESUMED = {
    "enter": ("slurm", (2, 40)),
    "down enter": None,
    "down down enter": ("local:2", None),
    "s g e enter": ("sge", None),
    "p b s space 3 enter": ("pbs", (3, 3)),
}
"""The keys in the question where a run goes on, and the cluster on which it then does."""


@pytest.mark.parametrize("kind", ["size", "evolution"])
@pytest.mark.parametrize("keys", RESUMED)
async def test_a_run_is_resumed_on_its_cluster_on_this_machine_or_on_another_cluster(
    home: Path, monkeypatch: pytest.MonkeyPatch, kind: str, keys: str
) -> None:
    resumed = list[Path]()
    monkeypatch.setattr(launch, "resume", lambda folder, **_: resumed.append(folder))
    if kind == "size":
        folder = made_run(home, "bagote", SEARCH, state="stopped", fits=40)
    else:
        folder = make_evolution(home, "bagote", replace(EVOLUTION, cluster=SLURM), state="stopped", generations=9)
    async with ExplorerApp(home, unicode=True, first=RunFollower(folder).look()).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "Resume")
        await pilot.press("r")
        await until_shown(pilot, "Resume bagote on: type to find it", "slurm 2:40", "as before", "this machine alone")
        await pilot.press(*keys.split())
        await until(pilot, lambda: resumed)
    assert resumed == [folder]
    cluster = read_state(folder)[0].settings.cluster
    wanted = RESUMED[keys]
    assert (cluster and (cluster.where, cluster.workers)) == wanted


async def test_the_question_where_a_run_goes_on_can_be_left(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "resume", lambda *_, **__: pytest.fail("it was resumed"))
    folder = made_run(home, "bagote", SEARCH, state="interrupted", fits=40)
    async with ExplorerApp(home, unicode=True).run_test(size=(60, 20)) as pilot:
        await until_shown(pilot, "bagote")
        await pilot.press("r")
        await until_shown(pilot, "Resume bagote on", "as before")
        await pilot.press(*"slurmm", "enter")  # no cluster, so nothing to take
        await until_shown(pilot, "Resume bagote on", "slurmm")
        await pilot.press("escape")
        await until(pilot, lambda: "Resume bagote on" not in shown(pilot))
    assert read_state(folder)[0].settings.cluster == SLURM


async def test_a_paused_run_goes_on_where_it_is_without_a_question(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    resumed = list[Path]()
    monkeypatch.setattr(launch, "resume", lambda folder, **_: resumed.append(folder))
    folder = made_run(home, "bagote", SEARCH, state="paused", fits=40)
    async with ExplorerApp(home, unicode=True, first=RunFollower(folder).look()).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "Resume")
        await pilot.press("p")
        await until(pilot, lambda: resumed)
