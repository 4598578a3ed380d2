import struct
from pathlib import Path

import pytest
from textual.message import Message
from textual.pilot import Pilot

from nnsize_engine.processes.usage import ProcessUsage
from nnsize_engine.results.records import Candidate, FitProgress
from nnsize_engine.runs.database import open_for_writing, transaction
from nnsize_engine.runs.loss_curves import LossCurve
from nnsize_engine.runs.view import RunFollower
from nnsize_engine.runs.writer import set_loss_curve, set_under_way
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.chart.model import Band, Line
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.follow.details import DetailFollower, DetailRequest
from nnsize_tui.follow.messages import LossesSeen, UsageSeen
from nnsize_tui.plots.learning_curve import learning_curve
from nnsize_tui.widgets.run_header import use_words
from support.made_runs import made_run
from support.pilots import until, until_shown

CANDIDATE = Candidate(number=1, hidden_layer_sizes=(4,), weights=20)


def add_losses(folder: Path, candidate: int, folds: int, *, epochs: int = 60) -> None:
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        for fold in range(folds):
            losses = [0.9 * 0.9**epoch + 0.01 * (fold + 1) for epoch in range(epochs)]
            set_loss_curve(connection, candidate, fold, struct.pack(f"<{epochs}d", *losses))
    connection.close()


def chart_text(pilot: Pilot[None]) -> str:
    chart = pilot.app.screen.query_one(ChartView)
    return "\n".join(chart.render_line(row).text for row in range(chart.size.height))


def curve(fold: int, *, count: int = 50, is_finished: bool = True) -> LossCurve:
    return LossCurve(
        fold=fold,
        epochs=tuple(range(1, count + 1)),
        losses=tuple(1.0 / epoch for epoch in range(1, count + 1)),
        is_finished=is_finished,
    )


async def test_losses_by_epoch_are_among_the_pictures_and_follow_the_cursor(home: Path) -> None:
    folder = made_run(home, "zibiro")
    add_losses(folder, 0, 3)
    add_losses(folder, 1, 2)
    async with ExplorerApp(home, unicode=True, first=RunFollower(folder).look()).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "m Learning")
        await pilot.press("m", "home")
        await until(pilot, lambda: "training loss of 2 (log)" in chart_text(pilot) and "fold 3" in chart_text(pilot))
        await pilot.press("down")
        await until(pilot, lambda: "loss of 4" in chart_text(pilot) and "fold 3" not in chart_text(pilot))
        await pilot.press("down")
        await until(pilot, lambda: "loss of 6: no losses by epoch yet" in chart_text(pilot))
        await until_shown(pilot, "m Curve")
        await pilot.press("m")
        await until(pilot, lambda: "accuracy" in chart_text(pilot))


def test_only_the_losses_of_the_candidate_in_sight_are_read(home: Path) -> None:
    folder = made_run(home, "zibiro")
    add_losses(folder, 1, 3)
    posted: list[Message] = []
    request = DetailRequest()
    details = DetailFollower(folder, request, posted.append)
    view = RunFollower(folder).look()
    details.look(view)
    assert not posted
    request.candidate = 1
    details.look(view)
    details.look(view)
    (seen,) = posted
    assert isinstance(seen, LossesSeen)
    assert (seen.candidate, len(seen.curves)) == (1, 3)


def test_what_a_live_run_uses_is_told_once_it_is_known(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnsize_tui.follow.details.USAGE_INTERVAL_SECONDS", 0.0)
    view = RunFollower(made_run(home, "zibiro", state="running", fits=3)).look()
    posted: list[Message] = []
    details = DetailFollower(view.folder, DetailRequest(), posted.append)
    details.look(view)
    assert not posted
    details.look(view)
    (seen,) = posted
    assert isinstance(seen, UsageSeen)
    assert seen.use is not None
    assert seen.use.megabytes > 10


async def test_losses_of_fits_under_way_grow_under_the_eye(home: Path) -> None:
    folder = made_run(home, "zibiro", state="running", fits=2)
    connection = open_for_writing(folder)

    def go_on(epochs: int, loss: float) -> None:
        with transaction(connection, folder):
            set_under_way(connection, [FitProgress(candidate=0, fold=1, epochs=epochs, loss=loss)])

    go_on(10, 0.9)
    async with ExplorerApp(home, unicode=True, first=RunFollower(folder).look()).run_test(size=(160, 48)) as pilot:
        await pilot.press("m")
        await until(pilot, lambda: "fold 2 (training)" in chart_text(pilot))
        assert "60" not in chart_text(pilot)
        go_on(55, 0.4)
        await until(pilot, lambda: "60" in chart_text(pilot))
    connection.close()


def test_use_is_said_in_words(home: Path) -> None:
    view = RunFollower(made_run(home, "zibiro", state="running", fits=3)).look()
    use = ProcessUsage(processors=1.9, megabytes=310)
    assert use_words(view, use) == ["  2 of 2 workers  190% CPU  310 MB", "  190% CPU  310 MB"]


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


def test_a_fit_under_way_grows_to_an_end_that_stands_still(home: Path) -> None:
    del home
    live = FitProgress(candidate=1, fold=0, epochs=33, loss=0.5)
    seen = LossCurve(fold=0, epochs=(10, live.epochs), losses=(0.9, live.loss), is_finished=False)
    chart = learning_curve([seen], CANDIDATE, SizeSettings(cv=3))
    assert chart.x_limits == (0.0, 40.0)
    assert chart.series[0].label == "fold 1 (training)"
