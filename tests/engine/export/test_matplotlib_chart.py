"""The picture that matplotlib draws holds what the description says, as the explorer's chart does."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, assert_never, get_args

import pytest

from nnsize_engine.charts.comparison_charts import ComparisonCharts, measures_of
from nnsize_engine.charts.description import Band, Chart, Cursor, Highlight, Level, Line, Points, Role, Shape, Values
from nnsize_engine.charts.evolution_chart import EvolutionChart
from nnsize_engine.charts.heat_map import STATE_WORDS, HeatMap
from nnsize_engine.charts.learning_curves import learning_curve
from nnsize_engine.charts.search_chart import SearchChart
from nnsize_engine.charts.search_map import SearchMap
from nnsize_engine.charts.search_space import space_of
from nnsize_engine.comparison.compare import compare
from nnsize_engine.export.draw_chart import compared_pictures, picture_of
from nnsize_engine.export.matplotlib_chart import COLOURS, MARKERS, content_of, draw_pictures, new_figure
from nnsize_engine.results.search_records import Candidate
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.loss_curves import LossCurve
from nnsize_engine.runs.view import AnyView, EvolutionView, SizeView
from nnsize_engine.settings.search import SizeSettings
from support.made_runs import EVOLUTION, GRID, LAYERED, MANY, SMALL, made_run, make_evolution


def drawn(picture: Chart | HeatMap, heading: str = "iris, run zibiro") -> tuple[Any, Any]:
    """The figure and the axes of one picture, drawn to the end."""
    figure = new_figure()
    draw_pictures(figure, [picture], heading)
    assert content_of(figure, "svg").startswith(b"<?xml")
    return figure, figure.axes[0]


def points(x: Sequence[float | None], y: Sequence[float | None]) -> list[tuple[float, float]]:
    """The points that can be seen, in order of x."""
    known = [(a, b) for a, b in zip(x, y, strict=True) if a is not None and b is not None and math.isfinite(b)]
    return sorted(known)


def gaps(x: Values, y: Values) -> int:
    return sum(a is not None and (b is None or not math.isfinite(b)) for a, b in zip(x, y, strict=True))


def axes_hold(axes: Any, chart: Chart) -> None:
    """Assert that the axes have every series of a chart, in order, with its labels, limits and kinds of axes."""
    lines, areas = iter(axes.lines), iter(axes.collections)
    # Levels with words are drawn when the axis is known.
    for series in sorted(chart.series, key=lambda one: isinstance(one, Level) and one.is_named):
        artist: Any = next(areas) if isinstance(series, Band) else next(lines)
        match series:
            case Line() | Points():
                x, y = list(artist.get_xdata()), list(artist.get_ydata())
                assert points(x, y) == points(series.x, series.y)
                assert x == sorted(x)
                assert sum(map(math.isnan, y)) == gaps(series.x, series.y)
            case Highlight():
                assert (list(artist.get_xdata()), list(artist.get_ydata())) == ([series.x], [series.y])
            case Cursor():
                assert list(artist.get_xdata()) == [series.x, series.x]
            case Level():
                assert list(artist.get_ydata()) == [series.y, series.y]
            case Band():
                corners = {tuple(corner) for path in artist.get_paths() for corner in path.vertices}
                assert corners >= {*points(series.x, series.lower), *points(series.x, series.upper)}
            case _:
                assert_never(series)
        if series.label:
            assert artist.get_label() == series.label
    assert next(lines, None) is next(areas, None) is None
    labels = [series.label for series in chart.series if series.label]
    legend = axes.get_legend()
    assert ([] if legend is None else [text.get_text() for text in legend.get_texts()]) == labels
    assert (axes.get_xlabel(), axes.get_ylabel()) == (chart.x_title, chart.y_label)
    assert (axes.get_xscale(), axes.get_yscale()) == tuple(
        "log" if log else "linear" for log in (chart.x_log, chart.y_log)
    )
    assert chart.x_limits in (None, axes.get_xlim())
    assert chart.y_limits in (None, axes.get_ylim())
    assert chart.legend_title == (legend.get_title().get_text() if legend is not None else "")


def searched(home: Path, name: str = "zibiro", settings: SizeSettings = SMALL, **how: Any) -> SizeView:
    view = RunFollower(made_run(home, name, settings, **how)).look()
    assert isinstance(view, SizeView)
    return view


def evolved(home: Path, name: str = "zelodo", settings: Any = EVOLUTION, **how: Any) -> EvolutionView:
    view = RunFollower(make_evolution(home, name, settings, **how)).look()
    assert isinstance(view, EvolutionView)
    return view


def chart_of(view: AnyView) -> Chart:
    chart = picture_of(view, "curve")
    assert isinstance(chart, Chart)
    return chart


def test_every_role_has_a_colour_and_every_shape_a_marker() -> None:
    assert set(COLOURS) == set(get_args(Role))
    assert set(MARKERS) == set(get_args(Shape))


@pytest.mark.parametrize("failed", [(), ((1, 0),)])
def test_a_score_curve_has_the_terminals_line_band_threshold_and_marks(run_home: Path, failed: Any) -> None:
    view = searched(run_home, failed=failed)
    chart = chart_of(view)
    assert {type(one) for one in chart.series} == {Band, Line, Level, Highlight}
    assert view.choice is not None
    assert [one.y for one in chart.series if isinstance(one, Level)] == [view.choice.threshold]
    (smoothed,) = (one for one in chart.series if isinstance(one, Line) and one.label == "smoothed")
    assert smoothed.y == tuple(view.choice.smoothed.get(number) for number in range(len(view.summaries)))
    marked = {one.role: one.x for one in chart.series if isinstance(one, Highlight)}
    named = view.choice.best if view.choice.best == view.choice.recommended else view.choice.recommended
    assert marked["best" if named == view.choice.best else "recommended"] == named.hidden_layer_sizes[0]
    _, axes = drawn(chart)
    axes_hold(axes, chart)
    assert axes.get_title(loc="left") == "iris, run zibiro"
    space = space_of(view.settings, [summary.candidate for summary in view.summaries])
    selected = SearchChart(view, space, has_training=True).chart(2)
    assert any(isinstance(one, Cursor) for one in selected.series)
    axes_hold(drawn(selected)[1], selected)


@pytest.mark.parametrize("settings", [GRID, MANY, LAYERED])
def test_score_lines_have_the_terminals_lines_and_labels(run_home: Path, settings: SizeSettings) -> None:
    view = searched(run_home, settings=settings, is_surface=True)
    chart = chart_of(view)
    _, axes = drawn(chart)
    axes_hold(axes, chart)
    assert len(axes.collections) == 1  # the band of the best line
    choice = view.choice
    assert choice is not None
    smoothed = [one for one in chart.series if isinstance(one, Line) and one.label == "smoothed"]
    of_recommended = {
        choice.smoothed.get(summary.candidate.number)
        for summary in view.summaries
        if summary.candidate.parameters == choice.recommended.parameters
    }
    assert all(set(one.y) <= of_recommended for one in smoothed)
    assert len(smoothed) == (len({x for one in smoothed for x in one.x}) >= 3)


def test_networks_of_several_layers_are_named_along_x(run_home: Path) -> None:
    chart = chart_of(searched(run_home, settings=replace(SMALL, neurons="8,16,64x32")))
    assert chart.x_ticks is not None
    _, axes = drawn(chart)
    axes_hold(axes, chart)
    assert [(tick, text.get_text()) for tick, text in zip(axes.get_xticks(), axes.get_xticklabels(), strict=True)] == [
        *chart.x_ticks
    ]


@pytest.mark.parametrize(
    ("settings", "how"), [(LAYERED, {"state": "running", "fits": 60, "failed": ((5, 0),)}), (GRID, {}), (MANY, {})]
)
def test_a_heat_map_has_the_terminals_cells_marks_and_limits(run_home: Path, settings: SizeSettings, how: Any) -> None:
    view = searched(run_home, settings=settings, is_surface=True, **how)
    heat = picture_of(view, "map")
    assert isinstance(heat, HeatMap)
    figure, axes = drawn(heat)
    (image,) = axes.images
    cells = image.get_array().filled(math.nan).tolist()
    for shown, row in zip(cells, heat.cells, strict=True):
        for value, cell in zip(shown, row, strict=True):
            assert value == cell if isinstance(cell, float) else math.isnan(value)
    assert image.get_clim() == heat.limits
    assert [text.get_text() for text in axes.get_xticklabels()] == [*heat.columns]
    assert [text.get_text() for text in axes.get_yticklabels()] == [*heat.rows]
    assert (axes.get_xlabel(), axes.get_ylabel()) == (heat.x_label, heat.y_label)
    assert figure.axes[1].get_ylabel() == heat.title
    spots = {line.get_label(): [*zip(line.get_xdata(), line.get_ydata(), strict=True)] for line in axes.lines}
    assert spots[heat.best_label] == [heat.best]
    assert heat.recommended is None or spots[heat.recommended_label] == [heat.recommended]
    for state in ("failed", "waiting"):
        places = [(x, y) for y, row in enumerate(heat.cells) for x, cell in enumerate(row) if cell == state]
        assert spots.get(STATE_WORDS[state], []) == places
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [*spots]
    assert axes.get_title(loc="left") == ": ".join(["iris, run zibiro", *([heat.slice] if heat.slice else [])])


def test_a_heat_map_marks_the_selected_cell_and_names_a_best_one_elsewhere(run_home: Path) -> None:
    view = searched(run_home, settings=MANY, is_surface=True)
    space = space_of(view.settings, [summary.candidate for summary in view.summaries])
    heat = SearchMap(view, space).heat(space.pairs[0], 0)
    assert heat.best is None
    _, axes = drawn(heat)
    spots = {line.get_label(): [*zip(line.get_xdata(), line.get_ydata(), strict=True)] for line in axes.lines}
    assert spots == {"selected": [heat.selected], heat.best_label: []}


def test_a_convergence_has_the_terminals_curves_band_and_reference(run_home: Path) -> None:
    view = evolved(run_home, settings=replace(EVOLUTION, weight_decay=0.01))
    assert view.evolved is not None
    view = replace(view, evolved=replace(view.evolved, steps=12))
    chart = EvolutionChart(view).chart(7)
    assert [one.label for one in chart.series] == [
        "best", "mean", "w/o decay", "held-out", "± std", "gradient 0.0900 in 0.40s", "evolved", "7",
    ]  # fmt: skip
    assert chart.y_log
    assert chart.y_limits is not None
    axes_hold(drawn(chart)[1], chart)


def test_learning_curves_have_the_terminals_lines_and_title() -> None:
    def losses(fold: int, count: int, *, is_finished: bool = True) -> LossCurve:
        values = tuple(1.0 / epoch for epoch in range(1, count + 1))
        return LossCurve(fold=fold, epochs=tuple(range(1, count + 1)), losses=values, is_finished=is_finished)

    candidate = Candidate(number=1, hidden_layer_sizes=(4,), weights=20)
    many = [*(losses(fold, 40 + fold) for fold in range(9)), losses(9, 5, is_finished=False)]
    for curves, settings in (([losses(0, 50), losses(1, 30)], SMALL), (many, replace(SMALL, cv=5, repeats=2))):
        chart = learning_curve(curves, candidate, settings)
        _, axes = drawn(chart)
        axes_hold(axes, chart)
        assert axes.get_title(loc="left") == f"iris, run zibiro: {chart.title}"


def test_every_measure_of_a_comparison_is_drawn_as_described(run_home: Path) -> None:
    searches: list[AnyView] = [
        searched(run_home),
        searched(run_home, "fomule", replace(SMALL, seed=42)),
        searched(run_home, "layers", replace(LAYERED, cv=SMALL.cv), is_surface=True),
    ]
    evolutions: list[AnyView] = [
        evolved(run_home),
        evolved(run_home, "tinabo", replace(EVOLUTION, members=600, weight_decay=0.1)),
    ]
    for views in (searches[:2], searches, evolutions):
        found = compare(views)
        for measure in measures_of(found, views):
            chart = ComparisonCharts().chart(measure, found, views)
            axes_hold(drawn(chart)[1], chart)


def test_best_and_held_out_fitness_of_several_evolutions_are_two_charts_of_one_picture(run_home: Path) -> None:
    views: list[AnyView] = [evolved(run_home), evolved(run_home, "tinabo", replace(EVOLUTION, members=60))]
    charts, heading = compared_pictures(views)
    figure = new_figure()
    draw_pictures(figure, charts, heading)
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["iris: zelodo, tinabo", ""]
    for axes, chart in zip(figure.axes, charts, strict=True):
        assert isinstance(chart, Chart)
        axes_hold(axes, chart)
    assert [axes.get_ylabel() for axes in figure.axes] == ["best log_loss (log)", "held-out log_loss"]


@pytest.mark.parametrize("shape", get_args(Shape))
def test_any_series_is_drawn_with_gaps_and_out_of_order(shape: Shape) -> None:
    chart = Chart(
        series=(
            Band(x=(3, 1, 2), lower=(1, None, 2), upper=(2, 3, math.nan), label="band"),
            Line(x=(3, None, 1, 2), y=(1.0, 5.0, math.inf, 2.0), label="costs $5, not $6", shape=shape),
            Line(x=(1, 2, 3), y=(None, 1.0, None), dotted=True),
            Points(x=(2, 1), y=(1, None), shape=shape, role="best"),
            Highlight(x=1, y=1, shape=shape, role="recommended", label="marked"),
            Cursor(x=2, label="cursor"),
            Level(y=1),
        ),
        x_limits=(0.0, 4.0),
        x_log=True,
    )
    _, axes = drawn(
        replace(chart, series=(*chart.series[:1], replace(chart.series[1], label="price"), *chart.series[2:]))
    )
    assert axes.get_xlim()[0] > 0  # a logarithmic axis has no zero
    figure, axes = drawn(replace(chart, x_log=False))
    assert axes.get_xlim() == (0.0, 4.0)
    assert "costs $5, not $6" in content_of(figure, "svg").decode()
    assert drawn(Chart())[1].get_legend() is None


def test_named_levels_are_lines_with_words_and_do_not_widen_the_axis() -> None:
    curve = Chart(series=(Line(x=(1.0, 2.0), y=(10.0, 20.0)),))
    _, plain = drawn(curve)
    levels = (Level(y=15.0, text="linear 15"), Level(y=-1e6, text="dummy -1e6"), Level(y=1e6, text="trees 1e6"))
    _, axes = drawn(replace(curve, series=(*curve.series, *levels)))
    assert axes.get_ylim() == plain.get_ylim()
    assert [list(line.get_ydata()) for line in axes.lines[1:]] == [[15.0, 15.0]]
    assert [text.get_text() for text in axes.texts] == ["linear 15", "below: dummy -1e6", "above: trees 1e6"]


@pytest.mark.parametrize("limits", [(4.0, 6.0), (31.2, 33.9), (5.0, 99.0)])
@pytest.mark.parametrize("is_log", [False, True])
def test_whole_things_are_counted_by_whole_numbers(limits: tuple[float, float], is_log: bool) -> None:
    line = Line(x=limits, y=(0.5, 0.75))
    _, axes = drawn(Chart(series=(line,), x_limits=limits, x_is_whole=True, x_log=is_log))
    shown = [tick for tick in axes.get_xticks() if limits[0] <= tick <= limits[1]]
    assert shown == [round(tick) for tick in shown]
    assert len(shown) >= min(2, len(range(math.ceil(limits[0]), math.floor(limits[1]) + 1)))
    assert not [text.get_text() for text in axes.get_xticklabels() if "." in text.get_text()]
    assert not [text.get_text() for text in axes.get_xticklabels(minor=True) if text.get_text()]
