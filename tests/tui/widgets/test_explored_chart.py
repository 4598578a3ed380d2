import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from nnsize_engine.charts.description import Line
from nnsize_engine.charts.zoom import Exploration, Window, explored
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.chart.figure import render
from nnsize_tui.chart.palette import Palette
from nnsize_tui.widgets.explored_chart import ExploredChart
from support.made_charts import LOSSES, windows
from support.made_runs import made_run, make_evolution
from support.pilots import shown, until, until_shown


@given(
    windows,
    windows,
    st.tuples(st.booleans(), st.booleans()),
    st.integers(0, 4),
    st.lists(st.one_of(st.none(), st.floats()), min_size=4, max_size=4),
)
def test_whatever_is_explored_can_be_drawn(
    x: Window, y: Window, turns: tuple[bool, bool], strength: int, values: list[float | None]
) -> None:
    chart = replace(LOSSES, series=(*LOSSES.series, Line(x=(1, 2, 3, 4), y=tuple(values), label="any")))
    how = Exploration(x=x, y=y, turns_log=turns, strength=strength, read_at=2.0)
    lines = render(explored(chart, how), 60, 16, palette=Palette(), unicode=True)
    assert len(lines) == 16


def chart_of(pilot: Pilot[None]) -> ExploredChart:
    return pilot.app.screen.query_one(ExploredChart)


def chart_text(pilot: Pilot[None]) -> str:
    chart = chart_of(pilot)
    return "\n".join(chart.render_line(row).text for row in range(chart.size.height))


async def test_a_chart_alone_is_explored_by_keys_and_is_whole_again_among_the_others(home: Path) -> None:
    folder = made_run(home, "zibiro")
    app = ExplorerApp(home, unicode=True, first=RunFollower(folder).look())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: "best" in chart_text(pilot))
        await pilot.press("plus", "left")
        assert chart_of(pilot).how.is_plain  # among other parts these keys mean nothing here
        await pilot.press("z")
        await until_shown(pilot, "left Read", "+ In", "0 Whole")
        await pilot.press("left")
        await until(pilot, lambda: "6 neurons: " in chart_text(pilot))
        await pilot.press("right")
        await until(pilot, lambda: "8 neurons: " in chart_text(pilot))
        await pilot.press("plus", "plus", "shift+left", "v", "down", "S", "L")
        assert not chart_of(pilot).how.x.is_whole
        assert not chart_of(pilot).how.y.is_whole
        assert chart_of(pilot).how.turns_log == (True, False)
        await until_shown(pilot, "Axes: x logarithmic, y linear")
        await pilot.press("L")
        assert chart_of(pilot).how.turns_log == (False, False)  # scores do not span a decade
        await pilot.press("escape")
        await until(pilot, lambda: "8 neurons: " not in chart_text(pilot))
        await pilot.press("z", "0")
        assert chart_of(pilot).how.is_plain


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_the_value_at_a_size_and_its_error_are_read_within_six_keys(home: Path, size: tuple[int, int]) -> None:
    folder = made_run(home, "zibiro", SizeSettings(neurons="5:100:2", cv=5))
    app = ExplorerApp(home, unicode=True, first=RunFollower(folder).look())
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: "best" in chart_text(pilot))
        await pilot.press("z")
        await until_shown(pilot, "1-9 Read at")
        await pilot.press("3", "1")
        await until(pilot, lambda: "31 neurons: roc_auc 0." in chart_text(pilot))
        line = chart_of(pilot).render_line(0).text
        assert re.match(r"31 neurons: roc_auc 0\.\d{4} ± 0\.\d{4} \(standard error over 5 folds\)", line)


async def test_a_typed_number_may_have_a_zero_and_is_brought_into_the_window(home: Path) -> None:
    folder = made_run(home, "zibiro", SizeSettings(neurons="5:100:5", cv=5))
    app = ExplorerApp(home, unicode=True, first=RunFollower(folder).look())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "best" in chart_text(pilot))
        await pilot.press("z", "plus", "plus", "plus", "plus", "2", "0")
        await until(pilot, lambda: "20 neurons: " in chart_text(pilot))
        assert not chart_of(pilot).how.is_plain
        assert chart_of(pilot).how.x.start < 15 / 90 < chart_of(pilot).how.x.end


@pytest.mark.parametrize("unicode", [True, False])
async def test_a_convergence_is_explored_too(home: Path, unicode: bool) -> None:
    folder = make_evolution(home, "kamali")
    app = ExplorerApp(home, unicode=unicode, first=RunFollower(folder).look())
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("z")
        await until(pilot, lambda: chart_of(pilot).can_explore and "best" in chart_text(pilot))
        await pilot.press("S", "right")
        await until(pilot, lambda: "generation 20: best " in chart_text(pilot))
        await pilot.press("right")
        await until(pilot, lambda: "generation 21: best " in chart_text(pilot))
        assert unicode or shown(pilot).isascii()
        await pilot.press("z")
        assert not chart_of(pilot).can_explore
