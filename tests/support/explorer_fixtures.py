"""Fixtures of the explorer's tests."""

import time
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot

from nnsize_engine.errors import NnsizeError
from nnsize_engine.preflight import client
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.follow import details
from nnsize_tui.screens.setup import background_preflight
from support import pilots
from support.setup_pilots import Asked


@pytest.fixture
def home(run_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty home for runs; the working folder is another one, local time is UTC, the terminal has colours."""
    working = tmp_path / "working"
    working.mkdir()
    run_home.mkdir(exist_ok=True)
    monkeypatch.chdir(working)
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("NO_COLOR", raising=False)
    time.tzset()
    return run_home


@pytest.fixture
def explorer(home: Path) -> ExplorerApp:
    """Return the explorer on that home."""
    return ExplorerApp(home, unicode=True)


@pytest.fixture(autouse=True)
def patient_pilot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the pilot wait until the effects of each action are complete."""
    monkeypatch.setattr(Pilot, "_wait_for_screen", pilots.settled)
    monkeypatch.setattr(Pilot, "press", pilots.press)


@pytest.fixture(autouse=True)
def notices_that_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep notifications on the screen, whatever time they ask for, since a busy machine may read it late."""

    def notify(app: ExplorerApp, message: str, **named: Any) -> None:
        App.notify(app, message, **named | {"timeout": pilots.LONGEST})

    monkeypatch.setattr(ExplorerApp, "notify", notify)


@pytest.fixture(autouse=True)
def no_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse measurements and inspections of built-in data by other processes."""

    def refuse(*_: object, **__: object) -> None:
        raise NnsizeError("nothing is asked in this test")

    monkeypatch.setattr(client, "estimate", refuse)
    monkeypatch.setattr(client, "inspect_builtin", refuse)


@pytest.fixture(autouse=True)
def no_use_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the use of the machine: made-up runs name this process as their runner."""
    monkeypatch.setattr(details, "USAGE_INTERVAL_SECONDS", float("inf"))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Replace preflight processes by made-up answers, without a pause before questions."""
    answers = Asked()
    monkeypatch.setattr(client, "look_at_table", answers.inspect_table)
    monkeypatch.setattr(client, "estimate", answers.estimate)
    monkeypatch.setattr(background_preflight, "PAUSE_SECONDS", 0.001)
    return answers


@pytest.fixture
def table(home: Path) -> Path:
    """Write a table to the working folder; no test reads it."""
    del home
    path = Path("passengers.csv").absolute()
    path.write_text("a,b\n1,2\n")
    return path
