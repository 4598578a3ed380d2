"""An evolution that is left and gone on with, by any number of threads: its checkpoint, and what changes no bit."""

import contextlib
import io
import json
import os
import subprocess
import sys
import threading
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsize_engine.data.split import load_split
from nnsize_engine.errors import StoreError
from nnsize_engine.evolution import evaluator
from nnsize_engine.evolution.ask_tell import Population
from nnsize_engine.evolution.checkpoint import (
    identity_of,
    read_checkpoint,
    remove_checkpoint,
    remove_drafts,
    write_checkpoint,
)
from nnsize_engine.evolution.evolve import Evolution, GenerationHalted
from nnsize_engine.evolution.local_evolution import LocalEvolution
from nnsize_engine.evolution.mini_batches import mini_batch
from nnsize_engine.evolution.problem import Problem, fill_losses, fitness_value, make_problem
from nnsize_engine.processes.parallel import Halt, ThreadPool
from nnsize_engine.results.records import GenerationResult
from nnsize_engine.runs.database import CHECKPOINT_DRAFT, CHECKPOINT_NAME
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.strategies import FAMILIES, STRATEGIES

# Left and taken up again ---------------------------------------------------------------------------------------------

NEVER = threading.Event()


class Soon:
    """A halt after so many looks at it."""

    def __init__(self, looks: int) -> None:
        self.left = looks

    def is_set(self) -> bool:
        self.left -= 1
        return self.left < 0


def problem_of(**given: Any) -> Problem:
    values = EvolutionSettings(**{"data": "iris", "layers": "2", "members": 12, "generations": 8, "tol": 0.0, **given})
    return make_problem(values, load_split(values))


def evolve(evolution: Evolution, generations: int, workers: int = 1, halt: Halt = NEVER) -> list[GenerationResult]:
    """Some generations' results, without their times."""
    found = []
    with ThreadPool(workers) as pool:
        for _ in range(generations):
            if evolution.reason_to_end is None:
                found.append(replace(evolution.next_generation(pool, halt), seconds=0.0, elapsed=0.0))
    return found


def evolution_of(problem: Problem, state: Any = None) -> Evolution:
    return Evolution(problem, state, lambda _: None)


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
    chosen = evolution.chosen()
    return [
        *((name, value.tobytes() if isinstance(value, np.ndarray) else value) for name, value in values.items()),
        (state.best_held_out_loss, state.best_held_out_weights.tobytes(), state.best_held_out_generation),
        (chosen[0].tobytes(), chosen[1], evolution.reason_to_end),
    ]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_an_evolution_read_from_its_checkpoint_goes_on_bit_for_bit(strategy: str, tmp_path: Path) -> None:
    given: dict[str, Any] = {"strategy": strategy, "fitness": "log_loss", "init": "glorot", "weight_decay": 0.01}
    if strategy in FAMILIES:
        given["members"] = None
    problem = problem_of(**given)
    whole = evolution_of(problem)
    expected = evolve(whole, 99)
    assert expected[-1].number == 8
    for generations in (1, 4):
        evolution = evolution_of(problem)
        found = evolve(evolution, generations)
        assert evolution.state is not None
        write_checkpoint(tmp_path, evolution.state, identity_of(problem))
        del evolution
        again = problem_of(**given, jobs=7)
        resumed = evolution_of(again, read_checkpoint(tmp_path, identity_of(again)))
        assert found + evolve(resumed, 99) == expected
        assert contents(resumed) == contents(whole)


VARIETIES: dict[str, dict[str, Any]] = {
    "all rows": {},
    "a scoring": {"fitness": "f1_macro", "members": 8, "generations": 3},
    "mini-batches": {"batch_size": 40, "batch_generations": 3, "generations": 10, "fitness": "log_loss"},
    "restarts": {"restart_after": 2, "generations": 12, "strategy": "shade"},
    "restarts and mini-batches": {"restart_after": 2, "generations": 12, "batch_size": 50, "strategy": "lshade"},
    "early stopping": {
        "validation_fraction": 0.3,
        "early_stopping": True,
        "n_iter_no_change": 3,
        "generations": 50,
        "fitness": "log_loss",
        "init": "glorot",
        "batch_size": 60,
        "strategy": "jade",
    },
    "regression": {"data": "diabetes", "fitness": "squared_error", "layers": "3,2", "init": "sobol"},
    "a best threshold": {
        "data": "breast_cancer",
        "fitness": "fbeta:2",
        "init": "random",
        "layers": "1",
        "validation_fraction": 0.2,
    },
    "costs": {"fitness": "cost", "cost": "0,1,2;3,0,4;5,6,0", "strategy": "shade"},
    "rounded weights and steps": {"bits": 2, "activation": "step", "fitness": "log_loss", "strategy": "shade"},
}


OF_FAMILIES: dict[str, Any] = {"members": None, "init": "glorot", "fitness": "log_loss", "generations": 14}

VARIETIES_OF_FAMILIES: dict[str, dict[str, Any]] = {
    "all rows": {},
    "restarts and mini-batches": {"restart_after": 3, "batch_size": 50, "batch_generations": 2},
    "early stopping": {"validation_fraction": 0.3, "early_stopping": True, "n_iter_no_change": 5, "tol": 1e-4},
}

VARIETIES |= {
    f"{name}: {variety}": {**OF_FAMILIES, "strategy": name, **given}
    for name in FAMILIES
    for variety, given in VARIETIES_OF_FAMILIES.items()
}

VARIETIES |= {
    f"{name}: a first step": {**OF_FAMILIES, "strategy": name, "step": 0.3}
    for name, facts in FAMILIES.items()
    if facts.has_step
}

VARIETIES |= {
    f"{name}: {variety}": {**OF_FAMILIES, "strategy": name, "members": 30, **given}
    for name in ("hill-climbing", "simulated-annealing")
    for variety, given in (
        ("whole networks", {"fitness": "f1_macro", "batch_size": 60}),
        ("rounded weights and steps", {"bits": 4, "activation": "step"}),
        ("steps", {"activation": "step", "fitness": "accuracy"}),
        ("a regression", {"data": "diabetes", "fitness": "squared_error", "restart_after": 2}),
    )
}

WITH_PARENTS = [name for name, given in VARIETIES.items() if given.get("strategy") not in FAMILIES]
"""Varieties of differential evolution."""


@pytest.mark.parametrize("variety", VARIETIES)
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_neither_threads_nor_pauses_nor_a_checkpoint_change_any_bit(
    variety: str, precision: str, tmp_path: Path
) -> None:
    problem = problem_of(**VARIETIES[variety], precision=precision)
    whole = evolution_of(problem)
    expected = evolve(whole, 99)
    assert whole.reason_to_end is not None
    assert len(expected) > 2
    if variety.startswith("restarts"):
        assert expected[-1].restarts > 0
    if variety == "early stopping":
        assert len(expected) < 51
    if "restarts" in variety:
        assert whole.problem.settings.restart_after is not None

    threads = evolution_of(problem)
    assert evolve(threads, 99, workers=3) == expected
    assert contents(threads) == contents(whole)

    halted, found, looks = evolution_of(problem), [], 0
    while halted.reason_to_end is None:
        looks = looks % 5 + 1
        try:
            found += evolve(halted, 1, halt=Soon(looks))
        except GenerationHalted:
            continue
        if len(found) % 3 == 0:
            assert halted.state is not None
            write_checkpoint(tmp_path, halted.state, "this")
            halted = evolution_of(problem, read_checkpoint(tmp_path, "this"))
    assert found == expected
    assert contents(halted) == contents(whole)


CLIMBERS = {
    name: given for name, given in VARIETIES.items() if name.startswith(("hill-climbing", "simulated-annealing"))
}


@pytest.mark.parametrize("variety", CLIMBERS)
def test_a_climber_that_halts_inside_a_generation_goes_on_exactly_there(
    variety: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = problem_of(**CLIMBERS[variety])
    whole = evolution_of(problem)
    expected = evolve(whole, 99)
    monkeypatch.setattr(evaluator, "MAX_PART_FLOPS", 1)  # a look at the halt before every change
    halted, found, calls, inside, killed = evolution_of(problem), [], 0, 0, 0
    while halted.reason_to_end is None:
        calls += 1
        looks = 150 if calls % 6 == 0 else calls * 7 % 23 + 1  # at times enough for all first members, one by one
        before = left_of(halted)
        try:
            found += evolve(halted, 1, halt=Soon(looks))
        except GenerationHalted:
            after = left_of(halted)
            if before is None or after is None:  # first members are evaluated otherwise
                continue
            assert before - looks <= after <= before  # networks that are kept take looks, too, on new rows
            inside += after < before
            if killed < 3 and inside > 3 * (killed + 1):  # killed: the checkpoint is of the generation before
                assert halted.state is not None
                write_checkpoint(tmp_path, halted.state, "this")
                halted = evolution_of(problem, read_checkpoint(tmp_path, "this"))
                killed += 1
    assert inside > 5
    assert killed > 0
    assert found == expected
    assert contents(halted) == contents(whole)


def left_of(evolution: Evolution) -> int | None:
    """Return the changes that are left of the generation under way; None if none is under way."""
    algorithm = evolution._algorithm
    assert isinstance(algorithm, LocalEvolution)
    return None if algorithm._running is None else algorithm._running.generation.left


@pytest.mark.parametrize("variety", WITH_PARENTS)
def test_parents_and_trials_are_compared_on_the_same_rows(variety: str) -> None:
    """After each generation every loss is that on the mini-batch of this generation, whoever is left."""
    problem = problem_of(**VARIETIES[variety])
    evolution = evolution_of(problem)
    evaluations = 0
    while evolution.reason_to_end is None:
        (result,) = evolve(evolution, 1)
        assert evolution.state is not None
        population = evolution.state.population
        assert isinstance(population, Population)
        # A batch serves so many generations; the first population shares that of its first trials.
        number = max(0, population.generation - 1) // problem.settings.batch_generations
        losses = np.full(len(population.members), np.nan)
        fill_losses(problem, mini_batch(problem, number), population.members, losses)
        np.testing.assert_array_equal(population.losses, losses)
        evaluations += len(losses)
        assert result.evaluations == population.evaluations >= evaluations
        assert result.accepted <= result.members or problem.settings.strategy == "lshade"
        if problem.held_out is not None:
            best = population.members[population.best : population.best + 1]
            fill_losses(problem, problem.held_out, best, losses[:1], has_decay=False)
            assert result.held_out == fitness_value(problem.settings, losses[0])
            assert evolution.state.best_held_out_loss <= losses[0]


# Checkpoints ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, Evolution]:
    """A folder with a checkpoint, whose it is, and the evolution."""
    folder = tmp_path_factory.mktemp("kept")
    problem = problem_of(strategy="lshade")
    evolution = evolution_of(problem)
    evolve(evolution, 4)
    assert evolution.state is not None
    write_checkpoint(folder, evolution.state, identity_of(problem))
    return folder, identity_of(problem), evolution


def test_where_there_is_no_checkpoint_none_is_read(tmp_path: Path) -> None:
    assert read_checkpoint(tmp_path, "this") is None


def test_another_evolutions_checkpoint_is_refused(kept: tuple[Path, str, Evolution]) -> None:
    folder, identity, evolution = kept
    settings_of = evolution.problem.settings
    assert identity == identity_of(replace(evolution.problem, settings=replace(settings_of, jobs=3)))
    for other in ({"seed": 1}, {"members": 13}, {"generations": 9}, {"data": "wine"}, {"split_seed": 1}):
        with pytest.raises(StoreError, match="belongs to another evolution"):
            read_checkpoint(folder, identity_of(problem_of(**{"strategy": "lshade", **other})))
    split = evolution.problem.split
    changed = replace(split, facts=replace(split.facts, sha256="0" * 64))
    with pytest.raises(StoreError, match="belongs to another evolution"):
        read_checkpoint(folder, identity_of(replace(evolution.problem, split=changed)))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_checkpoint_is_read_with_larger_limits_where_these_change_no_generation(
    strategy: str, tmp_path: Path
) -> None:
    given: dict[str, Any] = {"strategy": strategy, "fitness": "log_loss", "init": "glorot"}
    if strategy in FAMILIES:
        given["members"] = None
    evolution = evolution_of(problem_of(**given))
    evolve(evolution, 99)
    assert evolution.state is not None
    write_checkpoint(tmp_path, evolution.state, identity_of(evolution.problem))
    for more in ({"generations": 14}, {"generations": None, "evaluations": 10**6}, {"generations": 20, "seconds": 1e6}):
        larger = problem_of(**given | more)
        if strategy == "lshade":
            with pytest.raises(StoreError, match="belongs to another evolution"):
                read_checkpoint(tmp_path, identity_of(larger))
        else:
            whole, resumed = evolution_of(larger), evolution_of(larger, read_checkpoint(tmp_path, identity_of(larger)))
            evolve(whole, 13)
            evolve(resumed, 4)
            assert contents(resumed) == contents(whole)


EARLIER = Path(__file__).parent / "earlier_checkpoints"
"""Checkpoints after four generations, written before there were families, evaluations and seconds."""

EARLIER_SETTINGS: dict[str, dict[str, Any]] = {
    "best1bin": {"strategy": "best1bin"},
    "currenttobest1exp": {"strategy": "currenttobest1exp"},
    "jade_glorot": {
        "strategy": "jade",
        "init": "glorot",
        "bounds": "glorot:10",
        "fitness": "log_loss",
        "weight_decay": 0.01,
        "batch_size": 30,
        "batch_generations": 2,
        "tol": 0.0,
    },
    "restart": {"strategy": "rand1bin", "restart_after": 2, "validation_fraction": 0.2, "early_stopping": True},
    "shade": {"strategy": "shade", "p_best": 0.05},  # as the run's settings say; each trial draws its own now
}


def with_earlier(name: str, folder: Path) -> Path:
    (folder / CHECKPOINT_NAME).write_bytes((EARLIER / f"{name}.npz").read_bytes())
    return folder


@pytest.mark.parametrize("name", EARLIER_SETTINGS)
def test_a_checkpoint_of_an_earlier_version_is_read(name: str, tmp_path: Path) -> None:
    given = {"layers": "3", "seed": 3, "tol": 1e-3, **EARLIER_SETTINGS[name]}
    problem = problem_of(**given)
    whole = evolution_of(problem)
    expected = evolve(whole, 99)
    resumed = evolution_of(problem, read_checkpoint(with_earlier(name, tmp_path), identity_of(problem)))
    assert evolve(resumed, 99) == expected[5:]
    assert contents(resumed) == contents(whole)
    with pytest.raises(StoreError, match="belongs to another evolution"):
        read_checkpoint(tmp_path, identity_of(problem_of(**given | {"seed": 4})))


def test_a_checkpoint_of_an_earlier_lshade_is_refused_because_its_population_shrank_otherwise(tmp_path: Path) -> None:
    problem = problem_of(layers="3", seed=3, tol=1e-3, strategy="lshade")
    with pytest.raises(StoreError, match="whose strategy had other numbers"):
        read_checkpoint(with_earlier("lshade", tmp_path), identity_of(problem))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_that_remembers_other_values_refuses_its_checkpoint(family: str, tmp_path: Path) -> None:
    problem = problem_of(**{**OF_FAMILIES, "strategy": family})
    evolution = evolution_of(problem)
    evolve(evolution, 3)
    assert evolution.state is not None
    write_checkpoint(tmp_path, evolution.state, identity_of(problem))
    with np.load(tmp_path / CHECKPOINT_NAME) as arrays:
        kept = {name: arrays[name] for name in arrays.files}
    learned = [name for name in kept if name.startswith("state.")]
    assert {"state.generation", "state.seed"} < set(learned)
    for changed in (
        {name: kept[name] for name in kept if name != learned[-1]},
        kept | {"state.momentum": np.zeros(3)},
        kept | {"family": np.array("no-such-family")},
    ):
        with (tmp_path / CHECKPOINT_NAME).open("wb") as file:
            np.savez(file, **changed)
        with pytest.raises(StoreError, match="cannot be read back"):
            read_checkpoint(tmp_path, identity_of(problem))


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_checkpoint_cut_short_is_refused(kept: tuple[Path, str, Evolution], share: float, tmp_path: Path) -> None:
    content = (kept[0] / CHECKPOINT_NAME).read_bytes()
    (tmp_path / CHECKPOINT_NAME).write_bytes(content[: int(share * len(content))])
    with pytest.raises(StoreError, match="cannot be read back"):
        read_checkpoint(tmp_path, kept[1])


@pytest.mark.parametrize("garbage", [b"garbage", b"\x80\x04.", b"PK\x03\x04", b"\x93NUMPY\x01\x00", b"\x00" * 99])
def test_nobody_is_told_to_allow_pickles_for_a_checkpoint(garbage: bytes, tmp_path: Path) -> None:
    (tmp_path / CHECKPOINT_NAME).write_bytes(garbage)
    with pytest.raises(StoreError) as caught:
        read_checkpoint(tmp_path, "identity")
    assert str(caught.value) == ("the checkpoint cannot be read back (it is damaged, or no checkpoint of nnsize)")


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_a_damaged_byte_is_noticed_or_changes_nothing(
    kept: tuple[Path, str, Evolution], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder, identity, evolution = kept
    content = bytearray((folder / CHECKPOINT_NAME).read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    damaged = tmp_path_factory.mktemp("damaged")
    (damaged / CHECKPOINT_NAME).write_bytes(content)
    try:
        state = read_checkpoint(damaged, identity)
    except StoreError:
        return
    assert contents(evolution_of(evolution.problem, state)) == contents(evolution)


@pytest.mark.parametrize("missing", ["members", "losses", "archive_room", "numbers", "watched", "identity"])
def test_a_checkpoint_without_one_of_its_parts_is_refused(
    kept: tuple[Path, str, Evolution], missing: str, tmp_path: Path
) -> None:
    with np.load(kept[0] / CHECKPOINT_NAME) as arrays:
        rest = {name: arrays[name] for name in arrays.files if name != missing}
    with (tmp_path / CHECKPOINT_NAME).open("wb") as file:
        np.savez(file, **rest)
    with pytest.raises(StoreError, match="cannot be read back"):
        read_checkpoint(tmp_path, kept[1])


def test_a_checkpoint_that_cannot_be_written_leaves_the_earlier_one(
    kept: tuple[Path, str, Evolution], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, identity, evolution = kept
    assert evolution.state is not None
    write_checkpoint(tmp_path, evolution.state, identity)
    before = (tmp_path / CHECKPOINT_NAME).read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        write_checkpoint(tmp_path, replace(evolution.state, best_held_out_loss=0.5), identity)
    assert (tmp_path / CHECKPOINT_NAME).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [CHECKPOINT_NAME]
    (tmp_path / f"{CHECKPOINT_DRAFT}left").touch()  # by a runner that was killed
    remove_drafts(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [CHECKPOINT_NAME]
    remove_checkpoint(tmp_path)
    assert not list(tmp_path.iterdir())


# Without Numba -------------------------------------------------------------------------------------------------------

EVOLVE = """
import json, threading, warnings
warnings.simplefilter("error")
import numpy as np
from nnsize_engine.data.split import load_split
from nnsize_engine.evolution.ask_tell import ask, first_population
from nnsize_engine.evolution.evolve import Evolution
from nnsize_engine.evolution.population import fill_part, member_parts
from nnsize_engine.evolution.problem import make_problem
from nnsize_engine.evolution.summary import distance_to_mean, summarise_generation
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.strategies import FAMILIES
from nnsize_engine.processes.parallel import ThreadPool
from support.minimise import box

random, evolved = [], []
for init in ("random", "latinhypercube"):
    for strategy in ("best1bin", "rand1exp"):
        given = EvolutionSettings(init=init, strategy=strategy, members=7, precision="float64")
        members = np.empty((7, 5))
        space = box(np.full(5, -1.0), np.full(5, 2.0))
        for part in member_parts(given, space, 7):
            fill_part(given, space, 0, part, members)
        trials = ask(first_population(members, given), space, given)
        random += [members.tobytes().hex(), trials.members.tobytes().hex()]
for given in ({"strategy": "best1bin"}, {"strategy": "lshade", "fitness": "log_loss", "weight_decay": 0.1},
              {"data": "diabetes", "fitness": "squared_error", "batch_size": 20, "validation_fraction": 0.5},
              *({"strategy": family, "members": None, "init": "glorot", "fitness": "log_loss", "restart_after": 1}
                for family in FAMILIES)):
    settings = EvolutionSettings(**{"data": "iris", "layers": "2", "members": 6, "generations": 3, "tol": 0,
                                    "precision": "float64", **given})
    evolution = Evolution(make_problem(settings, load_split(settings)), None, lambda _: None)
    with ThreadPool(1) as pool:
        while evolution.reason_to_end is None:
            found = evolution.next_generation(pool, threading.Event())
            evolved.append([found.best, found.mean, found.train, found.diversity, found.accepted, found.members])
print(json.dumps([random, evolved]))
"""


def test_without_numba_random_numbers_are_the_same_and_generations_too() -> None:
    compiled = io.StringIO()
    with contextlib.redirect_stdout(compiled):
        exec(EVOLVE, {})
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(Path(__file__).parents[2])}
    found = subprocess.run([sys.executable, "-c", EVOLVE], env=environment, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    random, evolved = json.loads(compiled.getvalue())
    random_without, evolved_without = json.loads(found.stdout)
    assert random_without == random
    np.testing.assert_allclose(evolved_without, evolved, rtol=1e-9)


@pytest.mark.parametrize("strategy", ["lm-ma-es", "hill-climbing"])
def test_a_flipped_bit_of_a_checkpoint_is_noticed_or_changes_nothing(tmp_path: Path, strategy: str) -> None:
    problem = problem_of(strategy=strategy)
    evolution = evolution_of(problem)
    evolve(evolution, 3)
    assert evolution.state is not None
    write_checkpoint(tmp_path, evolution.state, identity_of(problem))
    whole = (tmp_path / CHECKPOINT_NAME).read_bytes()
    before = contents(evolution)
    random = np.random.default_rng(0)
    for _ in range(150):
        place, bit = int(random.integers(len(whole))), int(random.integers(8))
        changed = whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :]
        (tmp_path / CHECKPOINT_NAME).write_bytes(changed)
        with contextlib.suppress(StoreError):
            assert contents(evolution_of(problem, read_checkpoint(tmp_path, identity_of(problem)))) == before


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("losses", lambda losses: losses * np.nan, "losses holds NaN"),
        ("members", lambda members: members * np.inf, "members holds NaN|a weight that is not finite"),
        ("members", lambda members: members[1:], "members and losses differ in number"),
        ("watched", lambda watched: watched * np.nan, "watched holds NaN"),
        ("numbers", lambda numbers: -1 - numbers, "numbers holds a negative number"),
    ],
)
def test_a_checkpoint_that_no_evolution_leaves_is_refused(tmp_path: Path, name: str, change: Any, words: str) -> None:
    problem = problem_of()
    evolution = evolution_of(problem)
    evolve(evolution, 2)
    assert evolution.state is not None
    write_checkpoint(tmp_path, evolution.state, identity_of(problem))
    with np.load(tmp_path / CHECKPOINT_NAME) as kept:
        arrays = {key: kept[key] for key in kept.files}
    np.savez(tmp_path / CHECKPOINT_NAME, **arrays | {name: change(arrays[name])})
    with pytest.raises(StoreError, match=f"the checkpoint cannot be read back .*({words})"):
        read_checkpoint(tmp_path, identity_of(problem))
