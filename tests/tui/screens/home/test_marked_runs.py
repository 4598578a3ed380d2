"""Marked runs are deleted, stopped, exported and tagged together, and runs get names."""

from pathlib import Path

import pytest
from textual.widgets import Static

from nnsize_engine.errors import RunError
from nnsize_engine.runs import launch
from nnsize_engine.runs.label import LabelChange, RunLabel, read_label, write_label
from nnsize_engine.runs.relabel import relabel
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.dialogs.confirm import Confirm
from nnsize_tui.screens.dialogs.label import LabelDialog
from nnsize_tui.screens.export.dialog import ExportDialog
from nnsize_tui.screens.home.screen import HomeScreen
from nnsize_tui.screens.search.screen import SearchScreen
from support.made_runs import enter_state, made_corrupt, made_run, make_evolution
from support.pilots import shown, until, until_shown

SIZES = [(80, 24), (160, 48)]
NAMES = ("bagote", "kuteva", "malodi", "zibiro")


def _make(home: Path, names: tuple[str, ...] = NAMES) -> list[Path]:
    return [made_run(home, name, age=place) for place, name in enumerate(names)]


def question(explorer: ExplorerApp) -> str:
    return str(explorer.screen.query_one(".question", Static).content)


def notices(explorer: ExplorerApp) -> list[str]:
    return [one.message for one in explorer._notifications]


@pytest.mark.parametrize("size", SIZES)
async def test_four_old_runs_are_deleted_with_six_keys(
    home: Path, explorer: ExplorerApp, size: tuple[int, int]
) -> None:
    made_run(home, "newest", age=-1)
    _make(home)
    async with explorer.run_test(size=size, notifications=True) as pilot:
        await until_shown(pilot, "› newest", "zibiro")
        await pilot.press("down")
        await pilot.press(*["space"] * 4)
        await until_shown(pilot, "4 marked", "d Delete", "c Compare")
        await pilot.press("d")
        await until(pilot, lambda: isinstance(explorer.screen, Confirm))
        words = question(explorer)
        assert words.startswith("Delete 4 runs: bagote, kuteva, malodi, zibiro? Their 48 finished fits will be lost.")
        assert words.endswith("kB on disk.")
        await pilot.press("y")
        await until_shown(pilot, "4 runs are deleted, ", "freed.", "1 run")
    assert [path.name for path in home.iterdir()] == ["newest"]


async def test_shift_marks_a_range_and_capital_a_all_that_the_filter_keeps(home: Path, explorer: ExplorerApp) -> None:
    _make(home)
    made_run(home, "failed", state="failed", fits=3, age=9, reason="no memory")
    async with explorer.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "› bagote", "failed")
        await pilot.press("shift+down", "shift+down", "shift+up")
        await until_shown(pilot, "3 marked")
        await pilot.press("shift+up", "shift+up")
        await until_shown(pilot, "3 marked")
        await pilot.press("u", "slash", *"state=failed", "enter", "A")
        await until_shown(pilot, "1 marked", "1 of 5 shown")


async def test_live_runs_among_the_marked_are_said_and_stopped_first(
    home: Path, explorer: ExplorerApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    _make(home, ("bagote",))
    live = made_run(home, "alive", state="running", fits=3, age=1)
    done: list[str] = []

    def stop(folder: Path) -> None:
        done.append("stop")
        enter_state(folder, "stopped")

    monkeypatch.setattr(launch, "stop", stop)
    async with explorer.run_test(size=(100, 30), notifications=True) as pilot:
        await until_shown(pilot, "bagote", "alive")
        await pilot.press("space", "space", "d")
        await until(pilot, lambda: isinstance(explorer.screen, Confirm))
        assert "1 of them is live and will be stopped first." in question(explorer)
        await pilot.press("y")
        await until_shown(pilot, "2 runs are deleted")
    assert done == ["stop"]
    assert not live.exists()


async def test_one_that_cannot_be_deleted_is_said_and_the_others_go(
    home: Path, explorer: ExplorerApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    _make(home)
    truly = launch.delete

    def refuse(folder: Path) -> tuple[str, ...]:
        if folder.name == "kuteva":
            raise RunError("run kuteva cannot be deleted: Permission denied")
        return truly(folder)

    monkeypatch.setattr(launch, "delete", refuse)
    async with explorer.run_test(size=(100, 30), notifications=True) as pilot:
        await until_shown(pilot, "bagote", "zibiro")
        await pilot.press("A", "d")
        await until(pilot, lambda: isinstance(explorer.screen, Confirm))
        await pilot.press("y")
        await until_shown(pilot, "run kuteva cannot be deleted: Permission denied", "3 runs are deleted")
    assert [path.name for path in home.iterdir()] == ["kuteva"]


async def test_several_runs_are_stopped_after_a_question(
    home: Path, explorer: ExplorerApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [made_run(home, name, state="running", fits=3, age=place) for place, name in enumerate(NAMES[:2])]
    made_run(home, "ended", age=5)
    asked: list[Path] = []
    monkeypatch.setattr(launch, "stop", asked.append)
    async with explorer.run_test(size=(100, 30), notifications=True) as pilot:
        await until_shown(pilot, "bagote", "ended")
        await pilot.press("A", "s")
        await until_shown(pilot, "Stop 2 runs: bagote, kuteva?")
        await pilot.press("y")
        await until(pilot, lambda: sorted(asked) == folders)
        await until_shown(pilot, "stopping…")


@pytest.mark.parametrize("size", SIZES)
async def test_marked_runs_are_paused_and_resumed_together_and_the_others_are_named(
    home: Path, explorer: ExplorerApp, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    live = [made_run(home, name, state="running", fits=3, age=place) for place, name in enumerate(NAMES[:2])]
    halted = [made_run(home, name, state="paused", fits=3, age=place + 2) for place, name in enumerate(NAMES[2:])]
    made_run(home, "ended", age=9)
    made_run(home, "other", state="running", fits=3, age=10)
    asked: list[tuple[str, Path]] = []
    monkeypatch.setattr(launch, "pause", lambda folder: asked.append(("pause", folder)))
    monkeypatch.setattr(launch, "resume", lambda folder: asked.append(("resume", folder)))
    async with explorer.run_test(size=size, notifications=True) as pilot:
        await until_shown(pilot, "› bagote", "other")
        await pilot.press(*["space"] * 5, "p")
        await until(pilot, lambda: asked == [("pause", folder) for folder in live])
        await until_shown(pilot, "pausing…")
        assert notices(explorer) == [
            "Pausing 2 of 5 runs; that is not for malodi (paused), zibiro (paused), ended (finished)."
        ]
        asked.clear()
        await pilot.press("r")
        await until(pilot, lambda: asked == [("resume", folder) for folder in halted])
        await until_shown(pilot, "resuming…")


async def test_marked_runs_that_refuse_are_said_in_one_notice(
    home: Path, explorer: ExplorerApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place, name in enumerate(NAMES[:3]):
        made_run(home, name, state="running", fits=3, age=place)

    def refuse(folder: Path) -> None:
        if folder.name != "kuteva":
            raise RunError(f"run {folder.name} has just ended")

    monkeypatch.setattr(launch, "pause", refuse)
    async with explorer.run_test(size=(100, 30), notifications=True) as pilot:
        await until_shown(pilot, "bagote", "malodi")
        await pilot.press("A", "p")
        await until(pilot, lambda: len(notices(explorer)) == 2)
        assert notices(explorer) == [
            "Pausing 3 runs.",
            "2 of 3 runs refused:\nrun bagote has just ended\nrun malodi has just ended",
        ]
        await until_shown(pilot, "pausing…")


@pytest.mark.parametrize("size", SIZES)
async def test_marked_runs_are_exported_each_to_a_file_of_its_own(
    home: Path, explorer: ExplorerApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.chdir(tmp_path)
    _make(home, NAMES[:2])
    make_evolution(home, "rakoti", age=5)
    async with explorer.run_test(size=size, notifications=True) as pilot:
        await until_shown(pilot, "bagote", "rakoti")
        await pilot.press("A", "x")
        await until(pilot, lambda: isinstance(explorer.screen, ExportDialog))
        await until_shown(pilot, "Export 3 marked runs", "comparison", "whole runs")
        await pilot.press("left")
        await until_shown(
            pilot, "nnsize-{run}.zip", "nnsize import nnsize-bagote.zip", "nnsize import nnsize-rakoti.zip"
        )
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
    assert sorted(path.name for path in tmp_path.glob("*.zip")) == [
        f"nnsize-{name}.zip" for name in ("bagote", "kuteva", "rakoti")
    ]


@pytest.mark.parametrize("size", SIZES)
async def test_a_run_gets_a_name_with_two_keys(home: Path, explorer: ExplorerApp, size: tuple[int, int]) -> None:
    folder, _ = _make(home, NAMES[:2])
    async with explorer.run_test(size=size, notifications=True) as pilot:
        await until_shown(pilot, "› bagote")
        await pilot.press("N", *"my base", "enter")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
        await until_shown(pilot, "my base", "bagote · my base")
        assert read_label(folder) == RunLabel(name="my base")
        await pilot.press("N", "down", *"why not", "down", *"#wide,relu", "enter")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
        assert read_label(folder) == RunLabel(name="my base", note="why not", tags=("wide", "relu"))
        await until_shown(pilot, "#wide #relu  why not")
        for query, count in (("#wide", 1), ("why", 1), ("my", 1), ("name>a", 1), ("zzz", 0)):
            await pilot.press("slash", "ctrl+u", *query, "enter")
            await until_shown(pilot, f"{count} of 2 shown")
        await pilot.press("escape", "down", "N", *"my base", "enter")
        await until_shown(pilot, "There is a run 'my base' already, which is bagote; choose another")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
    assert read_label(home / "kuteva") == RunLabel()


@pytest.mark.parametrize("size", SIZES)
async def test_an_open_run_is_named_and_its_header_shows_it(
    home: Path, explorer: ExplorerApp, size: tuple[int, int]
) -> None:
    folder = made_run(home, "bagote", state="running", fits=5)
    write_label(folder, RunLabel(tags=("wide",)))
    async with explorer.run_test(size=size, notifications=True) as pilot:
        await until_shown(pilot, "› bagote")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(explorer.screen, SearchScreen))
        await until_shown(pilot, " bagote #wide")
        await pilot.press("N")
        await until(pilot, lambda: isinstance(explorer.screen, LabelDialog))
        await until_shown(pilot, "Name run bagote", "such as baseline")
        await pilot.press(*"base", "enter")
        await until_shown(pilot, " bagote base #wide", "running")


async def test_marked_runs_are_tagged_together_and_keep_their_own_tags(home: Path, explorer: ExplorerApp) -> None:
    first, second = _make(home, NAMES[:2])
    write_label(first, RunLabel(name="one", tags=("old", "own")))
    write_label(second, RunLabel(tags=("old",)))
    async with explorer.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "one", "kuteva")
        await pilot.press("A", "N")
        await until_shown(pilot, "Tags of 2 runs", "old")
        await pilot.press("ctrl+u", *"new", "enter")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
    assert read_label(first) == RunLabel(name="one", tags=("own", "new"))
    assert read_label(second) == RunLabel(tags=("new",))


@pytest.mark.parametrize("size", SIZES)
async def test_the_list_shows_when_runs_began_and_what_their_scores_are(
    home: Path, explorer: ExplorerApp, size: tuple[int, int]
) -> None:
    made_run(home, "zibiro")
    make_evolution(home, "bagote", age=1)
    made_run(home, "kuteva", state="running", fits=5, age=2)
    made_corrupt(home, "damage")
    async with explorer.run_test(size=size) as pilot:
        await until_shown(pilot, "zibiro", "damage", "accuracy 0.9143", "log_loss 0.1000", "2023-11-14", "41%")
        relabel(home / "damage", LabelChange(name="full disk"))
        await until_shown(pilot, "full disk")
        if size[0] < 100:
            assert "damage" not in shown(pilot)
            assert "zibiro" in shown(pilot)
        assert "iris" in shown(pilot)


async def test_a_hostile_label_shows_nothing(home: Path, explorer: ExplorerApp) -> None:
    folder = made_run(home, "zibiro")
    (folder / "label.json").write_text('{"name": "\\u001b[2Jgone", "note": "", "tags": []}')
    async with explorer.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "zibiro")
        assert "gone" not in shown(pilot)
