"""Notices: of each kind the newest, a few in all, and never over the keys or the answer."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from nnsize_engine.runs.follower import RunFollower
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.app.notices import MAX_NOTICES, kind_of, outdated
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.run_header import Answer
from support.made_runs import made_run
from support.pilots import shown, until_shown


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
        before = _lines_of(pilot)
        for number in range(9):
            app.notify(f"Theme: {number}", markup=False)
            app.notify(f"Run r{number} is finished, after a long time and with many words about it.", markup=False)
        await until_shown(pilot, "Theme: 8", "Run r8 is finished")
        text = shown(pilot)
        assert text.count("Theme: ") == 1
        assert text.count("is finished, after") == MAX_NOTICES - 1
        assert _lines_of(pilot) == before


def _lines_of(pilot: Pilot[None]) -> list[str]:
    """Return the lines of the answer and of the keys as the terminal shows them."""
    lines = shown(pilot).split("\n")
    regions = [pilot.app.screen.query_one(kind).region for kind in (Answer, KeyBar)]
    return [lines[row] for region in regions for row in range(region.y, region.bottom)]
