"""Ask and tell: who survives, what is learned, and a generation in numbers."""

import math
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from nnsize_engine.evolution.adaptation import learn
from nnsize_engine.evolution.algorithm import Learned
from nnsize_engine.evolution.ask_tell import Population, Trials, ask, first_population, has_converged, tell
from nnsize_engine.evolution.summary import distance_to_mean, evenly_chosen, summarise_generation
from nnsize_engine.results.records import GenerationResult
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.strategies import ADAPTIVE_STRATEGIES, DIFFERENTIAL_STRATEGIES, PBEST_STRATEGIES
from support.minimise import box, minimise
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
    strategy = data.draw(st.sampled_from([name for name in DIFFERENTIAL_STRATEGIES if name != "lshade"]))
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
@pytest.mark.parametrize("is_limited_by", ["evaluations", "generations"])
def test_lshade_shrinks_in_a_line_to_its_four_best(
    is_limited_by: str, count: int, generations: int, archive: float, seed: int
) -> None:
    most = count * (generations + 3)
    limit: dict[str, Any] = {"evaluations": most} if is_limited_by == "evaluations" else {"generations": generations}
    given = EvolutionSettings(
        strategy="lshade", members=count, archive=archive, seed=seed, precision="float64", **limit
    )
    plan = given.plan(count)
    random = np.random.default_rng(seed)
    population = replace(
        first_population(random.uniform(-1, 1, size=(count, 2)), given),
        losses=random.normal(size=count),
        evaluations=count,
    )
    space = box([-1, -1], [1, 1])
    for generation in range(1, plan.generations + 1):
        before = len(population.members)
        trials = ask(population, space, given)
        trials.losses[:] = random.normal(size=before)
        whole = np.sort(np.minimum(population.losses, trials.losses))
        population, _ = tell(population, trials, given)
        if is_limited_by == "evaluations":  # Tanabe and Fukunaga 2014, equation 10, as in their code
            line = (4 - count) / most * population.evaluations + count
            assert len(population.members) == max(4, math.floor(line + 0.5))
        assert population.generation == generation
        assert 4 <= len(population.members) <= before
        np.testing.assert_array_equal(np.sort(population.losses), whole[: len(population.members)])
        assert len(population.archive) <= max(round(archive * len(population.members)), 0) or before == 4
        assert population.archived <= len(population.archive)
    assert population.evaluations == plan.evaluations
    if is_limited_by == "generations":
        assert (len(population.members), plan.generations) == (4, generations)
    else:
        assert most - len(population.members) < population.evaluations <= most


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


# In numbers ----------------------------------------------------------------------------------------------------------


def summary_of(members: Floats, losses: Sequence[float], **given: Any) -> GenerationResult:
    values = EvolutionSettings(**{"members": 5, "fitness": "log_loss", **given})
    population = replace(first_population(members, values), losses=np.array(losses, dtype=np.float64))
    return summarise_generation(
        population,
        values,
        compared=evenly_chosen(members),
        losses_of_best=(min(losses), 0.5, None),
        learned=Learned(),
        times=(0.0, 0.0),
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
