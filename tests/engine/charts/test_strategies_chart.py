"""The chart of compared strategies: their names, and the lines of gradient training."""

from dataclasses import replace

from nnsize_engine.charts.description import Level, Line
from nnsize_engine.charts.strategies_chart import StrategiesChart
from nnsize_engine.results.series import SeriesView
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.series import series_of
from nnsize_engine.settings.strategy_comparison import compared_settings
from support.made_comparisons import comparison_view, gradient_scores


def labels(view: EvolutionView) -> list[str | None]:
    return [one.label for one in StrategiesChart().chart(view, "evaluations").series if isinstance(one, Line | Level)]


def test_gradient_training_is_a_line_and_rounded_a_second_one() -> None:
    view = comparison_view(over=4)
    assert labels(view) == ["shade", "sep-cma-es", "gradient 0.0900 in 0.40s"]
    settings = replace(view.settings, bits=4)
    rounded = replace(gradient_scores(), name="quantized", objective=0.31)
    assert labels(replace(view, settings=settings, quantized=rounded)) == [
        "shade",
        "sep-cma-es",
        "gradient 0.0900 in 0.40s",
        "gradient, rounded to 4 bits, 0.3100 in 0.40s",
    ]


def test_auto_says_which_strategy_it_is() -> None:
    view = comparison_view(over=2)
    settings = compared_settings(("shade", "auto"), {"data": "iris"})
    series = [
        SeriesView(series=one, generations=known.generations, result=known.result)
        for one, known in zip(series_of(settings), view.series, strict=False)
    ]
    assert labels(replace(view, series=tuple(series)))[:2] == ["shade", "auto (hill-climbing)"]
