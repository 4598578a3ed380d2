"""What ``nnsize stop`` and its likes say when a run does not do what it was asked for."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from nnsize_engine.errors import RunError
from nnsize_engine.results.records import State
from nnsize_engine.runs import launch
from nnsize_tui.commands.steer import pause, resume, stop
from support.made_runs import enter_state, made_run


@pytest.mark.parametrize("state", ["interrupted", "failed"])
def test_a_run_that_comes_to_a_bad_end_meanwhile_is_not_waited_for(
    run_home: Path, monkeypatch: pytest.MonkeyPatch, state: State
) -> None:
    folder = made_run(run_home, "bagote", state="running", fits=3)
    monkeypatch.setattr(launch, "stop", lambda _: enter_state(folder, state))
    done = CliRunner().invoke(stop, ["bagote"])
    assert isinstance(done.exception, RunError)
    assert str(done.exception) == f"run bagote was asked, but is {state} now; 'nnsize show bagote' tells more"


def test_a_run_that_ends_before_it_pauses_is_said(run_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made_run(run_home, "bagote", state="running", fits=3)
    monkeypatch.setattr(launch, "pause", lambda _: enter_state(folder, "finished"))
    assert CliRunner().invoke(pause, ["bagote"]).output == "run bagote is finished\n"


def test_a_resumed_run_that_fails_at_once_is_said(run_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made_run(run_home, "bagote", state="stopped", fits=3)
    monkeypatch.setattr(launch, "resume", lambda _, **__: enter_state(folder, "failed"))
    done = CliRunner().invoke(resume, ["bagote"])
    assert isinstance(done.exception, RunError)
    assert "is failed now" in str(done.exception)


def test_several_runs_are_steered_and_one_that_refuses_keeps_no_other(
    run_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_run(run_home, "bagote", state="running", fits=3)
    made_run(run_home, "kuteva", fits=3)
    made_run(run_home, "malodi", state="running", fits=3)
    truly = {"pause": launch.pause, "stop": launch.stop}

    def followed(action: str, state: State) -> None:
        def ask(folder: Path) -> None:
            truly[action](folder)  # it refuses the finished run
            enter_state(folder, state)

        monkeypatch.setattr(launch, action, ask)

    followed("pause", "paused")
    followed("stop", "stopped")
    done = CliRunner().invoke(pause, ["bagote", "kuteva", "malodi", "bagote"])
    assert done.exit_code == 2
    assert done.stdout == "run bagote is paused\nrun malodi is paused\n"
    assert done.stderr == "nnsize: run kuteva is finished; only a running one can be paused\n"
    monkeypatch.setattr(launch, "resume", lambda folder, **__: enter_state(folder, "running"))
    assert CliRunner().invoke(resume, ["bagote", "malodi"]).output == "run bagote is running\nrun malodi is running\n"
    done = CliRunner().invoke(resume, ["bagote", "malodi", "--json"])
    assert [one["run"] for one in json.loads(done.stdout)] == ["bagote", "malodi"]
    done = CliRunner().invoke(stop, ["malodi", "bagote"])
    assert (done.exit_code, done.output) == (0, "run malodi is stopped\nrun bagote is stopped\n")


def test_several_runs_cannot_be_followed(run_home: Path) -> None:
    for name in ("bagote", "kuteva"):
        made_run(run_home, name, state="stopped", fits=3)
    done = CliRunner().invoke(resume, ["bagote", "kuteva", "--follow"])
    assert done.exit_code == 2
    assert "--follow is for one run, and 2 are named" in done.stderr


def test_a_name_that_is_no_run_steers_none(run_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_run(run_home, "bagote", state="running", fits=3)
    monkeypatch.setattr(launch, "stop", lambda _: pytest.fail("it was asked"))
    assert "no run 'zibiro'" in str(CliRunner().invoke(stop, ["bagote", "zibiro"]).exception)
