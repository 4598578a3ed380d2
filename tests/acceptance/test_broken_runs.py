"""Runs that break, vanish or are shared while the explorer is open: it shows the reason and goes on."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from nnsize_engine.runs.database import FILE_NAME
from nnsize_tui.app.config import ExplorerConfig
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.evolution.screen import EvolutionScreen
from nnsize_tui.screens.home.screen import HomeScreen
from nnsize_tui.screens.search.screen import SearchScreen
from support.made_runs import add_made_fits, enter_state, made_fit, made_run, make_evolution
from support.pilots import shown, until, until_shown
from support.removal import remove
from support.signed_runs import sign
from support.tmux import NNSIZE_TUI, needs_tmux, tmux
from support.waiting import wait_until


@pytest.fixture
def explorer(home: Path) -> ExplorerApp:
    """Return the explorer on that home, with short pauses between two reads of its runs."""
    return ExplorerApp(home, unicode=True, config=ExplorerConfig(refresh=0.1))


def replaced_by_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def linked_to_nothing(file: Path) -> None:
    file.unlink()
    file.symlink_to("/nowhere/run.sqlite")


def overwritten(file: Path) -> None:
    file.write_bytes(b"this was a database once, and is none any more" * 300)


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def cut_in_half(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])


def damaged_inside(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xff" * len(data[4096:])
    file.write_bytes(bytes(data))


def of_another_program(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file, timeout=60) as connection:
        connection.execute("CREATE TABLE run (something)")
    connection.close()


def from_the_future(file: Path) -> None:
    with sqlite3.connect(file, timeout=60) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()


def without_its_tables(file: Path) -> None:
    with sqlite3.connect(file, timeout=60) as connection:
        for table in ("log", "runner"):
            connection.execute(f"DROP TABLE {table}")
    connection.close()


def with_settings_that_are_none(file: Path) -> None:
    with sqlite3.connect(file, timeout=60) as connection:
        connection.execute("UPDATE run SET settings = '{]'")
        sign(connection)
    connection.close()


WAYS = [
    replaced_by_a_folder, linked_to_nothing, overwritten, emptied, cut_in_half, damaged_inside,
    of_another_program, from_the_future, without_its_tables, with_settings_that_are_none,
]  # fmt: skip
KEYS = ["down", "up", "end", "home", "z", "z", "z", "l", "l", "m", "m", "o", "O", "p", "r", "s", "left", "right", "tab"]


def reason_shown(pilot: Pilot[None]) -> bool:
    """Return whether the answer names the run and its problem."""
    answer = " ".join(" ".join(shown(pilot).split("\n")[3:6]).split())
    return "target" in answer and any(
        words in answer for words in ("cannot be", "is not a run", "no run in", "has format 999")
    )


def press_quickly(pilot: Pilot[None], *keys: str) -> None:
    """Press keys quickly, without waiting for their effects."""
    for key in keys:
        pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))


@pytest.mark.parametrize(
    ("break_it", "kind"),
    [*((way, "size") for way in WAYS), *((way, "evolution") for way in (overwritten, damaged_inside))],
)
async def test_a_run_that_breaks_while_it_is_open_says_so_and_comes_back_mended(
    home: Path, explorer: ExplorerApp, break_it: Callable[[Path], None], kind: str
) -> None:
    is_size = kind == "size"
    folder = made_run(home, "target", state="stopped") if is_size else make_evolution(home, "target", state="stopped")
    made_run(home, "spared", age=1)
    kept = home.with_name("kept")
    shutil.copytree(folder, kept)
    async with explorer.run_test(size=(100, 30), notifications=True) as pilot:
        await until_shown(pilot, "target", "spared")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(explorer.screen, SearchScreen if is_size else EvolutionScreen))
        await until_shown(pilot, "folds of" if is_size else "generations", "stopped")
        break_it(folder / FILE_NAME)
        await until(pilot, lambda: reason_shown(pilot))
        press_quickly(pilot, *KEYS)
        await pilot.pause()
        # Else a key that resumes what was stopped might find it mended.
        await until(pilot, lambda: not any(one.group == "steer" and one.is_running for one in explorer.workers))
        assert explorer.is_running
        await pilot.press("escape", "escape")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
        await until_shown(pilot, "unreadable", "finished")
        await pilot.press("enter", "p", "s", "r", "x")
        assert isinstance(explorer.screen, HomeScreen)
        await pilot.press("home")
        spared = next(row for row in explorer.screen._rows if row.folder.name == "spared")
        assert spared.state == "finished"

        remove(folder)
        shutil.copytree(kept, folder)
        await until(pilot, lambda: "unreadable" not in shown(pilot) and "stopped" in shown(pilot))


@pytest.mark.parametrize("has_dialog", [False, True])
async def test_a_folder_that_is_deleted_under_an_open_run_is_said_and_closed(
    home: Path, explorer: ExplorerApp, has_dialog: bool
) -> None:
    folder = made_run(home, "target", state="running", fits=5)
    made_run(home, "spared", age=1)
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "target")
        await pilot.press("enter")
        await until_shown(pilot, "5/12 fits")
        if has_dialog:
            await pilot.press("d")
            await until_shown(pilot, "Stop it and delete it?")
        remove(folder)
        await until_shown(pilot, "The folder of run target is gone.")
        if has_dialog:
            await pilot.press("n")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
        await until_shown(pilot, "› spared", "1 run")
        assert not any("moved elsewhere" in note.message for note in explorer._notifications)  # it was said


async def test_an_open_run_whose_file_becomes_one_of_another_kind_is_said_and_closed(
    home: Path, explorer: ExplorerApp
) -> None:
    folder, other = made_run(home, "target"), make_evolution(home, "spared")
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "target")
        explorer.open_run(folder, "size")
        await until_shown(pilot, "12/12 fits")
        shutil.copyfile(other / FILE_NAME, folder / FILE_NAME)
        await until_shown(pilot, "Run target is another one now")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))


async def test_a_run_that_is_gone_while_it_is_exported_is_a_sentence_in_the_dialog(
    home: Path, explorer: ExplorerApp
) -> None:
    folder = made_run(home, "target")
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "target")
        await pilot.press("x")
        await until_shown(pilot, "Export run target")
        remove(folder)
        await pilot.press("enter")
        await until(pilot, lambda: "there is no run" in shown(pilot).replace("\n", " ") or "cannot" in shown(pilot))
        assert explorer.is_running
        assert not list(Path.cwd().iterdir())


async def test_the_home_of_all_runs_vanishes_and_comes_back(home: Path, explorer: ExplorerApp) -> None:
    made_run(home, "target")
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "target")
        remove(home)
        await until_shown(pilot, "Press E for three example runs")
        home.write_text("a file where a folder should be")
        # The lines break where the length of the path says.
        await until(pilot, lambda: "cannot be listed" in " ".join(shown(pilot).split()))
        home.unlink()
        made_run(home, "reborn")
        await until_shown(pilot, "reborn", "1 run")


async def test_eight_live_runs_are_followed_at_once_and_one_that_breaks_stops_no_other(
    home: Path, explorer: ExplorerApp
) -> None:
    folders = [made_run(home, f"live{number}", state="running", fits=number, age=number) for number in range(8)]
    async with explorer.run_test(size=(120, 40), notifications=True) as pilot:
        await until_shown(pilot, "8 running")
        overwritten(folders[3] / FILE_NAME)
        remove(folders[5])
        for number, folder in enumerate(folders):
            if number not in (3, 5):
                add_made_fits(folder, [made_fit(candidate, 2) for candidate in range(4)])
        done = {folders[number].name: number + 4 for number in range(8) if number not in (3, 5)}

        def has_all() -> bool:
            assert isinstance(explorer.screen, HomeScreen)
            rows = {row.folder.name: row.header.done for row in explorer.screen._rows if row.header}
            return rows == done

        await until(pilot, has_all)
        await until_shown(pilot, "6 running", "unreadable")


@needs_tmux
def test_two_explorers_show_one_run_and_what_is_done_from_either(home: Path) -> None:
    folder = made_run(home, "target", state="running", fits=4)
    made_run(home, "spared", age=1)
    with tmux(NNSIZE_TUI, "target") as one, tmux(NNSIZE_TUI, "target", size=(120, 40)) as other:
        for terminal in (one, other):
            terminal.until_shown("4/12 fits", "running")
        add_made_fits(folder, [made_fit(candidate, 1) for candidate in range(4)])
        for terminal in (one, other):
            terminal.until_shown("8/12 fits")
        one.press("p")
        one.until_shown("pausing")
        enter_state(folder, "paused")  # as its runner does
        for terminal in (one, other):
            terminal.until_shown("paused")
        enter_state(folder, "stopped")
        other.until_shown("stopped")
        other.press("d")
        other.until_shown("Delete run target?")
        other.press("y")
        other.until_shown("1 run", "spared")
        one.until_shown("1 run", "spared")
        wait_until(lambda: not folder.exists())  # it goes after its file, without which there is no run
