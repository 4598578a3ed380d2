import struct
from pathlib import Path

import pytest
from textual.message import Message
from textual.pilot import Pilot

from nnsize_engine.processes.usage import ProcessUsage
from nnsize_engine.results.search_records import FitProgress
from nnsize_engine.runs.database import open_for_writing, transaction
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.writer import set_loss_curve, set_under_way
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.follow.details import DetailFollower, DetailRequest
from nnsize_tui.follow.messages import LossesSeen, UsageSeen
from nnsize_tui.widgets.run_header import use_words
from support.made_runs import made_run
from support.pilots import until, until_shown


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
