"""A chart that is explored: windows, axes, smoothing and reading."""

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from nnsize_engine.charts.description import Chart, Highlight, Line
from nnsize_engine.charts.zoom import Exploration, Window, can_be_log, explored, places, reading
from support.made_charts import LOSSES, windows


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
