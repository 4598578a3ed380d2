"""Real runners of evolutions: wait for them, kill them, read what they stored."""

import os
import signal
from pathlib import Path

from nnsize_engine.processes.identity import is_alive
from nnsize_engine.results.records import LIVE_STATES, NetworkName, StoredNetwork
from nnsize_engine.runs.database import reading
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.reader import read_network
from nnsize_engine.runs.view import EvolutionView
from support.views import evolution_view
from support.waiting import wait_until


def finish(folder: Path) -> EvolutionView:
    wait_until(lambda: read_state(folder)[1] not in LIVE_STATES, 900)
    view = evolution_view(folder)
    assert view.state == "finished", view.header.reason
    return view


def wait_for_end(view: EvolutionView) -> None:
    """Wait for the runner to be gone: it tidies up after it has stored that its run is finished."""
    runner = view.header.runner
    assert runner is not None
    wait_until(lambda: is_alive(runner) is False)


def generations_done(folder: Path) -> int:
    return read_state(folder)[0].done


def wait_for_more(folder: Path, generations: int) -> None:
    goal = min(generations_done(folder) + generations, read_state(folder)[0].total - 1)
    wait_until(lambda: generations_done(folder) >= goal)


def kill(folder: Path) -> None:
    runner = read_state(folder)[0].runner
    assert runner is not None
    os.kill(runner.pid, signal.SIGKILL)
    wait_until(lambda: read_state(folder)[1] == "interrupted")


def network(folder: Path, name: NetworkName) -> StoredNetwork:
    with reading(folder) as connection:
        found = read_network(connection, name)
    assert found is not None
    return found
