"""The convergence chart in a terminal, for any course of fitness."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.charts.convergence import Reference, convergence_chart
from nnsize_engine.charts.description import Band, Chart, Cursor, Level, Points
from nnsize_engine.charts.evolution_chart import EvolutionChart
from nnsize_tui.chart.ansi_strips import CODE
from nnsize_tui.chart.figure import render
from nnsize_tui.chart.palette import Palette
from support.made_charts import line_of, thinned_fitness
from support.made_runs import EVOLUTION, make_evolution
from support.views import evolution_view


def drawn(chart: Chart, width: int = 80, height: int = 20) -> str:
    return CODE.sub("", "\n".join(render(chart, width, height, palette=Palette(), unicode=False)))


def test_a_loss_that_falls_far_is_drawn_on_a_logarithmic_axis_and_a_score_is_not() -> None:
    falling: list[float | None] = [math.exp(-place / 7) for place in range(60)]
    chart = convergence_chart(thinned_fitness(falling), y_label="log_loss", is_minimised=True, last=59)
    assert chart.y_log
    assert chart.y_label == "log_loss (log)"
    assert "0.01" in drawn(chart)
    score = convergence_chart(thinned_fitness(falling), y_label="r2", is_minimised=False, last=59)
    assert not score.y_log


def test_values_that_a_logarithm_does_not_have_keep_the_axis_linear() -> None:
    chart = convergence_chart(thinned_fitness([5.0, 1.0, 0.0, -1.0]), y_label="loss", is_minimised=True, last=3)
    assert not chart.y_log
    assert "generation" in drawn(chart)


def test_a_terrible_beginning_does_not_flatten_the_rest() -> None:
    best: list[float | None] = [-1e6, *(0.5 + 0.001 * place for place in range(100))]
    chart = convergence_chart(thinned_fitness(best), y_label="r2", is_minimised=False, last=100)
    assert line_of(chart, "best").y[0] is None
    assert "-1e6" not in drawn(chart)


@pytest.mark.parametrize(
    "best",
    [[], [None, None], [0.0], [1.0, 1.0, 1.0], [1e308, -1e308], [1e-300, 1e300], [0.0, 0.0, 5e-324], [None, 0.3]],
)
@pytest.mark.parametrize("is_minimised", [True, False])
def test_any_fitness_can_be_drawn(best: list[float | None], is_minimised: bool) -> None:
    reference = Reference(fitness=0.1, label="gradient")
    curves = thinned_fitness(best)
    for found in (None, reference):
        chart = convergence_chart(curves, y_label="y", is_minimised=is_minimised, last=len(best), reference=found)
        assert "generation" in drawn(chart)


def test_a_look_is_drawn_with_band_level_cursor_and_star(home: Path) -> None:
    view = evolution_view(make_evolution(home, "zelodo"))
    assert view.evolved is not None
    curve = EvolutionChart(replace(view, evolved=replace(view.evolved, steps=12)))
    chart = curve.chart(7)
    kinds = [type(one) for one in chart.series]
    assert {Band, Level, Points, Cursor} <= set(kinds)
    assert "gradient 0.0900 in 0.40s" in drawn(chart, 120)
    assert [one.x for one in chart.series if isinstance(one, Points)] == [(12,)]
    assert curve.chart(8).series[:-1] == chart.series[:-1]


def test_with_weight_decay_the_best_is_drawn_without_it_too(home: Path) -> None:
    view = evolution_view(make_evolution(home, "zelodo", replace(EVOLUTION, weight_decay=0.01)))
    chart = EvolutionChart(view).chart(None)
    pairs = zip(line_of(chart, "w/o decay").y, line_of(chart, "best").y, strict=True)
    assert all(without == pytest.approx(best - 0.01) for without, best in pairs if without and best)
    assert "+ w/o decay" in drawn(chart, 120)
