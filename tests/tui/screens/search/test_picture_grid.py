"""Several pictures of a search side by side."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Region
from textual.pilot import Pilot

from nnsize_engine.runs.follower import RunFollower
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.screens.shared.picture_grid import GRIDS, ONE, Grid, cells, fitting, grid_of, saved_text, shown_grid
from nnsize_tui.widgets.explored_chart import ExploredChart
from support.made_runs import GRID, made_run
from support.pilots import until, until_shown

TWO = Grid(columns=2, rows=1)

regions = st.builds(Region, st.integers(0, 9), st.integers(0, 9), st.integers(1, 300), st.integers(1, 90))


@given(regions, st.sampled_from(GRIDS), st.integers(1, 9))
def test_pictures_lie_side_by_side_within_their_room(region: Region, wanted: Grid, pictures: int) -> None:
    grid = shown_grid(wanted, region, pictures)
    assert grid == ONE or grid.count <= min(pictures, wanted.count)
    found = [cell for _, cell in cells(grid, region)]
    assert len(found) == grid.count
    assert all(region.contains_region(cell) for cell in found)
    assert not any(one.overlaps(other) for number, one in enumerate(found) for other in found[:number])


def test_grids_have_room_for_readable_pictures() -> None:
    assert fitting(Region(0, 0, 82, 15), 9) == [ONE]
    assert fitting(Region(0, 0, 83, 15), 9) == [ONE, TWO]
    assert fitting(Region(0, 0, 125, 20), 9) == [*GRIDS]
    assert fitting(Region(0, 0, 125, 20), 2) == [grid for grid in GRIDS if grid.count < 3]
    assert {grid_of(saved_text(grid)) for grid in GRIDS} == set(GRIDS)
    assert grid_of("many") == grid_of(None) == grid_of(["2x1"]) == ONE


def charts(pilot: Pilot[None]) -> list[str]:
    """Return the first two lines of every picture in sight."""
    views = [chart for chart in pilot.app.screen.query(ChartView) if chart.display]
    return [" ".join(chart.render_line(row).text for row in range(2)) for chart in views]


@pytest.mark.parametrize("size", [(118, 36), (160, 48)])
async def test_pictures_are_shown_side_by_side_and_it_is_remembered(home: Path, size: tuple[int, int]) -> None:
    folder = made_run(home, "zibiro", GRID, is_surface=True)
    app = ExplorerApp(home, unicode=True, first=RunFollower(folder).look())
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: "accuracy" in charts(pilot)[0])
        await pilot.press("z")
        if size[0] == 160:
            await until_shown(pilot, "# Grid")
        await pilot.press("number_sign")
        await until(pilot, lambda: len(charts(pilot)) == 2 and all(text.strip() for text in charts(pilot)))
        first, _ = charts(pilot)
        await pilot.press("m")
        await until(pilot, lambda: charts(pilot)[0] != first and all(text.strip() for text in charts(pilot)))
    again = ExplorerApp(home, unicode=True, first=RunFollower(folder).look())
    async with again.run_test(size=size) as pilot:
        await pilot.press("z")
        await until(pilot, lambda: len(charts(pilot)) == 2 and all(text.strip() for text in charts(pilot)))


async def test_the_curve_and_the_losses_by_epoch_stand_side_by_side(home: Path) -> None:
    app = ExplorerApp(home, unicode=True, first=RunFollower(made_run(home, "zibiro")).look())
    async with app.run_test(size=(160, 48)) as pilot:
        await until(pilot, lambda: "best" in charts(pilot)[0])
        await pilot.press("z", "number_sign")
        await until(pilot, lambda: len(charts(pilot)) == 2 and "training loss of 2" in charts(pilot)[1])
        await pilot.press("number_sign", "number_sign")
        await until(pilot, lambda: len(charts(pilot)) == 1)


async def test_a_narrow_screen_offers_no_grid(home: Path) -> None:
    app = ExplorerApp(home, unicode=True, first=RunFollower(made_run(home, "zibiro")).look())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "best" in charts(pilot)[0])
        await pilot.press("z", "number_sign")
        assert len(charts(pilot)) == 1


def picture(pilot: Pilot[None], part: str) -> ExploredChart:
    return pilot.app.screen.query_one(f"#{part}", ExploredChart)


async def test_each_of_several_pictures_is_chosen_read_and_shown_alone(home: Path) -> None:
    app = ExplorerApp(home, unicode=True, first=RunFollower(made_run(home, "zibiro")).look())
    async with app.run_test(size=(160, 48)) as pilot:
        await until(pilot, lambda: "best" in charts(pilot)[0])
        await pilot.press("z")
        assert not pilot.app.screen.query_one("#picture_mark").display  # one picture needs no mark
        await pilot.press("number_sign")
        await until_shown(pilot, "tab Next picture")
        await until(pilot, lambda: len(charts(pilot)) == 2 and "training loss of 2" in charts(pilot)[1])
        await pilot.press("m")  # the curve comes second
        await until(pilot, lambda: "best" in charts(pilot)[1])
        mark = pilot.app.screen.query_one("#picture_mark")
        await until(pilot, lambda: mark.region.right == picture(pilot, "chart").region.x)
        await pilot.press("tab")
        await until(pilot, lambda: mark.region.right == picture(pilot, "picture2").region.x)
        await pilot.press("plus", "L", "right")
        second = picture(pilot, "picture2").how
        assert not second.x.is_whole
        assert any(second.turns_log)
        assert second.read_at is not None
        await until(pilot, lambda: charts(pilot)[1].find("neurons: ") > 0)
        assert picture(pilot, "chart").how.is_plain
        await pilot.press("z")
        await until(pilot, lambda: len(charts(pilot)) == 1 and charts(pilot)[0].find("neurons: ") > 0)
        assert picture(pilot, "picture2").size.width == 160
        assert not mark.display
        await pilot.press("z")
        await until(pilot, lambda: len(charts(pilot)) == 0)
        await pilot.press("z", "z")
        await until(pilot, lambda: len(charts(pilot)) == 2)
        await pilot.click("#chart", offset=(30, 10))
        await until(pilot, lambda: mark.region.right == picture(pilot, "chart").region.x)
