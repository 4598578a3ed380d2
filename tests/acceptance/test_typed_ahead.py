"""Keys that come faster than screens open, and screens that are left twice or before they are mounted."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.screen import Screen

from nnsize_engine.errors import RunError
from nnsize_engine.runs import launch
from nnsize_engine.runs.follower import RunFollower
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.follow.messages import Exported
from nnsize_tui.screens.dialogs.confirm import Confirm
from nnsize_tui.screens.dialogs.help import Help
from nnsize_tui.screens.dialogs.palette import Palette
from nnsize_tui.screens.dialogs.pick_names import NameTable, PickNames
from nnsize_tui.screens.export.dialog import ExportDialog
from nnsize_tui.screens.export.offer import RunOffer
from nnsize_tui.screens.home.screen import HomeScreen
from nnsize_tui.screens.search.screen import SearchScreen
from nnsize_tui.screens.setup.screen import SetupScreen
from nnsize_tui.screens.setup.setting_list import SettingList
from nnsize_tui.widgets.live_table import LiveTable
from support.made_runs import GRID, made_run
from support.pilots import until, until_shown


def row(app: ExplorerApp) -> int | None:
    """Return the row of the cursor in a list of names."""
    return next((table._cursor.row for table in app.screen.query(NameTable)), None)


def has_more(app: ExplorerApp) -> bool:
    """Return whether the seldom changed fields of a new run are in sight."""
    return any(len(settings._settings) > 12 for settings in app.screen.query(SettingList))


CASES: dict[
    str, tuple[Callable[[ExplorerApp, Path], Screen[Any]], tuple[str, ...], Callable[[ExplorerApp], object]]
] = {
    "moving in a list": (
        lambda app, _: PickNames(app.glyphs, "Copy", [("one", ""), ("two", "")], (), many=False),
        ("down", "up", "down"),
        lambda app: row(app) == 1,
    ),
    "writing a file": (
        lambda app, folder: ExportDialog(app.glyphs, RunOffer(folder)),
        ("enter",),
        lambda _: Path("nnsize-zibiro.csv").exists(),
    ),
    "closing the help": (
        lambda app, _: Help(app.glyphs, [], [], {}),
        ("question_mark",),
        lambda app: isinstance(app.screen, HomeScreen),
    ),
    "fields of a new run": (lambda _, folder: SetupScreen(folder.parent), ("ctrl+n",), has_more),
}


@pytest.mark.parametrize("case", CASES)
async def test_keys_typed_ahead_of_a_screen_wait_for_its_parts(home: Path, case: str) -> None:
    screen_of, keys, is_done = CASES[case]
    folder = made_run(home, "zibiro")
    app = ExplorerApp(home, unicode=True)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "zibiro")
        app.push_screen(screen_of(app, folder))
        for key in keys:  # they are there before the screen has begun
            event = events.Key(key, None)
            if not key.startswith("ctrl+"):
                event._set_forwarded()  # it has been to the screen below, which had no use for it
            app.post_message(event)
        await until(pilot, lambda: is_done(app))
        assert app._exception is None


async def test_a_screen_is_left_once_and_not_the_one_below_with_it(home: Path) -> None:
    folder = made_run(home, "zibiro")
    app = ExplorerApp(home, unicode=True, first=RunFollower(folder).look())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "3/3")
        run = app.screen
        dialog = ExportDialog(app.glyphs, RunOffer(folder))
        await app.push_screen(dialog)
        dialog.dismiss(None)  # by escape, while
        dialog.post_message(Exported(Path("table.csv")))  # the file was written, so that it closes by itself
        dialog.dismiss(None)
        await until(pilot, lambda: not dialog.is_running)
        assert app.screen is run
        assert app.is_running


async def test_what_lies_on_top_of_a_screen_is_left_with_it(explorer: ExplorerApp) -> None:
    answers: list[bool | None] = []
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "0 runs")
        below = Confirm(explorer.glyphs, "Really?", yes="Do", no="Keep")
        await explorer.push_screen(below, answers.append)
        await explorer.push_screen(Palette(explorer.glyphs, []))
        below.dismiss(True)
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
        await until(pilot, lambda: answers == [True])


async def test_a_screen_may_be_left_before_it_is_there(explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "0 runs")
        for screen in (Palette(explorer.glyphs, []), SetupScreen(Path())):
            explorer.push_screen(screen)
            explorer.pop_screen()
            await until(pilot, lambda screen=screen: not screen.is_running and screen.is_mounted)  # type: ignore[misc]
        assert explorer.is_running
        await until_shown(pilot, "0 runs")


@pytest.mark.parametrize(("key", "asks"), [("d", Confirm), ("y", PickNames)])
async def test_a_key_that_is_pressed_twice_asks_once(home: Path, key: str, asks: type[Screen[Any]]) -> None:
    app = ExplorerApp(home, unicode=True, first=RunFollower(made_run(home, "zibiro")).look())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: isinstance(app.screen, SearchScreen) and app.screen.view is not None)
        for _ in range(2):
            await app.run_action({"d": "delete", "y": "copy"}[key], app.screen)
        await until(pilot, lambda: isinstance(app.screen, asks) and app.screen.is_mounted)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, SearchScreen))
        assert app.is_running


async def test_what_was_refused_is_said_also_when_its_screen_was_left_meanwhile(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_left = threading.Event()

    def refuse(_: Path) -> None:
        is_left.wait(60)
        raise RunError("the runner does not answer")

    monkeypatch.setattr(launch, "resume", refuse)
    folder = made_run(home, "zibiro", state="stopped", fits=3)
    app = ExplorerApp(home, unicode=True, first=RunFollower(folder).look())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: isinstance(app.screen, SearchScreen) and app.screen.view is not None)
        run = app.screen
        await pilot.press("r", "escape")
        await until(pilot, lambda: not run.is_running)
        is_left.set()
        await until_shown(pilot, "the runner does not answer")
        assert not app.pending_requests.word(folder, "stopped")


async def test_zooms_that_come_at_once_leave_every_part_drawn_for_its_place(home: Path) -> None:
    def is_fitting() -> bool:
        tables: list[LiveTable[Any] | ChartView] = [table for table in app.screen.query(LiveTable) if table.display]
        charts = [chart for chart in app.screen.query(ChartView) if chart.display]
        return all(
            [strip.cell_length for strip in part._strips] == [part.size.width] * part.size.height
            for part in (*tables, *charts)
        )

    app = ExplorerApp(home, unicode=True, first=RunFollower(made_run(home, "zibiro", GRID)).look())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: isinstance(app.screen, SearchScreen) and app.screen.view is not None)
        await until(pilot, lambda: app.screen.query_one(ChartView)._strips and is_fitting())
        assert isinstance(app.screen, SearchScreen)
        app.screen.panes.action_zoom()
        while app.screen.panes.focus_on != "all":
            app.screen.panes.action_zoom()
        await until(pilot, is_fitting)


async def test_what_a_list_of_commands_names_is_not_done_on_a_screen_that_is_gone(home: Path) -> None:
    app = ExplorerApp(home, unicode=True, first=RunFollower(made_run(home, "zibiro")).look())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "3/3")
        run = app.screen
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, Palette))
        palette = app.screen
        assert isinstance(palette, Palette)
        command = next(one for one in palette._commands if one.action == "zoom")
        await app.pop_screen()
        await app.pop_screen()
        assert not run.is_running
        await app._do(command)
        assert isinstance(app.screen, HomeScreen)


async def test_what_is_typed_ahead_of_a_setup_goes_into_it_and_steers_no_run(home: Path) -> None:
    folder = made_run(home, "zibiro", state="running", fits=3)
    app = ExplorerApp(home, unicode=True)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "zibiro", "running")
        for key in "nspd":  # all at once, as over a line that stalled
            app.post_message(events.Key(key, key))
        await until(pilot, lambda: isinstance(app.screen, SetupScreen))
        setup = app.screen
        assert isinstance(setup, SetupScreen)
        await until(pilot, lambda: setup.state.draft["data"].endswith("spd"))
        assert app.screen is setup
        assert (folder / "control").read_text().strip() == "run"
