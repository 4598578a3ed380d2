"""The score curve of a size search."""

from __future__ import annotations

from nnsize_engine.charts.description import Level
from nnsize_engine.charts.size_chart import size_chart
from nnsize_engine.results.references import summarise_references
from support.made_charts import score_points
from support.made_references import made_reference, made_references


def test_the_x_axis_does_not_move_while_scores_arrive() -> None:
    assert {size_chart(score_points(48, known)).x_limits for known in range(49)} == {(5, 99)}


def test_every_reference_with_a_mean_is_a_named_level() -> None:
    results = [*made_references({"dummy": 0.5, "trees": 0.98765}, 3), made_reference("linear", 0, 0.9)]
    chart = size_chart(score_points(8, 8), references=summarise_references(results, 3, range(3)))
    levels = [one for one in chart.series if isinstance(one, Level)]
    assert [(one.text, one.is_named, one.label) for one in levels] == [
        ("dummy 0.5000", True, ""),
        ("boosted trees 0.9877", True, ""),
    ]
