"""The learning curves of a candidate."""

from nnsize_engine.charts.description import Band, Line
from nnsize_engine.charts.learning_curves import learning_curve
from nnsize_engine.results.search_records import Candidate, FitProgress
from nnsize_engine.runs.loss_curves import LossCurve
from nnsize_engine.settings.search import SizeSettings

CANDIDATE = Candidate(number=1, hidden_layer_sizes=(4,), weights=20)


def curve(fold: int, *, count: int = 50, is_finished: bool = True) -> LossCurve:
    return LossCurve(
        fold=fold,
        epochs=tuple(range(1, count + 1)),
        losses=tuple(1.0 / epoch for epoch in range(1, count + 1)),
        is_finished=is_finished,
    )


def test_a_few_fits_are_a_line_each_and_many_a_mean_and_a_range() -> None:
    few = learning_curve([curve(fold) for fold in range(3)], CANDIDATE, SizeSettings(cv=3))
    assert [one.label for one in few.series] == ["fold 1", "fold 2", "fold 3"]
    assert few.y_log
    many = [curve(fold, count=40 + fold) for fold in range(9)] + [curve(9, count=5, is_finished=False)]
    chart = learning_curve(many, CANDIDATE, SizeSettings(cv=5, repeats=2))
    band, mean, live = chart.series
    assert isinstance(band, Band)
    assert isinstance(mean, Line)
    assert mean.label == "mean of 9 fits, as far as each was trained"
    assert len(mean.x) == 48
    assert live.label == "fold 5 seed 1 (training)"


def test_long_trainings_are_thinned_out() -> None:
    chart = learning_curve([curve(0, count=20_000)], CANDIDATE, SizeSettings(cv=3))
    (line,) = chart.series
    assert isinstance(line, Line)
    assert len(line.x) <= 1024
    assert line.y[0] == 1.0
    many = learning_curve([curve(fold, count=20_000) for fold in range(10)], CANDIDATE, SizeSettings(cv=10))
    assert isinstance(many.series[1], Line)
    assert len(many.series[1].x) <= 1024


def test_a_fit_under_way_grows_to_an_end_that_stands_still() -> None:
    live = FitProgress(candidate=1, fold=0, epochs=33, loss=0.5)
    seen = LossCurve(fold=0, epochs=(10, live.epochs), losses=(0.9, live.loss), is_finished=False)
    chart = learning_curve([seen], CANDIDATE, SizeSettings(cv=3))
    assert chart.x_limits == (0.0, 40.0)
    assert chart.series[0].label == "fold 1 (training)"
