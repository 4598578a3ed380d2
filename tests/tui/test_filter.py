from pathlib import Path

import pytest
from textual.pilot import Pilot

from nnsize_engine.run_view import RunFollower
from nnsize_tui.app import ExplorerApp
from nnsize_tui.widgets.candidate_table import CandidateTable
from nnsize_tui.widgets.run_table import RunTable
from support.made_runs import GRID, SMALL, add_made_fits, made_fit, made_run
from support.pilots import shown, until, until_shown


def explorer(home: Path, folder: Path | None = None, *, unicode: bool = True) -> ExplorerApp:
    return ExplorerApp(home, unicode=unicode, first=None if folder is None else RunFollower(folder).look())


def names(pilot: Pilot[None]) -> list[str]:
    return [str(item.summary.candidate.parameters[0][1]) for item in pilot.app.screen.query_one(CandidateTable).items]


async def test_rows_are_filtered_as_one_types_and_nothing_is_hidden_silently(home: Path) -> None:
    folder = made_run(home, "zibiro", GRID)
    async with explorer(home, folder).run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", *"TANH ", "0")
        assert set(names(pilot)) == {"tanh"}
        await until_shown(pilot, "/TANH 0", "18 of 36 shown", "enter keep", "esc all")
        assert "b Best" not in shown(pilot)  # letters are typed
        await pilot.press(*".00")
        await until_shown(pilot, "6 of 36 shown")
        await pilot.press("backspace", "enter")
        await until_shown(pilot, "/TANH 0.0", "/ change", "b Best")
        await pilot.press("b")
        assert len(names(pilot)) <= 6  # other keys work again
        await pilot.press("b", "escape")
        assert len(names(pilot)) == 36
        assert "shown" not in shown(pilot)


async def test_esc_first_clears_the_filter_and_then_leaves(home: Path) -> None:
    folder = made_run(home, "zibiro", GRID)
    async with explorer(home, folder).run_test(size=(80, 24)) as pilot:
        screen = pilot.app.screen
        await pilot.press("slash", "x", "y")
        await until_shown(pilot, "0 of 36 shown")
        await pilot.press("escape")
        assert pilot.app.screen is screen
        assert len(names(pilot)) == 36
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is not screen)


async def test_new_results_of_a_live_run_are_filtered_too(home: Path) -> None:
    folder = made_run(home, "zibiro", state="running", fits=0)
    async with explorer(home, folder).run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", *"best")
        await until_shown(pilot, "0 of 4 shown")
        add_made_fits(folder, [made_fit(candidate, 0) for candidate in range(4)])
        await until_shown(pilot, "1 of 4 shown")


@pytest.mark.parametrize("unicode", [True, False])
async def test_runs_are_found_by_their_state_and_data(home: Path, unicode: bool) -> None:
    made_run(home, "zibiro", SMALL)
    made_run(home, "kamali", SMALL, state="stopped", age=1)
    async with explorer(home, unicode=unicode).run_test(size=(60, 20)) as pilot:
        await pilot.press("slash", *"stop")
        await until_shown(pilot, "1 of 2 shown", "kamali")
        assert "zibiro" not in shown(pilot)
        await pilot.press("enter", "enter")
        await until_shown(pilot, "folds")
        await pilot.press("escape")
        assert pilot.app.screen.query_one(RunTable).is_filtered
        await until_shown(pilot, "1 of 2 shown")
        await pilot.click(RunTable, offset=(3, pilot.app.screen.query_one(RunTable).size.height - 1))
        await pilot.press("backspace", "backspace", "backspace", "backspace", "q")
        await until_shown(pilot, "0 of 2 shown")
