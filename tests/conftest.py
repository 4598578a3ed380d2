"""What every test needs: a home for runs of its own, and no runner left behind."""

import contextlib
import importlib
import os
import pkgutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import nnsize
import nnsize_engine
import nnsize_tui
from nnsize_engine.errors import NnsizeError
from nnsize_engine.processes.identity import is_alive
from nnsize_engine.runs import launch
from nnsize_engine.runs.folders import list_runs, read_state
from nnsize_engine.settings.run import StartedSettings
from nnsize_engine.settings.search import SizeSettings
from support.warm_fixtures import forked_processes, warm

__all__ = ["forked_processes", "warm"]

# The same random examples each time, however long one takes: one commit, one verdict. For new ones:
# pytest --hypothesis-profile=default, with --hypothesis-seed=0 to be able to repeat them.
settings.load_profile("ci")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Load all modules where there are random examples: these are also made of the constants in what is loaded."""
    if any(item.get_closest_marker("hypothesis") for item in session.items):
        for package in (nnsize, nnsize_engine, nnsize_tui):
            for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
                if not module.name.endswith("__main__"):
                    importlib.import_module(module.name)


def _start_without_references(settings: StartedSettings, home: Path, **named: Any) -> Path:
    """Start a run without references: importing and fitting them takes two seconds of a processor in each run."""
    if isinstance(settings, SizeSettings):
        settings = replace(settings, references=False)
    return _start(settings, home, **named)


_start = launch.start


@pytest.fixture(autouse=True, scope="session")
def _away_from_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the runs of whoever runs the tests out of reach, of fixtures of whole modules too."""
    folder = tmp_path_factory.mktemp("user")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("NNSIZE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
            patch.setenv(name, str(folder / name))
        yield


@pytest.fixture
def run_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Path]:
    """An empty ``$NNSIZE_HOME``; runners that a test leaves at work are killed.

    Runs that this process starts have no references, unless the test is marked to be about them. Commands in processes
    of their own keep the default.
    """
    home = tmp_path / "home"
    if launch.start is _start and request.node.get_closest_marker("references") is None:
        monkeypatch.setattr(launch, "start", _start_without_references)
    monkeypatch.setenv("NNSIZE_HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))  # no defaults of whoever runs the tests
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("NNSIZE_CONFIG", raising=False)
    yield home
    for folder in list_runs(home):
        try:
            header, _ = read_state(folder)
        except NnsizeError:
            continue
        if header.runner is not None and header.runner.pid != os.getpid() and is_alive(header.runner):
            with contextlib.suppress(ProcessLookupError):  # it ended just now
                os.kill(header.runner.pid, signal.SIGKILL)
