"""Fixtures of the tests of commands."""

import pytest

from support.warm_runners import WarmRunners


@pytest.fixture(autouse=True)
def processes_are_forked(forked_processes: WarmRunners | None) -> None:
    """Fork commands and runners; tests that interrupt or kill a command start a new process themselves."""
