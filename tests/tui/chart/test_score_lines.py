"""Several score lines in a terminal: their signs and their legend."""

from __future__ import annotations

import pytest

from nnsize_engine.charts.description import Chart
from nnsize_engine.charts.score_series import ScorePoint, marks_of
from nnsize_tui.chart.ansi_strips import CODE
from nnsize_tui.chart.figure import render
from nnsize_tui.chart.palette import Palette
from support.made_charts import lines_chart_of

COLOURS = Palette(text=7, axis=8, band=(40, 60, 80), line=1, line_2=2, line_3=3, line_4=4, line_5=5, line_6=6)


def texts(one: Chart, *, palette: Palette, unicode: bool, height: int = 20) -> list[str]:
    return [CODE.sub("", text) for text in render(one, 100, height, palette=palette, unicode=unicode)]


@pytest.mark.parametrize("palette", [COLOURS, Palette()])
@pytest.mark.parametrize(("unicode", "signs"), [(True, "●▲■▼○□"), (False, "*+x%o=")])
def test_lines_are_told_apart_without_colours_too(palette: Palette, unicode: bool, signs: str) -> None:
    drawn = texts(lines_chart_of(6), palette=palette, unicode=unicode)
    plot, legend = "".join(drawn[4:-4]), "".join(drawn[:4])
    assert all(sign in plot for sign in signs)
    assert all(f"{sign} tanh {number}" in legend for number, sign in enumerate(signs))


def test_the_legend_names_every_line_before_anything_else() -> None:
    one, narrow = lines_chart_of(6), 64
    marks = marks_of(
        ScorePoint(x=8.0, label="8"),
        ScorePoint(x=12.0, label="12 tanh 0.001", mean=0.9),
        ScorePoint(x=8.0, label="8 relu", mean=0.89),
        0.88,
    )
    crowded = Chart(series=(*one.series, *marks), y_label="accuracy", legend_rows=3)
    lines = render(crowded, narrow, 10, palette=Palette(), unicode=True)
    heading = CODE.sub("", "".join(lines[:2]))
    assert all(f"tanh {number}" in heading for number in range(6))
    assert "standard error" not in heading
