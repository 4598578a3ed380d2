"""The results that the export dialog offers: generations, networks, and what is missing."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from nnsize_engine.export.import_archive import import_archive
from nnsize_engine.runs.database import open_for_writing, transaction
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.writer import set_final_network
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.export.dialog import ExportDialog
from nnsize_tui.screens.export.offer import RunOffer
from nnsize_tui.screens.search.screen import SearchScreen
from nnsize_tui.widgets.choice import Choice
from support.made_runs import EVOLUTION, SMALL, made_network, made_run, make_evolution
from support.pilots import shown, until, until_shown
from support.views import size_view


@pytest.fixture
def evolution(home: Path) -> Path:
    """Make a finished evolution, which has both networks."""
    return make_evolution(home, "zibiro")


async def asked_about(pilot: Pilot[None], folder: Path) -> Input:
    """Open the dialog for a run."""
    app = pilot.app
    assert isinstance(app, ExplorerApp)
    app.push_screen(ExportDialog(app.glyphs, RunOffer(folder)))
    await until(pilot, lambda: isinstance(app.focused, Choice))
    return app.screen.query_one(Input)


async def test_an_evolution_offers_its_generations_and_networks(explorer: ExplorerApp, evolution: Path) -> None:
    async with explorer.run_test(size=(60, 20), notifications=True) as pilot:
        await asked_about(pilot, evolution)
        await until_shown(pilot, "● generations   ○ evolved network", "● .csv   ○ .tsv   ○ .json   ○ .md")
        await until_shown(pilot, "41 rows of 16 columns:")
        await pilot.press("enter")
        await until_shown(pilot, "Written to")
    with Path("nnsize-zibiro.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["number"] for row in rows] == [str(number) for number in range(41)]


async def test_the_name_and_its_ending_follow_the_choices(explorer: ExplorerApp, evolution: Path) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        field = await asked_about(pilot, evolution)
        await pilot.press("right")
        await until(pilot, lambda: field.value == "nnsize-zibiro.skops")
        await until_shown(pilot, "● .skops   ○ .joblib   ○ .npz", 'skops.io.load("nnsize-zibiro.skops")')
        await pilot.press("down", "right")
        await until(pilot, lambda: field.value == "nnsize-zibiro.joblib")
        await until_shown(pilot, "load it only where you trust the file")
        await pilot.press("up", "right")
        await until(pilot, lambda: field.value == "nnsize-zibiro-gradient.joblib")
        await pilot.press("right")
        await until(pilot, lambda: field.value == "nnsize-zibiro.png")
        for typed, expected in (("my.v2.svg", "my.v2.py"), ("~/a b/net.v2", "~/a b/net.v2"), ("..", "..")):
            field.value = typed
            await pilot.pause()
            await pilot.press("right")
            await until_shown(pilot, "● Python program", "from sklearn")
            assert field.value == expected
            await pilot.press("left")
            await until_shown(pilot, "● chart", "by matplotlib")


async def test_a_network_does_not_go_to_the_clipboard(explorer: ExplorerApp, evolution: Path) -> None:
    async with explorer.run_test(size=(60, 20)) as pilot:
        await asked_about(pilot, evolution)
        await pilot.press("down", "down", "right")
        await until_shown(pilot, "● the clipboard")
        await pilot.press("up", "up", "right")
        await until_shown(pilot, "● evolved network", "● a file")
        assert "clipboard" not in shown(pilot)


@pytest.mark.parametrize("which", [1, 2])
async def test_a_network_is_written(explorer: ExplorerApp, evolution: Path, which: int) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        field = await asked_about(pilot, evolution)
        await pilot.press(*["right"] * which)
        await until(pilot, lambda: field.value.endswith(".skops"))
        field.value = "net.npz"
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(explorer.screen, ExportDialog))
    with np.load("net.npz", allow_pickle=False) as arrays:
        expected = np.sin(len(("evolved", "gradient")[which - 1])) * 0.3
        assert arrays["coefs_0"][0, 0] == pytest.approx(expected)


async def test_a_network_needs_a_name_that_fits(explorer: ExplorerApp, evolution: Path) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        field = await asked_about(pilot, evolution)
        await pilot.press("right")
        await until(pilot, lambda: field.value.endswith(".skops"))
        field.value = "net.csv"
        await pilot.press("enter")
        await until_shown(pilot, "names no format; choose one of skops")
    assert not list(Path().iterdir())


async def test_only_networks_that_are_there_are_offered(explorer: ExplorerApp, home: Path) -> None:
    folder = make_evolution(home, "zibiro", replace(EVOLUTION, reference=False))
    async with explorer.run_test(size=(80, 24)) as pilot:
        await asked_about(pilot, folder)
        assert "● generations   ○ evolved network" in shown(pilot)
        assert "by gradient" not in shown(pilot)


async def test_a_run_that_cannot_be_read_says_so_when_written(explorer: ExplorerApp, home: Path) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        await asked_about(pilot, home / "gone")
        await pilot.press("enter")
        await until_shown(pilot, "there is no run in")
    assert not list(Path().iterdir())


async def test_a_run_without_results_has_nothing_to_export(home: Path) -> None:
    app = ExplorerApp(home, unicode=True, first=RunFollower(made_run(home, "zibiro", state="stopped", fits=0)).look())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("x")
        assert isinstance(app.screen, SearchScreen)


def keep_networks(folder: Path) -> None:
    """Store a network of each final test, as a runner does."""
    choice = size_view(folder).choice
    assert choice is not None
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        for one in choice.finalists:
            set_final_network(connection, one.number, made_network("best", 90))
    connection.close()


async def test_both_networks_of_a_search_are_offered_if_they_differ(explorer: ExplorerApp, home: Path) -> None:
    folder = made_run(home, "zibiro", replace(SMALL, neurons="4:65:8"))
    keep_networks(folder)
    async with explorer.run_test(size=(80, 24)) as pilot:
        field = await asked_about(pilot, folder)
        await until_shown(pilot, "○ best network", "○ recommended network")
        await pilot.press("right", "right", "right")
        await until(pilot, lambda: field.value == "nnsize-zibiro-recommended.skops")
        await pilot.press("down", "right", "right", "enter")
        await until(pilot, lambda: not isinstance(explorer.screen, ExportDialog))
    assert Path("nnsize-zibiro-recommended.npz").stat().st_size > 300


async def test_the_best_network_of_a_search_is_offered_and_written(explorer: ExplorerApp, home: Path) -> None:
    folder = made_run(home, "zibiro")
    keep_networks(folder)
    async with explorer.run_test(size=(80, 24)) as pilot:
        field = await asked_about(pilot, folder)
        await pilot.press("right", "right")
        await until(pilot, lambda: field.value == "nnsize-zibiro-best.skops")
        await until_shown(pilot, "● best network", 'skops.io.load("nnsize-zibiro-best.skops")')
        await pilot.press("down", "right", "right")
        await until(pilot, lambda: field.value == "nnsize-zibiro-best.npz")
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(explorer.screen, ExportDialog))
    with np.load("nnsize-zibiro-best.npz", allow_pickle=False) as arrays:
        assert arrays["units"].tolist() == [4, 6, 3, 3]


@pytest.mark.parametrize(
    ("steps", "name"),
    [
        (3, "nnsize-zibiro.png"),
        (4, "nnsize-zibiro.py"),
        (5, "nnsize-zibiro.toml"),
        (6, "nnsize-zibiro-report.html"),
    ],
)
async def test_a_chart_a_program_settings_and_a_report_are_written(
    explorer: ExplorerApp, evolution: Path, steps: int, name: str
) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        await asked_about(pilot, evolution)
        await pilot.press(*["right"] * steps, "enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, ExportDialog))
    assert Path(name).stat().st_size > 300


async def test_a_whole_run_is_written_and_can_be_taken_back(explorer: ExplorerApp, home: Path, tmp_path: Path) -> None:
    folder = made_run(home, "zibiro")
    async with explorer.run_test(size=(100, 30), notifications=True) as pilot:
        field = await asked_about(pilot, folder)
        await pilot.press("left")
        await until(pilot, lambda: field.value == "nnsize-zibiro.zip")
        await until_shown(pilot, "● whole run", "● .zip", "nnsize import nnsize-zibiro.zip")
        field.value = "run.csv"
        await pilot.press("enter")
        await until_shown(pilot, "the ending of 'run.csv' names no format; choose one of zip")
        field.value = "run.zip"
        await pilot.press("enter")
        await until_shown(pilot, "Written to")
    assert size_view(import_archive(Path("run.zip"), tmp_path / "other").folder).state == "finished"


async def test_what_is_no_text_does_not_go_to_the_clipboard(explorer: ExplorerApp, evolution: Path) -> None:
    async with explorer.run_test(size=(100, 24)) as pilot:
        field = await asked_about(pilot, evolution)
        await pilot.press("down", "down", "right")
        await until_shown(pilot, "● the clipboard")
        await pilot.press("up", "left")
        await until_shown(pilot, "● .xlsx", "● a file", "41 rows of 16 columns:", "number  best")
        assert "clipboard" not in shown(pilot)
        await pilot.press("right")
        await until_shown(pilot, "● .csv", "the clipboard")
        field.value = "table.parquet"
        await until_shown(pilot, "● .parquet", "● a file")
        assert "clipboard" not in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, ExportDialog))
    assert Path("table.parquet").read_bytes().startswith(b"PAR1")
