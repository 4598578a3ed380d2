"""The mouse on charts and heat maps, and the cursor of a heat map."""

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nnsize_engine.charts.description import Chart, Highlight, Line
from nnsize_engine.charts.heat_map import HeatMap
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.chart.ansi_strips import CODE
from nnsize_tui.chart.figure import render, values_at
from nnsize_tui.chart.heat_picture import render_heat, spots_at
from nnsize_tui.chart.palette import Palette
from nnsize_tui.screens.compare.screen import CompareScreen
from nnsize_tui.screens.evolution.generation_table import GenerationTable
from nnsize_tui.screens.search.candidate_table import CandidateTable
from nnsize_tui.screens.search.screen import SearchScreen
from nnsize_tui.widgets.explored_chart import ExploredChart
from nnsize_tui.widgets.live_table import LiveTable
from support.made_runs import GRID, LAYERED, SMALL, made_run, make_evolution
from support.pilots import until, until_shown

SEARCH = SizeSettings(data="breast_cancer", neurons="5:100:5", cv=3)
BLANK = Palette()


@pytest.mark.parametrize("is_log", [True, False])
@pytest.mark.parametrize(("width", "height"), [(60, 12), (80, 24), (160, 48)])
def test_the_place_of_a_point_in_the_picture_stands_for_its_values(width: int, height: int, is_log: bool) -> None:
    chart = Chart(
        series=(
            Line(x=(1, 10, 100), y=(0.01, 0.5, 2.0), label="loss", dotted=True),
            Highlight(x=10, y=0.5, shape="star", role="best"),
        ),
        x_label="epoch",
        y_label="loss",
        x_log=is_log,
        y_log=is_log,
    )
    rows = [CODE.sub("", row) for row in render(chart, width, height, palette=BLANK, unicode=True)]
    row = next(place for place, text in enumerate(rows) if "★" in text)
    column = rows[row].index("★")
    right, left = (
        values_at(chart, (column + step, row - step), width, height, palette=BLANK, unicode=True) for step in (1, -1)
    )
    assert right is not None
    assert left is not None
    assert left[0] < 10 < right[0]
    assert left[1] < 0.5 < right[1]
    assert values_at(chart, (0, 0), 5, 5, palette=BLANK, unicode=True) is None


@pytest.mark.parametrize(("columns", "rows"), [(4, 3), (40, 20)])
def test_every_cell_of_a_map_can_be_pointed_at(columns: int, rows: int) -> None:
    heat = HeatMap(
        x_label="neurons",
        y_label="alpha",
        columns=tuple(map(str, range(columns))),
        rows=tuple(map(str, range(rows))),
        cells=tuple(tuple(0.5 for _ in range(columns)) for _ in range(rows)),
        limits=(0.0, 1.0),
        best=(columns - 1, 0),
    )
    size = (30, 12)
    found = {
        (x, y): spots_at(heat, (x, y), *size, palette=BLANK, unicode=True)
        for x in range(size[0])
        for y in range(size[1])
    }
    assert {spot for spots in found.values() for spot in spots} == {(x, y) for x in range(columns) for y in range(rows)}
    drawn = [CODE.sub("", row) for row in render_heat(heat, *size, palette=BLANK, unicode=True)]
    below = next(row for row in range(size[1] - 1, 0, -1) if "★" in drawn[row])
    assert (columns - 1, 0) in found[drawn[below].index("★"), below]
    assert found[0, 0] == ()


def chart_of(pilot: Pilot[None]) -> ExploredChart:
    return pilot.app.screen.query_one(ExploredChart)


def chart_text(pilot: Pilot[None]) -> str:
    chart = chart_of(pilot)
    return "\n".join(chart.render_line(row).text for row in range(chart.size.height))


def place_of(pilot: Pilot[None], x: float) -> tuple[int, int]:
    """Return a character of the chart's middle row that stands for about this x."""
    chart = chart_of(pilot)
    row = chart.size.height // 2
    found = {column: chart.values_at(column, row) for column in range(chart.size.width)}
    return min((abs(values[0] - x), column) for column, values in found.items() if values is not None)[1], row


def neurons(pilot: Pilot[None]) -> tuple[int, ...] | None:
    chosen = pilot.app.screen.query_one(CandidateTable).highlighted
    return None if chosen is None else chosen.summary.candidate.hidden_layer_sizes


async def test_a_click_on_the_curve_selects_the_candidate_there_and_so_does_a_drag(home: Path) -> None:
    app = ExplorerApp(home, unicode=True, first=RunFollower(made_run(home, "zibiro", SEARCH)).look())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "best" in chart_text(pilot))
        assert neurons(pilot) == (5,)
        await pilot.mouse_down(ExploredChart, offset=place_of(pilot, 40))
        await until(pilot, lambda: neurons(pilot) == (40,))
        await pilot.hover(ExploredChart, offset=place_of(pilot, 70))
        await until(pilot, lambda: neurons(pilot) == (70,))
        await pilot.mouse_up(ExploredChart, offset=place_of(pilot, 70))
        await pilot.hover(ExploredChart, offset=place_of(pilot, 20))
        await pilot.pause()
        assert neurons(pilot) == (70,)
        assert not chart_of(pilot).can_explore


async def test_of_several_lines_the_candidate_nearest_in_score_is_selected(home: Path) -> None:
    app = ExplorerApp(home, unicode=True, first=RunFollower(made_run(home, "gridly", GRID, is_surface=True)).look())
    async with app.run_test(size=(160, 48)) as pilot:
        await until(pilot, lambda: "best" in chart_text(pilot))
        chart, (column, _) = chart_of(pilot), place_of(pilot, 16)
        selected = set()
        for row in range(4, chart.size.height - 4, 6):
            await pilot.click(ExploredChart, offset=(column, row))
            await until(pilot, lambda: neurons(pilot) == (16,))
            chosen = app.screen.query_one(CandidateTable).highlighted
            assert chosen is not None
            selected.add(chosen.summary.candidate.number)
        assert len(selected) > 1


async def test_a_chart_alone_is_read_where_the_mouse_is_and_the_wheel_zooms_there(home: Path) -> None:
    app = ExplorerApp(home, unicode=True, first=RunFollower(made_run(home, "zibiro", SEARCH)).look())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "best" in chart_text(pilot))
        await pilot.press("z")
        await until_shown(pilot, "left Read")
        await pilot.mouse_down(ExploredChart, offset=place_of(pilot, 41))
        await until(pilot, lambda: "40 neurons: " in chart_text(pilot))
        await pilot.hover(ExploredChart, offset=place_of(pilot, 69))
        await until(pilot, lambda: "70 neurons: " in chart_text(pilot))
        await pilot.mouse_up(ExploredChart, offset=place_of(pilot, 69))
        assert neurons(pilot) == (5,)
        before = place_of(pilot, 20)
        for _ in range(3):
            await pilot._post_mouse_events([_wheel()], ExploredChart, offset=before)
        await until(pilot, lambda: chart_of(pilot).how.x.end - chart_of(pilot).how.x.start < 0.4)
        await until(pilot, lambda: abs(place_of(pilot, 20)[0] - before[0]) <= 2)


def _wheel() -> type:
    from textual.events import MouseScrollUp

    return MouseScrollUp


@pytest.mark.parametrize(("unicode", "size"), [(True, (80, 24)), (False, (60, 20))])
async def test_a_heat_map_alone_has_a_cursor_that_the_table_follows(
    home: Path, unicode: bool, size: tuple[int, int]
) -> None:
    folder = made_run(home, "gadepu", LAYERED, is_surface=True)
    app = ExplorerApp(home, unicode=unicode, first=RunFollower(folder).look())
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: "layer 1" in chart_text(pilot))
        assert "layer 1 8, layer 2 0: " not in chart_text(pilot)
        await pilot.press("z")
        await until(pilot, lambda: "layer 1 8, layer 2 0: accuracy 0.9" in chart_text(pilot))
        await pilot.press("right", "up", "l", "k")
        await until(pilot, lambda: "layer 1 24, layer 2 16: accuracy 0.9" in chart_text(pilot))
        assert neurons(pilot) == (24, 16)
        await pilot.press("left", "down", "h", "j", "h", "j")
        await until(pilot, lambda: "layer 1 8, layer 2 0: " in chart_text(pilot))
        assert neurons(pilot) == (8,)
        chart = chart_of(pilot)
        await pilot.click(ExploredChart, offset=(chart.size.width - 10, chart.size.height // 2))
        await until(pilot, lambda: neurons(pilot) not in ((8,), None))
        chosen = neurons(pilot)
        assert chosen is not None
        await until(pilot, lambda: f"layer 1 {chosen[0]}, layer 2 {chosen[1]}: " in chart_text(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: f"layer 1 {chosen[0]}, " not in chart_text(pilot))
        assert neurons(pilot) == chosen


async def test_cells_without_a_row_in_the_table_are_passed_over(home: Path) -> None:
    folder = made_run(home, "gadepu", LAYERED, is_surface=True)
    app = ExplorerApp(home, unicode=True, first=RunFollower(folder).look())
    async with app.run_test(size=(160, 48)) as pilot:
        await until(pilot, lambda: "layer 1" in chart_text(pilot))
        await pilot.press("slash", *"x32", "enter", "z")
        await until(pilot, lambda: "layer 1 8, layer 2 32: " in chart_text(pilot))
        await pilot.press("up", "down", "right")
        await until(pilot, lambda: "layer 1 16, layer 2 32: " in chart_text(pilot))


async def test_a_click_on_a_convergence_selects_the_generation_there(home: Path) -> None:
    app = ExplorerApp(home, unicode=True, first=RunFollower(make_evolution(home, "bagote")).look())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "best" in chart_text(pilot))
        await pilot.click(ExploredChart, offset=place_of(pilot, 20))

        def chosen() -> int:
            generation = app.screen.query_one(GenerationTable).highlighted
            return -1 if generation is None else generation.number

        await until(pilot, lambda: 19 <= chosen() <= 21)
        assert not app.screen.query_one(LiveTable).is_at_end


async def test_a_click_on_compared_curves_reads_them_there_with_the_chart_alone(home: Path) -> None:
    folders = [made_run(home, "zibiro", SMALL), made_run(home, "fomule", replace(SMALL, seed=42))]
    app = ExplorerApp(home, unicode=True)
    async with app.run_test(size=(120, 40)) as pilot:
        app.push_screen(CompareScreen(folders))
        await until_shown(pilot, "scores by size")
        await until(pilot, lambda: "neurons" in chart_text(pilot))
        await pilot.click(ExploredChart, offset=place_of(pilot, 6))
        await until(pilot, lambda: chart_of(pilot).can_explore and "6 neurons: zibiro 0.9" in chart_text(pilot))


async def test_a_click_on_the_curve_of_the_selected_run_opens_it(home: Path, explorer: ExplorerApp) -> None:
    made_run(home, "zibiro", SEARCH)
    async with explorer.run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "recommended")
        await pilot.click("#curve", offset=(40, 8))
        await until(pilot, lambda: isinstance(explorer.screen, SearchScreen))
