"""Workers and schedulers that are killed: finished fits stay, and the others are repeated."""

import contextlib
import random
import threading
import time
from pathlib import Path

import pytest

from nnsize_engine.cluster import deaths as module
from nnsize_engine.errors import ClusterError
from nnsize_engine.search.events import FinishedFit, Note, SearchEvent
from nnsize_engine.settings.network import NetworkParameters
from support.clusters import (
    Log,
    Machines,
    cluster_fits,
    connected,
    key_of,
    local_fits,
    machines,
    same_scores,
    search_of,
    wait_until,
)

MEDIUM = NetworkParameters(max_iter=1500, tol=0, n_iter_no_change=1500)
"""About a third of a second of training."""

LONG = NetworkParameters(max_iter=20_000, tol=0, n_iter_no_change=20_000)
"""Several seconds of training."""


def test_killed_workers_cost_no_finished_fit(tmp_path: Path) -> None:
    search, log = search_of(neurons="40:48", cv=3, network=MEDIUM), Log()
    dice, found = random.Random(3), []
    with machines(2) as there, connected(there.address, tmp_path, log, workers=2) as cluster:
        for fit in cluster_fits(search, cluster):
            found.append(fit)
            if len(found) in (3, 9, 15):
                time.sleep(0.3 * dice.random())
                victim = there.workers.pop(dice.randrange(2))
                victim.kill()
                there.start_worker()
    assert len({key_of(fit) for fit in found}) == len(found) == 24
    assert same_scores({key_of(fit): fit for fit in found if isinstance(fit, FinishedFit)}, local_fits(search))
    assert "has left" in log


def test_without_workers_the_run_waits_and_goes_on(tmp_path: Path) -> None:
    search, log, found = search_of(neurons="40:43", cv=2, network=MEDIUM), Log(), []
    with machines(1) as there, connected(there.address, tmp_path, log) as cluster:
        fits = cluster_fits(search, cluster)
        found.append(next(fits))
        there.workers.pop().kill()

        def start_again() -> None:
            wait_until(lambda: cluster.facts().waits_for == "a worker")
            there.start_worker()

        starting = threading.Thread(target=start_again)
        starting.start()
        found.extend(fits)
        starting.join()
    assert len(found) == 6
    assert "no worker is left; the run waits until one joins" in log
    assert same_scores({key_of(fit): fit for fit in found if isinstance(fit, FinishedFit)}, local_fits(search))


@pytest.mark.parametrize("together", [3.0, 0.0])
def test_workers_that_die_at_the_same_time_count_as_one_death(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: float
) -> None:
    monkeypatch.setattr(module, "MAX_DEATHS_IN_A_ROW", 1)
    monkeypatch.setattr(module, "TOGETHER_SECONDS", together)
    seconds = NetworkParameters(max_iter=6000, tol=0, n_iter_no_change=6000)
    search, found = search_of(neurons="40", cv=3, network=seconds), list[SearchEvent]()
    with machines(2) as there, connected(there.address, tmp_path, Log(), workers=2) as cluster:

        def kill() -> None:
            wait_until(lambda: cluster.facts().busy == 2)
            for worker in (there.workers.pop(), there.workers.pop()):  # as a machine does that is switched off
                worker.kill()
            there.start_worker()

        killing = threading.Thread(target=kill)
        killing.start()
        with (
            contextlib.nullcontext() if together else pytest.raises(ClusterError, match="workers died 2 times in a row")
        ):
            found.extend(cluster_fits(search, cluster))
        killing.join()
    assert len(found) == (3 if together else 0)


def test_a_scheduler_that_is_started_again_is_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    search, log, found = search_of(neurons="40:46", cv=2, network=MEDIUM), Log(), list[SearchEvent]()
    ended_before_begins = list[int]()
    with machines(1) as there, connected(there.address, tmp_path, log) as cluster:
        monkeypatch.setattr(cluster.tally, "begin", lambda *_: ended_before_begins.append(len(found)))
        for fit in cluster_fits(search, cluster):
            found.append(fit)
            if len(found) == 3:
                there.restart_scheduler()
    assert len({key_of(fit) for fit in found if isinstance(fit, FinishedFit)}) == len(found) == 12
    assert max(ended_before_begins) > 3, "the new scheduler passes reports on, too"
    assert "the scheduler is gone; the run waits until it is there again" in log
    assert same_scores({key_of(fit): fit for fit in found if isinstance(fit, FinishedFit)}, local_fits(search))


def test_a_fit_with_which_several_workers_die_is_stored_as_failed(
    two_workers: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_DEATHS", 0)
    del two_workers
    search, events = search_of(neurons="40", cv=2, network=LONG), list[SearchEvent]()
    with machines(1) as there, connected(there.address, tmp_path, Log()) as cluster:

        def kill() -> None:
            wait_until(lambda: cluster.facts().busy)
            there.workers.pop().kill()
            there.start_worker()

        killing = threading.Thread(target=kill)
        killing.start()
        fits = cluster_fits(search, cluster, events=events)
        found = [fit for fit in fits if isinstance(fit, FinishedFit)]
        killing.join()
    errors = [fit.result.error for fit in found if fit.result.error is not None]
    assert errors == ["1 workers died with it, most likely because memory ran out"]
    assert len(found) == 2
    assert any(isinstance(event, Note) and "repeated" in event.text for event in events)
