"""The numbers of strategies over their seeds."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsize_engine.charts.description import Band, Line
from nnsize_engine.charts.strategies_chart import AXES, StrategiesChart
from nnsize_engine.results.records import SeriesResult
from nnsize_engine.results.series import best_series, ranked, remaining_of_series, spread_of, summarise_strategies
from support.made_comparisons import comparison_view

FINITE = st.floats(-1e6, 1e6)


@given(st.lists(FINITE, min_size=1, max_size=20))
def test_median_and_quartiles_are_numpys(values: list[float]) -> None:
    spread = spread_of([None, *values])
    assert spread is not None
    expected = np.percentile(values, [25, 50, 75])
    assert [spread.low, spread.middle, spread.high] == pytest.approx(expected.tolist(), rel=1e-12, abs=1e-9)


def test_the_best_series_is_the_first_of_equal_ones_and_one_without_a_value_never_wins() -> None:
    view = comparison_view(over=4)
    results = [one.result for one in view.series if one.result is not None]
    values = [0.5, None, 0.2, 0.2]
    given = [replace(one, value=value) for one, value in zip(results, values, strict=True)]
    assert best_series(given, "log_loss") == 2
    assert best_series(given, "accuracy") == 0
    assert best_series([replace(one, value=None) for one in given], "accuracy") == 0
    assert best_series(list[SeriesResult](), "accuracy") is None


def test_strategies_are_ranked_by_their_median_and_those_without_a_result_come_last() -> None:
    view = comparison_view(over=2)
    summaries = summarise_strategies(view.series)
    assert [(one.name, one.done, one.repeats) for one in summaries] == [("shade", 1, 2), ("sep-cma-es", 1, 2)]
    nothing = replace(summaries[0], best=None)
    assert [one.name for one in ranked([nothing, summaries[1]], "log_loss")] == ["sep-cma-es", "shade"]


def test_the_time_left_counts_series_that_have_not_begun() -> None:
    assert remaining_of_series(comparison_view(over=0, generations=0).series) is None
    assert remaining_of_series(comparison_view(over=4).series) is None
    left = [remaining_of_series(comparison_view(over=over).series) for over in (1, 2, 3)]
    assert all(one is not None and math.isfinite(one) for one in left)
    assert left == sorted(left, key=lambda one: -(one or 0))


@pytest.mark.parametrize("axis", AXES)
def test_curves_are_the_median_and_the_quartiles_of_step_functions(axis: str) -> None:
    view = comparison_view(over=4)
    chart = StrategiesChart().chart(view, axis)  # type: ignore[arg-type]
    lines = {one.label: one for one in chart.series if isinstance(one, Line)}
    bands = [one for one in chart.series if isinstance(one, Band)]
    assert list(lines) == ["shade", "sep-cma-es"]
    for number, (name, line) in enumerate(lines.items()):
        runs = [one.generations for one in view.series if one.series.name == name]
        for x, middle, low, high in zip(line.x, line.y, bands[number].lower, bands[number].upper, strict=True):
            assert x is not None
            column = "evaluations" if axis == "evaluations" else "elapsed"
            values = [[g.best for g in run if getattr(g, column) <= x][-1] for run in runs]
            assert [low, middle, high] == pytest.approx(np.percentile(values, [25, 50, 75]).tolist())  # type: ignore[arg-type]


def test_a_series_under_way_is_drawn_only_while_none_of_its_strategy_is_over() -> None:
    chart = StrategiesChart()
    before = chart.chart(comparison_view(over=2), "evaluations")
    after = chart.chart(comparison_view(over=2, under_way=True), "evaluations")
    assert before == after
    first = chart.chart(comparison_view(over=0, under_way=True), "evaluations")
    assert [one.label for one in first.series if isinstance(one, Line) and one.x] == ["shade"]
