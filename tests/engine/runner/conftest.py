"""Fixtures of the tests that start many runners."""

import pytest

from nnsize_engine.runs import start_runner
from support.warm_processes import forking_spawn
from support.warm_runners import WarmRunners


@pytest.fixture(autouse=True)
def runners_start_warm(warm: WarmRunners, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork the runners of a test from a process that has loaded the libraries."""
    monkeypatch.setattr(start_runner, "spawn", forking_spawn(warm))
