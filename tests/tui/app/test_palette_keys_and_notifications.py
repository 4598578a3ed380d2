"""The list of all commands, keys that a user chose, themes, and the word when a run ends."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from textual import events
from textual.binding import Binding

from nnsize_engine.runs.database import open_for_writing, transaction
from nnsize_engine.runs.writer import set_state
from nnsize_tui.app.config import ExplorerConfig
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.app.saved_state import saved_theme
from nnsize_tui.screens.dialogs.help import Help
from nnsize_tui.screens.dialogs.help_areas import areas, keys_of
from nnsize_tui.screens.dialogs.help_text import HelpText
from nnsize_tui.screens.dialogs.palette import CommandTable, Palette
from nnsize_tui.screens.home.screen import HomeScreen
from nnsize_tui.screens.search.screen import SearchScreen
from nnsize_tui.terminal.driver import notification
from nnsize_tui.terminal.themes import CHOICES
from support.made_runs import made_run
from support.pilots import shown, until, until_shown


def names(app: ExplorerApp) -> list[str]:
    """The commands in the list, from the top."""
    return [command.name for table in app.screen.query(CommandTable) for command in table.items]


async def test_what_is_typed_ahead_of_the_list_is_typed_into_it(home: Path, explorer: ExplorerApp) -> None:
    folder = made_run(home, "zibiro")
    made_run(home, "bagote", age=-1)
    async with explorer.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "zibiro", "bagote")
        for key in ("ctrl+p", *"open run zibiro", "enter"):  # nobody waits until the list is there
            explorer.post_message(events.Key("space" if key == " " else key, key if len(key) == 1 else None))
        await until(pilot, lambda: isinstance(explorer.screen, SearchScreen))
        assert isinstance(explorer.screen, SearchScreen)
        assert explorer.screen.folder == folder


async def test_keys_of_the_chart_are_found_by_what_they_do_and_stand_apart_in_the_help(
    home: Path, explorer: ExplorerApp
) -> None:
    folder = made_run(home, "zibiro")
    async with explorer.run_test(size=(100, 110)) as pilot:
        explorer.open_run(folder, "size")
        await until_shown(pilot, "12/12 fits")
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(explorer.screen, Palette))
        await pilot.press(*"pan left")
        await until(pilot, lambda: names(explorer) == ["Pan left"])
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(explorer.screen, SearchScreen))
        await pilot.press("question_mark")
        await until_shown(pilot, "This screen", "Pause the run", "  The chart alone   ", "zoom in along x")
        text = shown(pilot)
        assert text.index("This screen") < text.index("Pause the run") < text.index("zoom in along x")


async def test_every_command_of_the_screen_and_those_without_a_key_are_in_the_list(
    home: Path, explorer: ExplorerApp
) -> None:
    made_run(home, "zibiro")
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "zibiro")
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(explorer.screen, Palette) and names(explorer))
        bound = {b.description for b in (*HomeScreen.BINDINGS, *ExplorerApp.BINDINGS) if isinstance(b, Binding)}
        assert bound - set(names(explorer)) == {"Commands", "Theme"}
        assert {f"Theme: {name}" for name in CHOICES} <= set(names(explorer))
        assert {"Save screen", "Settings file", "Open run zibiro"} <= set(names(explorer))
        await pilot.press(*"open zib")
        await until(pilot, lambda: names(explorer)[:1] == ["Open run zibiro"])
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(explorer.screen, SearchScreen))


async def test_what_does_nothing_now_says_so_and_is_not_done(home: Path, explorer: ExplorerApp) -> None:
    made_run(home, "zibiro")
    async with explorer.run_test(size=(60, 20)) as pilot:
        await until_shown(pilot, "zibiro")
        await pilot.press("ctrl+p", *"pause", "enter")
        await until_shown(pilot, "Not now")
        assert isinstance(explorer.screen, Palette)


async def test_a_theme_is_taken_from_the_list_and_by_its_key_and_remembered(home: Path, explorer: ExplorerApp) -> None:
    made_run(home, "zibiro")
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "zibiro")
        await pilot.press("ctrl+p", *"theme: mono", "enter")
        await until(pilot, lambda: explorer.theme == "nnsize-monochrome")
        await until(pilot, lambda: saved_theme(None) == "monochrome")
        await pilot.press("t")
        await until(pilot, lambda: saved_theme(None) == "monochrome-light")
        await pilot.press("t")
        await until(pilot, lambda: saved_theme(None) == "dark")


async def test_the_screen_is_saved_as_a_picture(home: Path, explorer: ExplorerApp) -> None:
    made_run(home, "zibiro")
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "zibiro")
        await pilot.press("ctrl+p", *"save screen", "enter")
        await until_shown(pilot, "Written to")
        (path,) = Path.cwd().glob("nnsize-runs-*.svg")
        assert "zibiro" in path.read_text(encoding="utf-8")


async def test_chosen_keys_work_and_are_shown_everywhere(home: Path) -> None:
    made_run(home, "zibiro")
    keys: Mapping[str, tuple[str, ...]] = MappingProxyType({"run.resume": ("f5",), "home.open": ("O",)})
    app = ExplorerApp(home, unicode=True, config=ExplorerConfig(keys=keys))
    async with app.run_test(size=(100, 100)) as pilot:
        await until_shown(pilot, "zibiro", "O Open")
        await pilot.press("question_mark")
        await until_shown(pilot, "f5")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await pilot.press("enter")
        assert isinstance(app.screen, HomeScreen)
        assert app.screen._bindings.key_to_bindings["p"][0].id == "run.pause"
        await pilot.press("O")
        await until(pilot, lambda: isinstance(app.screen, SearchScreen))


async def test_the_end_of_a_run_is_told_on_another_screen(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_run(home, "zibiro")
    other = made_run(home, "rakoti", state="running", fits=3, age=1)
    rung: list[bool] = []
    app = ExplorerApp(home, unicode=True, config=ExplorerConfig(bell=True, refresh=0.1))
    monkeypatch.setattr("nnsize_tui.screens.home.screen.AWAY_SECONDS", 0.1)
    monkeypatch.setattr(app, "bell", lambda: rung.append(True))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "zibiro", "rakoti")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SearchScreen))
        connection = open_for_writing(other)
        with transaction(connection, other):
            set_state(connection, "finished")
        connection.close()
        await until_shown(pilot, "Run rakoti is finished: 3 fits.")
        assert rung == [True]


def test_a_notification_cannot_be_ended_by_its_words() -> None:
    assert notification("run a\x07\x1b\\b", {}) == "\x1b]9;run a  \\b\x07"
    assert notification("a", {"TMUX": "x"}) == "\x1bPtmux;\x1b\x1b]9;a\x07\x1b\\"
    assert notification("a", {"TERM": "linux"}) == ""


async def test_the_help_has_every_other_area_too(home: Path, explorer: ExplorerApp) -> None:
    made_run(home, "zibiro")
    async with explorer.run_test(size=(100, 30)) as pilot:
        await until_shown(pilot, "zibiro")
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(explorer.screen, Help) and explorer.screen.query(HelpText))
        text = explorer.screen.query_one(HelpText)
        await until(pilot, lambda: "An open search" in text.section_titles)
        lines = "\n".join("".join(piece for piece, _ in line) for line in text.content(200))
        for title, area in areas():
            assert title in lines or area is HomeScreen
            for binding in keys_of(area):
                assert binding.id, (title, binding)
                assert str(binding.tooltip) in lines, (title, binding)
