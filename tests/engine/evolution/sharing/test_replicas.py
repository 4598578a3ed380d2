"""Replicas share the rounds of an evolution: the result equals that of one process, bit by bit, whatever happens."""

import contextlib
import pickle
import random
import threading
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsize_engine.data.split import load_split
from nnsize_engine.errors import ClusterError
from nnsize_engine.evolution.ask_tell import Population
from nnsize_engine.evolution.evolve import Evolution, EvolutionState, GenerationHalted
from nnsize_engine.evolution.problem import Problem, make_problem
from nnsize_engine.evolution.sharing import links
from nnsize_engine.evolution.sharing.messages import Answer, Request
from nnsize_engine.evolution.sharing.replica import Replica
from nnsize_engine.evolution.sharing.shared_problem import shared_problem
from nnsize_engine.evolution.sharing.worker_share import MAX_DEATHS, WorkerShare
from nnsize_engine.evolution.sharing.workers import Outcome, WorkerLostError
from nnsize_engine.processes.parallel import Halt, ThreadPool
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.strategies import FAMILIES

SHARED = [
    *("best1bin", "rand2exp", "currenttopbest1bin", "jade", "shade", "lshade"),
    *(name for name, facts in FAMILIES.items() if not facts.changes_one_weight),
]
NEVER = threading.Event()
MAX_ATTEMPTS = 100
"""At the generations of a short evolution that is halted in each round."""
RESULT = tuple[list[Any], list[Any]]


@pytest.fixture(scope="module", autouse=True)
def small_parts_are_shared() -> Iterator[None]:
    """Share what one worker evaluates in a moment, too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(links, "MIN_PART_SECONDS", 0.0)
        yield


class ProcessesInOne:
    """Workers that answer in random order; they die, join, and lose their population by chance."""

    def __init__(self, problem: Problem, workers: int, chance: random.Random, *, trouble: float = 0.0) -> None:
        self._shared = pickle.dumps(shared_problem(problem))
        self._chance = chance
        self._trouble = trouble
        self._replicas = {f"w{number}": self._replica() for number in range(workers)}
        self._asked: dict[str, bytes] = {}
        self._deaths = 0
        self._born = self._most = workers
        self.left_out: dict[str, str] = {}
        self.messages = 0

    def names(self) -> Sequence[str]:
        if len(self._replicas) <= self._most and self._chance.random() < self._trouble:
            name = f"w{self._born}"
            self._born += 1
            self._replicas[name] = self._replica()
        return [name for name in self._replicas if name not in self.left_out]

    def is_connected(self) -> bool:
        return True

    def ask(self, name: str, request: Request) -> None:
        assert name not in self._asked
        self._asked[name] = pickle.dumps(request)
        self.messages += len(self._asked[name])

    def outcomes(self, seconds: float) -> Sequence[tuple[str, Outcome]]:
        assert seconds < 1
        if not self._asked:
            return []
        name = self._chance.choice(sorted(self._asked))
        request = pickle.loads(self._asked.pop(name))
        if self._chance.random() < self._trouble and len(self._replicas) > 1 and self._deaths < MAX_DEATHS:
            self._deaths += 1
            del self._replicas[name]
            return [(name, WorkerLostError("it was killed"))]
        if self._chance.random() < self._trouble:
            self._replicas[name] = self._replica()
        self._deaths = 0
        answer = pickle.dumps(self._replicas[name].answer(request, request.start))
        self.messages += len(answer)
        return [(name, pickle.loads(answer))]

    def forget(self, name: str) -> None:
        self._asked.pop(name, None)

    def leave_out(self, name: str, reason: str) -> None:
        self.left_out[name] = reason

    def _replica(self) -> Replica:
        return Replica(pickle.loads(self._shared), 1)


class ByChance:
    """A halt that is set at random looks at it."""

    def __init__(self, chance: random.Random, share: float) -> None:
        self._chance, self._share = chance, share

    def is_set(self) -> bool:
        return self._chance.random() < self._share


def problem_of(**given: Any) -> Problem:
    values: dict[str, Any] = {"data": "iris", "layers": "2", "generations": 6, "tol": 0.0}
    if given.get("strategy", "best1bin") not in FAMILIES:
        values["members"] = 12
    checked = EvolutionSettings(**values | given)
    return make_problem(checked, load_split(checked))


def shared(problem: Problem, workers: ProcessesInOne, state: EvolutionState | None = None) -> Evolution:
    share = WorkerShare(workers, problem.settings.weights, lambda _: None, lambda _: None)
    return Evolution(problem, state, lambda _: None, share)


def evolve(evolution: Evolution, halt: Halt = NEVER, most: int = 100) -> RESULT:
    """Evolve to the end; return the records without times, and everything of the last state."""
    found: list[Any] = []
    with ThreadPool(1) as pool:
        while evolution.reason_to_end is None and len(found) < most:
            try:
                found.append(replace(evolution.next_generation(pool, halt), seconds=0.0, elapsed=0.0))
            except GenerationHalted:
                continue
    return found, contents(evolution)


def contents(evolution: Evolution) -> list[Any]:
    """Everything of a state but times, to be compared bit by bit."""
    state = evolution.state
    assert state is not None
    population = state.population
    values: dict[str, Any] = {field.name: getattr(population, field.name) for field in fields(population)}
    if isinstance(population, Population):
        values["archive"] = population.archive[: population.archived]
        values["room"] = len(population.archive)
    else:
        learned = values.pop("state")
        values |= {f"state.{field.name}": getattr(learned, field.name) for field in fields(learned)}
    return [
        *((name, value.tobytes() if isinstance(value, np.ndarray) else value) for name, value in values.items()),
        (state.best_held_out_loss, state.best_held_out_weights.tobytes(), state.best_held_out_generation),
        evolution.chosen()[0].tobytes(),
    ]


@pytest.mark.parametrize("strategy", SHARED)
def test_every_strategy_gives_the_same_bits(strategy: str) -> None:
    problem = problem_of(strategy=strategy, validation_fraction=0.2)
    alone = evolve(Evolution(problem, None, lambda _: None))
    assert evolve(shared(problem, ProcessesInOne(problem, 3, random.Random(0)))) == alone


@settings(max_examples=60)
@given(
    strategy=st.sampled_from(SHARED),
    workers=st.integers(1, 4),
    seed=st.integers(0, 2**32 - 1),
    precision=st.sampled_from(["float32", "float64"]),
    batch=st.sampled_from([{}, {"batch_size": 30, "batch_generations": 2}]),
    stagnation=st.sampled_from([{}, {"restart_after": 2}]),
    fitness=st.sampled_from(["log_loss", "f1_macro"]),
    trouble=st.sampled_from([0.0, 0.1, 0.3]),
    halts=st.sampled_from([0.0, 0.2]),
    left_after=st.integers(0, 4),
)
def test_nothing_that_happens_to_workers_changes_a_bit(
    strategy: str,
    workers: int,
    seed: int,
    precision: str,
    batch: dict[str, Any],
    stagnation: dict[str, Any],
    fitness: str,
    trouble: float,
    halts: float,
    left_after: int,
) -> None:
    chance = random.Random(seed)
    problem = problem_of(
        strategy=strategy,
        seed=seed,
        precision=precision,
        fitness=fitness,
        init="glorot",
        generations=6,
        validation_fraction=0.2,
        **batch,
        **stagnation,
    )
    alone = evolve(Evolution(problem, None, lambda _: None))
    evolution = shared(problem, ProcessesInOne(problem, workers, chance, trouble=trouble))
    halt = ByChance(chance, halts)
    records, _ = evolve(evolution, halt, left_after) if left_after else ([], None)
    # Left, and gone on with by other workers that get the population, then by none.
    again = shared(problem, ProcessesInOne(problem, workers, chance, trouble=trouble), evolution.state)
    more, _ = evolve(again, halt, 2) if again.reason_to_end is None else ([], None)
    rest, last = evolve(Evolution(problem, again.state, lambda _: None))
    assert (records + more + rest, last) == alone


class WhileAsked:
    """A halt that is set whenever a worker has not answered yet."""

    def __init__(self, workers: ProcessesInOne) -> None:
        self._workers = workers
        self.times = 0

    def is_set(self) -> bool:
        is_set = len(self._workers._asked) > 0
        self.times += is_set
        return is_set


@pytest.mark.parametrize("seed", range(6))
def test_a_round_whose_last_losses_come_back_at_a_halt_is_known_to_the_workers(seed: int) -> None:
    problem = problem_of(strategy="shade", batch_size=30, batch_generations=2)
    workers = ProcessesInOne(problem, 3, random.Random(seed))
    evolution, halt = shared(problem, workers), WhileAsked(workers)
    with ThreadPool(1) as pool:
        for _ in range(MAX_ATTEMPTS):
            if evolution.reason_to_end is None:
                with contextlib.suppress(GenerationHalted):
                    evolution.next_generation(pool, halt)
    assert halt.times > 0
    assert evolution.reason_to_end is not None
    assert contents(evolution) == evolve(Evolution(problem, None, lambda _: None))[1]


def test_a_worker_that_goes_on_is_sent_losses_and_no_weights() -> None:
    problem = problem_of(data="digits", layers="8", members=200, generations=4, precision="float32")
    workers = ProcessesInOne(problem, 2, random.Random(0))
    evolution = shared(problem, workers)
    evolve(evolution, most=1)
    before = workers.messages
    evolve(evolution)
    weights = 4 * 200 * problem.settings.weights * 4  # bytes of all trials
    assert (workers.messages - before) * 50 < weights


def test_a_first_population_from_a_file_reaches_workers_that_do_not_have_it(tmp_path: Path) -> None:
    file = tmp_path / "first.npy"
    probe = problem_of()
    np.save(file, np.random.default_rng(0).uniform(-1, 1, (14, probe.settings.weights)))
    for strategy in ("best1bin", "pso"):
        problem = problem_of(init=str(file), members=None, strategy=strategy)
        alone = evolve(Evolution(problem, None, lambda _: None))
        workers = ProcessesInOne(problem, 3, random.Random(1))
        evolution = shared(problem, workers)
        assert evolve(evolution) == alone


def test_a_replica_that_drifts_is_sent_the_population(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, notes = problem_of(strategy="snes"), list[str]()
    alone = evolve(Evolution(problem, None, lambda _: None))
    workers = ProcessesInOne(problem, 2, random.Random(0))
    share = WorkerShare(workers, problem.settings.weights, lambda _: None, notes.append)
    drifting = workers._replicas["w1"]
    taken = drifting._take

    def take(population: Any) -> None:
        """Round otherwise in what the replica computes itself."""
        started = drifting._round is None and not drifting._known
        if population is not None and not started:
            population.state.mean[0] += 1e-9
        taken(population)

    monkeypatch.setattr(drifting, "_take", take)
    assert evolve(Evolution(problem, None, lambda _: None, share)) == alone
    assert [" ".join(note.split()[:6]) for note in notes] == ["worker w1 rounds otherwise than this"]
    assert not workers.left_out


def test_members_that_end_every_worker_end_the_evolution() -> None:
    problem = problem_of()
    workers = ProcessesInOne(problem, 9, random.Random(0))

    def outcomes(_: float) -> Sequence[tuple[str, Outcome]]:
        name = workers._asked.popitem()[0]
        return [(name, WorkerLostError("its memory ran out"))]

    workers.outcomes = outcomes  # type: ignore[method-assign,assignment]
    words = rf"{MAX_DEATHS + 1} workers died one after the other .* \(its memory ran out\); start"
    with pytest.raises(ClusterError, match=words):
        evolve(shared(problem, workers))


def test_a_worker_without_enough_memory_is_left_out() -> None:
    problem = problem_of()
    alone = evolve(Evolution(problem, None, lambda _: None))
    workers = ProcessesInOne(problem, 3, random.Random(0))

    def answer(_: Request, __: Any) -> Answer:
        raise MemoryError

    replica, asked = workers._replicas["w1"], workers.outcomes
    replica.answer = answer  # type: ignore[method-assign,assignment]

    def outcomes(seconds: float) -> Sequence[tuple[str, Outcome]]:
        try:
            return asked(seconds)
        except MemoryError as error:
            return [("w1", error)]

    workers.outcomes = outcomes  # type: ignore[method-assign]
    assert evolve(shared(problem, workers)) == alone
    assert workers.left_out == {"w1": "its memory is too small for the population"}


def test_members_of_a_late_worker_are_given_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "LATE_SECONDS", 0.0)
    problem = problem_of()
    alone = evolve(Evolution(problem, None, lambda _: None))
    workers = ProcessesInOne(problem, 2, random.Random(0))
    asked = workers.outcomes

    def outcomes(seconds: float) -> Sequence[tuple[str, Outcome]]:
        """Hold back what the second worker found."""
        held = workers._asked.pop("w1", None)
        try:
            return asked(seconds)
        finally:
            if held is not None:
                workers._asked["w1"] = held

    workers.outcomes = outcomes  # type: ignore[method-assign]
    assert evolve(shared(problem, workers)) == alone


@given(st.integers(1, 10**6), st.floats(1e-3, 1e6), st.floats(1e-3, 1))
def test_a_part_takes_neither_too_long_nor_too_short(waiting: int, per_second: float, share: float) -> None:
    members = links.members_for(per_second, waiting, share)
    assert 1 <= members <= max(1, links.MAX_PART_SECONDS * per_second + 1)
    assert members >= min(links.MIN_PART_SECONDS * per_second, waiting * share) - 1
