"""Fixtures of the tests that start many runners."""

from collections.abc import Iterator, Sequence

import pytest

from nnsize_engine.runs import start_runner
from support.warm_runners import RUNNER, WarmRunners, warm_runners


@pytest.fixture(scope="session")
def warm() -> Iterator[WarmRunners]:
    with warm_runners() as runners:
        yield runners


@pytest.fixture(autouse=True)
def runners_start_warm(warm: WarmRunners, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork the runners of a test from a process that has loaded the libraries."""
    spawn = start_runner.spawn

    def spawn_warm(module: Sequence[str], log: int) -> int:
        return warm.spawn(module, log) if module[0] == RUNNER else spawn(module, log)

    monkeypatch.setattr(start_runner, "spawn", spawn_warm)
