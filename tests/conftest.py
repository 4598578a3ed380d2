"""What every test needs: a home for runs of its own, and no runner left behind."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from nnsize_engine.errors import NnsizeError
from nnsize_engine.process_identity import is_alive
from nnsize_engine.runs import list_runs, read_state

# The same random examples each time, however long one takes: one commit, one verdict. For new ones:
# pytest --hypothesis-profile=default, with --hypothesis-seed=0 to be able to repeat them.
settings.load_profile("ci")


@pytest.fixture
def run_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty ``$NNSIZE_HOME``; runners that a test leaves at work are killed."""
    home = tmp_path / "home"
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
