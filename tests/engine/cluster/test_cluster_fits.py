"""The fits of a search on workers in other processes: equal scores, rows that travel once, halts, long fits."""

import threading
import time
from pathlib import Path

import pytest

from nnsize_engine.cluster import cluster_fits as module
from nnsize_engine.cluster.shared_folds import SharedFolds, bytes_of
from nnsize_engine.results.search_records import FitProgress
from nnsize_engine.search.events import FinishedFit, SearchEvent, UnfinishedFit
from nnsize_engine.search.fold_rows import FoldRows
from nnsize_engine.search.search import SizeSearch
from nnsize_engine.settings.network import NetworkParameters
from support.clusters import (
    Log,
    Machines,
    cluster_fits,
    connected,
    key_of,
    local_fits,
    same_scores,
    search_of,
    wait_until,
)

LONG = NetworkParameters(max_iter=12_000, tol=0, n_iter_no_change=12_000)
"""About two seconds of training."""


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_scores_equal_those_of_this_process(precision: str, two_workers: Machines, tmp_path: Path) -> None:
    search = search_of(precision=precision, further_scorings=("accuracy",), repeats=2)
    with connected(two_workers.address, tmp_path, Log(), workers=2) as cluster:
        found = list(cluster_fits(search, cluster))
    assert all(isinstance(fit, FinishedFit) for fit in found)
    assert len(found) == len({key_of(fit) for fit in found}) == 18
    assert same_scores({key_of(fit): fit for fit in found if isinstance(fit, FinishedFit)}, local_fits(search))


def test_scikit_learns_own_solver_gives_the_same_scores(two_workers: Machines, tmp_path: Path) -> None:
    search = search_of(grid=(("solver", ("lbfgs", "adam")),), neurons="3")
    with connected(two_workers.address, tmp_path, Log(), workers=2) as cluster:
        found = {key_of(fit): fit for fit in cluster_fits(search, cluster) if isinstance(fit, FinishedFit)}
    assert same_scores(found, local_fits(search))


def test_a_fold_is_sent_once_to_each_worker_and_dropped(
    two_workers: Machines, tmp_path: Path, short_search: SizeSearch
) -> None:
    rows = FoldRows(short_search.settings, short_search.split, short_search.folds)
    sizes = [bytes_of(rows.rows(fold)) for fold in range(3)]
    with connected(two_workers.address, tmp_path, Log(), workers=2) as cluster:
        folds = SharedFolds(short_search, cluster)
        list(cluster_fits(short_search, cluster, folds=folds))
        list(cluster_fits(short_search, cluster, folds=folds))
        assert cluster.tally.bytes_sent <= 2 * sum(sizes)
        folds.close()
        wait_until(lambda: not cluster.client.sync(cluster.client.scheduler.who_has))


def test_a_halt_brings_states_back_that_go_on_exactly(two_workers: Machines, tmp_path: Path) -> None:
    search = search_of(neurons="60", cv=2, network=LONG)
    halt, events, halted_at = threading.Event(), list[SearchEvent](), list[float]()

    def halt_soon() -> None:
        wait_until(lambda: len({(one.candidate, one.fold) for one in events if isinstance(one, FitProgress)}) == 2)
        halted_at.append(time.monotonic())
        halt.set()

    with connected(two_workers.address, tmp_path, Log(), workers=2) as cluster:
        halting = threading.Thread(target=halt_soon)
        halting.start()
        first = list(cluster_fits(search, cluster, halt=halt, events=events))
        ended_at = time.monotonic()
        halting.join()
        assert all(isinstance(event, FitProgress) for event in events)
        unfinished = {key_of(fit): fit for fit in first if isinstance(fit, UnfinishedFit)}
        assert len(unfinished) == 2
        assert ended_at - halted_at[0] < 2.0
        rest = cluster_fits(search, cluster, unfinished=unfinished)
        found = {key_of(fit): fit for fit in rest if isinstance(fit, FinishedFit)}
    assert same_scores(found, local_fits(search))


def test_a_long_fit_returns_its_state_now_and_then(
    two_workers: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STATE_SECONDS", 0.3)
    search = search_of(neurons="60", cv=2, network=LONG)
    events = list[SearchEvent]()
    with connected(two_workers.address, tmp_path, Log(), workers=2) as cluster:
        fits = cluster_fits(search, cluster, events=events)
        found = {key_of(fit): fit for fit in fits if isinstance(fit, FinishedFit)}
    assert any(isinstance(event, UnfinishedFit) for event in events)
    assert same_scores(found, local_fits(search))
