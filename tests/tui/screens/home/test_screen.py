from pathlib import Path

import pytest

from nnsize_engine.errors import RunError
from nnsize_engine.runs import launch
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.settings.auto_strategy import recommended
from nnsize_engine.settings.run import RunSettings
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.follow.messages import RunsSeen
from nnsize_tui.follow.runs import RunsFollower
from nnsize_tui.screens.data.screen import DataScreen
from nnsize_tui.screens.dialogs.confirm import Confirm
from nnsize_tui.screens.dialogs.help import Help
from nnsize_tui.screens.dialogs.pick_file import PickFile
from nnsize_tui.screens.dialogs.pick_names import PickNames
from nnsize_tui.screens.evolution.screen import EvolutionScreen
from nnsize_tui.screens.home.run_table import RunTable
from nnsize_tui.screens.home.screen import HomeScreen
from nnsize_tui.screens.search.screen import SearchScreen
from nnsize_tui.screens.setup.screen import SetupScreen
from support.made_runs import made_corrupt, made_run, make_evolution
from support.pilots import shown, until, until_shown
from support.removal import remove


async def test_every_run_is_a_row_with_its_state_in_words(home: Path, explorer: ExplorerApp) -> None:
    made_run(home, "zibiro")
    made_run(home, "paused", state="paused", fits=5, age=1)
    made_run(home, "halted", state="stopped", fits=5, age=2)
    made_run(home, "broken", state="interrupted", fits=5, age=3)
    made_run(home, "noluck", state="failed", fits=5, age=4, reason="no memory")
    made_corrupt(home, "damage")
    async with explorer.run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "zibiro", "damage")
        lines = shown(pilot).split("\n")
        for name, state in [
            ("zibiro", "finished"),
            ("paused", "paused"),
            ("halted", "stopped"),
            ("broken", "interrupted"),
            ("noluck", "failed"),
            ("damage", "unreadable"),
        ]:
            assert any(name in line and state in line for line in lines)
        assert any("zibiro" in line and "100%" in line and "8" in line for line in lines)


async def test_an_empty_home_says_what_the_program_does_and_which_key_starts(explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(
            pilot, "How many neurons does a neural network need?", "Press n to set up", "Press e to set up"
        )
        assert "30-64-32-1 = 4,097" in shown(pilot)
        assert "networks from 5 to 99 neurons" in shown(pilot)
        for key in ("d Delete", "y Copy", "o Sort"):
            assert key not in shown(pilot)


async def test_n_and_the_start_key_start_the_built_in_search_and_open_it(
    explorer: ExplorerApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[SizeSettings] = []

    def start(settings: SizeSettings, folder: Path, **_: object) -> Path:
        started.append(settings)
        return made_run(folder, "brandnew", state="running", fits=2)

    monkeypatch.setattr(launch, "start", start)
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("n")
        await until(pilot, lambda: isinstance(explorer.screen, SetupScreen))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(explorer.screen, SearchScreen))
        await until_shown(pilot, "brandnew", "running")
        assert started == [SizeSettings()]
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
        await until_shown(pilot, "› brandn")


async def test_a_search_that_cannot_be_started_says_why(explorer: ExplorerApp, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(settings: SizeSettings, folder: Path, **_: object) -> Path:
        raise RunError(f"no room for {settings.data} in {folder.name}")

    monkeypatch.setattr(launch, "start", start)
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("n")
        await until(pilot, lambda: isinstance(explorer.screen, SetupScreen))
        await pilot.press("ctrl+s")
        await until_shown(pilot, "no room for breast_cancer", "A new search")
        await pilot.press("escape")
        await until_shown(pilot, "0 runs")


async def test_enter_and_a_double_click_open_the_run(home: Path, explorer: ExplorerApp) -> None:
    made_run(home, "zibiro")
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "zibiro")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(explorer.screen, SearchScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
        await pilot.click(RunTable, offset=(5, 1), times=2)
        await until(pilot, lambda: isinstance(explorer.screen, SearchScreen))


async def test_runs_deleted_elsewhere_leave_the_table(home: Path, explorer: ExplorerApp) -> None:
    folder = made_run(home, "target")
    made_run(home, "spared", age=1)
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "target", "2 runs")
        remove(folder)
        await until_shown(pilot, "Run target is gone: deleted or moved elsewhere.")
        await until_shown(pilot, "› spared", "1 run")


async def test_rows_that_are_on_their_way_while_one_comes_back_are_shown(home: Path) -> None:
    folder = made_run(home, "zibiro")
    app = ExplorerApp(home, unicode=True, first=RunFollower(folder).look())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, SearchScreen) and app.screen.is_mounted)
        home_screen = app.get_default_screen()
        assert isinstance(home_screen, HomeScreen)
        await until(pilot, lambda: len(home_screen.rows) == 1)
        home_screen._pace.end()
        await until(pilot, lambda: all(one.is_finished or one.node is not home_screen for one in app.workers))
        made_run(home, "rakoti", age=-1)
        home_screen._post(RunsSeen(RunsFollower(home).look()))
        app.pop_screen()
        await until_shown(pilot, "rakoti", "2 runs")


async def test_a_run_that_was_started_and_watched_has_the_cursor_when_one_comes_back(
    home: Path, explorer: ExplorerApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_run(home, "older", age=5)
    monkeypatch.setattr(launch, "start", lambda *_, **__: made_run(home, "newest"))
    async with explorer.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "› older")
        await pilot.press("n")
        await until(pilot, lambda: isinstance(explorer.screen, SetupScreen))
        await until_shown(pilot, "48 candidates")
        await pilot.press("ctrl+s")
        await until_shown(pilot, "newest", "12/12 fits")
        await pilot.press("escape")
        await until_shown(pilot, "› newest", "  older")


async def test_help_lists_every_key_of_the_screen(home: Path, explorer: ExplorerApp) -> None:
    made_run(home, "zibiro")
    async with explorer.run_test(size=(100, 100)) as pilot:
        await until_shown(pilot, "zibiro")
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(explorer.screen, Help))
        bindings = [*HomeScreen.BINDINGS, *ExplorerApp.BINDINGS]
        await until_shown(pilot, *(binding.tooltip for binding in bindings))  # type: ignore[union-attr]
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))


async def test_a_key_in_the_bottom_line_can_be_clicked(home: Path, explorer: ExplorerApp) -> None:
    made_run(home, "zibiro")
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "zibiro", "enter Open")
        await pilot.click("#keys", offset=(3, 0))
        await until(pilot, lambda: isinstance(explorer.screen, SearchScreen))


async def test_q_closes_the_explorer(explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("q")
        await until(pilot, lambda: not explorer.is_running)
    assert explorer.return_code == 0


def test_every_key_has_an_id_a_description_and_a_tooltip() -> None:
    own = (SetupScreen, DataScreen, PickFile, PickNames)
    for screen in (HomeScreen, SearchScreen, EvolutionScreen, Confirm, Help, ExplorerApp, RunTable, *own):
        bindings = screen.BINDINGS
        assert all(binding.id and binding.description and binding.tooltip for binding in bindings)  # type: ignore[union-attr]
        ids = [binding.id for binding in bindings]  # type: ignore[union-attr]
        assert len(set(ids)) == len(ids)


async def test_an_evolution_is_listed_with_its_curve_and_opened_as_one(home: Path, explorer: ExplorerApp) -> None:
    make_evolution(home, "bagote", state="stopped", generations=7)
    made_run(home, "zibiro", age=1)
    async with explorer.run_test(size=(120, 40), notifications=True) as pilot:
        await until_shown(pilot, "evolution iris", "4-6-3-3", "size      iris", "7 of 40 generations", "Best so far")
        await until_shown(pilot, "─ best", "generation")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(explorer.screen, EvolutionScreen))
        await until_shown(pilot, "7/40 generations")


async def test_e_sets_up_the_recommended_evolution_and_ctrl_s_starts_and_opens_it(
    explorer: ExplorerApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[RunSettings] = []

    def start(settings: RunSettings, folder: Path, **_: object) -> Path:
        started.append(settings)
        return make_evolution(folder, "brandnew", state="running", generations=2)

    monkeypatch.setattr(launch, "start", start)
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("e")
        await until(pilot, lambda: isinstance(explorer.screen, SetupScreen))
        await until_shown(pilot, "A new evolution", "100 members x 1,000 = 100,000 evaluations")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(explorer.screen, EvolutionScreen))
        await until_shown(pilot, "brandnew", "running")
        assert started == [recommended()]
