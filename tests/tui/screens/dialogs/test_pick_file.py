import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from nnsize_engine.errors import DataError
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.dialogs import folder as listing
from nnsize_tui.screens.dialogs import pick_file
from nnsize_tui.screens.dialogs.file_table import Entry, FileTable, size_text
from nnsize_tui.screens.dialogs.folder import completed, expanded, list_folder, matching, shortened
from nnsize_tui.screens.dialogs.pick_file import PickFile
from nnsize_tui.widgets.text_input import TextInput
from support.pilots import shown, until, until_shown


@pytest.fixture
def files(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a home with folders and files, and work in it."""
    del home
    root = tmp_path / "me"
    (root / "data" / "deep").mkdir(parents=True)
    (root / ".hidden").mkdir()
    for name in ("titanic.csv", "titan.tsv.gz", "notes.md", ".secret.csv", "data/wide.parquet", "data/deep/x.npz"):
        (root / name).write_text("a,b\n1,2\n")
    monkeypatch.setenv("HOME", str(root))
    monkeypatch.chdir(root)
    return root


async def picking(pilot: Pilot[None], start: str = "") -> list[Path | None]:
    """Open the picker; return a list that gets its result."""
    app = pilot.app
    assert isinstance(app, ExplorerApp)
    picked: list[Path | None] = []
    app.push_screen(PickFile(app.glyphs, start), picked.append)
    await until(pilot, lambda: isinstance(app.screen, PickFile) and isinstance(app.focused, TextInput))
    await until(pilot, lambda: app.screen.query_one(FileTable).items)
    return picked


def rows(pilot: Pilot[None]) -> list[str]:
    return [entry.name for entry in pilot.app.screen.query_one(FileTable).items]


def typed(pilot: Pilot[None]) -> str:
    return pilot.app.screen.query_one(TextInput).value


async def test_folders_and_tables_are_listed_with_their_sizes(explorer: ExplorerApp, files: Path) -> None:
    del files
    async with explorer.run_test(size=(80, 24)) as pilot:
        await picking(pilot)
        assert rows(pilot) == ["..", "data", "titan.tsv.gz", "titanic.csv"]
        await until_shown(pilot, " file  ~/", "data/", "8 B", "2 tables", "› data/")


async def test_enter_opens_a_folder_and_chooses_a_file(explorer: ExplorerApp, files: Path) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        picked = await picking(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: rows(pilot) == ["..", "deep", "wide.parquet"])
        assert typed(pilot) == "~/data/"
        await pilot.press("down", "up", "down", "enter")
        await until(pilot, lambda: picked)
    assert picked == [files / "data" / "wide.parquet"]


async def test_what_is_typed_narrows_the_list_and_tab_completes_it(explorer: ExplorerApp, files: Path) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        picked = await picking(pilot)
        await pilot.press("t")
        assert rows(pilot) == ["titan.tsv.gz", "titanic.csv"]
        await pilot.press("tab")
        assert typed(pilot) == "~/titan"
        await pilot.press("i", "tab")
        assert typed(pilot) == "~/titanic.csv"
        await pilot.press(*["backspace"] * 11, "d", "tab")
        await until(pilot, lambda: typed(pilot) == "~/data/" and "wide.parquet" in rows(pilot))
        await pilot.press(*"wide.parquet", "enter")
        await until(pilot, lambda: picked)
    assert picked == [files / "data" / "wide.parquet"]


async def test_a_key_that_overtakes_what_is_typed_means_what_is_typed(explorer: ExplorerApp, files: Path) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        picked = await picking(pilot)
        screen = explorer.screen
        assert isinstance(screen, PickFile)
        screen.query_one(TextInput).value = "~/titanic"
        screen.action_take()
        await until(pilot, lambda: picked)
    assert picked == [files / "titanic.csv"]


async def test_the_folder_above_is_a_row_a_key_and_can_be_typed(explorer: ExplorerApp, files: Path) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        await picking(pilot, "data/wide.parquet")
        await until_shown(pilot, "› wide.parquet")
        await pilot.press("shift+tab")
        await until_shown(pilot, "› data/")
        await pilot.press("ctrl+home", "enter")
        await until(pilot, lambda: typed(pilot) == f"{files.parent}/")
        await pilot.press("ctrl+u", *"~/data/../d")
        await until(pilot, lambda: rows(pilot) == ["data"])
        await pilot.press("ctrl+u", "~")
        await until(pilot, lambda: "titanic.csv" in rows(pilot))
        await pilot.press("ctrl+u")
        await until(pilot, lambda: "titanic.csv" in rows(pilot))
        await pilot.press("ctrl+end", "pageup", "pagedown")
        await until_shown(pilot, "› titanic.csv")


async def test_hidden_files_and_other_endings_are_chosen_by_their_names(explorer: ExplorerApp, files: Path) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        picked = await picking(pilot)
        await pilot.press(".")
        assert rows(pilot) == [".hidden", ".secret.csv"]
        await pilot.press("backspace", *"notes.m")
        await until_shown(pilot, "no table begins with notes.m")
        await pilot.press("enter")
        await until_shown(pilot, "there is no file notes.m")
        await pilot.press("d", "enter")
        await until(pilot, lambda: picked)
    assert picked == [files / "notes.md"]


async def test_a_folder_that_cannot_be_listed_says_so(
    explorer: ExplorerApp, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del files

    def refuse(folder: Path) -> tuple[Entry, ...]:
        if folder.name == "data":
            raise DataError("this folder cannot be listed: permission denied")
        return list_folder(folder)

    monkeypatch.setattr(pick_file, "list_folder", refuse)
    async with explorer.run_test(size=(80, 24)) as pilot:
        picked = await picking(pilot)
        await pilot.press("enter")
        await until_shown(pilot, "this folder cannot be listed: permission denied")
        await pilot.press("enter")
        await until_shown(pilot, "titanic.csv")
        await pilot.press(*"nowhere/")
        await until_shown(pilot, "there is no folder nowhere")
        await pilot.press("escape")
        await until(pilot, lambda: picked)
    assert picked == [None]


async def test_names_with_terminal_codes_are_harmless_and_can_be_chosen(explorer: ExplorerApp, files: Path) -> None:
    evil = files / "e\x1b[31mvil"
    evil.mkdir()
    (evil / "x\x07.csv").write_text("a\n1\n")
    async with explorer.run_test(size=(80, 24)) as pilot:
        picked = await picking(pilot)
        await pilot.press("e", "tab")
        await until(pilot, lambda: typed(pilot) == "~/e\\x1b[31mvil/")
        assert "\x1b" not in shown(pilot)
        await until_shown(pilot, "› x\\x07.csv")
        await pilot.press("x", "enter")
        await until(pilot, lambda: picked)
    assert picked == [evil / "x\x07.csv"]


async def test_a_click_chooses_a_row_and_a_second_one_opens_it(explorer: ExplorerApp, files: Path) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        picked = await picking(pilot)
        await pilot.click(FileTable, offset=(4, 4), times=2)
        await until(pilot, lambda: picked)
    assert picked == [files / "titanic.csv"]


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (160, 48)])
async def test_it_fits_every_size(explorer: ExplorerApp, files: Path, size: tuple[int, int]) -> None:
    del files
    async with explorer.run_test(size=size) as pilot:
        await picking(pilot)
        await until_shown(pilot, "titanic.csv" if size[1] > 8 else "data/")
        assert all(len(line) <= size[0] for line in shown(pilot).split("\n"))


def test_a_huge_folder_is_listed_without_asking_for_every_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(300):
        (tmp_path / f"part-{number:03d}.csv").touch()
    monkeypatch.setattr(Path, "stat", lambda *_, **__: pytest.fail("a file was asked for its size"))
    assert len(list_folder(tmp_path)) == 300


def test_a_link_that_leads_nowhere_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nothing")
    assert [entry.is_folder for entry in list_folder(tmp_path)] == [False]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    with pytest.raises(DataError, match="cannot be listed: not a directory"):
        list_folder(tmp_path / "a.csv")


@given(st.lists(st.text("abAB._", min_size=1, max_size=6), unique=True), st.text("abAB._", max_size=3))
def test_a_completion_goes_on_with_what_is_typed_and_fits_what_matches(names: list[str], start: str) -> None:
    entries = [Entry(name=name, path=f"/{name}", is_folder=False) for name in names]
    found = matching(entries, start)
    rest = completed(found, start)
    assert rest.lower().startswith(start.lower())
    assert not found or any(entry.name.lower().startswith(rest.lower()) for entry in found)


def test_the_home_folder_is_written_short(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shortened(files / "data") == "~/data/"
    assert shortened(files) == "~/"
    assert shortened(Path("/")) == "/"
    assert shortened(files.parent / "mechanic") == f"{files.parent}/mechanic/"
    assert expanded(shortened(files / "data")) == files / "data"
    monkeypatch.setenv("HOME", "/")
    assert shortened(Path("/etc")) == "/etc/"


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (9949, "9.9 kB"), (123_456_789, "123 MB")]
)
def test_sizes_have_units(size: int, text: str) -> None:
    assert size_text(size) == text


def test_every_ending_is_in_small_letters() -> None:
    assert all(ending == ending.lower() and ending.startswith(".") for ending in listing.READABLE)
    assert os.path.splitext("a.csv")[1] in listing.READABLE  # noqa: PTH122
