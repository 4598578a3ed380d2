"""Fixtures of the tests that start many runners."""

import pytest

from nnsize_engine.runs import start_runner
from support.warm_processes import forking_spawn
from support.warm_runners import WarmRunners


@pytest.fixture(autouse=True)
def runners_start_warm(warm: WarmRunners, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork the runners of a test from a process that has loaded the libraries.

    They fork what fits references, too, unless the test is marked ``new_processes``. Those of a module that sets
    ``NEW_RUNNERS`` start as users start them.
    """
    if getattr(request.module, "NEW_RUNNERS", False):
        return
    is_new = request.node.get_closest_marker("new_processes") is not None
    runners = WarmRunners(warm.address, forks_all=not is_new)
    monkeypatch.setattr(start_runner, "spawn", forking_spawn(runners))
