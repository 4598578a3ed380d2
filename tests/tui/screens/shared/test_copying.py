from pathlib import Path

from nnsize_engine.runs.follower import RunFollower
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.dialogs.pick_names import PickNames
from nnsize_tui.screens.evolution.screen import EvolutionScreen
from nnsize_tui.screens.search.screen import SearchScreen
from support.made_runs import made_run, make_evolution
from support.pilots import shown, until, until_shown


async def test_y_copies_the_row_of_the_cursor_as_it_is_exported(home: Path) -> None:
    app = ExplorerApp(home, unicode=True, first=RunFollower(made_run(home, "zibiro")).look())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: isinstance(app.screen, SearchScreen))
        await pilot.press("down", "y")
        await until_shown(pilot, "Copy: type to find it")
        await pilot.press("enter")
        await until_shown(pilot, "Copied row: 2 lines.")
    names, values = [line.split("\t") for line in app.clipboard.splitlines()]
    row = dict(zip(names, values, strict=True))
    assert row["param_hidden_layer_sizes"] == "4"
    assert row["rank_test_score"]


async def test_one_value_is_found_by_typing_and_copied_with_all_its_digits(home: Path) -> None:
    app = ExplorerApp(home, unicode=True, first=RunFollower(make_evolution(home, "zibiro")).look())
    async with app.run_test(size=(60, 20), notifications=True) as pilot:
        await until(pilot, lambda: isinstance(app.screen, EvolutionScreen))
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, PickNames))
        await pilot.press(*"best", "enter")
        await until_shown(pilot, "Copied best: ")
        assert 0 < float(app.clipboard) < 1
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, PickNames))
        await pilot.press(*"answer", "enter")
        await until_shown(pilot, "Copied answer: ")
        assert app.clipboard.startswith("Evolved 4-6-3-3")


async def test_of_all_runs_a_runs_name_is_copied_and_escape_copies_nothing(home: Path) -> None:
    made_run(home, "zibiro")
    app = ExplorerApp(home, unicode=False)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "zibiro")
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, PickNames))
        assert shown(pilot).isascii()
        await pilot.press("escape")
        assert app.clipboard == ""
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, PickNames))
        await pilot.press("enter")
        await until_shown(pilot, "Copied run: 6 characters.")
        assert app.clipboard == "zibiro"


async def test_the_screen_is_saved_under_new_names(home: Path) -> None:
    app = ExplorerApp(home, unicode=True, first=RunFollower(made_run(home, "zibiro")).look())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "zibiro")
        for _ in range(3):
            app.action_save_screen()
        await until_shown(pilot, "Written to")
    pictures = sorted(Path().glob("nnsize-zibiro-*.svg"))
    assert len(pictures) == 3
    assert all("zibiro" in picture.read_text() for picture in pictures)
