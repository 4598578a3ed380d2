"""Notices: of each kind the newest, a few in all, and never over the keys or the answer."""

from pathlib import Path

import pytest
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widget import Widget

from nnsize_engine.runs.follower import RunFollower
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.app.notices import MAX_NOTICES, kind_of, outdated
from nnsize_tui.app.saved_state import save_draft
from nnsize_tui.screens.compare.screen import CompareScreen
from nnsize_tui.screens.compare.table import CompareTable
from nnsize_tui.screens.dialogs.help import Help
from nnsize_tui.screens.home.run_detail import RunDetail
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.kept_draft import draft_fields
from nnsize_tui.screens.setup.panes import PlanPane
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.notice_place import free_lines
from nnsize_tui.widgets.run_header import Answer
from support.made_runs import made_run
from support.pilots import shown, until, until_shown


def test_the_kind_of_a_notice_is_its_first_word_and_its_run() -> None:
    assert kind_of("Theme: dark") == kind_of("Theme: light")
    assert kind_of("Run zibiro is deleted.") != kind_of("Run fomule is deleted.")
    assert kind_of("") == ""


def test_a_notice_takes_the_place_of_its_kind_and_of_the_oldest_where_there_are_too_many() -> None:
    assert outdated(["Theme: dark", "Written to a"], "Theme: light") == [0]
    assert outdated(["A 1", "B 1", "C 1"], "D 1") == [0]
    assert outdated(["A 1", "B 1", "C 1"], "B 2") == [1]
    assert outdated(["A 1", "B 1"], "C 1") == []
    assert len(["A", "B", "C"]) == MAX_NOTICES


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (160, 48)])
async def test_notices_leave_the_keys_and_the_answer_in_sight(home: Path, size: tuple[int, int]) -> None:
    app = ExplorerApp(home, unicode=True, first=RunFollower(made_run(home, "zibiro")).look())
    async with app.run_test(size=size, notifications=True) as pilot:
        await until_shown(pilot, "8 neurons are recommended", "q Quit")
        before = _lines_of(pilot, Answer, KeyBar)
        for number in range(9):
            app.notify(f"Theme: {number}", markup=False)
            app.notify(f"Run r{number} is finished, after a long time and with many words about it.", markup=False)
        await until_shown(pilot, "Theme: 8", "Run r8 is finished")
        text = shown(pilot)
        assert text.count("Theme: ") == 1
        assert text.count("is finished, after") == MAX_NOTICES - 1
        assert _lines_of(pilot, Answer, KeyBar) == before


def test_notices_stand_in_the_lowest_part_with_room_else_in_the_largest() -> None:
    keys, answer, pane = Region(0, 23, 80, 1), Region(0, 2, 80, 3), Region(0, 10, 80, 13)
    assert free_lines(24, [keys, answer]) == (5, 23)
    assert free_lines(24, [pane, keys]) == (0, 10)
    assert free_lines(24, [answer, Region(0, 6, 80, 17), keys]) == (0, 2)
    assert free_lines(24, [Region(0, 0, 80, 24)]) == (0, 1)
    assert free_lines(24, [keys, Region(0, 0, 0, 0)]) == (0, 23)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (160, 48)])
async def test_notices_cover_neither_the_selected_run_nor_a_comparison_nor_the_start(
    home: Path, size: tuple[int, int]
) -> None:
    for number in range(2):
        made_run(home, f"run{number}", age=number)
    save_draft("size", draft_fields(Draft(values={"data": "iris", "neurons": "3,5"})))
    app = ExplorerApp(home, unicode=True)
    async with app.run_test(size=size, notifications=True) as pilot:
        await until_shown(pilot, "run1", "8 neurons are recommended")
        await _notice_beside(pilot, RunDetail, KeyBar)
        await pilot.press("space", "down", "c")
        await until(pilot, lambda: isinstance(app.screen, CompareScreen))
        await _notice_beside(pilot, Answer, CompareTable, KeyBar)
        await pilot.press("escape", "n")
        await until_shown(pilot, "Your draft of ", "no estimate")
        await _notice_beside(pilot, PlanPane, KeyBar)
        await pilot.press("question_mark")  # over the selected name of the data: it is no text
        await until(pilot, lambda: isinstance(app.screen, Help))
        await pilot.press("escape", "escape")
        await until_shown(pilot, "8 neurons are recommended")
        assert "Your draft of " not in shown(pilot)


async def _notice_beside(pilot: Pilot[None], *kinds: type[Widget]) -> None:
    """Show a notice, and compare the parts of these kinds with what they showed before."""
    words = f"Written to {kinds[0].__name__}"
    before = _lines_of(pilot, *kinds)
    assert before
    pilot.app.notify(words, markup=False)
    await until_shown(pilot, words)
    assert _lines_of(pilot, *kinds) == before


def _lines_of(pilot: Pilot[None], *kinds: type[Widget]) -> list[str]:
    """Return the lines of the parts as the terminal shows them."""
    lines = shown(pilot).split("\n")
    regions = [pilot.app.screen.query_one(kind).region for kind in kinds]
    return [lines[row] for region in regions for row in range(region.y, region.bottom)]
