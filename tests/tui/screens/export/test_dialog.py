import asyncio
import csv
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from nnsize_engine.runs.follower import RunFollower
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.dialogs.confirm import Confirm
from nnsize_tui.screens.export.dialog import ExportDialog
from nnsize_tui.screens.export.offer import WORDS, Export, RunOffer
from nnsize_tui.screens.search.screen import SearchScreen
from nnsize_tui.widgets.key_bar import KeyBar
from support.made_runs import made_run
from support.pilots import shown, until, until_shown


@pytest.fixture
def opened_run(home: Path) -> ExplorerApp:
    """Return the explorer with a finished run open."""
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
        field.value = "table.pdf"
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
        ("table.pdf", "names no format"),
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


async def test_an_ending_that_is_typed_chooses_the_format(opened_run: ExplorerApp) -> None:
    async with opened_run.run_test(size=(80, 24)) as pilot:
        field = await ask_for_export(pilot)
        field.value = "mine.md"
        await until_shown(pilot, "● .md", "| mean_fit_time |")
        field.value = "mine."
        await pilot.pause()
        assert "● .md" in shown(pilot)


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


async def test_the_buttons_stay_in_a_small_window_however_many_lines_the_choices_take(
    explorer: ExplorerApp, home: Path
) -> None:
    offer = RunOffer(made_run(home, "zibiro"))
    names: tuple[Export, ...] = (
        "candidates",
        "fits",
        "references",
        "best",
        "recommended",
        "curve",
        "program",
        "report",
    )
    offer.choices = [(name, WORDS[name]) for name in names]
    async with explorer.run_test(size=(60, 20)) as pilot:
        await until_shown(pilot, "zibiro")
        explorer.push_screen(ExportDialog(explorer.glyphs, offer))
        await until_shown(pilot, "4 rows of 18 columns:", "○ .parquet", "Cancel (esc)", "Write (enter)")
