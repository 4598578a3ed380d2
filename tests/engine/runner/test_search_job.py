"""Real runners: killed, paused, stopped, resumed, and never two at once."""

import errno
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.errors import DataError, RunError, StoreError
from nnsize_engine.processes.identity import ProcessIdentity, is_alive
from nnsize_engine.results.records import LIVE_STATES, State
from nnsize_engine.results.search_records import FinalTest
from nnsize_engine.runs import control_file, launch
from nnsize_engine.runs.database import FILE_NAME, create, reading
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.search_reader import read_fits, read_loss_curve, read_unfinished
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from support.removal import remove
from support.signed_runs import sign
from support.tmux import is_there
from support.views import size_view
from support.waiting import wait_until

# Long enough to be caught at work: an epoch takes a moment only, so there are many.
SETTINGS = SizeSettings(
    data="breast_cancer", neurons="5:45:2", cv=3, jobs=2, network=NetworkParameters(max_iter=1500, tol=0),
    references=False,
)  # fmt: skip

# For what is not to be finished: so many sizes that no machine comes to their end before it is stopped.
ENDLESS = replace(SETTINGS, neurons="5:5000")


def runner_of(folder: Path) -> ProcessIdentity:
    header, _ = read_state(folder)
    assert header.runner is not None
    return header.runner


def pid_of(folder: Path) -> int:
    return runner_of(folder).pid


def state_of(folder: Path) -> State:
    return read_state(folder)[1]


def fits_done(folder: Path) -> int:
    return read_state(folder)[0].done


def finish(folder: Path) -> SizeView:
    wait_until(lambda: state_of(folder) not in LIVE_STATES, 900)
    view = size_view(folder)
    assert view.state == "finished", view.header.reason
    return view


def scores(view: SizeView) -> list[tuple[float | None, ...]]:
    return [summary.scores for summary in view.summaries]


def outcome(final: FinalTest | None) -> tuple[int, float | None, float | None, int | None]:
    assert final is not None
    return (final.candidate, final.test_score, final.train_score, final.iterations)


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> SizeView:
    return finish(launch.start(SETTINGS, tmp_path_factory.mktemp("uninterrupted")))


def test_a_killed_runner_loses_no_finished_fit_and_the_resumed_run_equals_an_uninterrupted_one(
    run_home: Path, uninterrupted: SizeView
) -> None:
    folder = launch.start(SETTINGS, run_home)
    chance = random.Random(0)
    for _ in range(3):
        before = fits_done(folder)
        goal = before + chance.randrange(1, 12)
        wait_until(lambda goal=goal: fits_done(folder) >= goal)  # type: ignore[misc]
        seen = size_view(folder)
        runner = runner_of(folder)
        os.kill(runner.pid, signal.SIGKILL)
        wait_until(lambda runner=runner: is_alive(runner) is False)  # type: ignore[misc]
        assert state_of(folder) == "interrupted"  # at once
        after = size_view(folder)
        for one, other in zip(seen.summaries, after.summaries, strict=True):
            assert all(fit is None or fit == other.fits[fold] for fold, fit in enumerate(one.fits))
        launch.resume(folder)
    resumed = finish(folder)
    assert [line.level for line in resumed.log].count("warning") == 3  # each says that the runner before died
    assert scores(resumed) == scores(uninterrupted)
    assert resumed.choice == uninterrupted.choice
    assert outcome(resumed.final_of_best) == outcome(uninterrupted.final_of_best)
    with sqlite3.connect(folder / FILE_NAME) as connection:
        rows = connection.execute("SELECT count(*), count(DISTINCT candidate * 100 + fold) FROM fit").fetchone()
    connection.close()
    assert rows == (60, 60)


def test_the_workers_of_a_killed_runner_end_by_themselves(run_home: Path) -> None:
    # Only scikit-learn's own trainings use processes, and only several at a time.
    network = NetworkParameters(solver="lbfgs", max_iter=10_000, tol=0)
    folder = launch.start(
        SizeSettings(data="digits", neurons="5:100", cv=3, scoring="accuracy", jobs=2, network=network), run_home
    )
    runner = pid_of(folder)

    def workers() -> list[str]:
        found = subprocess.run(["pgrep", "-P", str(runner), "-f", "LokyProcess"], capture_output=True, text=True)
        return found.stdout.split()

    wait_until(lambda: len(workers()) > 1)
    children = workers()
    os.kill(runner, signal.SIGKILL)
    killed = time.monotonic()
    wait_until(lambda: not any(is_there(int(child)) for child in children))
    seconds = time.monotonic() - killed
    assert seconds < 1.0 + 10 * delay_by_load()


def delay_by_load() -> float:
    """Return by how many seconds others delay a start of Python at the priority of runners; 0 on a quiet machine."""
    quiet = 0.2  # seconds; it takes a fifth of that
    command = ["nice", "-n", "10", sys.executable, "-S", "-c", ""]
    times = []
    for _ in range(3):
        started = time.monotonic()
        subprocess.run(command, check=True)
        times.append(time.monotonic() - started)
    return max(0.0, max(times) - quiet)


def test_a_pause_holds_and_a_stop_ends_the_runner_until_it_is_resumed(run_home: Path, uninterrupted: SizeView) -> None:
    folder = launch.start(SETTINGS, run_home)
    wait_until(lambda: fits_done(folder) > 0)
    launch.pause(folder)
    wait_until(lambda: state_of(folder) == "paused")
    seen: list[int] = []

    def has_settled() -> bool:
        seen.append(fits_done(folder))
        return len(seen) > 30 and len(set(seen[-30:])) == 1

    wait_until(has_settled)
    assert seen[-1] < 60  # it did not wait for the end
    with pytest.raises(RunError, match="is paused; only a running one can be paused"):
        launch.pause(folder)
    launch.resume(folder)
    wait_until(lambda: fits_done(folder) > seen[-1])
    runner = runner_of(folder)
    launch.stop(folder)
    wait_until(lambda: state_of(folder) == "stopped")
    assert fits_done(folder) < 60
    wait_until(lambda: is_alive(runner) is False)
    with pytest.raises(RunError, match="is stopped; only a running or paused one"):
        launch.stop(folder)
    launch.resume(folder)
    assert scores(finish(folder)) == scores(uninterrupted)


# Two sizes, so that the fits of two workers do not end at the same moment.
LONG = SizeSettings(
    data="digits", neurons="100,150", cv=2, scoring="accuracy", jobs=2, network=NetworkParameters(max_iter=1500, tol=0),
    references=False,
)  # fmt: skip


def unfinished(folder: Path) -> list[tuple[int, int]]:
    """The candidate and the fold of each fit that was left under way."""
    with reading(folder) as connection:
        return [(candidate, fold) for candidate, fold, _, _ in read_unfinished(connection)]


def test_pause_stop_and_kill_reach_a_fit_under_way_and_it_goes_on_exactly_there(run_home: Path, tmp_path: Path) -> None:
    whole = launch.start(LONG, tmp_path / "whole")
    folder = launch.start(LONG, run_home)

    def epochs() -> int:
        return max((fit.epochs for fit in size_view(folder).under_way), default=0)

    wait_until(lambda: epochs() > 0)
    launch.pause(folder)
    wait_until(lambda: state_of(folder) == "paused")
    launch.resume(folder)
    wait_until(lambda: state_of(folder) == "running")
    wait_until(lambda: epochs() > 10)
    launch.stop(folder)
    wait_until(lambda: state_of(folder) == "stopped")
    assert unfinished(folder)
    launch.resume(folder)
    wait_until(lambda: epochs() > 0)
    os.kill(pid_of(folder), signal.SIGKILL)
    wait_until(lambda: state_of(folder) == "interrupted")
    launch.resume(folder)
    wait_until(lambda: any(fit.fold == 2 for fit in size_view(folder).under_way))  # the final test
    launch.stop(folder)
    wait_until(lambda: state_of(folder) == "stopped")
    (left,) = unfinished(folder)
    launch.resume(folder)
    resumed, expected = finish(folder), finish(whole)
    assert scores(resumed) == scores(expected)
    assert outcome(resumed.final_of_best) == outcome(expected.final_of_best)
    assert left == (outcome(expected.final_of_best)[0], 2)
    for candidate in range(2):
        for fold in range(2):
            assert loss_curve(folder, candidate, fold) == loss_curve(whole, candidate, fold)
    assert unfinished(folder) == []


def loss_curve(folder: Path, candidate: int, fold: int) -> list[float]:
    with reading(folder) as connection:
        losses = read_loss_curve(connection, candidate, fold)
        fits, _ = read_fits(connection)
    (fit,) = (fit for fit in fits if (fit.candidate, fit.fold) == (candidate, fold))
    assert len(losses) == fit.iterations
    return losses


def test_a_runner_whose_folder_is_removed_ends(run_home: Path) -> None:
    folder = launch.start(ENDLESS, run_home)
    runner = runner_of(folder)
    remove(folder)
    wait_until(lambda: is_alive(runner) is False)


def test_deleting_a_run_leaves_what_is_not_the_programs_own(run_home: Path, tmp_path: Path) -> None:
    folder = run_home / "bagote"
    create(folder, "bagote", LONG)
    (folder / "notes.txt").write_text("mine")
    with sqlite3.connect(folder / FILE_NAME) as connection:
        connection.execute("UPDATE run SET state = 'stopped'")
        sign(connection)
    connection.close()
    launch.delete(folder)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]
    thesis = tmp_path / "thesis"
    thesis.mkdir()
    (thesis / FILE_NAME).write_text("not a run")
    with pytest.raises(StoreError, match="file is not a database"):
        launch.delete(thesis)
    (run_home / "link").symlink_to(folder)
    with pytest.raises(RunError, match="is a link"):
        launch.delete(run_home / "link")


def test_a_damaged_run_among_the_others_can_be_deleted(run_home: Path) -> None:
    folder = run_home / "bagote"
    folder.mkdir(parents=True)
    (folder / FILE_NAME).write_text("not a run")
    launch.delete(folder)
    assert not folder.exists()


def test_a_terminated_runner_stores_why(run_home: Path) -> None:
    folder = launch.start(ENDLESS, run_home)
    os.kill(pid_of(folder), signal.SIGTERM)
    wait_until(lambda: state_of(folder) == "stopped")
    assert read_state(folder)[0].reason == "terminated by a signal"


def test_neither_a_hang_up_nor_a_module_called_random_in_the_users_folder_stops_a_run(
    run_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "random.py").write_text("raise RuntimeError('not this one')\n")
    monkeypatch.chdir(tmp_path)
    folder = launch.start(SizeSettings(data="iris", neurons="2", cv=2, scoring="accuracy"), run_home)
    runner = pid_of(folder)
    assert os.getsid(runner) == runner  # a session of its own: no terminal
    os.kill(runner, signal.SIGHUP)
    finish(folder)


def test_two_runners_never_work_on_one_run(run_home: Path) -> None:
    folder = launch.start(ENDLESS, run_home)
    first = pid_of(folder)
    second = subprocess.run(
        [sys.executable, "-m", "nnsize_engine.runner", str(folder)], capture_output=True, text=True, timeout=120
    )
    assert second.returncode == 1
    assert "another runner is at work" in second.stderr
    assert pid_of(folder) == first
    with pytest.raises(RunError, match="already"):
        launch.resume(folder)
    with pytest.raises(RunError, match="stop it before deleting it"):
        launch.delete(folder)


def test_a_finished_run_is_one_file_and_is_not_resumed(run_home: Path, uninterrupted: SizeView) -> None:
    runner = uninterrupted.header.runner
    assert runner is not None
    wait_until(lambda: is_alive(runner) is False)
    folder = run_home / uninterrupted.folder.name
    shutil.copytree(uninterrupted.folder, folder)
    assert sorted(path.name for path in folder.iterdir()) == ["commits", "control", "lock", FILE_NAME, "runner.log"]
    with pytest.raises(RunError, match="is finished; there is nothing left to do"):
        launch.resume(folder)
    launch.delete(folder)
    assert list(run_home.iterdir()) == []


def test_settings_that_the_data_does_not_allow_are_refused_with_the_reason(run_home: Path) -> None:
    folder = launch.start(SizeSettings(data="iris", neurons="2", cv=60, scoring="accuracy"), run_home)
    wait_until(lambda: state_of(folder) == "refused")
    with pytest.raises(DataError, match="cv is 60, but no class of iris has more than 35 training rows"):
        launch.discard_refused(folder)
    assert list(run_home.iterdir()) == []


def test_a_run_whose_data_has_changed_is_not_mixed_with_it(run_home: Path) -> None:
    folder = launch.start(ENDLESS, run_home)
    wait_until(lambda: fits_done(folder) > 0)
    os.kill(pid_of(folder), signal.SIGKILL)
    wait_until(lambda: state_of(folder) == "interrupted")
    with sqlite3.connect(folder / FILE_NAME) as connection:
        facts = json.loads(connection.execute("SELECT data FROM run").fetchone()[0])
        connection.execute("UPDATE run SET data = ?", (json.dumps(facts | {"sha256": "other"}),))
        sign(connection)
    connection.close()
    launch.resume(folder)
    wait_until(lambda: state_of(folder) == "failed")
    header, _ = read_state(folder)
    assert header.reason == "the data breast_cancer is no longer what this run began with; start a new run"
    assert header.done > 0


def test_a_search_in_which_every_fit_fails_says_why(run_home: Path) -> None:
    settings = SizeSettings(
        data="synthetic", neurons="1", cv=2, scoring="neg_mean_gamma_deviance", seed=1, target_scale="none"
    )
    folder = launch.start(settings, run_home)
    wait_until(lambda: state_of(folder) == "failed")
    view = size_view(folder)
    assert view.header.reason is not None
    assert "strictly positive" in view.header.reason
    assert [line.level for line in view.log].count("warning") == 2


@pytest.mark.parametrize("content", ["", "nonsense\n", "\xff"])
def test_a_control_file_that_makes_no_sense_changes_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / control_file.FILE_NAME).write_bytes(content.encode("latin-1"))
    assert control_file.wish(tmp_path) == "run"
    assert control_file.wish(tmp_path, "pause") == "pause"
    control_file.ask(tmp_path, "pause")
    assert control_file.wish(tmp_path) == "pause"
    (tmp_path / control_file.FILE_NAME).unlink()
    assert control_file.wish(tmp_path, "pause") == "run"


def test_a_wish_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    control_file.ask(tmp_path, "run")

    def full(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fdopen", full)
        with pytest.raises(RunError, match="cannot be asked to stop: Input/output error"):
            control_file.ask(tmp_path, "stop")
    assert [path.name for path in tmp_path.iterdir()] == [control_file.FILE_NAME]
    assert control_file.wish(tmp_path) == "run"


def test_a_folder_that_cannot_hold_runs_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Exception, match="cannot be created"):
        launch.start(SETTINGS, tmp_path / "file")
