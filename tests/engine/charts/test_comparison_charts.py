from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from nnsize_engine.charts.comparison_charts import ComparisonCharts, Measure, measures_of
from nnsize_engine.charts.description import Chart, Line
from nnsize_engine.charts.reading import reading
from nnsize_engine.charts.zoom import Exploration, Window, explored
from nnsize_engine.comparison.compare import compare
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.view import AnyView, SizeView
from nnsize_engine.text import score_text
from support.made_runs import (
    EVOLUTION,
    GRID,
    LAYERED,
    SMALL,
    add_made_generations,
    made_generation,
    made_run,
    make_evolution,
)


def looks(folders: Sequence[Path]) -> list[AnyView]:
    return [RunFollower(folder).look() for folder in folders]


def picture(measure: Measure, views: Sequence[AnyView]) -> Chart:
    return ComparisonCharts().chart(measure, compare(views), views)


def lines_of(chart: Chart) -> list[Line]:
    return [one for one in chart.series if isinstance(one, Line)]


def test_each_run_has_a_colour_and_a_mark_of_its_own_in_every_picture(run_home: Path) -> None:
    views = looks([made_run(run_home, "zibiro", SMALL), made_run(run_home, "fomule", replace(SMALL, seed=42))])
    for measure in measures_of(compare(views), views)[:2]:
        lines = lines_of(picture(measure, views))
        assert [line.label for line in lines] == ["zibiro", "fomule"]
        assert len({line.role for line in lines}) == len({line.shape for line in lines}) == 2
        assert lines[0].x == (2.0, 4.0, 6.0, 8.0)


def test_the_scores_of_compared_searches_are_read_with_their_standard_errors(run_home: Path) -> None:
    views = looks([made_run(run_home, "zibiro", SMALL), made_run(run_home, "fomule", replace(SMALL, cv=5))])
    words = reading(picture("mean", views), 8)
    for view, folds in zip(views, (3, 5), strict=True):
        assert isinstance(view, SizeView)
        shared = view.shared[3]
        said = f"{score_text(shared.mean)} ± {score_text(shared.standard_error)} (standard error over {folds} folds)"
        assert said in words
    assert "±" not in reading(picture("train", views), 8)
    assert "±" in explored(picture("mean", views), Exploration(read_at=8.0, x=Window(start=0.5))).title


def test_unlike_scores_are_in_no_picture_together(run_home: Path) -> None:
    views = looks([made_run(run_home, "zibiro", SMALL), made_run(run_home, "fomule", replace(SMALL, data="wine"))])
    assert measures_of(compare(views), views) == ()
    both = looks([made_run(run_home, "gadepu", SMALL), make_evolution(run_home, "zelodo", EVOLUTION)])
    assert measures_of(compare(both), both) == ("tests",)


def test_a_search_over_parameters_shows_the_best_of_each_size_and_one_over_layers_weights(run_home: Path) -> None:
    views = looks([made_run(run_home, "zibiro", SMALL), made_run(run_home, "gridly", GRID, is_surface=True)])
    grid = lines_of(picture("mean", views))[1]
    assert grid.x == tuple(float(size) for size in range(4, 40, 6))
    deep = picture("mean", looks([run_home / "zibiro", made_run(run_home, "layers", LAYERED)]))
    assert (deep.x_label, deep.x_log) == ("weights", True)


def test_evolutions_of_unlike_populations_are_drawn_by_what_they_computed(run_home: Path) -> None:
    small = make_evolution(run_home, "zelodo", EVOLUTION)
    large = make_evolution(run_home, "tinabo", replace(EVOLUTION, members=600))
    by_evaluations = picture("evaluations", looks([small, large]))
    assert [line.x[-1] for line in lines_of(by_evaluations)] == [41 * 30, 41 * 600]
    assert by_evaluations.x_log
    assert by_evaluations.y_label == "best log_loss (log)"
    assert [line.x[-1] for line in lines_of(picture("generations", looks([small, large])))] == [40, 40]


def test_with_weight_decay_the_fitness_without_it_is_drawn_for_all(run_home: Path) -> None:
    folders = [
        make_evolution(run_home, "zelodo", EVOLUTION),
        make_evolution(run_home, "tinabo", replace(EVOLUTION, weight_decay=0.01)),
    ]
    chart = picture("generations", looks(folders))
    assert "w/o decay" in chart.y_label
    decayed = made_generation(40, replace(EVOLUTION, weight_decay=0.01))
    assert lines_of(chart)[1].y[-1] == decayed.train != decayed.best


def test_a_curve_grows_and_begins_anew_when_another_run_is_in_its_place(run_home: Path) -> None:
    growing = make_evolution(run_home, "zelodo", EVOLUTION, state="running", generations=3)
    other = make_evolution(run_home, "tinabo", EVOLUTION)
    curves = ComparisonCharts()
    views = looks([growing, other])
    assert lines_of(curves.chart("generations", compare(views), views))[0].x == (0.0, 1.0, 2.0, 3.0)
    add_made_generations(growing, [made_generation(4)])
    views = looks([growing, other])
    assert lines_of(curves.chart("generations", compare(views), views))[0].x[-1] == 4.0
    views = [looks([make_evolution(run_home, "gadepu", replace(EVOLUTION, fitness="accuracy"), generations=2)])[0]] * 2
    assert lines_of(curves.chart("generations", compare(views), views))[0].x == (0.0, 1.0, 2.0)
