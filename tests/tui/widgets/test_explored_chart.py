import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from nnsize_engine.charts.description import Band, Chart, Highlight, Line
from nnsize_engine.charts.zoom import Exploration, Window, can_be_log, explored, places, reading
from nnsize_engine.runs.view import RunFollower
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.chart.figure import render
from nnsize_tui.chart.palette import Palette
from nnsize_tui.widgets.explored_chart import ExploredChart
from support.made_runs import made_run, make_evolution
from support.pilots import shown, until, until_shown

LOSSES = Chart(
    series=(
        Band(x=(1, 2, 3, 4), lower=(0.5, 0.2, 0.1, 0.05), upper=(2.0, 0.8, 0.4, 0.2), label="band"),
        Line(x=(1, 2, 3, 4), y=(1.0, 0.5, 0.25, 0.125), label="fold 1"),
        Line(x=(1, 2), y=(0.9, 0.6), label="fold 2"),
        Highlight(x=4, y=0.125, shape="star", role="best", label="best"),
    ),
    x_label="epoch",
    y_label="loss",
)
windows = st.builds(
    lambda near, moves: Window().nearer(near).moved(moves), st.floats(1, 1e6), st.floats(-100, 100, allow_nan=False)
)


def test_what_is_not_explored_is_as_it_was() -> None:
    assert explored(LOSSES, Exploration()) is LOSSES


@given(windows, st.floats(1.01, 10), st.floats(0, 1))
def test_a_window_stays_inside_and_comes_back(window: Window, factor: float, around: float) -> None:
    near = window.nearer(factor, around)
    assert 0 <= near.start < near.end <= 1 + 1e-12
    assert near.end - near.start <= window.end - window.start + 1e-12
    assert Window().nearer(factor).nearer(1 / factor**2).is_whole


def test_a_window_leaves_out_what_is_outside_and_lines_still_reach_its_edges() -> None:
    chart = explored(LOSSES, Exploration(x=Window(start=0.5, end=1.0)))
    assert chart.x_limits == (2.5, 4.0)
    line = chart.series[1]
    assert isinstance(line, Line)
    assert (line.x, line.y) == ((2.5, 3, 4), (0.375, 0.25, 0.125))
    high = explored(LOSSES, Exploration(y=Window(start=0.5, end=1.0)))
    line = high.series[1]
    assert isinstance(line, Line)
    assert line.y == (None, None, None, None) or max(y for y in line.y if y is not None) <= 2.0
    assert not [one for one in high.series if isinstance(one, Highlight)]


def test_an_axis_can_be_logarithmic_where_its_values_allow() -> None:
    assert can_be_log(LOSSES) == (True, True)
    assert can_be_log(replace(LOSSES, series=(Line(x=(0, 1), y=(1, 2)),))) == (False, True)
    chart = explored(LOSSES, Exploration(turns_log=(False, True)))
    assert (chart.x_log, chart.y_log, chart.y_label) == (False, True, "loss (log)")
    back = explored(replace(chart, x_limits=None), Exploration(turns_log=(False, True)))
    assert (back.y_log, back.y_label) == (False, "loss")


def test_values_are_read_in_words() -> None:
    assert reading(LOSSES, 2) == "epoch 2: fold 1 0.5, fold 2 0.6"
    assert reading(LOSSES, 2, 25) == "epoch 2: fold 1 0.5, 1 more"
    assert reading(LOSSES, 4) == "epoch 4: fold 1 0.125"
    assert places(LOSSES, Exploration(x=Window(start=0.5, end=1.0))) == [3, 4]


def test_a_smoothed_line_is_a_running_mean_and_the_legend_says_so() -> None:
    line = Line(x=tuple(range(9)), y=(0.0, 3.0, 0.0, 3.0, None, 3.0, 0.0, 3.0, math.nan), label="loss")
    (smooth,) = explored(Chart(series=(line,)), Exploration(strength=1)).series
    assert isinstance(smooth, Line)
    assert smooth.label == "loss (mean of 3)"
    assert smooth.y == (1.5, 1.0, 2.0, 1.5, None, 1.5, 2.0, 1.5)  # x ends with the last value


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
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "best" in chart_text(pilot))
        await pilot.press("plus", "left")
        assert chart_of(pilot).how.is_plain  # among other parts these keys mean nothing here
        await pilot.press("z")
        await until_shown(pilot, "left Read", "+ In", "0 Whole")
        await pilot.press("left")
        await until(pilot, lambda: "neurons 6: " in chart_text(pilot))
        await pilot.press("right")
        await until(pilot, lambda: "neurons 8: " in chart_text(pilot))
        await pilot.press("plus", "plus", "shift+left", "v", "down", "S", "L")
        assert not chart_of(pilot).how.x.is_whole
        assert not chart_of(pilot).how.y.is_whole
        assert chart_of(pilot).how.turns_log == (False, True)
        await pilot.press("escape")
        await until(pilot, lambda: "neurons 8: " not in chart_text(pilot))
        await pilot.press("z", "0")
        assert chart_of(pilot).how.is_plain


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
