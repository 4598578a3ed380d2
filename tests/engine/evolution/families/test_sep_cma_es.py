"""Sep-CMA-ES against a slow version, and against the package cmaes."""

import statistics
from collections.abc import Callable
from typing import Any

import cmaes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from nnsize_engine.errors import SettingsError
from nnsize_engine.evolution.families.family import Start
from nnsize_engine.evolution.families.sep_cma_es import FAMILY, State
from support.families import normals
from support.obvious_sep_cma_es import ObviousSepCmaEs

Floats = NDArray[Any]


def begun(mean: Floats, members: int, step: float = 0.5, seed: int = 3, precision: str = "float64") -> State:
    start = Start(weights=len(mean), members=members, step=step, seed=seed, restart=0)
    return FAMILY.begin(start, np.tile(mean, (members, 1)).astype(precision), np.ones(members))


def trials_of(state: State) -> Floats:
    trials = np.empty((state.members, len(state.mean)))
    FAMILY.fill(FAMILY.propose(state), 0, trials)
    return trials


def assert_equal(state: State, obvious: ObviousSepCmaEs) -> None:
    np.testing.assert_allclose(state.mean, obvious.mean, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(state.step, obvious.step, rtol=1e-9)
    np.testing.assert_allclose(state.variances, obvious.variances, rtol=1e-9)
    np.testing.assert_allclose(state.step_path, obvious.step_path, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(state.path, obvious.path, rtol=1e-9, atol=1e-12)


@given(
    st.integers(1, 30),
    st.integers(2, 25),
    st.integers(0, 2**32),
    st.floats(1e-3, 10),
    st.lists(st.sampled_from(["number", "number", "infinite", "nan", "equal"]), min_size=1, max_size=5),
)
@settings(max_examples=60, deadline=None)
def test_every_number_is_that_of_the_slow_version(
    weights: int, members: int, seed: int, step: float, kinds: list[str]
) -> None:
    random = np.random.default_rng(seed)
    mean = random.normal(size=weights)
    state, obvious = begun(mean, members, step, seed), ObviousSepCmaEs(mean=mean.tolist(), step=step, members=members)
    for kind in kinds:
        trials = trials_of(state)
        losses = np.ones(members) if kind == "equal" else random.normal(size=members)
        if kind in ("infinite", "nan"):
            losses[random.random(members) < 0.7] = np.inf if kind == "infinite" else np.nan
        state = FAMILY.tell(state, trials, losses)
        obvious.learn(trials.tolist(), losses.tolist())
        assert_equal(state, obvious)


def test_trials_are_normal_numbers_of_their_streams() -> None:
    state = begun(np.array([1.0, -2.0, 0.5]), 4, seed=11)
    obvious = ObviousSepCmaEs(mean=[1.0, -2.0, 0.5], step=0.5, members=4)
    for _ in range(3):
        trials = trials_of(state)
        for trial, z in zip(trials, normals(state, 4, 3), strict=True):
            np.testing.assert_allclose(trial, obvious.trial(z.tolist()), rtol=1e-9)
        losses = (trials**2).sum(axis=1)
        state = FAMILY.tell(state, trials, losses)
        obvious.learn(trials.tolist(), losses.tolist())


@given(st.integers(2, 12), st.integers(2, 20), st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_it_learns_what_cmaes_learns(weights: int, members: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    mean = random.normal(size=weights)
    theirs = cmaes.SepCMA(mean=mean.copy(), sigma=0.7, population_size=members, seed=1)
    state = begun(mean, members, 0.7)
    for _ in range(6):
        trials = trials_of(state)
        losses = (trials**2).sum(axis=1)
        state = FAMILY.tell(state, trials, losses)
        theirs.tell(list(zip(trials, losses.tolist(), strict=True)))
        np.testing.assert_allclose(state.mean, theirs.mean, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(state.step, theirs._sigma, rtol=1e-9)
        np.testing.assert_allclose(state.variances, theirs._C, rtol=1e-9)


def sphere(x: Floats) -> Floats:
    return np.asarray((x**2).sum(axis=-1))


def ellipsoid(x: Floats) -> Floats:
    return np.asarray((1e6 ** np.linspace(0, 1, x.shape[-1]) * x**2).sum(axis=-1))


def rosenbrock(x: Floats) -> Floats:
    return np.asarray((100 * (x[..., 1:] - x[..., :-1] ** 2) ** 2 + (1 - x[..., :-1]) ** 2).sum(axis=-1))


def ours_after(function: Callable[[Floats], Floats], mean: Floats, generations: int, seed: int) -> float:
    members = FAMILY.member_count(len(mean), None)
    state, best = begun(mean, members, seed=seed), np.inf
    for _ in range(generations):
        trials = trials_of(state)
        losses = function(trials)
        best = min(best, float(losses.min()))
        state = FAMILY.tell(state, trials, losses)
    return best


def theirs_after(function: Callable[[Floats], Floats], mean: Floats, generations: int, seed: int) -> float:
    optimizer, best = cmaes.SepCMA(mean=mean.copy(), sigma=0.5, seed=seed), np.inf
    for _ in range(generations):
        points = [optimizer.ask() for _ in range(optimizer.population_size)]
        told = [(point, float(function(point))) for point in points]
        best = min(best, *(loss for _, loss in told))
        optimizer.tell(told)
    return best


@pytest.mark.parametrize(("function", "generations"), [(sphere, 80), (ellipsoid, 150), (rosenbrock, 200)])
def test_it_gets_as_far_as_cmaes(function: Callable[[Floats], Floats], generations: int) -> None:
    mean = np.full(8, 1.5)
    ours = [np.log10(ours_after(function, mean, generations, seed)) for seed in range(25)]
    theirs = [np.log10(theirs_after(function, mean, generations, seed)) for seed in range(25)]
    spread = np.std(ours + theirs) / 5
    assert abs(statistics.median(ours) - statistics.median(theirs)) < 4 * spread + 0.05


def test_the_usual_number_of_trials_is_cmaess() -> None:
    for weights in (2, 3, 10, 100, 4097):
        theirs = cmaes.SepCMA(mean=np.zeros(weights), sigma=1.0).population_size
        assert FAMILY.member_count(weights, None) == theirs
    with pytest.raises(SettingsError, match="members is 1; strategy sep-cma-es needs 2"):
        FAMILY.member_count(10, 1)


def test_without_any_finite_loss_the_distribution_stays() -> None:
    state = begun(np.ones(4), 6)
    for losses in (np.full(6, np.inf), np.full(6, np.nan)):
        after = FAMILY.tell(state, trials_of(state), losses)
        assert after.generation == state.generation + 1
        assert (after.step, after.mean.tolist(), after.variances.tolist()) == (0.5, [1.0] * 4, [1.0] * 4)
        assert not np.array_equal(trials_of(after), trials_of(state))


@given(st.integers(1, 6), st.sampled_from(["float32", "float64"]))
@settings(max_examples=12, deadline=None)
def test_parts_of_any_size_give_the_same_trials(size: int, precision: str) -> None:
    proposal = FAMILY.propose(begun(np.linspace(-1, 1, 300), 6, precision=precision))
    whole = np.empty((6, 300), dtype=precision)
    FAMILY.fill(proposal, 0, whole)
    parts = np.empty_like(whole)
    for first in range(0, 6, size):
        FAMILY.fill(proposal, first, parts[first : first + size])
    np.testing.assert_array_equal(parts, whole)
