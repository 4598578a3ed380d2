"""Fixtures that fork the processes of tests from one that has loaded the libraries."""

from collections.abc import Iterator

import pytest

from nnsize_engine.preflight import client
from nnsize_engine.runs import start_runner
from support import commands
from support.warm_processes import WarmSubprocess, forking_spawn
from support.warm_runners import FURTHER_LIBRARIES, WarmRunners, warm_runners


@pytest.fixture(scope="session")
def warm() -> Iterator[WarmRunners]:
    """Have one process for all tests that fork from it."""
    with warm_runners(FURTHER_LIBRARIES) as runners:
        yield runners


@pytest.fixture
def forked_processes(
    warm: WarmRunners, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> WarmRunners | None:
    """Fork commands, runners, and what looks at data and fits references, unless the test is marked ``new_processes``.

    Returns None for such a test.
    """
    if request.node.get_closest_marker("new_processes") is not None:
        return None
    forking = WarmRunners(warm.address, forks_all=True)
    monkeypatch.setattr(start_runner, "spawn", forking_spawn(forking))
    monkeypatch.setattr(client, "subprocess", WarmSubprocess(forking))
    monkeypatch.setattr(commands, "forking", forking)
    return forking
