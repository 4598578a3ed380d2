"""The borders between panes are dragged with the mouse, and stay where they were put."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from textual.geometry import Region
from textual.pilot import Pilot

from nnsize_engine.runs.follower import RunFollower
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.app.saved_state import save_value
from nnsize_tui.screens.search import layout as search_layout
from nnsize_tui.screens.shared.pane_borders import SAVED_AS, STEP_COLUMNS, STEP_LINES, PaneBorders
from nnsize_tui.screens.shared.pane_sizes import MIN_PANE_COLUMNS, MIN_PANE_LINES, PaneSizes
from nnsize_tui.screens.shared.picture_grid import Grid, cells
from support.made_runs import made_run, make_evolution
from support.pilots import until, until_shown


def region(pilot: Pilot[None], name: str) -> Region:
    return pilot.app.screen.query_one(f"#{name}").region


async def drag(pilot: Pilot[None], start: tuple[int, int], end: tuple[int, int]) -> None:
    await pilot.mouse_down(offset=start)
    await pilot.hover(offset=((start[0] + end[0]) // 2, (start[1] + end[1]) // 2))
    await pilot.hover(offset=end)
    await pilot.mouse_up(offset=end)


def opened(home: Path, kind: str) -> ExplorerApp:
    """Return the explorer on a run of a kind; at the second start on the same one."""
    make = made_run if kind == "search" else make_evolution
    folder = home / "zibiro" if (home / "zibiro").exists() else make(home, "zibiro")
    return ExplorerApp(home, unicode=True, first=RunFollower(folder).look())


@pytest.mark.parametrize("kind", ["search", "evolution"])
async def test_borders_are_dragged_and_are_where_they_were_at_the_next_start(home: Path, kind: str) -> None:
    async with opened(home, kind).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "zibiro", "q Quit")
        edge = region(pilot, "table").right
        await drag(pilot, (edge, 20), (60, 22))
        await until(pilot, lambda: region(pilot, "table").right == 60)
        assert region(pilot, "chart").x == 62
        bottom = region(pilot, "chart").bottom
        await drag(pilot, (100, bottom), (100, bottom - 6))
        await until(pilot, lambda: region(pilot, "chart").bottom == bottom - 6)
    async with opened(home, kind).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "zibiro", "q Quit")
        assert region(pilot, "table").right == 60
        assert region(pilot, "chart").bottom == bottom - 6


async def test_a_chart_below_the_table_is_dragged_by_its_heading(home: Path) -> None:
    app = ExplorerApp(home, unicode=True, first=RunFollower(made_run(home, "zibiro")).look())
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "zibiro", "q Quit")
        top = region(pilot, "chart").y
        await drag(pilot, (30, top), (30, top - 2))
        await until(pilot, lambda: region(pilot, "chart").y == top - 2)
        assert region(pilot, "table").bottom == top - 2
        await pilot.hover(offset=(30, top + 2))  # the border was let go
        assert region(pilot, "chart").y == top - 2


def test_a_border_above_several_pictures_is_held_in_its_whole_row() -> None:
    placed: dict[str, Region] = {"table": Region(0, 0, 120, 12), "keys": Region(0, 32, 120, 1)}
    placed.update(cells(Grid(columns=2, rows=1), Region(0, 12, 120, 20)))
    borders = PaneBorders(cast(Any, None), "search", cast(Any, SimpleNamespace(placed=placed, table="table")))
    assert all(borders.grab(column, 12) for column in range(120))
    assert not any(borders.grab(column, row) for column in (5, 90) for row in (11, 13))


@pytest.mark.parametrize("saved", [{"search": {"table": "wide", "chart": 7.0, "lower": True}}, ["search"], 3])
async def test_what_was_saved_and_is_no_share_is_ignored(home: Path, saved: object) -> None:
    async with opened(home, "search").run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "q Quit")
        usual = region(pilot, "table")
    save_value(SAVED_AS, saved)
    async with opened(home, "search").run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "q Quit")
        assert region(pilot, "table") == usual


@pytest.mark.parametrize("share", [0.001, 0.999])
def test_a_border_leaves_room_on_both_sides(share: float) -> None:
    sizes = PaneSizes(table=share, chart=share, lower=share)
    wide = search_layout.arrange(160, 48, answer=1, table=60, has_log=None, folds=9, sizes=sizes)
    assert min(wide["table"].width, wide["chart"].width) >= MIN_PANE_COLUMNS - 2
    assert min(wide["folds"].height, wide["chart"].height) >= MIN_PANE_LINES
    narrow = search_layout.arrange(80, 24, answer=1, table=60, has_log=None, folds=9, sizes=sizes)
    assert min(narrow["table"].height, narrow["chart"].height) >= MIN_PANE_LINES


@pytest.mark.parametrize("kind", ["search", "evolution"])
async def test_keys_move_the_borders_and_they_are_remembered(home: Path, kind: str) -> None:
    async with opened(home, kind).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "zibiro", "q Quit")
        edge, bottom = region(pilot, "table").right, region(pilot, "chart").bottom
        await pilot.press("[", "[", "]", "}", "}", "{")
        await until(pilot, lambda: region(pilot, "table").right == edge - STEP_COLUMNS)
        assert region(pilot, "chart").bottom == bottom - STEP_LINES
    async with opened(home, kind).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "zibiro", "q Quit")
        assert region(pilot, "table").right == edge - STEP_COLUMNS
        await pilot.press(*"[" * 30, "]")
        await until(pilot, lambda: region(pilot, "table").width <= MIN_PANE_COLUMNS + STEP_COLUMNS + 2)
        least = region(pilot, "table").right
        await pilot.press("]")
        await until(pilot, lambda: region(pilot, "table").right == least + STEP_COLUMNS)


@pytest.mark.parametrize("size", [(160, 48), (80, 24)])
async def test_keys_move_the_border_between_compared_runs_and_their_chart(home: Path, size: tuple[int, int]) -> None:
    for place, name in enumerate(("zibiro", "fomule")):
        made_run(home, name, age=place)
    async with ExplorerApp(home, unicode=True).run_test(size=size) as pilot:
        await until_shown(pilot, "zibiro", "fomule")
        await pilot.press("space", "space", "c")
        await until_shown(pilot, "2 runs compared", "accuracy", "best mean")
        before = region(pilot, "chart").size
        await pilot.press("]")
        await until(pilot, lambda: region(pilot, "chart").size < before)
        await pilot.press("[")
        await until(pilot, lambda: region(pilot, "chart").size == before)
