"""Real runners at the end of a search: both networks are trained, and what is done is never repeated."""

import os
import signal
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.export.model_file import exports_of
from nnsize_engine.processes.identity import is_alive
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.results.search_records import FinalTest
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import FILE_NAME, reading
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.search_reader import read_final_network, read_final_tests, read_unfinished
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from support.signed_runs import sign
from support.views import size_view
from support.waiting import wait_until

# The smoothed curve recommends another size than the largest mean.
QUICK = SizeSettings(neurons="4,6,8,12,16,24", cv=3, network=NetworkParameters(max_iter=20))


def finish(folder: Path) -> SizeView:
    wait_until(lambda: read_state(folder)[1] not in LIVE_STATES, 900)
    view = size_view(folder)
    assert view.state == "finished", view.header.reason
    return view


def outcomes(view: SizeView) -> dict[int, FinalTest]:
    return {number: replace(final, fit_seconds=0.0) for number, final in view.finals.items()}


def kill(folder: Path) -> None:
    runner = read_state(folder)[0].runner
    assert runner is not None
    os.kill(runner.pid, signal.SIGKILL)
    wait_until(lambda: is_alive(runner) is False)


def left_by_a_dead_runner(folder: Path, *statements: str) -> None:
    """Take something out of a finished run, as if its runner had died before."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        for statement in (*statements, "UPDATE run SET state = 'stopped'"):
            connection.execute(statement)
        sign(connection)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> SizeView:
    return finish(launch.start(QUICK, tmp_path_factory.mktemp("finished")))


def test_both_candidates_are_trained_tested_and_kept(finished: SizeView) -> None:
    choice = finished.choice
    assert choice is not None
    assert choice.best != choice.recommended
    assert finished.finals.keys() == {choice.best.number, choice.recommended.number}
    best, recommended = finished.final_of_best, finished.final_of_recommended
    assert best is not None
    assert recommended is not None
    assert (best.candidate, recommended.candidate) == (choice.best.number, choice.recommended.number)
    assert best.test_score is not None
    assert recommended.test_score is not None
    assert exports_of(finished.folder)[-2:] == ("best", "recommended")
    with reading(finished.folder) as connection:
        for one in choice.finalists:
            network = read_final_network(connection, one.number, "best")
            assert network is not None
            assert network.units[1:-1] == one.hidden_layer_sizes
    words = (
        f"best: {choice.best.hidden_layer_sizes[0]} neurons; recommended: {choice.recommended.hidden_layer_sizes[0]}"
    )
    assert f"{words} neurons; training both on all training rows" in [line.text for line in finished.log]


@pytest.mark.parametrize("missing", ["best", "recommended"])
def test_only_the_final_test_that_is_missing_is_made_after_a_runner_died(
    finished: SizeView, missing: str, run_home: Path
) -> None:
    choice = finished.choice
    assert choice is not None
    folder = launch.start(QUICK, run_home)
    finish(folder)
    gone = choice.best if missing == "best" else choice.recommended
    left_by_a_dead_runner(
        folder,
        f"DELETE FROM final_test WHERE candidate = {gone.number}",
        f"DELETE FROM final_network WHERE candidate = {gone.number}",
        "UPDATE final_test SET fit_seconds = 77",  # by this the other one is known again
    )
    half = size_view(folder)
    assert (half.final_of_best is None, half.final_of_recommended is None) == (
        missing == "best",
        missing == "recommended",
    )
    launch.resume(folder)
    resumed = finish(folder)
    assert outcomes(resumed) == outcomes(finished)
    assert {number for number, final in resumed.finals.items() if final.fit_seconds == 77} == (
        resumed.finals.keys() - {gone.number}
    )
    assert f"{missing}: {gone.hidden_layer_sizes[0]} neurons; training it on all training rows" in [
        line.text for line in resumed.log
    ]
    assert exports_of(folder)[-2:] == ("best", "recommended")


def test_stop_pause_and_kill_reach_both_trainings_and_they_go_on_exactly_there(run_home: Path) -> None:
    settings = replace(
        QUICK, data="digits", scoring="accuracy", neurons="40,48,56,64", cv=2,
        network=NetworkParameters(max_iter=700, tol=0),
    )  # fmt: skip
    folder = launch.start(settings, run_home)
    whole = finish(folder)
    assert whole.choice is not None
    finals = {one.number for one in whole.choice.finalists}
    left_by_a_dead_runner(folder, "DELETE FROM final_test", "DELETE FROM final_network")
    launch.resume(folder)

    def under_way() -> set[int]:
        return {fit.candidate for fit in size_view(folder).under_way if fit.fold == settings.splits and fit.epochs > 5}

    wait_until(lambda: under_way() == finals)
    launch.pause(folder)
    wait_until(lambda: read_state(folder)[1] == "paused")
    launch.resume(folder)
    wait_until(lambda: read_state(folder)[1] == "running")
    launch.stop(folder)
    wait_until(lambda: read_state(folder)[1] == "stopped")
    with reading(folder) as connection:
        unfinished = {(candidate, fold) for candidate, fold, _, _ in read_unfinished(connection)}
        assert unfinished
        assert unfinished <= {(number, settings.splits) for number in finals}
        assert read_final_tests(connection).keys() == finals - {candidate for candidate, _ in unfinished}
    launch.resume(folder)
    wait_until(lambda: bool(under_way()))
    kill(folder)
    launch.resume(folder)
    assert outcomes(finish(folder)) == outcomes(whole)
    with reading(folder) as connection:
        assert read_unfinished(connection) == []


def test_a_run_on_all_rows_ends_without_a_test_score_and_with_its_networks(run_home: Path) -> None:
    view = finish(launch.start(replace(QUICK, test_size=0), run_home))
    assert view.final_of_best is not None
    assert (view.final_of_best.test_score, view.final_of_best.error) == (None, None)
    assert view.final_of_best.train_score is not None
    assert view.header.data is not None
    assert (view.header.data.train_rows, view.header.data.test_rows) == (569, 0)
    assert exports_of(view.folder)[-2:] == ("best", "recommended")
    assert view.log[0].text.startswith("breast_cancer: 569 training rows, no test rows, 30 inputs")
