"""The convergence chart of an evolution: robust against whatever fitness does."""

from dataclasses import replace
from pathlib import Path

from nnsize_engine.charts.convergence import convergence_chart
from nnsize_engine.charts.evolution_chart import EvolutionChart
from nnsize_engine.results.generations import Generations
from support.made_charts import line_of, thinned_fitness
from support.made_runs import make_evolution
from support.views import evolution_view


def test_a_wild_population_leaves_the_best_its_room() -> None:
    best: list[float | None] = [0.5 + 0.01 * place for place in range(30)]
    mean: list[float | None] = [*[-1e9] * 20, *[0.4] * 10]
    chart = convergence_chart(thinned_fitness(best, mean), y_label="r2", is_minimised=False, last=29)
    kept = line_of(chart, "mean").y
    assert set(kept) == {None, 0.4}
    assert all(value is not None for value in line_of(chart, "best").y)


def test_a_curve_that_grew_equals_one_made_at_once_and_begins_again_for_another_run(run_home: Path) -> None:
    view = evolution_view(make_evolution(run_home, "zelodo"))
    early = replace(view, generations=Generations(view.generations[:5]))
    curve = EvolutionChart(early)
    curve.chart(None)
    curve.take(view)
    assert curve.chart(None) == EvolutionChart(view).chart(None)
    curve.take(early)
    assert curve.chart(None) == EvolutionChart(early).chart(None)
