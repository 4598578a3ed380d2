"""A run that is alive and does not go on: the explorer says why, in the table of runs and above the run."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.runs.database import FILE_NAME
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.stall_file import Stall, reserve, write_stall
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.follow.runs import RunsFollower
from nnsize_tui.widgets.run_header import elapsed
from support.commands import nnsize_here
from support.made_runs import made_run, make_evolution
from support.pilots import shown, until, until_shown

FULL = Stall(kind="full", since=1_700_000_000.0, waiting=31)


def unwrapped(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
@pytest.mark.parametrize("unicode", [True, False])
@pytest.mark.parametrize("kind", ["size", "evolution"])
async def test_an_open_run_says_it_above_its_answer_and_stops_saying_it(
    home: Path, size: tuple[int, int], kind: str, *, unicode: bool
) -> None:
    if kind == "size":
        folder = made_run(home, "bagote", state="running", fits=9)
    else:
        folder = make_evolution(home, "bagote", state="running", generations=9)
    reserve(folder)
    write_stall(folder, FULL)
    app = ExplorerApp(home, unicode=unicode, first=RunFollower(folder).look())
    async with app.run_test(size=size) as pilot:
        await until_shown(pilot, "stalled", "Run bagote is stalled: the disk has been full since")
        assert "31 results wait in memory, and the run goes on by itself as soon as there is room." in unwrapped(
            shown(pilot)
        )
        assert shown(pilot).isascii() or unicode
        assert " left " not in shown(pilot), "nobody knows when it goes on"
        write_stall(folder, None)
        await until(pilot, lambda: "stalled" not in shown(pilot))
        assert "running" in shown(pilot)


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_the_table_of_all_runs_says_it_though_nothing_is_written_any_more(
    home: Path, explorer: ExplorerApp, size: tuple[int, int]
) -> None:
    folder = made_run(home, "bagote", state="running", fits=9)
    os.utime(folder / FILE_NAME, (1e9, 1e9))  # written long ago
    reserve(folder)
    async with explorer.run_test(size=size) as pilot:
        await until_shown(pilot, "bagote", "running")
        write_stall(folder, FULL)
        await until_shown(pilot, "stalled")
        assert "Run bagote is stalled: the disk has been full since" in unwrapped(shown(pilot))
        assert "1 run, 1 stalled" in shown(pilot)
        assert " left 0" not in shown(pilot)
        write_stall(folder, None)
        await until(pilot, lambda: "stalled" not in shown(pilot))


def test_a_stall_is_noticed_without_reading_the_run_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made_run(home, "bagote", state="running", fits=9)
    reserve(folder)
    for file in folder.iterdir():
        os.utime(file, (1e9, 1e9))
    runs = RunsFollower(home)
    runs.look()
    monkeypatch.setattr(RunFollower, "look", lambda _: pytest.fail("it was read again"))
    for stall in (FULL, replace(FULL, waiting=32), None):
        write_stall(folder, stall)
        (row,) = runs.look()
        assert row.view is not None
        assert row.view.stall == stall


def test_the_time_of_a_stalled_run_stands_still_and_is_never_negative(home: Path) -> None:
    folder = made_run(home, "bagote", state="running", fits=9)
    view = RunFollower(folder).look()
    assert view.header.heartbeat is not None
    seconds = view.header.active_seconds
    assert elapsed(view, view.header.heartbeat + 3) == seconds + 3
    assert elapsed(replace(view, stall=FULL), view.header.heartbeat + 3) == seconds
    assert elapsed(view, view.header.heartbeat - 1e9) == seconds
    assert elapsed(view, view.header.heartbeat + 1e9) <= seconds + 10
    assert elapsed(view, time.time()) >= 0


def test_commands_say_it(run_home: Path) -> None:
    folder = made_run(run_home, "bagote", state="running", fits=9)
    assert "stalled" not in nnsize_here("show", "bagote").stdout
    reserve(folder)
    write_stall(folder, FULL)
    assert "\nstalled: the disk has been full since" in nnsize_here("show", "bagote").stdout
    assert "stalled" in nnsize_here("runs").stdout
    paused = nnsize_here("pause", "bagote")
    assert paused.returncode != 0
    assert "run bagote is still running, and does what it was asked later: the disk has been full" in paused.stderr
