"""An evolution on the workers of a real scheduler gives the bits of one process, also when they are killed."""

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnsize_engine.cluster.cluster_members import shared_among
from nnsize_engine.cluster.connection import Cluster
from nnsize_engine.data.split import load_split
from nnsize_engine.errors import ClusterError, DataError
from nnsize_engine.evolution.evolve import Evolution
from nnsize_engine.evolution.problem import Problem, make_problem
from nnsize_engine.evolution.sharing import links
from nnsize_engine.processes.parallel import ThreadPool
from nnsize_engine.results.records import GenerationResult
from nnsize_engine.runs import launch
from nnsize_engine.runs.change_cluster import change_cluster
from nnsize_engine.runs.folders import read_state
from nnsize_engine.settings.cluster import ClusterSettings
from nnsize_engine.settings.evolution import EvolutionSettings
from support.clusters import Log, Machines, connected, machines
from support.evolution_runners import finish, network, wait_for_more
from support.waiting import wait_until

NEVER = threading.Event()
Found = tuple[list[GenerationResult], list[Any]]


@pytest.fixture(scope="module", autouse=True)
def small_parts_are_shared() -> Iterator[None]:
    """Share what one worker evaluates in a moment, too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(links, "MIN_PART_SECONDS", 0.0)
        yield


@pytest.fixture
def cluster(two_workers: Machines, tmp_path: Path) -> Iterator[Cluster]:
    with connected(two_workers.address, tmp_path, Log(), workers=2) as found:
        yield found


def problem_of(**given: Any) -> Problem:
    values: dict[str, Any] = {"data": "breast_cancer", "layers": "8", "generations": 6, "tol": 0.0, "members": 30}
    checked = EvolutionSettings(**values | given)
    return make_problem(checked, load_split(checked))


def evolve(evolution: Evolution, after_each: Callable[[], None] = lambda: None) -> Found:
    found = []
    with ThreadPool(1) as pool:
        while evolution.reason_to_end is None:
            found.append(replace(evolution.next_generation(pool, NEVER), seconds=0.0, elapsed=0.0))
            after_each()
    assert evolution.state is not None
    population = evolution.state.population
    values = [getattr(population, field.name) for field in fields(population) if field.name not in ("state", "archive")]
    return found, [value.tobytes() if isinstance(value, np.ndarray) else value for value in values]


def alone(problem: Problem) -> Found:
    return evolve(Evolution(problem, None, lambda _: None))


@pytest.mark.parametrize(
    "given",
    [
        {"strategy": "best1bin", "precision": "float64", "layers": "16,8"},
        {"strategy": "lshade", "batch_size": 100, "batch_generations": 2, "validation_fraction": 0.2},
        {"strategy": "sep-cma-es", "restart_after": 2},
        {"strategy": "pso", "fitness": "roc_auc"},
        {"strategy": "openai-es"},
    ],
    ids=lambda given: given["strategy"],
)
def test_workers_give_the_bits_of_one_process(given: dict[str, Any], cluster: Cluster) -> None:
    problem = problem_of(**given)
    with shared_among(cluster, problem, lambda _: None) as share:
        assert evolve(Evolution(problem, None, lambda _: None, share)) == alone(problem)
    assert share.traffic.requests >= share.traffic.rounds


def test_workers_and_a_scheduler_that_are_killed_change_no_bit(tmp_path: Path) -> None:
    problem = problem_of(generations=25, members=60)
    chance, log, generation = random.Random(0), Log(), iter(range(100))

    with machines(2) as there, connected(there.address, tmp_path, log, workers=2) as cluster:

        def kill_now_and_then() -> None:
            number = next(generation)
            if number in (4, 9):
                there.workers.pop(chance.randrange(2)).kill()
                there.start_worker()
            if number == 9:
                wait_until(lambda: "has left" in log)  # a look at the workers may come later than all generations
            if number == 16:
                there.restart_scheduler()

        with shared_among(cluster, problem, lambda _: None) as share:
            evolution = Evolution(problem, None, lambda _: None, share)
            assert evolve(evolution, kill_now_and_then) == alone(problem)
    assert "has left" in log
    assert "the scheduler is gone" in log


def test_nothing_of_an_evolution_stays_on_workers(cluster: Cluster) -> None:
    problem = problem_of()
    # A function without a name travels by its code: workers cannot import the tests.
    count = lambda: len(import_module("nnsize_engine.cluster.worker_members")._kept)  # noqa: E731
    with shared_among(cluster, problem, lambda _: None) as share:
        evolve(Evolution(problem, None, lambda _: None, share))
        assert sum(cluster.client.run(count).values()) >= 1
    assert sum(cluster.client.run(count).values()) == 0
    wait_until(lambda: not cluster.client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)))


def test_a_function_that_a_worker_cannot_import_is_named_with_the_worker(cluster: Cluster, tmp_path: Path) -> None:
    file = tmp_path / "only_here.py"
    file.write_text("def closeness(y_true, outputs):\n    return -abs(y_true - outputs.ravel()).mean()\n")
    problem = problem_of(fitness=f"{file.parent}/only_here:closeness")
    file.unlink()
    with (
        shared_among(cluster, problem, lambda _: None) as share,
        pytest.raises(DataError, match=r"^on worker tcp://127.0.0.1:\d+, fitness .* cannot be imported"),
    ):
        evolve(Evolution(problem, None, lambda _: None, share))


def test_workers_with_too_little_memory_are_refused(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = problem_of()
    monkeypatch.setattr("nnsize_engine.cluster.cluster_members.needed_on_worker", lambda _: 10**15)
    with (
        shared_among(cluster, problem, lambda _: None) as share,
        pytest.raises(ClusterError, match=r"the workers have too little memory: .* take 1\.0 PB .*--memory-limit"),
    ):
        evolve(Evolution(problem, None, lambda _: None, share))


def test_a_run_goes_on_with_and_without_its_cluster(two_workers: Machines, run_home: Path) -> None:
    settings = EvolutionSettings(
        data="breast_cancer", layers="16", strategy="shade", members=60, generations=40, tol=0, reference=False
    )
    folder = launch.start(replace(settings, cluster=ClusterSettings(where=two_workers.address)), run_home)
    wait_for_more(folder, 5)
    launch.pause(folder)
    wait_until(lambda: read_state(folder)[1] == "paused", 30)
    launch.resume(folder)
    wait_for_more(folder, 5)
    launch.stop(folder)
    wait_until(lambda: read_state(folder)[1] == "stopped", 60)
    change_cluster(folder, None)
    launch.resume(folder)
    view = finish(folder)
    assert any("going on after generation" in line.text for line in view.log)
    evolution = Evolution(make_problem(settings, load_split(settings)), None, lambda _: None)
    assert [replace(one, seconds=0.0, elapsed=0.0) for one in view.generations] == evolve(evolution)[0]
    assert network(folder, "evolved").weights == evolution.chosen()[0].astype("<f8").tobytes()
