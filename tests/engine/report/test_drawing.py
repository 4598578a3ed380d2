"""The drawing of charts: axes, ticks, thinned lines, and what is shown where one points."""

import math
from xml.etree.ElementTree import fromstring

from hypothesis import given
from hypothesis import strategies as st

from nnsize_engine.charts.axis_ticks import log_ticks, round_ticks
from nnsize_engine.charts.description import Band, Chart, Highlight, Level, Line, Points
from nnsize_engine.charts.heat_map import HeatMap
from nnsize_engine.report.histogram_chart import counts_between, histogram_chart
from nnsize_engine.report.hover_values import hover_values
from nnsize_engine.report.plot_area import WIDTH, plot_area
from nnsize_engine.report.svg_chart import svg_of
from nnsize_engine.report.svg_heat import heat_svg
from nnsize_engine.report.svg_legend import legend_of
from nnsize_engine.report.thin_chart import thin_chart
from support.made_charts import maps

VALUES = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True, width=64))
ENDS = st.tuples(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))


def test_ticks_are_round() -> None:
    assert [text for _, text in round_ticks(0.0, 1.0, 6)] == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
    assert [text for _, text in round_ticks(4, 64, 9)] == ["10", "20", "30", "40", "50", "60"]
    assert [text for _, text in log_ticks(1, 1000, 9)] == ["1", "3", "10", "30", "100", "300", "1,000"]
    assert [text for _, text in log_ticks(0.05, 2, 6)] == ["0.05", "0.1", "0.2", "0.5", "1", "2"]


@given(st.floats(0.1, 1e4), st.floats(0.01, 1e4), st.integers(2, 12))
def test_ticks_of_whole_things_are_whole_numbers(low: float, size: float, most: int) -> None:
    for ticks in (round_ticks, log_ticks):
        found = ticks(low, low + size, most, is_whole=True)
        assert all(value == round(value) and "." not in text for value, text in found)


def test_the_drawing_of_whole_things_has_whole_ticks() -> None:
    line = Line(x=(4.0, 6.0), y=(0.5, 0.75))
    assert [text for _, text in plot_area(Chart(series=(line,), x_is_whole=True)).x_ticks] == ["4", "5", "6"]
    assert "4.5" in [text for _, text in plot_area(Chart(series=(line,))).x_ticks]


@given(ENDS, st.integers(2, 12))
def test_ticks_are_few_and_inside(ends: tuple[float, float], most: int) -> None:
    low, high = ends[0], ends[0] + ends[1]
    ticks = round_ticks(low, high, most)
    assert len(ticks) <= most
    room = (high - low) * 1e-6 + abs(low) * 1e-9
    assert all(low - room <= value <= high + room for value, _ in ticks)


@given(st.lists(st.tuples(VALUES, VALUES, VALUES), max_size=30), st.booleans(), st.booleans())
def test_any_chart_can_be_drawn(
    rows: list[tuple[float | None, float | None, float | None]], x_log: bool, y_log: bool
) -> None:
    x, y, z = (tuple(column) for column in zip(*rows, strict=True)) if rows else ((), (), ())
    chart = Chart(
        series=(
            Line(x=x, y=y, label="<a>"),
            Band(x=x, lower=y, upper=z, label="b"),
            Points(x=x, y=z),
            Level(y=0.5, text="c"),
        ),
        x_log=x_log,
        y_log=y_log,
        x_label="x",
        y_label="y",
    )
    area = plot_area(chart)
    text = svg_of(chart, area, number=1, name="a chart")
    fromstring(text)
    assert "nan" not in text
    assert "inf" not in text
    values = hover_values(chart, area)
    assert all(0 <= place <= WIDTH for place, _ in values["x"])  # type: ignore[attr-defined]
    for _, words in legend_of(chart):
        assert words


def test_a_value_stands_where_its_tick_says() -> None:
    chart = Chart(series=(Line(x=(0.0, 10.0), y=(0.0, 1.0), label="a"),), x_label="x", y_label="y")
    area = plot_area(chart)
    values = hover_values(chart, area)
    first, last = values["series"][0]["points"]  # type: ignore[index]
    assert (first[2], last[2]) == ("0.00000", "1.00000")
    assert first[1] == round(area.y.place(0.0) or 0.0, 1) > last[1]
    assert [text for _, text in values["x"]] == ["0", "10"]  # type: ignore[attr-defined]


def test_named_levels_outside_the_axis_stand_at_its_edge() -> None:
    chart = Chart(series=(Line(x=(0.0, 1.0), y=(0.8, 0.9)), Level(y=0.1, text="dummy 0.1"), Level(y=5, text="high 5")))
    text = svg_of(chart, plot_area(chart), number=1, name="a")
    assert "↓ dummy 0.1" in text
    assert "↑ high 5" in text


def test_highlights_are_marked() -> None:
    one = Highlight(x=1.0, y=0.5, shape="star", role="best", label="best 64")
    chart = Chart(series=(Line(x=(0.0, 1.0), y=(0.4, 0.5)), one))
    assert "r-best mark highlight" in svg_of(chart, plot_area(chart), number=1, name="a")
    assert legend_of(chart)[0][1] == "best 64"


@given(st.lists(VALUES, min_size=1, max_size=3000), st.integers(20, 400))
def test_thinned_lines_keep_their_extremes(values: list[float | None], most: int) -> None:
    known = [None if value is None or not math.isfinite(value) else value for value in values]
    line = Line(x=tuple(map(float, range(len(known)))), y=tuple(known))
    thin = thin_chart(Chart(series=(line,)), most)
    (kept,) = thin.chart.series
    assert isinstance(kept, Line)
    assert len(kept.x) <= max(most, 1) or not thin.is_thinned
    finite = [value for value in known if value is not None]
    if finite:
        left = [value for value in kept.y if value is not None]
        assert (min(left), max(left)) == (min(finite), max(finite))


@given(maps())
def test_any_heat_map_can_be_drawn(heat: HeatMap) -> None:
    svg = fromstring(heat_svg(heat, name="map"))
    cells = [one for one in svg.iter() if one.tag == "rect"]
    assert len(cells) == len(heat.rows) * len(heat.columns)


def test_histograms_count_everything() -> None:
    assert counts_between([0.0, 0.1, 0.5, 1.0], 0.0, 1.0, 2) == [2, 2]
    chart = histogram_chart([("a", [1, 0, 2])], 0.0, 3.0, x_label="x", y_label="y")
    (points,) = [one for one in chart.series if isinstance(one, Points)]
    assert points.x == (0.5, 2.5)
    assert points.y == (1.0, 2.0)
    svg_of(histogram_chart([("a", [3])], 1.0, 1.0, x_label="x", y_label="y"), plot_area(chart), number=1, name="a")
