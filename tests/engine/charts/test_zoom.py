"""A chart that is explored: windows, axes, smoothing and reading."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsize_engine.charts.description import Band, Chart, Highlight, Line
from nnsize_engine.charts.reading import reading
from nnsize_engine.charts.zoom import Exploration, Window, can_be_log, explored, next_scales, places
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
    assert can_be_log(replace(LOSSES, series=(Line(x=(0, 1), y=(1, 20)),))) == (False, True)
    assert can_be_log(replace(LOSSES, series=(Line(x=(0, 1, 2), y=(1, 2, 9.9)),))) == (True, False)
    assert can_be_log(replace(LOSSES, series=(Line(x=(1, 2), y=(0, 1)),))) == (True, False)
    chart = explored(LOSSES, Exploration(turns_log=(False, True)))
    assert (chart.x_log, chart.y_log, chart.y_label) == (False, True, "loss (log)")
    back = explored(replace(chart, x_limits=None), Exploration(turns_log=(False, True)))
    assert (back.y_log, back.y_label) == (False, "loss")


def test_the_axis_of_x_becomes_logarithmic_first_and_that_of_y_where_its_values_span_a_decade() -> None:
    def cycle(chart: Chart) -> list[tuple[bool, bool]]:
        found = [(False, False)]
        while len(found) < 2 or found[-1] != (False, False):
            found.append(next_scales(chart, found[-1]))
        return found[1:]

    wide, narrow = Line(x=(1, 2), y=(1, 10)), Line(x=(1, 2), y=(0.9, 0.99))
    assert cycle(Chart(series=(wide,))) == [(True, False), (False, True), (True, True), (False, False)]
    assert cycle(Chart(series=(narrow,))) == [(True, False), (False, False)]
    assert cycle(Chart(series=(narrow,), x_ticks=((1, "a"), (2, "b")))) == [(False, False)]


def test_a_logarithmic_axis_of_x_leaves_out_zero_and_begins_with_the_first_number_above() -> None:
    line = Line(x=(0, 2, 4, 8), y=(1.0, 2.0, 3.0, 4.0))
    chart = explored(Chart(series=(line,), x_limits=(0, 8)), Exploration(turns_log=(True, False)))
    assert (chart.x_log, chart.x_limits) == (True, (2, 8))
    half = explored(
        Chart(series=(line,), x_limits=(0, 8)), Exploration(turns_log=(True, False), x=Window(start=0.5, end=1.0))
    )
    assert half.x_limits == (4, 8)


def _cut_band(chart: Chart, how: Exploration) -> Band:
    (band,) = (one for one in explored(chart, how).series if isinstance(one, Band))
    return band


def test_a_band_reaches_both_edges_of_the_window_as_its_line_does() -> None:
    band = Band(x=(0, 4, 8, 16), lower=(0.0, 4.0, 8.0, 16.0), upper=(1.0, 9.0, 17.0, 33.0))
    cut = _cut_band(Chart(series=(band,), x_limits=(0, 16)), Exploration(x=Window(start=0.125, end=0.625)))
    assert (cut.x, cut.lower, cut.upper) == ((2, 4, 8, 10), (2.0, 4.0, 8.0, 10.0), (5.0, 9.0, 17.0, 21.0))
    between = _cut_band(Chart(series=(band,), x_limits=(0, 16)), Exploration(x=Window(start=0.5625, end=0.75)))
    assert (between.x, between.lower) == ((9, 12), (9.0, 12.0))
    gap = Band(x=(0, 4, 8), lower=(0.0, None, 8.0), upper=(1.0, None, 9.0))
    cut = _cut_band(Chart(series=(gap,), x_limits=(0, 8)), Exploration(x=Window(start=0.25, end=1.0)))
    assert (cut.x, cut.lower) == ((2, 4, 8), (None, None, 8.0))


def test_edges_lie_on_the_straight_lines_of_logarithmic_axes() -> None:
    band = Band(x=(1, 100), lower=(1.0, 100.0), upper=(1.0, 10000.0))
    how = Exploration(x=Window(start=0.5, end=1.0), turns_log=(True, True))
    cut = _cut_band(Chart(series=(band,)), how)
    assert [*cut.x] == pytest.approx([10, 100])
    assert [*cut.lower] == pytest.approx([10, 100])
    assert [*cut.upper] == pytest.approx([100, 10000])


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
