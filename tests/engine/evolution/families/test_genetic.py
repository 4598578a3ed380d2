"""The genetic algorithm: its obvious version, DEAP's operators, and losses that are no numbers."""

from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from deap import base, creator, tools
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from nnsize_engine.errors import SettingsError
from nnsize_engine.evolution.families.genetic import FAMILY, Crossover, Genetic
from support.family_runs import begun, best_value, trials_of
from support.obvious_families import child
from support.reference_evolution import rosenbrock

Floats = NDArray[Any]

CROSSOVERS: tuple[Crossover, ...] = ("arithmetical", "uniform")


@given(
    st.sampled_from(CROSSOVERS),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.sampled_from([0.001, 0.1, 0.7, 1.0]),
    st.sampled_from([0.1, 0.5, 1.0]),
    st.sampled_from([0.0, 0.3]),
    st.integers(2, 12),
    st.integers(1, 40),
    st.integers(0, 2**64 - 1),
    st.lists(st.integers(1, 11), max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_it_equals_its_obvious_version(
    crossover: Crossover, chance: float, share: float, elites: float, spread: float, members: int, weights: int,
    seed: int, parts: list[int],
) -> None:  # fmt: skip
    """To 1e-9, over three generations, and in parts of any size bit for bit."""
    family = Genetic(
        crossover=crossover, crossover_chance=chance, mutated_share=share, elite_share=elites, spread=spread
    )
    random = np.random.default_rng(seed)
    first, losses = random.normal(size=(members, weights)), random.integers(0, 5, members).astype(float)
    state = begun(family, first, losses, seed=seed, step=0.5)
    count = max(2, round(elites * members))
    order = np.argsort(losses, kind="stable")[:count]
    parents, values, steps = first[order], losses[order], np.full(count, 0.5)
    for generation in range(1, 4):
        trials = trials_of(family, state, first)
        np.testing.assert_array_equal(trials_of(family, state, first, parts), trials)
        rule = {**asdict(family), "seed": seed, "generation": generation}
        made = [child(parents, steps, rule, number) for number in range(members)]
        np.testing.assert_allclose(trials, [weights for weights, _ in made], rtol=1e-9, atol=1e-9)
        losses = random.integers(0, 5, members).astype(float)
        state = family.tell(state, trials, losses)
        ranked = sorted(
            [(loss, 0, number) for number, loss in enumerate(losses)]
            + [(loss, 1, number) for number, loss in enumerate(values)]
        )[:count]
        everything = (trials, parents)
        sizes = ([step for _, step in made], list(steps))
        parents = np.array([everything[age][number] for _, age, number in ranked])
        steps = np.array([sizes[age][number] for _, age, number in ranked])
        values = np.array([loss for loss, _, _ in ranked])
        np.testing.assert_array_equal(state.parents, parents)
        np.testing.assert_array_equal(state.losses, values)
        np.testing.assert_allclose(state.steps, steps, rtol=1e-9)
        assert state.accepted == sum(age == 0 for _, age, _ in ranked)


def with_deap(first: Floats, generations: int, *, sigma: float, share: float) -> float:
    """The smallest value of Rosenbrock's function that DEAP's operators find in the same scheme."""
    parents = [creator.Member(weights) for weights in first.tolist()]
    for member in parents:
        member.fitness.values = (float(rosenbrock(np.array([member]))[0]),)
    parents = tools.selBest(parents, 8)
    for _ in range(generations):
        children = []
        for _ in range(len(first)):
            one, other = (creator.Member(member) for member in tools.selRandom(parents, 2))
            tools.cxUniform(one, other, indpb=0.5)
            tools.mutGaussian(one, mu=0, sigma=sigma, indpb=share)
            one.fitness.values = (float(rosenbrock(np.array([one]))[0]),)
            children.append(one)
        parents = tools.selBest(children + parents, 8)
    return float(parents[0].fitness.values[0])


def test_it_finds_what_deaps_operators_find() -> None:
    """Medians of 15 seeds within a factor of 2, with mutations of one size as DEAP's; values range over decades."""
    import random

    creator.create("Smallest", base.Fitness, weights=(-1.0,))
    creator.create("Member", list, fitness=creator.Smallest)
    family = Genetic(crossover="uniform", spread=0.0, mutated_share=0.3)
    ours, theirs = [], []
    for seed in range(15):
        random.seed(seed)
        ours.append(best_value(family, rosenbrock, starts(seed), 60, seed=seed, step=0.1))
        theirs.append(with_deap(starts(100 + seed), 60, sigma=0.1, share=0.3))
    assert 0.5 < np.median(ours) / np.median(theirs) < 2


def starts(seed: int) -> Floats:
    drawn: Floats = np.random.default_rng(seed).uniform(-2, 2, size=(40, 6))
    return drawn


def test_its_defaults_find_the_smallest_value_of_a_sphere_from_any_first_step() -> None:
    for step in (0.1, 1.0, 10.0):
        found = [best_value(FAMILY, sphere, starts(seed), 100, seed=seed, step=step) for seed in range(5)]
        assert np.median(found) < 1e-4


def sphere(X: Floats) -> Floats:
    values: Floats = (X**2).sum(axis=1)
    return values


@pytest.mark.parametrize("loss", [np.inf, np.nan, -np.inf])
def test_a_loss_that_is_no_number_never_wins(loss: float) -> None:
    first = starts(0).astype(np.float32)
    state = begun(FAMILY, first, np.arange(40.0))
    after = FAMILY.tell(state, trials_of(FAMILY, state, first), np.full(40, loss))
    np.testing.assert_array_equal(after.parents, state.parents)
    assert after.accepted == 0
    state = begun(FAMILY, first, np.full(40, loss))
    for _ in range(5):
        state = FAMILY.tell(state, trials_of(FAMILY, state, first), np.full(40, loss))
    assert np.isfinite(state.parents).all()
    assert np.isfinite(state.steps).all()
    assert state.generation == 5


def test_new_rows_put_the_parents_in_another_order() -> None:
    first = starts(0)
    state = begun(FAMILY, first, np.arange(40.0))
    changed = FAMILY.with_losses(state, np.arange(8.0)[::-1])
    np.testing.assert_array_equal(FAMILY.remembered(changed), state.parents[::-1])
    assert changed.losses.tolist() == list(range(8))


def test_it_needs_two_members() -> None:
    assert FAMILY.member_count(1000, None) == 40
    assert FAMILY.member_count(1000, 2) == 2
    with pytest.raises(SettingsError, match="members is 1; a genetic algorithm needs at least 2"):
        FAMILY.member_count(1000, 1)
