"""What the tests of the explorer share."""

import time
from pathlib import Path

import pytest
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
    """An empty home for runs; the working folder is elsewhere, local time is UTC, the terminal has colours."""
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
    """The explorer on that home."""
    return ExplorerApp(home, unicode=True)


@pytest.fixture(autouse=True)
def patient_pilot(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test does to the explorer is done, and not on its way, when the test goes on."""
    monkeypatch.setattr(Pilot, "_wait_for_screen", pilots.settled)
    monkeypatch.setattr(Pilot, "press", pilots.press)


@pytest.fixture(autouse=True)
def notices_that_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said for three seconds is still there when a test comes to look on a busy machine."""
    monkeypatch.setattr(ExplorerApp, "NOTIFICATION_TIMEOUT", pilots.LONGEST)


@pytest.fixture(autouse=True)
def no_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks another process to measure a fit, or to look at built-in data, unless it says so."""

    def refuse(*_: object, **__: object) -> None:
        raise NnsizeError("nothing is asked in this test")

    monkeypatch.setattr(client, "estimate", refuse)
    monkeypatch.setattr(client, "inspect_builtin", refuse)


@pytest.fixture(autouse=True)
def no_use_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Made-up runs name this very process as their runner; what it uses is in no picture unless a test says so."""
    monkeypatch.setattr(details, "USAGE_INTERVAL_SECONDS", float("inf"))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Answers instead of processes, and no waiting before questions."""
    answers = Asked()
    monkeypatch.setattr(client, "inspect_table", answers.inspect_table)
    monkeypatch.setattr(client, "estimate", answers.estimate)
    monkeypatch.setattr(background_preflight, "PAUSE_SECONDS", 0.001)
    return answers


@pytest.fixture
def table(home: Path) -> Path:
    """A file in the working folder; nothing reads it."""
    del home
    path = Path("passengers.csv").absolute()
    path.write_text("a,b\n1,2\n")
    return path
