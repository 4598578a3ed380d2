"""The chart of several combinations: which lines are drawn, and how they are told apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nnsize_engine.charts.description import MAX_LINES, Band, Chart, Cursor, Highlight, Level, Line
from nnsize_engine.charts.score_curve import ScorePoint
from nnsize_engine.charts.score_lines import Axes, Marked, ScoreLine, lines_chart, marks_of
from nnsize_tui.chart.figure import render
from nnsize_tui.chart.palette import Palette
from nnsize_tui.chart.parse import CODE

AXES = Axes(x_label="neurons", y_label="accuracy", x_limits=(4.0, 40.0))
COLOURS = Palette(text=7, axis=8, band=(40, 60, 80), line=1, line_2=2, line_3=3, line_4=4, line_5=5, line_6=6)


def line(number: int, *, count: int = 10) -> ScoreLine:
    points = tuple(
        ScorePoint(x=4.0 + 4 * place, label=str(4 + 4 * place), mean=0.8 + 0.01 * number + 0.005 * place, spread=0.004)
        for place in range(count)
    )
    return ScoreLine(label=f"tanh {number}", points=points)


def chart(count: int, selected: int | None = 0, best: int | None = 1, *, alone: bool = False) -> Chart:
    lines = [line(number) for number in range(count)]
    upper = ScoreLine(label="best of each size", points=lines[-1].points)
    return lines_chart(lines, AXES, upper=upper, selected=selected, best=best, is_upper_alone=alone)


def lines_of(one: Chart) -> list[Line]:
    return [series for series in one.series if isinstance(series, Line)]


def texts(one: Chart, *, palette: Palette, unicode: bool, height: int = 20) -> list[str]:
    return [CODE.sub("", text) for text in render(one, 100, height, palette=palette, unicode=unicode)]


@pytest.mark.parametrize("count", range(1, MAX_LINES + 1))
def test_a_few_lines_are_all_drawn_each_in_its_own_way(count: int) -> None:
    drawn = lines_of(chart(count, best=0))
    assert [one.label for one in drawn] == [f"tanh {number}" for number in range(count)]
    assert len({one.role for one in drawn}) == len({one.shape for one in drawn}) == count


def test_of_many_lines_those_that_matter_are_drawn_and_the_legend_says_so() -> None:
    drawn = lines_of(chart(24, selected=5, best=20))
    assert [one.label for one in drawn] == ["tanh 20 (best of 24)", "tanh 5 (selected)", "best of each size"]
    assert drawn[-1].dotted
    assert lines_of(chart(24, 3, 3))[0].label == "tanh 3 (best and selected of 24)"
    assert lines_of(chart(24, None, 3))[0].label == "tanh 3 (best of 24)"
    assert lines_of(chart(24, 3, None))[0].label == "tanh 3 (selected of 24)"
    assert [one.label for one in lines_of(chart(24, None, None))] == ["best of each size"]


def test_the_selected_line_alone_has_a_band() -> None:
    for count in (3, 24):
        bands = [series for series in chart(count, 2).series if isinstance(series, Band)]
        assert [band.label for band in bands] == ["± standard error of tanh 2"]
        assert not any(isinstance(series, Band) for series in chart(count, None).series)


def test_the_selected_line_alone_has_its_training_scores_where_its_points_have_them() -> None:
    trained = [
        replace(one, points=tuple(replace(point, train=0.99) for point in one.points)) for one in map(line, range(3))
    ]
    drawn = lines_of(lines_chart(trained, AXES, upper=trained[-1], selected=1))
    assert [one.label for one in drawn if one.dotted] == ["training of tanh 1"]
    assert not any(one.dotted for one in lines_of(chart(3, 1)))


def test_the_best_of_each_size_can_stand_alone() -> None:
    drawn = lines_of(chart(4, 1, 2, alone=True))
    assert [one.label for one in drawn] == ["best of each size", "tanh 1"]
    assert not drawn[0].dotted


@pytest.mark.parametrize("palette", [COLOURS, Palette()])
@pytest.mark.parametrize(("unicode", "signs"), [(True, "●▲■▼○□"), (False, "*+x%o=")])
def test_lines_are_told_apart_without_colours_too(palette: Palette, unicode: bool, signs: str) -> None:
    drawn = texts(chart(6), palette=palette, unicode=unicode)
    plot, legend = "".join(drawn[4:-4]), "".join(drawn[:4])
    assert all(sign in plot for sign in signs)
    assert all(f"{sign} tanh {number}" in legend for number, sign in enumerate(signs))


def test_the_legend_names_every_line_before_anything_else() -> None:
    one, narrow = chart(6), 64
    marks = marks_of(
        Marked(x=8.0, label="8"),
        Marked(x=12.0, label="12 tanh 0.001", mean=0.9),
        Marked(x=8.0, label="8 relu", mean=0.89),
        0.88,
    )
    crowded = Chart(series=(*one.series, *marks), y_label="accuracy", legend_rows=3)
    lines = render(crowded, narrow, 10, palette=Palette(), unicode=True)
    heading = CODE.sub("", "".join(lines[:2]))
    assert all(f"tanh {number}" in heading for number in range(6))
    assert "standard error" not in heading


def test_marks_are_drawn_over_each_other_by_importance() -> None:
    best, adequate = Marked(x=12.0, label="12", mean=0.9), Marked(x=8.0, label="8", mean=0.89)
    kinds = [type(one) for one in marks_of(adequate, best, adequate, 0.88)]
    assert kinds == [Level, Cursor, Highlight, Highlight]
    assert [type(one) for one in marks_of(None, best, best, None)] == [Highlight]
    assert marks_of(None, Marked(x=1.0, label="1"), None, None) == []
