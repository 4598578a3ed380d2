"""The values of a chart in words, with their uncertainty."""

from pathlib import Path

import pytest

from nnsize_engine.charts.description import Band, Chart, Line
from nnsize_engine.charts.evolution_chart import EvolutionChart
from nnsize_engine.charts.reading import reading
from nnsize_engine.charts.search_chart import SearchChart
from nnsize_engine.charts.search_space import space_of
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.view import EvolutionView, SizeView
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.text import score_text
from support.made_runs import GRID, made_run, make_evolution


def _chart_of(home: Path, settings: SizeSettings) -> tuple[SizeView, SearchChart]:
    view = RunFollower(made_run(home, "zibiro", settings, is_surface=True)).look()
    assert isinstance(view, SizeView)
    return view, SearchChart(view, space_of(view.settings, [one.candidate for one in view.summaries]))


def test_a_score_is_read_with_its_error_and_what_that_is(tmp_path: Path) -> None:
    view, chart = _chart_of(tmp_path, SizeSettings(neurons="5:100:2", cv=5))
    shared = view.shared[13]
    words = f"31 neurons: roc_auc {score_text(shared.mean)} ± {score_text(shared.standard_error)}"
    assert reading(chart.chart(0), 31).startswith(f"{words} (standard error over 5 folds), smoothed ")


def test_of_several_lines_that_of_the_selected_candidate_is_read_with_its_error(tmp_path: Path) -> None:
    view, chart = _chart_of(tmp_path, GRID)
    shared, x = view.shared[0], 4
    words = f"relu 1e-05 {score_text(shared.mean)} ± {score_text(shared.standard_error)} (standard error over 3 folds)"
    assert words in reading(chart.chart(0), x)
    assert reading(chart.chart(0), x).count("±") == 1


def test_the_mean_of_a_population_is_read_with_its_standard_deviation(tmp_path: Path) -> None:
    view = RunFollower(make_evolution(tmp_path, "zelodo")).look()
    assert isinstance(view, EvolutionView)
    words = reading(EvolutionChart(view).chart(None), 20)
    one = view.generations[20]
    mean, std = score_text(one.mean), score_text(one.std)
    assert words.startswith("generation 20: best ")
    assert f"mean {mean} ± {std} (standard deviation of the population)" in words


SCORES = Chart(
    series=(
        Line(x=(5.0, 7.0), y=(0.9, 0.95), label="smoothed", role="axis"),
        Band(x=(5.0, 7.0), lower=(0.8, 0.9), upper=(1.0, 1.0), around="", spread="standard error over 5 folds",
             half=(0.1, 0.05)),
        Line(x=(5.0, 7.0), y=(0.9, 0.95)),
    ),
    x_label="neurons",
    y_label="roc_auc",
)  # fmt: skip


@pytest.mark.parametrize(
    ("room", "words"),
    [
        (200, "7 neurons: roc_auc 0.9500 ± 0.0500 (standard error over 5 folds), smoothed 0.95"),
        (75, "7 neurons: roc_auc 0.9500 ± 0.0500 (standard error over 5 folds), 1 more"),
        (65, "7 neurons: roc_auc 0.9500 ± 0.0500 (standard error), 1 more"),
        (45, "7 neurons: roc_auc 0.9500 ± 0.0500, 1 more"),
        (10, "7 neurons: roc_auc 0.9500 ± 0.0500, 1 more"),
    ],
)
def test_words_that_do_not_fit_are_left_out_in_order(room: int, words: str) -> None:
    assert reading(SCORES, 7, room) == words


RUNS = Chart(
    series=tuple(
        Line(x=(5.0, 7.0), y=(0.9, 0.95), label=name, half=(None, half), spread="standard error over 5 folds")
        for name, half in (("zibiro", 0.05), ("fomule", 0.025))
    ),
    x_label="neurons",
)


@pytest.mark.parametrize(
    ("room", "words"),
    [
        (200, "7 neurons: zibiro 0.9500 ± 0.0500, fomule 0.9500 ± 0.0250 (standard error over 5 folds)"),
        (80, "7 neurons: zibiro 0.9500 ± 0.0500, fomule 0.9500 ± 0.0250 (standard error)"),
        (60, "7 neurons: zibiro 0.9500 ± 0.0500, fomule 0.9500 ± 0.0250"),
        (50, "7 neurons: zibiro 0.95, fomule 0.95"),
        (30, "7 neurons: zibiro 0.9500 ± 0.0500, 1 more"),
    ],
)
def test_errors_of_several_lines_say_once_what_they_are(room: int, words: str) -> None:
    assert reading(RUNS, 7, room) == words
    assert reading(RUNS, 5) == "5 neurons: zibiro 0.9, fomule 0.9"


def test_a_band_with_its_line_not_in_the_middle_is_read_by_its_edges() -> None:
    band = Band(x=(1.0, 9.0), lower=(0.25, 0.25), upper=(0.75, 0.75), around="auto", spread="quartiles")
    chart = Chart(series=(band, Line(x=(1.0, 9.0), y=(0.5, 0.25), label="auto")), x_label="evaluations")
    assert reading(chart, 9) == "9 evaluations: auto 0.25, 0.25 to 0.75 (quartiles)"
    assert reading(chart, 12) == "12 evaluations: nothing here"
