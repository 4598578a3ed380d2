from collections.abc import Sequence
from pathlib import Path

import pytest

from nnsize_engine.runs.follower import RunFollower
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.widgets.key_bar import KeyBar
from support.made_runs import GRID, made_run, make_evolution
from support.pilots import shown, until, until_shown

CLOSE = ["esc Back", "z Zoom", "x Export", "? Help", "^p Commands", "q Quit"]


def keys_in_bar(app: ExplorerApp) -> list[str]:
    bar = app.screen.query_one(KeyBar)
    return [f"{key} {words}" for key, words, _ in bar.entries(bar.size.width)]


@pytest.mark.parametrize("steps", [[], ["z"], ["z", "z"]])
@pytest.mark.parametrize("kind", ["search", "evolution"])
async def test_copying_and_saving_the_screen_are_in_the_bottom_line_where_there_are_160_columns(
    home: Path, kind: str, steps: Sequence[str]
) -> None:
    folder = made_run(home, "zibiro", GRID, state="running", fits=40) if kind == "search" else make_evolution(home, "x")
    app = ExplorerApp(home, unicode=True, first=RunFollower(folder).look())
    async with app.run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "z Zoom")
        await pilot.press(*steps)
        await until(pilot, lambda: {"y Copy", "P Save screen", *CLOSE} <= set(keys_in_bar(app)))


async def test_a_narrow_bottom_line_keeps_what_is_wanted_most(home: Path) -> None:
    app = ExplorerApp(home, unicode=True, first=RunFollower(made_run(home, "zibiro")).look())
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "z Zoom")
        wide = keys_in_bar(app)
        assert set(CLOSE) <= set(wide)
        assert "d Delete" not in wide
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: keys_in_bar(app) == [key for key in wide if key in CLOSE])


async def test_a_capital_p_saves_the_screen(home: Path) -> None:
    app = ExplorerApp(home, unicode=True, first=RunFollower(made_run(home, "zibiro")).look())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "z Zoom")
        await pilot.press("P")
        await until_shown(pilot, "Written to")
        assert " are recommended: " in shown(pilot)
    assert "zibiro" in next(Path().glob("nnsize-zibiro-*.svg")).read_text()
