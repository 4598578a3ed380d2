import asyncio
import csv
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from nnsize_engine.runs.database import open_for_writing, transaction
from nnsize_engine.runs.view import RunFollower
from nnsize_engine.runs.writer import set_network
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.dialogs.confirm import Confirm
from nnsize_tui.screens.export.dialog import ExportDialog
from nnsize_tui.screens.export.offer import RunOffer
from nnsize_tui.screens.search.screen import SearchScreen
from nnsize_tui.widgets.choice import Choice
from nnsize_tui.widgets.key_bar import KeyBar
from support.made_runs import EVOLUTION, made_network, made_run, make_evolution
from support.pilots import shown, until, until_shown


@pytest.fixture
def opened_run(home: Path) -> ExplorerApp:
    """The explorer with a finished run open."""
    return ExplorerApp(home, unicode=True, first=RunFollower(made_run(home, "zibiro")).look())


async def ask_for_export(pilot: Pilot[None]) -> Input:
    await pilot.press("x")
    await until(pilot, lambda: isinstance(pilot.app.screen, ExportDialog))
    await until_shown(pilot, " rows of ")
    return pilot.app.screen.query_one(Input)


def keys_of(app: ExplorerApp) -> set[str]:
    bar = app.screen.query_one(KeyBar)
    drawn = bar.render_line(0).text
    return {words for _, words, _ in bar.entries(bar.size.width) if words in drawn}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


async def test_enter_writes_the_candidates_to_a_file_named_after_the_run(opened_run: ExplorerApp) -> None:
    async with opened_run.run_test(size=(80, 24), notifications=True) as pilot:
        await ask_for_export(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(opened_run.screen, SearchScreen))
        await until_shown(pilot, "Written to")
    rows = rows_of(Path("nnsize-zibiro.csv"))
    assert [row["param_hidden_layer_sizes"] for row in rows] == ["2", "4", "6", "8"]


async def test_the_table_of_fits_can_be_chosen(opened_run: ExplorerApp) -> None:
    async with opened_run.run_test(size=(80, 24)) as pilot:
        await ask_for_export(pilot)
        await pilot.press("right")
        await until_shown(pilot, "● fits", "candidate,hidden_layer_sizes,weights,fold")
        await pilot.click("#write")
        await until(pilot, lambda: isinstance(opened_run.screen, SearchScreen))
    assert len(rows_of(Path("nnsize-zibiro-fits.csv"))) == 12


async def test_enter_on_the_choice_writes_too(opened_run: ExplorerApp) -> None:
    async with opened_run.run_test(size=(80, 24)) as pilot:
        await ask_for_export(pilot)
        await pilot.press("right", "enter")
        await until(pilot, lambda: isinstance(opened_run.screen, SearchScreen))
    assert len(rows_of(Path("nnsize-zibiro-fits.csv"))) == 12


async def test_another_path_clears_what_was_wrong_with_the_old_one(opened_run: ExplorerApp) -> None:
    async with opened_run.run_test(size=(80, 24)) as pilot:
        field = await ask_for_export(pilot)
        field.value = "table.xlsx"
        field.focus()
        await pilot.press("enter")
        await until_shown(pilot, "names no format")
        await pilot.press("end", "backspace")
        await pilot.pause()
        assert "names no format" not in shown(pilot)


async def test_the_bottom_line_has_the_keys_of_the_dialog(opened_run: ExplorerApp) -> None:
    async with opened_run.run_test(size=(80, 24)) as pilot:
        await ask_for_export(pilot)
        await until(pilot, lambda: {"Write", "Cancel", "Other"} == keys_of(opened_run))
        await pilot.press("up", "up", "up")
        opened_run.screen.query_one(Input).focus()
        await until(pilot, lambda: {"Write", "Cancel"} == keys_of(opened_run))
        await pilot.press("escape", "d")
        await until(pilot, lambda: isinstance(opened_run.screen, Confirm))
        await until(pilot, lambda: {"Yes", "No"} == keys_of(opened_run))


async def test_the_choice_can_be_clicked(opened_run: ExplorerApp) -> None:
    async with opened_run.run_test(size=(80, 24)) as pilot:
        await ask_for_export(pilot)
        await pilot.click("#rows", offset=(18, 0))
        await until_shown(pilot, "● fits")
        await pilot.click("#rows", offset=(2, 0))
        assert "● candidates" in shown(pilot)
        await pilot.click("#format", offset=(10, 0))
        assert "● .tsv" in shown(pilot)


@pytest.mark.parametrize(("answer", "is_replaced"), [("y", True), ("n", False)])
async def test_a_file_that_exists_is_replaced_only_when_told_so(
    opened_run: ExplorerApp, answer: str, is_replaced: bool
) -> None:
    path = Path("nnsize-zibiro.csv").absolute()
    path.write_text("precious")
    async with opened_run.run_test(size=(80, 24)) as pilot:
        await ask_for_export(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(opened_run.screen, Confirm))
        assert "Overwrite it?" in shown(pilot)
        await pilot.press(answer)
        await until(pilot, lambda: isinstance(opened_run.screen, SearchScreen if is_replaced else ExportDialog))
    assert (path.read_text() == "precious") is not is_replaced


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("no/such/folder/table.csv", "does not exist"),
        ("~no-such-user/table.csv", "does not exist"),
        ("table.xlsx", "names no format"),
        ("", "Name a file to write to."),
    ],
)
async def test_what_is_wrong_is_said_and_can_be_mended(opened_run: ExplorerApp, name: str, problem: str) -> None:
    async with opened_run.run_test(size=(80, 24)) as pilot:
        field = await ask_for_export(pilot)
        field.value = name
        await pilot.press("enter")
        await until_shown(pilot, problem)
        field.value = "table.md"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(opened_run.screen, SearchScreen))
    assert Path("table.md").read_text().startswith("|")


async def test_escape_and_cancel_write_nothing(opened_run: ExplorerApp) -> None:
    async with opened_run.run_test(size=(80, 24)) as pilot:
        await ask_for_export(pilot)
        await pilot.press("escape")
        assert isinstance(opened_run.screen, SearchScreen)
        await ask_for_export(pilot)
        await pilot.click("#cancel")
        await until(pilot, lambda: isinstance(opened_run.screen, SearchScreen))
    assert not list(Path().iterdir())


async def test_a_preview_may_be_there_when_the_dialog_is_being_removed(
    opened_run: ExplorerApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_be_there, preview_of = threading.Event(), RunOffer.preview_of

    def late(self: RunOffer, what: str, ending: str, name: str) -> tuple[str, Sequence[str]]:
        may_be_there.wait(60.0)
        return preview_of(self, what, ending, name)

    async def slow(_: KeyBar) -> None:
        """What holds the preview is gone before the keys are."""
        may_be_there.set()
        await asyncio.sleep(0.2)

    monkeypatch.setattr(RunOffer, "preview_of", late)
    async with opened_run.run_test(size=(80, 24)) as pilot:
        await pilot.press("x")
        await until(pilot, lambda: isinstance(opened_run.screen, ExportDialog))
        monkeypatch.setattr(KeyBar, "on_unmount", slow, raising=False)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(opened_run.screen, SearchScreen))
        await until(pilot, may_be_there.is_set)
        await pilot.pause(0.3)


async def test_a_run_that_goes_on_can_be_exported(home: Path) -> None:
    app = ExplorerApp(home, unicode=True, first=RunFollower(made_run(home, "zibiro", state="running", fits=5)).look())
    async with app.run_test(size=(80, 24)) as pilot:
        field = await ask_for_export(pilot)
        field.value = "part.tsv"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SearchScreen))
    assert len(Path("part.tsv").read_text().splitlines()) == 5


@pytest.fixture
def evolution(home: Path) -> Path:
    """A finished evolution, which has both networks."""
    return make_evolution(home, "zibiro")


async def asked_about(pilot: Pilot[None], folder: Path) -> Input:
    """The dialog for a run."""
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
    assert [row["number"] for row in rows_of(Path("nnsize-zibiro.csv"))] == [str(number) for number in range(41)]


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


async def test_an_ending_that_is_typed_chooses_the_format(opened_run: ExplorerApp) -> None:
    async with opened_run.run_test(size=(80, 24)) as pilot:
        field = await ask_for_export(pilot)
        field.value = "mine.md"
        await until_shown(pilot, "● .md", "| mean_fit_time |")
        field.value = "mine."
        await pilot.pause()
        assert "● .md" in shown(pilot)


@pytest.mark.parametrize(
    ("steps", "name"), [(3, "nnsize-zibiro.png"), (4, "nnsize-zibiro.py"), (5, "nnsize-zibiro.toml")]
)
async def test_a_chart_a_program_and_settings_are_written(
    explorer: ExplorerApp, evolution: Path, steps: int, name: str
) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        await asked_about(pilot, evolution)
        await pilot.press(*["right"] * steps, "enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, ExportDialog))
    assert Path(name).stat().st_size > 300


async def test_a_table_goes_to_the_clipboard_and_a_note_says_how_long_it_is(opened_run: ExplorerApp) -> None:
    async with opened_run.run_test(size=(80, 24), notifications=True) as pilot:
        await ask_for_export(pilot)
        await pilot.press("down", "right", "down", "right")
        await until_shown(pilot, "● the clipboard", "Copy (enter)")
        assert "File" not in shown(pilot).replace("a file", "")
        await pilot.press("enter")
        await until_shown(pilot, "Copied candidates of zibiro: 5 lines.")
        assert opened_run.clipboard.startswith("mean_fit_time\tstd_fit_time\t")
        assert len(opened_run.clipboard.splitlines()) == 5
    assert not list(Path().iterdir())


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


async def test_the_best_network_of_a_search_is_offered_and_written(explorer: ExplorerApp, home: Path) -> None:
    folder = made_run(home, "zibiro")
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        set_network(connection, made_network("best", 90))
    connection.close()
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
