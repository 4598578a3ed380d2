"""Fixtures of every test of the Python API."""

from collections.abc import Iterator, Sequence

import pytest
from threadpoolctl import threadpool_limits

from nnsize_engine.runs import start_runner
from support.warm_runners import RUNNER, WarmRunners, warm_runners


@pytest.fixture(autouse=True)
def _no_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let matplotlib draw without a window."""
    monkeypatch.setenv("MPLBACKEND", "Agg")


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Threads of the BLAS that wait for each other make small networks slow where other tests run at the same time."""
    with threadpool_limits(1, "blas"):
        yield


@pytest.fixture(scope="session")
def warm_runners_of_all() -> Iterator[WarmRunners]:
    """Start the process that forks runners."""
    with warm_runners() as runners:
        yield runners


@pytest.fixture
def warm(warm_runners_of_all: WarmRunners, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork the runners of a test from a process that has loaded the libraries."""
    spawn = start_runner.spawn

    def spawn_warm(module: Sequence[str], log: int) -> int:
        return warm_runners_of_all.spawn(module, log) if module[0] == RUNNER else spawn(module, log)

    monkeypatch.setattr(start_runner, "spawn", spawn_warm)
