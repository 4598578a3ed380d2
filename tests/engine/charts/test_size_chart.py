"""The score curve of a size search."""

from __future__ import annotations

from nnsize_engine.charts.size_chart import size_chart
from support.made_charts import score_points


def test_the_x_axis_does_not_move_while_scores_arrive() -> None:
    assert {size_chart(score_points(48, known)).x_limits for known in range(49)} == {(5, 99)}
