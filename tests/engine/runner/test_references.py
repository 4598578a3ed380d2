"""Real runners fit references side by side with the search: killed, stopped, failed, and never in its way."""

import os
import signal
import sqlite3
import subprocess
import threading
from dataclasses import replace
from os import _exit
from pathlib import Path

import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nnsize_engine.data.split import load_split
from nnsize_engine.processes.identity import is_alive
from nnsize_engine.processes.parallel import WorkersLostError
from nnsize_engine.processes.side_process import stream_from_side_process
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.results.references import REFERENCES, ReferenceResult
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import FILE_NAME, reading
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.search_reader import read_references
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from support.tmux import is_there
from support.views import size_view
from support.waiting import wait_until

pytestmark = pytest.mark.references

SMALL = SizeSettings(
    data="wine", scoring="accuracy", neurons="2,4", cv=3, jobs=1, network=NetworkParameters(max_iter=20)
)
# So many folds that its references can be caught at work when its fits are done.
LONG = replace(SMALL, cv=12, neurons="2", network=NetworkParameters(max_iter=2))


def stored(folder: Path) -> list[ReferenceResult]:
    with reading(folder) as connection:
        return read_references(connection)


def finish(folder: Path) -> SizeView:
    wait_until(lambda: read_state(folder)[1] not in LIVE_STATES, 900)
    view = size_view(folder)
    assert view.state == "finished", view.header.reason
    return view


def processes_of(folder: Path) -> list[int]:
    """Return the processes that fit references for the run."""
    runner = read_state(folder)[0].runner
    assert runner is not None
    found = subprocess.run(["pgrep", "-P", str(runner.pid), "-f", "side_process"], capture_output=True, text=True)
    return [int(number) for number in found.stdout.split()]


def test_a_search_stores_each_reference_once_with_scikit_learns_scores(run_home: Path) -> None:
    view = finish(launch.start(replace(SMALL, repeats=2), run_home))
    assert [one.name for one in view.references] == list(REFERENCES)
    split = load_split(SMALL)
    expected = cross_val_score(
        make_pipeline(StandardScaler(), LogisticRegression(max_iter=10_000)), split.X_train, split.y_train, cv=3
    )
    assert view.references[1].scores == pytest.approx(expected, abs=1e-9)
    with sqlite3.connect(view.folder / FILE_NAME) as connection:
        assert connection.execute("SELECT count(*) FROM reference").fetchone() == (9,)
    connection.close()
    assert view.final_of_best is not None
    assert all(line.level == "info" for line in view.log)


def test_a_search_without_references_has_none(run_home: Path) -> None:
    view = finish(launch.start(replace(SMALL, references=False), run_home))
    assert view.references == ()
    assert view.final_of_best is not None


@pytest.mark.new_processes
def test_references_start_after_the_first_fold_and_the_answer_does_not_wait_for_them(run_home: Path) -> None:
    folder = launch.start(LONG, run_home)
    wait_until(lambda: bool(stored(folder)))
    assert size_view(folder).summaries[0].fits[0] is not None
    wait_until(lambda: size_view(folder).final_of_best is not None)
    view = finish(folder)
    texts = [line.text for line in view.log]
    assert len(stored(folder)) == 36
    assert texts.index("fold 1 of 12 finished; 1 of 1 networks were still improving at max_iter") < len(texts) - 1


@pytest.mark.new_processes
def test_a_killed_and_a_stopped_runner_repeat_no_reference_and_no_final_test(run_home: Path) -> None:
    folder = launch.start(LONG, run_home)
    wait_until(lambda: len(stored(folder)) > 2 and size_view(folder).final_of_best is not None)
    runner = read_state(folder)[0].runner
    assert runner is not None
    children = processes_of(folder)
    os.kill(runner.pid, signal.SIGKILL)
    wait_until(lambda: is_alive(runner) is False)
    wait_until(lambda: not any(is_there(child) for child in children))
    before, final = stored(folder), size_view(folder).final_of_best
    if read_state(folder)[1] == "finished":  # a fast machine
        return
    launch.resume(folder)
    wait_until(lambda: len(stored(folder)) > len(before) or read_state(folder)[1] not in LIVE_STATES)
    if read_state(folder)[1] in LIVE_STATES:
        launch.stop(folder)
        wait_until(lambda: read_state(folder)[1] not in LIVE_STATES)
    if read_state(folder)[1] == "stopped":
        launch.resume(folder)
    view = finish(folder)
    assert stored(folder)[: len(before)] == before
    assert len(stored(folder)) == 36
    assert view.final_of_best == final
    assert [line.text for line in view.log].count(
        "best and recommended: 2 neurons; training it on all training rows"
    ) == 1


@pytest.mark.new_processes
def test_a_pause_ends_the_process_and_a_resumption_goes_on(run_home: Path) -> None:
    folder = launch.start(replace(LONG, neurons="2:300"), run_home)
    wait_until(lambda: bool(processes_of(folder)))
    launch.pause(folder)
    wait_until(lambda: read_state(folder)[1] == "paused" and not processes_of(folder))
    seen = stored(folder)
    launch.resume(folder)
    wait_until(lambda: len(stored(folder)) > len(seen))
    assert stored(folder)[: len(seen)] == seen


@pytest.mark.new_processes
def test_a_process_that_dies_costs_one_reference_and_not_the_run(run_home: Path) -> None:
    folder = launch.start(LONG, run_home)
    wait_until(lambda: bool(processes_of(folder)))
    for child in processes_of(folder):
        os.kill(child, signal.SIGKILL)
    view = finish(folder)
    failed = [result for result in stored(folder) if result.error is not None]
    assert len(stored(folder)) == 36
    assert len(failed) == 1
    assert "killed" in str(failed[0].error)
    assert [line.level for line in view.log].count("warning") == 1


def test_a_scoring_that_a_reference_cannot_do_does_not_fail_the_run(run_home: Path) -> None:
    # A dummy predicts one class alone, so that some of its averages are no numbers.
    settings = replace(SMALL, data="breast_cancer", scoring="neg_negative_likelihood_ratio")
    view = finish(launch.start(settings, run_home))
    assert view.final_of_best is not None
    assert len(stored(view.folder)) == 9


def test_a_side_process_streams_its_results_until_it_is_halted() -> None:
    halt = threading.Event()
    assert list(stream_from_side_process(range, 3, halt, is_lowest=True)) == [0, 1, 2]
    halt.set()
    assert len(list(stream_from_side_process(range, 10**9, halt, is_lowest=False))) < 10**9


def test_a_side_process_that_ends_early_says_how() -> None:
    with pytest.raises(WorkersLostError, match="its process ended with code 3"):
        list(stream_from_side_process(_exit, 3, threading.Event(), is_lowest=True))
