"""Ask and tell: who survives, what is learned, and that an evolution that is left and taken up again is the same."""

import contextlib
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import fields, replace
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from nnsize_engine.data import load_split
from nnsize_engine.errors import StoreError
from nnsize_engine.evolution.adaptation import learn
from nnsize_engine.evolution.ask_tell import Population, Trials, ask, first_population, has_converged, tell
from nnsize_engine.evolution.checkpoint import (
    identity_of,
    read_checkpoint,
    remove_checkpoint,
    remove_drafts,
    write_checkpoint,
)
from nnsize_engine.evolution.evolve import Evolution, Halted
from nnsize_engine.evolution.mini_batches import mini_batch
from nnsize_engine.evolution.minimise import minimise
from nnsize_engine.evolution.problem import Problem, fill_losses, make_problem
from nnsize_engine.evolution.space import box
from nnsize_engine.evolution.summary import distance_to_mean, summarise_generation
from nnsize_engine.evolution_settings import EvolutionSettings
from nnsize_engine.parallel import Halt, Team
from nnsize_engine.records import GenerationResult
from nnsize_engine.store import CHECKPOINT_DRAFT, CHECKPOINT_NAME
from nnsize_engine.strategies import ADAPTIVE_STRATEGIES, PBEST_STRATEGIES, STRATEGIES
from support.reference_evolution import learn_jade, learn_lshade, learn_shade, rastrigin

Floats = NDArray[Any]

SCIPY_SOLVER: Any = import_module("scipy.optimize._differentialevolution").DifferentialEvolutionSolver

any_loss = st.sampled_from([0.0, 1.0, 2.0, np.inf]) | st.floats(-1e6, 1e6)
any_answer = any_loss | st.sampled_from([np.nan, -np.inf])


# Who survives --------------------------------------------------------------------------------------------------------


def population_of(losses: Sequence[float], given: EvolutionSettings, archived: int = 0) -> Population:
    """Members that can be told from one another and from those of the archive."""
    count = len(losses)
    population = first_population(np.arange(2.0 * count).reshape(count, 2), given)
    population.archive[:archived] = -1 - np.arange(2.0 * archived).reshape(archived, 2)
    return replace(population, losses=np.array(losses), archived=archived, generation=5)


def trials_of(losses: Sequence[float]) -> Trials:
    count = len(losses)
    return Trials(
        members=1000 + np.arange(2.0 * count).reshape(count, 2),
        factors=np.full((count, 2), 0.5),
        losses=np.array(losses),
    )


@given(st.lists(st.tuples(any_loss, any_answer), min_size=5, max_size=12), st.data())
@settings(max_examples=150, deadline=None)
def test_a_trial_that_is_no_worse_replaces_its_parent_as_in_scipy_and_what_is_not_finite_never_wins(
    pairs: list[tuple[float, float]], data: st.DataObject
) -> None:
    parents, answers = zip(*pairs, strict=True)
    strategy = data.draw(st.sampled_from([name for name in STRATEGIES if name != "lshade"]))
    given = EvolutionSettings(strategy=strategy, members=len(parents) + 1, archive=0.7, precision="float64")
    room = len(population_of(parents, given).archive)
    before = population_of(parents, given, data.draw(st.integers(0, room)))
    members, archive = before.members.copy(), before.archive[: before.archived].copy()
    trials = trials_of(answers)
    after, accepted = tell(before, trials, given)

    nothing = np.zeros(1)
    wins = [
        bool(SCIPY_SOLVER._accept_trial(None, answer, True, nothing, parent, True, nothing))
        and bool(np.isfinite(answer))
        for parent, answer in pairs
    ]
    assert accepted == sum(wins)
    for member, has_won in enumerate(wins):
        assert after.losses[member] == (answers if has_won else parents)[member]
        assert after.members[member].tolist() == (trials.members if has_won else members)[member].tolist()
    assert after.generation == 6
    assert after.evaluations == len(parents)
    assert after.stagnation == (0 if min(after.losses) < min(parents) else 1)

    # The archive: earlier ones and parents that a better trial replaced, as many as there is room for.
    replaced = [members[number] for number, pair in enumerate(pairs) if wins[number] and pair[1] < pair[0]]
    assert len(after.archive) == room == (round(0.7 * len(parents)) if strategy in PBEST_STRATEGIES else 0)
    assert after.archived == min(room, len(archive) + len(replaced) if room else 0)
    known = {tuple(row) for row in (*archive.tolist(), *(row.tolist() for row in replaced))}
    held = [tuple(row) for row in after.archive[: after.archived].tolist()]
    assert set(held) <= known
    assert len(set(held)) == len(held)


@given(st.integers(5, 60), st.integers(1, 30), st.floats(0, 3), st.integers(0, 1000))
@settings(max_examples=12, deadline=None)
def test_lshade_shrinks_in_a_line_to_its_four_best(count: int, generations: int, archive: float, seed: int) -> None:
    given = EvolutionSettings(
        strategy="lshade", members=count, generations=generations, archive=archive, seed=seed, precision="float64"
    )
    random = np.random.default_rng(seed)
    population = replace(
        first_population(random.uniform(-1, 1, size=(count, 2)), given), losses=random.normal(size=count)
    )
    space = box([-1, -1], [1, 1])
    for generation in range(1, generations + 1):
        before = len(population.members)
        trials = ask(population, space, given)
        trials.losses[:] = random.normal(size=before)
        whole = np.sort(np.minimum(population.losses, trials.losses))
        population, _ = tell(population, trials, given)
        # Tanabe and Fukunaga 2014, equation 10, with generations in place of evaluations.
        assert len(population.members) == round((4 - count) / generations * generation + count)
        np.testing.assert_array_equal(np.sort(population.losses), whole[: len(population.members)])
        assert len(population.archive) <= max(round(archive * len(population.members)), 0) or before == 4
        assert population.archived <= len(population.archive)
    assert len(population.members) == 4


@given(
    st.lists(st.floats(-1e100, 1e100) | st.just(np.inf), min_size=5, max_size=20) | st.just([0.3] * 5),
    st.floats(0, 2),
    st.floats(0, 2),
)
@settings(max_examples=200, deadline=None)
def test_a_population_has_converged_when_scipy_says_so(energies: list[float], tol: float, atol: float) -> None:
    solver = SimpleNamespace(population_energies=np.array(energies), tol=tol, atol=atol)
    given = EvolutionSettings(members=5, tol=tol, atol=atol)
    with np.errstate(all="ignore"):
        expected = bool(SCIPY_SOLVER.converged(solver))
    assert has_converged(population_of(energies, given), given) == expected


def test_the_first_population_is_not_asked_whether_it_has_converged() -> None:
    given = EvolutionSettings(members=5, generations=9)
    found = minimise(lambda points: np.ones(len(points)), box([-1, -1], [1, 1]), given)
    assert found.generation == 1  # as nit of scipy.optimize.differential_evolution


def test_losses_too_large_to_have_a_spread_have_not_converged() -> None:
    given = EvolutionSettings(members=5, tol=0.5)
    assert not has_converged(population_of([1e200, -1e200, 1e308, 1e308, 1e308], given), given)


def test_a_value_that_is_not_a_number_is_never_the_best() -> None:
    given = EvolutionSettings(members=8, generations=20, precision="float64")

    def holed(points: Floats) -> Floats:
        return np.where(points[:, 0] < 0, np.nan, rastrigin(points))

    found = minimise(holed, box([-5, -5], [5, 5]), given)
    assert np.isfinite(found.losses).all()
    assert (found.members[:, 0] >= 0).all()


# What is learned -----------------------------------------------------------------------------------------------------

unit = st.floats(0.001, 1)
successes = st.lists(st.tuples(unit, st.just(0.0) | unit, st.floats(1e-12, 1e12)), min_size=1, max_size=15)


@given(successes, st.sampled_from(ADAPTIVE_STRATEGIES), st.integers(0, 4), st.sampled_from([-1.0, 0.0, 0.2, 1.0]))
@settings(max_examples=150, deadline=None)
def test_means_follow_the_papers_equations(
    found: list[tuple[float, float, float]], strategy: str, position: int, rate: float
) -> None:
    assume(rate >= 0 or strategy == "lshade")
    scales, rates, gains = zip(*found, strict=True)
    before = np.full((5, 2), 0.5)
    position = 0 if strategy == "jade" else position
    before[position] = 0.4, rate
    means, following = learn(strategy, before.copy(), position, np.column_stack([scales, rates]), np.array(gains))
    if strategy == "jade":
        expected = learn_jade((0.4, rate), scales, rates)
    elif strategy == "shade":
        expected = learn_shade(gains, scales, rates)
    else:
        expected = learn_lshade(rate, gains, scales, rates)
    np.testing.assert_allclose(means[position], expected, rtol=1e-12)
    assert (np.delete(means, position, axis=0) == 0.5).all()
    assert following == (0 if strategy == "jade" else (position + 1) % 5)


@given(
    st.lists(st.tuples(st.floats(1e-320, 1), st.floats(0, 1), st.floats(5e-324, np.inf)), min_size=0, max_size=8),
    st.sampled_from(ADAPTIVE_STRATEGIES),
)
@settings(max_examples=200, deadline=None)
def test_means_stay_between_0_and_1_whatever_has_succeeded(
    found: list[tuple[float, float, float]], strategy: str
) -> None:
    array = np.array(found).reshape(-1, 3)
    means, _ = learn(strategy, np.full((2, 2), 0.5), 0, array[:, :2], array[:, 2])
    assert (means[:, 0] >= 0).all()
    assert ((means[:, 1] >= 0) | (means[:, 1] == -1)).all()
    assert (means <= 1 + 1e-12).all()


@pytest.mark.parametrize("strategy", ADAPTIVE_STRATEGIES)
def test_every_factor_of_a_whole_evolution_is_in_its_range(strategy: str) -> None:
    given = EvolutionSettings(strategy=strategy, members=20, generations=60, tol=0, precision="float64")
    space = box(np.full(4, -5.0), np.full(4, 5.0))
    population = minimise(rastrigin, space, replace(given, generations=1))
    rates = []
    while population.generation < 60:
        trials = ask(population, space, given)
        assert (trials.factors > 0)[:, 0].all()
        assert (trials.factors >= 0).all()
        assert (trials.factors <= 1).all()
        rates.append(trials.factors[:, 1].mean())
        trials.losses[:] = rastrigin(trials.members)
        population, _ = tell(population, trials, given)
        assert (population.means <= 1).all()
        assert ((population.means >= 0) | (population.means == -1)).all()
    assert np.ptp(rates) > 0.05  # something is learned


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
    with Team(workers) as team:
        for _ in range(generations):
            if evolution.reason_to_end is None:
                found.append(replace(evolution.next_generation(team, halt), seconds=0.0, elapsed=0.0))
    return found


def evolution_of(problem: Problem, state: Any = None) -> Evolution:
    return Evolution(problem, state, lambda _: None)


def contents(evolution: Evolution) -> list[Any]:
    """Everything of a state but times, to be compared bit by bit."""
    state = evolution.state
    assert state is not None
    population = state.population
    values: dict[str, Any] = {field.name: getattr(population, field.name) for field in fields(population)}
    values["archive"] = population.archive[: population.archived]
    values["room"] = len(population.archive)
    chosen = evolution.chosen()
    return [
        *((name, value.tobytes() if isinstance(value, np.ndarray) else value) for name, value in values.items()),
        (state.watched, state.watched_weights.tobytes(), state.watched_generation),
        (chosen[0].tobytes(), chosen[1], evolution.reason_to_end),
    ]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_an_evolution_read_from_its_checkpoint_goes_on_bit_for_bit(strategy: str, tmp_path: Path) -> None:
    problem = problem_of(strategy=strategy, fitness="log_loss", init="glorot", weight_decay=0.01)
    whole = evolution_of(problem)
    expected = evolve(whole, 99)
    assert expected[-1].number == 8
    for generations in (1, 4):
        evolution = evolution_of(problem)
        found = evolve(evolution, generations)
        assert evolution.state is not None
        write_checkpoint(tmp_path, evolution.state, identity_of(problem))
        del evolution
        again = problem_of(strategy=strategy, fitness="log_loss", init="glorot", weight_decay=0.01, jobs=7)
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
}


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

    threads = evolution_of(problem)
    assert evolve(threads, 99, workers=3) == expected
    assert contents(threads) == contents(whole)

    halted, found, looks = evolution_of(problem), [], 0
    while halted.reason_to_end is None:
        looks = looks % 5 + 1
        try:
            found += evolve(halted, 1, halt=Soon(looks))
        except Halted:
            continue
        if len(found) % 3 == 0:
            assert halted.state is not None
            write_checkpoint(tmp_path, halted.state, "this")
            halted = evolution_of(problem, read_checkpoint(tmp_path, "this"))
    assert found == expected
    assert contents(halted) == contents(whole)


@pytest.mark.parametrize("variety", VARIETIES)
def test_parents_and_trials_are_compared_on_the_same_rows(variety: str) -> None:
    """After each generation every loss is that on the mini-batch of this generation, whoever is left."""
    problem = problem_of(**VARIETIES[variety])
    evolution = evolution_of(problem)
    evaluations = 0
    while evolution.reason_to_end is None:
        (result,) = evolve(evolution, 1)
        assert evolution.state is not None
        population = evolution.state.population
        # A batch serves so many generations; the first population shares that of its first trials.
        number = max(0, population.generation - 1) // problem.settings.batch_generations
        losses = np.full(len(population.members), np.nan)
        fill_losses(problem, mini_batch(problem, number), population.members, losses)
        np.testing.assert_array_equal(population.losses, losses)
        evaluations += len(losses)
        assert result.evaluations == population.evaluations >= evaluations
        assert result.accepted <= result.members or problem.settings.strategy == "lshade"
        if problem.held is not None:
            best = population.members[population.best : population.best + 1]
            fill_losses(problem, problem.held, best, losses[:1], has_decay=False)
            assert result.held_out == losses[0]
            assert evolution.state.watched <= losses[0]


# In numbers ----------------------------------------------------------------------------------------------------------


def summary_of(members: Floats, losses: Sequence[float], **given: Any) -> GenerationResult:
    values = EvolutionSettings(**{"members": 5, "fitness": "log_loss", **given})
    return summarise_generation(
        replace(first_population(members, values), losses=np.array(losses, dtype=np.float64)),
        values,
        train=0.5,
        held_out=None,
        accepted=0,
        factors=np.empty((0, 2)),
        seconds=0.0,
        elapsed=0.0,
    )


@given(
    st.lists(st.floats(0, 1e9) | st.sampled_from([0.0, 1.0, 5e-324, np.inf]), min_size=1, max_size=60),
    st.sampled_from(["log_loss", "accuracy"]),
)
@settings(max_examples=100, deadline=None)
def test_a_generation_in_numbers_is_numpys(losses: list[float], fitness: str) -> None:
    members = np.random.default_rng(0).normal(size=(len(losses), 3))
    found = summary_of(members, losses, fitness=fitness, strategy="shade")
    known = np.array([loss if fitness == "log_loss" else -loss for loss in losses if np.isfinite(loss)])
    assert found.diversity == pytest.approx(np.sqrt(members.var(axis=0).mean()))
    assert (found.mutation, found.recombination) == (None, None)
    assert sum(found.counts) == len(known)
    if not len(known):
        assert (found.best, found.mean, found.std, found.low, found.high) == (None,) * 5
        return
    assert found.best == (known.min() if fitness == "log_loss" else known.max())
    assert (found.mean, found.std) == (known.mean(), known.std())
    assert (found.low, found.high) == (known.min(), known.max())
    if np.ptp(known) > 1e-300:
        places = (known - known.min()) / np.ptp(known) * len(found.counts)
        is_doubtful = np.abs(places - np.round(places)) < 1e-9  # at a border, rounding decides
        expected, _ = np.histogram(places, bins=len(found.counts), range=(0, len(found.counts)))
        assert np.abs(np.cumsum(found.counts) - np.cumsum(expected)).max() <= is_doubtful.sum()


@pytest.mark.parametrize("count", [999, 1000, 1001, 2500])
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_of_many_members_evenly_chosen_ones_are_compared_by_the_same_machine_code(count: int, precision: str) -> None:
    members = np.random.default_rng(0).normal(size=(count, 4)).astype(precision)
    found = summary_of(members, np.ones(count).tolist())
    assert found.diversity == pytest.approx(1.0, abs=0.05)
    assert len(distance_to_mean.signatures) <= 2  # type: ignore[attr-defined]


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


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_checkpoint_cut_short_is_refused(kept: tuple[Path, str, Evolution], share: float, tmp_path: Path) -> None:
    content = (kept[0] / CHECKPOINT_NAME).read_bytes()
    (tmp_path / CHECKPOINT_NAME).write_bytes(content[: int(share * len(content))])
    with pytest.raises(StoreError, match="cannot be read back"):
        read_checkpoint(tmp_path, kept[1])


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
        write_checkpoint(tmp_path, replace(evolution.state, watched=0.5), identity)
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
from nnsize_engine.data import load_split
from nnsize_engine.evolution.ask_tell import ask, first_population
from nnsize_engine.evolution.evolve import Evolution
from nnsize_engine.evolution.population import fill_part, member_parts
from nnsize_engine.evolution.problem import make_problem
from nnsize_engine.evolution.space import box
from nnsize_engine.evolution.summary import distance_to_mean, summarise_generation
from nnsize_engine.evolution_settings import EvolutionSettings
from nnsize_engine.parallel import Team

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
              {"data": "diabetes", "fitness": "squared_error", "batch_size": 20, "validation_fraction": 0.5}):
    settings = EvolutionSettings(**{"data": "iris", "layers": "2", "members": 6, "generations": 3, "tol": 0,
                                    "precision": "float64", **given})
    evolution = Evolution(make_problem(settings, load_split(settings)), None, lambda _: None)
    with Team(1) as team:
        while evolution.reason_to_end is None:
            found = evolution.next_generation(team, threading.Event())
            evolved.append([found.best, found.mean, found.train, found.diversity, found.accepted, found.members])
print(json.dumps([random, evolved]))
"""


def test_without_numba_random_numbers_are_the_same_and_generations_too() -> None:
    compiled = io.StringIO()
    with contextlib.redirect_stdout(compiled):
        exec(EVOLVE, {})
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    found = subprocess.run([sys.executable, "-c", EVOLVE], env=environment, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    random, evolved = json.loads(compiled.getvalue())
    random_without, evolved_without = json.loads(found.stdout)
    assert random_without == random
    np.testing.assert_allclose(evolved_without, evolved, rtol=1e-9)
