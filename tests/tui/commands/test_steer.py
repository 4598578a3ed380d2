"""What ``nnsize stop`` and its likes say when a run does not do what it was asked for."""

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
