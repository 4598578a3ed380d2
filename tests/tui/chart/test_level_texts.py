"""Words on horizontal lines keep clear of the curves."""

import pytest

from nnsize_engine.charts.description import Chart, Level, Line
from nnsize_tui.chart.clean import Scale
from nnsize_tui.chart.level_texts import PlacedText, place_level_texts

ACROSS, HEIGHT = Scale(lower=0.0, upper=60.0), Scale(lower=0.0, upper=1.0)


def placed(*curves: tuple[float, ...]) -> PlacedText:
    """Return the place of ten letters on a line at 0.5, in 60 columns with curves at the line from one x to another."""
    lines = [Line(x=curve, y=(0.5,) * len(curve), label=str(curve)) for curve in curves]
    chart = Chart(series=(*lines, Level(y=0.5, text="threshold!")))
    (found,) = place_level_texts(chart, ACROSS, HEIGHT, 60, 11)
    return found


@pytest.mark.parametrize(
    ("curves", "column"),
    [
        ([], 49),
        ([(0.5, 40.5)], 49),
        ([(0.5, 48.5)], 49),  # touching one is better than hiding one
        ([(30.5, 59.5)], 1),
        ([(11.5, 59.5)], 1),
        ([(0.5, 11.5), (40.5, 59.5)], 13),
    ],
)
def test_words_on_a_line_neither_hide_nor_touch_curves_where_there_is_room(
    curves: list[tuple[float, ...]], column: int
) -> None:
    assert placed(*curves).column == column
