"""CMA-ES against the package cmaes: the same states from the same trials, and as many evaluations."""

from statistics import median

import numpy as np
import pytest
from cma import CMAEvolutionStrategy
from cmaes import CMA
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsize_engine.errors import SettingsError
from nnsize_engine.evolution.families.cma_es import FAMILY, State, constants_of
from support.families import (
    Floats,
    Function,
    ellipsoid,
    evaluations_to,
    normals,
    rosenbrock,
    sphere,
    started,
    trials_of,
)


def first_state(members: int, weights: int, seed: int, step: float = 0.3) -> tuple[State, Floats]:
    points = np.random.default_rng(seed).normal(size=(members, weights))
    return started(FAMILY, points, np.zeros(members), seed=seed, step=step), points


@settings(max_examples=20)
@given(st.data(), st.integers(2, 12), st.integers(4, 14), st.integers(0, 2**32), st.integers(1, 5))
def test_states_equal_those_of_cmaes(
    data: st.DataObject, weights: int, members: int, seed: int, generations: int
) -> None:
    state, points = first_state(members, weights, seed)
    theirs = CMA(mean=points[0], sigma=0.3, population_size=members)
    for _ in range(generations):
        trials = trials_of(FAMILY, state, points)
        losses = data.draw(st.lists(st.floats(-10, 10), min_size=members, max_size=members, unique=True))
        theirs.tell(list(zip(trials, losses, strict=True)))
        state = FAMILY.tell(state, trials, np.array(losses))
        np.testing.assert_allclose(state.mean, theirs._mean, rtol=1e-8, atol=1e-9)
        np.testing.assert_allclose(state.covariance, theirs._C, rtol=1e-8, atol=1e-8)
        np.testing.assert_allclose(state.step_path, theirs._p_sigma, rtol=1e-8, atol=1e-8)
        np.testing.assert_allclose(state.path, theirs._pc, rtol=1e-8, atol=1e-8)
        assert state.step == pytest.approx(theirs._sigma, rel=1e-8)


def test_trials_have_the_covariance_of_the_state() -> None:
    state, points = first_state(12, 5, 1)
    for _ in range(30):
        trials = trials_of(FAMILY, state, points)
        state = FAMILY.tell(state, trials, ellipsoid(trials))
    z = normals(state, 12, 5)
    expected = state.mean + state.step * np.array([state.basis @ np.diag(state.scales) @ row for row in z])
    np.testing.assert_allclose(trials_of(FAMILY, state, points), expected, rtol=1e-12)
    product = state.basis @ np.diag(state.scales**2) @ state.basis.T
    np.testing.assert_allclose(product, state.covariance, rtol=1e-9, atol=1e-12)


def test_the_matrix_is_decomposed_once_it_can_have_changed() -> None:
    assert constants_of(20, 12).interval == 1
    interval = constants_of(400, 21).interval
    assert interval > 1
    state, points = first_state(21, 400, 1)
    for generation in range(1, 2 * interval + 1):
        state = FAMILY.tell(state, trials_of(FAMILY, state, points), np.arange(21.0))
        assert state.decomposed == generation // interval * interval


def test_too_many_weights_are_refused() -> None:
    assert FAMILY.member_count(1000, None) == 24
    with pytest.raises(
        SettingsError, match="at most 1,000 weights, and this network has 2,410; choose lm-ma-es or sep"
    ):
        FAMILY.member_count(2410, None)


def evaluations_of_cmaes(function: Function, start: Floats, target: float, seed: int) -> int:
    optimizer = CMA(mean=start, sigma=0.5, seed=seed)
    used = 0
    while True:
        points = np.array([optimizer.ask() for _ in range(optimizer.population_size)])
        losses = function(points)
        used += len(points)
        if losses.min() <= target:
            return used
        optimizer.tell(list(zip(points, losses, strict=True)))


def evaluations_of_pycma(function: Function, start: Floats, target: float, seed: int) -> int:
    optimizer = CMAEvolutionStrategy(start, 0.5, {"seed": seed, "verbose": -9, "ftarget": target})
    while not optimizer.stop():
        points = np.array(optimizer.ask())
        optimizer.tell(list(points), list(function(points)))
    return int(optimizer.result.evaluations)


@pytest.mark.parametrize(("function", "weights"), [(sphere, 10), (ellipsoid, 8), (rosenbrock, 6)])
def test_evaluations_to_a_target_are_those_of_cmaes_and_pycma(function: Function, weights: int) -> None:
    start = np.full(weights, 0.5)
    ours = median(evaluations_to(FAMILY, function, start, 1e-6, seed=seed, step=0.5) for seed in range(15))
    for peer in (evaluations_of_cmaes, evaluations_of_pycma):
        theirs = median(peer(function, start, 1e-6, seed + 1) for seed in range(15))
        assert 0.75 < ours / theirs < 1.33
