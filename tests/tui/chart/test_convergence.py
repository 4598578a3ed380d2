"""The chart of an evolution: thinned without losing anything, robust against whatever fitness does."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.charts.axis import round_end
from nnsize_engine.charts.convergence import CURVES, Reference, convergence_chart
from nnsize_engine.charts.description import Band, Chart, Cursor, Level, Line, Points
from nnsize_engine.charts.live_convergence import ConvergenceCurve
from nnsize_engine.charts.thinned_curves import MAX_BUCKETS, ThinnedCurves
from nnsize_engine.results.generations import Generations
from nnsize_tui.chart.figure import render
from nnsize_tui.chart.palette import Palette
from nnsize_tui.chart.parse import CODE
from support.made_runs import EVOLUTION, make_evolution
from support.views import evolution_view


def course_of(best: list[float | None], mean: list[float | None] | None = None) -> ThinnedCurves:
    """A course whose spread is a tenth of the mean, and whose held-out rows are a little worse than the best."""
    middle = mean or best
    course = ThinnedCurves(CURVES)
    low, high = ([None if one is None else one * factor for one in middle] for factor in (0.9, 1.1))
    held_out = [None if one is None else one * 1.05 for one in best]
    course.take(list(range(len(best))), (best, middle, low, high, held_out, [None] * len(best)))
    return course


def drawn(chart: Chart, width: int = 80, height: int = 20) -> str:
    return CODE.sub("", "\n".join(render(chart, width, height, palette=Palette(), unicode=False)))


def line_of(chart: Chart, label: str) -> Line:
    return next(one for one in chart.series if isinstance(one, Line) and one.label == label)


@pytest.mark.parametrize("count", [1, 7, MAX_BUCKETS, MAX_BUCKETS + 1, 10_000])
def test_a_course_keeps_every_extreme_exactly_however_the_points_came(count: int) -> None:
    values = [math.sin(place) + (50.0 if place == count // 3 else 0.0) for place in range(count)]
    whole, grown = ThinnedCurves(("y",)), ThinnedCurves(("y",))
    whole.take(range(count), [values])
    for start in range(0, count, 997):
        grown.take(range(start, min(count, start + 997)), [values[start : start + 997]])
    for course in (whole, grown):
        x, y = course.points("y")
        assert len(x) <= 2 * MAX_BUCKETS
        assert list(x) == sorted(x)
        assert (max(y), min(y)) == (max(values), min(values))
        assert all(values[int(place)] == value for place, value in zip(x, y, strict=True))


def test_a_course_without_some_values_leaves_them_out() -> None:
    course = ThinnedCurves(("y", "z"))
    course.take([0, 1, 2], [[None, 1.0, None], [None, None, None]])
    assert course.points("y") == ((1,), (1.0,))
    assert course.points("z") == ((), ())
    assert course.band("y", "z") == ((), (), ())


@pytest.mark.parametrize(
    ("number", "most", "end"),
    [(0, 1000, 10), (3, 10, 3), (7, 2000, 8), (11, 2000, 15), (244, 2000, 300), (1999, 1999, 1999), (95, 96, 96)],
)
def test_the_axis_of_generations_ends_at_a_round_number(number: int, most: int, end: int) -> None:
    assert round_end(number, most) == end


def test_a_loss_that_falls_far_is_drawn_on_a_logarithmic_axis_and_a_score_is_not() -> None:
    falling: list[float | None] = [math.exp(-place / 7) for place in range(60)]
    chart = convergence_chart(course_of(falling), y_label="log_loss", is_minimised=True, last=59)
    assert chart.y_log
    assert chart.y_label == "log_loss (log)"
    assert "0.01" in drawn(chart)
    score = convergence_chart(course_of(falling), y_label="r2", is_minimised=False, last=59)
    assert not score.y_log


def test_values_that_a_logarithm_does_not_have_keep_the_axis_linear() -> None:
    chart = convergence_chart(course_of([5.0, 1.0, 0.0, -1.0]), y_label="loss", is_minimised=True, last=3)
    assert not chart.y_log
    assert "generation" in drawn(chart)


def test_a_wild_population_leaves_the_best_its_room() -> None:
    best: list[float | None] = [0.5 + 0.01 * place for place in range(30)]
    mean: list[float | None] = [*[-1e9] * 20, *[0.4] * 10]
    chart = convergence_chart(course_of(best, mean), y_label="r2", is_minimised=False, last=29)
    kept = line_of(chart, "mean").y
    assert set(kept) == {None, 0.4}
    assert all(value is not None for value in line_of(chart, "best").y)


def test_a_terrible_beginning_does_not_flatten_the_rest() -> None:
    best: list[float | None] = [-1e6, *(0.5 + 0.001 * place for place in range(100))]
    chart = convergence_chart(course_of(best), y_label="r2", is_minimised=False, last=100)
    assert line_of(chart, "best").y[0] is None
    assert "-1e6" not in drawn(chart)


@pytest.mark.parametrize(
    "best",
    [[], [None, None], [0.0], [1.0, 1.0, 1.0], [1e308, -1e308], [1e-300, 1e300], [0.0, 0.0, 5e-324], [None, 0.3]],
)
@pytest.mark.parametrize("is_minimised", [True, False])
def test_any_fitness_can_be_drawn(best: list[float | None], is_minimised: bool) -> None:
    reference = Reference(fitness=0.1, label="gradient")
    course = course_of(best)
    for found in (None, reference):
        chart = convergence_chart(course, y_label="y", is_minimised=is_minimised, last=len(best), reference=found)
        assert "generation" in drawn(chart)


def test_a_look_is_drawn_with_band_level_cursor_and_star(home: Path) -> None:
    view = evolution_view(make_evolution(home, "zelodo"))
    assert view.evolved is not None
    curve = ConvergenceCurve(replace(view, evolved=replace(view.evolved, steps=12)))
    chart = curve.chart(7)
    kinds = [type(one) for one in chart.series]
    assert {Band, Level, Points, Cursor} <= set(kinds)
    assert "gradient 0.0900 in 0.40s" in drawn(chart, 120)
    assert [one.x for one in chart.series if isinstance(one, Points)] == [(12,)]
    assert curve.chart(8).series[:-1] == chart.series[:-1]


def test_with_weight_decay_the_best_is_drawn_without_it_too(home: Path) -> None:
    view = evolution_view(make_evolution(home, "zelodo", replace(EVOLUTION, weight_decay=0.01)))
    chart = ConvergenceCurve(view).chart(None)
    pairs = zip(line_of(chart, "w/o decay").y, line_of(chart, "best").y, strict=True)
    assert all(without == pytest.approx(best - 0.01) for without, best in pairs if without and best)
    assert "+ w/o decay" in drawn(chart, 120)


def test_a_curve_that_grew_equals_one_made_at_once_and_begins_again_for_another_run(home: Path) -> None:
    view = evolution_view(make_evolution(home, "zelodo"))
    early = replace(view, generations=Generations(view.generations[:5]))
    curve = ConvergenceCurve(early)
    curve.chart(None)
    curve.take(view)
    assert curve.chart(None) == ConvergenceCurve(view).chart(None)
    curve.take(early)
    assert curve.chart(None) == ConvergenceCurve(early).chart(None)
