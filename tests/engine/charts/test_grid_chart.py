"""The chart of several combinations: the lines that are drawn, and their labels, roles and shapes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nnsize_engine.charts.description import MAX_LINES, Band, Chart, Cursor, Highlight, Level, Line
from nnsize_engine.charts.grid_chart import grid_chart
from nnsize_engine.charts.score_series import ScorePoint, marks_of
from support.made_charts import AXES, lines_chart_of, score_line


def lines_of(one: Chart) -> list[Line]:
    return [series for series in one.series if isinstance(series, Line)]


@pytest.mark.parametrize("count", range(1, MAX_LINES + 1))
def test_a_few_lines_are_all_drawn_each_in_its_own_way(count: int) -> None:
    drawn = lines_of(lines_chart_of(count, best=0))
    assert [one.label for one in drawn] == [f"tanh {number}" for number in range(count)]
    assert len({one.role for one in drawn}) == len({one.shape for one in drawn}) == count


def test_of_many_lines_those_that_matter_are_drawn_and_the_legend_says_so() -> None:
    drawn = lines_of(lines_chart_of(24, selected=5, best=20))
    assert [one.label for one in drawn] == ["tanh 20 (best of 24)", "tanh 5 (selected)", "best of each size"]
    assert drawn[-1].dotted
    assert lines_of(lines_chart_of(24, 3, 3))[0].label == "tanh 3 (best and selected of 24)"
    assert lines_of(lines_chart_of(24, None, 3))[0].label == "tanh 3 (best of 24)"
    assert lines_of(lines_chart_of(24, 3, None))[0].label == "tanh 3 (selected of 24)"
    assert [one.label for one in lines_of(lines_chart_of(24, None, None))] == ["best of each size"]


def test_the_selected_line_alone_has_a_band() -> None:
    for count in (3, 24):
        bands = [series for series in lines_chart_of(count, 2).series if isinstance(series, Band)]
        assert [band.label for band in bands] == ["± standard error of tanh 2"]
        assert not any(isinstance(series, Band) for series in lines_chart_of(count, None).series)


def test_another_line_than_the_selected_one_can_have_the_band() -> None:
    lines = [score_line(number) for number in range(3)]
    chart = grid_chart(lines, AXES, upper=lines[-1], selected=None, best=1, banded=1)
    assert [one.label for one in chart.series if isinstance(one, Band)] == ["± standard error of tanh 1"]


def test_the_selected_line_alone_has_its_training_scores_where_its_points_have_them() -> None:
    trained = [
        replace(one, points=tuple(replace(point, train=0.99) for point in one.points))
        for one in map(score_line, range(3))
    ]
    drawn = lines_of(grid_chart(trained, AXES, upper=trained[-1], selected=1))
    assert [one.label for one in drawn if one.dotted] == ["training of tanh 1"]
    assert not any(one.dotted for one in lines_of(lines_chart_of(3, 1)))


def test_the_best_of_each_size_can_stand_alone() -> None:
    drawn = lines_of(lines_chart_of(4, 1, 2, alone=True))
    assert [one.label for one in drawn] == ["best of each size", "tanh 1"]
    assert not drawn[0].dotted


def test_marks_are_drawn_over_each_other_by_importance() -> None:
    best, recommended = ScorePoint(x=12.0, label="12", mean=0.9), ScorePoint(x=8.0, label="8", mean=0.89)
    kinds = [type(one) for one in marks_of(recommended, best, recommended, 0.88)]
    assert kinds == [Level, Cursor, Highlight, Highlight]
    assert [type(one) for one in marks_of(None, best, best, None)] == [Highlight]
    assert marks_of(None, ScorePoint(x=1.0, label="1"), None, None) == []
