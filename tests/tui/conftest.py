"""What the tests of the explorer share."""

import time
from pathlib import Path

import pytest

from nnsize_tui.app import ExplorerApp


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
