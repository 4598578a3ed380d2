"""The score curve of a search in a terminal, from none of its candidates to ten thousand."""

from __future__ import annotations

import pytest

from nnsize_engine.charts.description import Band, Chart, Cursor, Highlight, Level, Line
from nnsize_engine.charts.score_series import ScorePoint
from nnsize_engine.charts.size_chart import size_chart, with_cursor
from nnsize_tui.chart.ansi_strips import CODE
from nnsize_tui.chart.figure import render
from nnsize_tui.chart.palette import Palette
from support.made_charts import score_points


def _text(chart: Chart, width: int = 80, height: int = 12) -> str:
    lines = render(chart, width, height, palette=Palette(), unicode=True)
    return CODE.sub("", "\n".join(lines))


@pytest.mark.parametrize(("count", "known"), [(0, 0), (1, 0), (1, 1), (48, 0), (48, 9), (48, 48), (10_000, 10_000)])
@pytest.mark.parametrize(("width", "height"), [(20, 6), (80, 10), (200, 60)])
def test_it_can_be_drawn_at_every_stage_and_size(count: int, known: int, width: int, height: int) -> None:
    best = known - 1 if known else None
    points = score_points(count, known)
    chart = size_chart(points, best=best, recommended=0 if known else None)
    chart = chart if best is None else with_cursor(chart, points[best])
    lines = _text(chart, width, height).split("\n")
    assert [len(line) for line in lines] == [width] * height


def test_best_recommended_and_selected_are_named_and_marked() -> None:
    points = score_points(48, 48)
    chart = with_cursor(size_chart(points, best=35, recommended=2, threshold=0.991), points[20])
    text = _text(chart, 100, 20)
    assert "★ best 75" in text
    assert "◆ recommended 9" in text
    assert "│ 45" in text
    assert "threshold 0.9910" in text
    kinds = [type(one) for one in chart.series]
    assert kinds == [Band, Line, Level, Cursor, Highlight, Highlight]
    assert isinstance(chart.series[-1], Highlight)
    assert chart.series[-1].role == "best"


def test_one_candidate_that_is_both_has_one_mark() -> None:
    text = _text(size_chart(score_points(48, 48), best=0, recommended=0))
    assert "★ best and recommended 5" in text
    assert "◆" not in text


def test_a_failed_candidate_leaves_a_gap() -> None:
    points = score_points(48, 48)
    points[20] = ScorePoint(x=points[20].x, label=points[20].label)
    chart = size_chart(points, best=20)
    assert not any(isinstance(one, Highlight) for one in chart.series)
    columns = zip(*_text(chart, 100, 20).split("\n")[1:-3], strict=True)
    empty = [all(cell == " " for cell in column) for column in columns]
    assert any(empty[30:60])


def test_candidates_of_several_layers_are_named_along_the_axis() -> None:
    points = [ScorePoint(x=place, label=f"{8 * place}-{4 * place}", mean=0.9) for place in range(1, 6)]
    assert "8-4" in _text(size_chart(points)).split("\n")[-2]
    assert size_chart(score_points(5, 5)).x_ticks is None


def test_training_scores_are_dotted_under_the_mean() -> None:
    points = [ScorePoint(x=x, label=str(x), mean=0.9, train=0.99) for x in range(1, 9)]
    assert "· training" in _text(size_chart(points))
