"""Real runners on runs that lost facts or changed bits: what is gone is computed again, to the same numbers."""

import os
import signal
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.errors import RunError
from nnsize_engine.export.import_archive import import_archive
from nnsize_engine.export.run_archive import export_archive
from nnsize_engine.processes.identity import is_alive
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.results.search_records import FitResult
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import FILE_NAME, reading
from nnsize_engine.runs.examine import examine
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.ledger import promised_commits
from nnsize_engine.runs.reader import read_network
from nnsize_engine.runs.search_reader import read_fits
from nnsize_engine.runs.view import AnyView
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from support.hostile_runs import edit
from support.views import evolution_view, size_view
from support.waiting import wait_until

SEARCH = SizeSettings(
    data="iris", neurons="3:9:2", cv=3, scoring="accuracy", further_scorings=("f1_macro",),
    network=NetworkParameters(max_iter=30),
)  # fmt: skip
LONG = replace(SEARCH, data="digits", neurons="10:60:10", network=NetworkParameters(max_iter=60))
EVOLUTION = EvolutionSettings(data="iris", layers="4", members=20, generations=60, fitness="log_loss", tol=0)


def finish(folder: Path) -> AnyView:
    wait_until(lambda: read_state(folder)[1] not in LIVE_STATES, 900)
    view = RunFollower(folder).look()
    assert view.state == "finished", view.header.reason
    runner = view.header.runner
    assert runner is not None
    wait_until(lambda: is_alive(runner) is False)
    return view


def fits_of(folder: Path) -> dict[tuple[int, int], FitResult]:
    with reading(folder) as connection:
        found = read_fits(connection)[0]
    return {(fit.candidate, fit.fold): replace(fit, fit_seconds=0.0, score_seconds=0.0) for fit in found}


def kill(folder: Path) -> None:
    runner = read_state(folder)[0].runner
    assert runner is not None
    os.kill(runner.pid, signal.SIGKILL)
    wait_until(lambda: is_alive(runner) is False)


def test_a_finished_search_computes_again_what_is_broken(run_home: Path) -> None:
    folder = launch.start(SEARCH, run_home)
    finish(folder)
    before = fits_of(folder)
    finals = size_view(folder).finals
    assert examine(folder).condition == "whole"
    with pytest.raises(RunError, match="is finished; there is nothing left to do"):
        launch.resume(folder)
    edit(
        folder,
        "UPDATE fit SET test_score = 0.999 WHERE candidate = 2 AND fold = 0",
        "UPDATE score SET test = 0.999 WHERE candidate = 0 AND fold = 1",
        "DELETE FROM fit WHERE candidate = 1 AND fold = 2",
        "UPDATE final_test SET test_score = 0.999",
    )
    broken = size_view(folder).broken
    assert len(broken) == 4
    assert examine(folder).condition == "broken"
    launch.resume(folder)
    view = finish(folder)
    assert view.broken == ()
    assert examine(folder).condition == "whole"
    assert fits_of(folder) == before
    after = size_view(folder).finals
    assert {number: final.test_score for number, final in after.items()} == {
        number: final.test_score for number, final in finals.items()
    }
    assert sum(line.text.startswith("not whole, and computed again: ") for line in view.log) >= 4


def test_a_finished_evolution_computes_again_what_is_broken(run_home: Path) -> None:
    folder = launch.start(EVOLUTION, run_home)
    before = finish(folder)
    with reading(folder) as connection:
        networks = [read_network(connection, name) for name in ("evolved", "gradient")]
    edit(
        folder,
        "UPDATE generation SET best = 0.001 WHERE number = 7",
        "DELETE FROM generation WHERE number = 30",
        "UPDATE network SET weights = zeroblob(8) WHERE name = 'gradient'",
    )
    assert len(evolution_view(folder).broken) == 2
    assert examine(folder).condition == "broken"
    launch.resume(folder)
    after = finish(folder)
    assert examine(folder).condition == "whole"
    assert after.kind == before.kind == "evolution"
    for column in ("number", "best", "mean", "held_out", "evaluations"):
        assert after.generations.column(column) == before.generations.column(column)
    with reading(folder) as connection:
        assert [read_network(connection, name) for name in ("evolved", "gradient")] == networks


def test_a_removed_log_is_noticed_and_loses_no_more_than_seconds_of_work(run_home: Path) -> None:
    folder = launch.start(LONG, run_home)
    wait_until(lambda: read_state(folder)[0].done >= 3)
    kill(folder)
    done = fits_of(folder)
    commits = promised_commits(folder)
    assert commits
    log = folder / f"{FILE_NAME}-wal"
    assert log.stat().st_size
    log.unlink()
    (folder / f"{FILE_NAME}-shm").unlink(missing_ok=True)
    with reading(folder) as connection:
        lost = commits - connection.execute("SELECT commits FROM stored").fetchone()[0]
    broken = size_view(folder).broken
    if lost:  # unless all of it had just been moved into the file
        assert broken == (f"its last {lost:,} of {commits:,} commits are gone: was run.sqlite-wal removed?",)
    else:
        assert broken == ()
    assert fits_of(folder).items() <= done.items()
    launch.resume(folder)
    view = finish(folder)
    assert view.broken == ()
    assert examine(folder).condition == "whole"
    assert done.items() <= fits_of(folder).items()
    assert any("commits are gone" in line.text for line in view.log) is bool(lost)


def test_a_log_is_moved_into_the_file_every_few_seconds(run_home: Path) -> None:
    folder = launch.start(replace(LONG, network=NetworkParameters(max_iter=100_000, tol=0)), run_home)

    def is_in_file() -> bool:
        # As if the log was not there: only the file is read.
        with closing(sqlite3.connect(f"file:{folder / FILE_NAME}?mode=ro&immutable=1", uri=True)) as connection:
            return bool(connection.execute("SELECT count(*) FROM runner").fetchone()[0])

    wait_until(is_in_file, 60)
    launch.stop(folder)
    wait_until(lambda: read_state(folder)[1] == "stopped")


@pytest.mark.parametrize("settings", [LONG, replace(EVOLUTION, generations=4000)])
def test_a_run_at_work_is_taken_along_and_goes_on_elsewhere(
    run_home: Path, tmp_path: Path, settings: SizeSettings | EvolutionSettings
) -> None:
    folder = launch.start(settings, run_home)
    wait_until(lambda: read_state(folder)[0].done >= 3)
    export_archive(folder, tmp_path / "run.zip")
    there = import_archive(tmp_path / "run.zip", tmp_path / "other").folder
    assert examine(there).condition == "whole"
    header, state = read_state(there)
    assert (state, header.reason) == ("stopped", "it was running when it was exported")
    assert header.done >= 3
    launch.resume(there)
    one, other = finish(folder), finish(there)
    if one.kind == "size":
        assert fits_of(folder) == fits_of(there)
    else:
        assert one.kind == other.kind == "evolution"
        assert one.generations.column("best") == other.generations.column("best")
