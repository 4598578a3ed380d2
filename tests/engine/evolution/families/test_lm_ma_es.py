"""LM-MA-ES against a plain version of the paper, and on functions that the paper uses."""

from statistics import median

import numpy as np
import pytest
from cmaes import CMA
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsize_engine.errors import SettingsError
from nnsize_engine.evolution.families.family import Start
from nnsize_engine.evolution.families.lm_ma_es import FAMILY, State, constants_of
from support.families import (
    Floats,
    Function,
    differences,
    ellipsoid,
    evaluations_to,
    is_finite,
    normals,
    rosenbrock,
    sphere,
    started,
    trials_of,
)
from support.obvious_strategies import LmMaEs

LOSSES = st.one_of(st.floats(-10, 10), st.sampled_from([np.inf, np.nan, 0.0]))


def first_state(members: int, weights: int, seed: int, precision: str = "float64") -> tuple[State, Floats]:
    points = np.random.default_rng(seed).normal(size=(members, weights)).astype(precision)
    return started(FAMILY, points, np.zeros(members), seed=seed), points


@settings(max_examples=40)
@given(st.data(), st.integers(1, 40), st.integers(2, 12), st.integers(0, 2**63), st.integers(1, 12))
def test_states_and_trials_equal_a_plain_version(
    data: st.DataObject, weights: int, members: int, seed: int, generations: int
) -> None:
    state, points = first_state(members, weights, seed)
    plain = LmMaEs(mean=points[0], step=FAMILY.step, members=members)
    for _ in range(generations):
        z = normals(state, members, weights)
        trials = trials_of(FAMILY, state, points)
        np.testing.assert_allclose(trials, plain.trials(z), rtol=1e-9, atol=1e-9)
        losses = np.array(data.draw(st.lists(LOSSES, min_size=members, max_size=members)))
        state = FAMILY.tell(state, trials, losses)
        plain.learn(z, trials, losses)
        np.testing.assert_allclose(state.mean, plain.mean, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(state.path, plain.path, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(state.directions, plain.m, rtol=1e-9, atol=1e-9)
        assert state.step == pytest.approx(plain.step, rel=1e-9)


def test_with_thousands_of_weights_it_equals_a_plain_version() -> None:
    state, points = first_state(12, 1500, 4)
    plain = LmMaEs(mean=points[0], step=FAMILY.step, members=12)
    for _ in range(40):
        z, trials = normals(state, 12, 1500), trials_of(FAMILY, state, points)
        np.testing.assert_allclose(trials, plain.trials(z), rtol=1e-9, atol=1e-9)
        losses = sphere(trials)
        state = FAMILY.tell(state, trials, losses)
        plain.learn(z, trials, losses)
    assert len(FAMILY.propose(state).rates) > 4
    np.testing.assert_allclose(state.mean, plain.mean, rtol=1e-9, atol=1e-9)


def test_trials_in_float32_are_those_in_float64_rounded() -> None:
    exact, _ = first_state(9, 700, 1)
    state, points = first_state(9, 700, 1, "float32")
    state = FAMILY.tell(state, trials_of(FAMILY, state, points), np.arange(9.0))
    trials = trials_of(FAMILY, state, points)
    assert trials.dtype == np.float32
    exact = FAMILY.tell(exact, trials_of(FAMILY, exact, points.astype(np.float64)), np.arange(9.0))
    np.testing.assert_allclose(trials, trials_of(FAMILY, exact, points.astype(np.float64)), atol=1e-5)


@settings(max_examples=40)
@given(st.integers(1, 1200), st.integers(2, 30), st.integers(1, 30), st.sampled_from(["float32", "float64"]))
def test_parts_of_any_size_give_the_same_trials(weights: int, members: int, size: int, precision: str) -> None:
    state, points = first_state(members, weights, weights, precision)
    for _ in range(3):
        state = FAMILY.tell(state, trials_of(FAMILY, state, points), np.arange(float(members)))
    np.testing.assert_array_equal(trials_of(FAMILY, state, points, size), trials_of(FAMILY, state, points))


def test_without_finite_losses_the_mean_stays_and_the_step_shrinks() -> None:
    state, points = first_state(8, 30, 2)
    for losses in (np.full(8, np.inf), np.full(8, np.nan)):
        following = FAMILY.tell(state, trials_of(FAMILY, state, points), losses)
        np.testing.assert_array_equal(following.mean, state.mean)
        assert following.step < state.step
        assert is_finite(following)
        state = following


def test_steps_stay_finite_for_thousands_of_generations() -> None:
    for losses in (np.full(8, np.inf), np.zeros(8)):
        state, points = first_state(8, 3, 2)
        for _ in range(5000):
            state = FAMILY.tell(state, trials_of(FAMILY, state, points), losses)
        assert is_finite(state)


def test_a_trial_without_a_finite_loss_never_wins() -> None:
    state, points = first_state(4, 10, 3)
    trials = trials_of(FAMILY, state, points)
    following = FAMILY.tell(state, trials, np.array([np.nan, 5.0, -np.inf, np.inf]))
    share = constants_of(10, 4).shares[0]
    np.testing.assert_allclose(following.mean, state.mean + share * (trials[1] - state.mean), rtol=1e-12)


def test_the_first_mean_is_the_given_network_or_a_recombination() -> None:
    points = np.random.default_rng(0).normal(size=(6, 5))
    losses = np.array([3.0, 1.0, np.nan, 2.0, 5.0, 0.0])

    def mean(*, has_given_network: bool) -> Floats:
        start = Start(weights=5, members=6, step=0.1, seed=0, restart=0, has_given_network=has_given_network)
        return FAMILY.begin(start, points, losses).mean

    np.testing.assert_array_equal(mean(has_given_network=True), points[0])
    np.testing.assert_allclose(mean(has_given_network=False), constants_of(5, 6).shares @ points[[5, 1, 3]])


def test_the_number_of_trials_follows_the_paper() -> None:
    assert [FAMILY.member_count(weights, None) for weights in (1, 10, 2410, 4097)] == [4, 10, 27, 28]
    assert FAMILY.member_count(2410, 50) == 50
    with pytest.raises(SettingsError, match="members is 1; strategy lm-ma-es needs at least 2"):
        FAMILY.member_count(2410, 1)


def test_the_same_seed_gives_the_same_states() -> None:
    (state, points), (other, _) = first_state(8, 600, 2), first_state(8, 600, 2)
    for _ in range(3):
        state = FAMILY.tell(state, trials_of(FAMILY, state, points), np.arange(8.0))
        other = FAMILY.tell(other, trials_of(FAMILY, other, points, 3), np.arange(8.0))
    assert differences(state, other) == []


def evaluations_of_cmaes(function: Function, start: Floats, target: float, seed: int) -> int:
    optimizer = CMA(mean=start, sigma=0.5, seed=seed)
    for used in range(0, 200_000, optimizer.population_size):
        points = np.array([optimizer.ask() for _ in range(optimizer.population_size)])
        losses = function(points)
        if losses.min() <= target:
            return used + len(points)
        optimizer.tell(list(zip(points, losses, strict=True)))
    return 200_000


@pytest.mark.parametrize(
    ("function", "weights", "least", "most"),
    # As in the paper, it needs several times as many as a full matrix on an ellipsoid of few weights.
    [(sphere, 10, 0.7, 1.4), (sphere, 20, 0.7, 1.4), (ellipsoid, 8, 2.0, 8.0), (rosenbrock, 6, 0.8, 4.0)],
)
def test_evaluations_to_a_target_are_near_those_of_cma_es(
    function: Function, weights: int, least: float, most: float
) -> None:
    start = np.full(weights, 0.5)
    ours = median(evaluations_to(FAMILY, function, start, 1e-5, seed=seed, step=0.5) for seed in range(15))
    theirs = median(evaluations_of_cmaes(function, start, 1e-5, seed + 1) for seed in range(15))
    assert least * theirs < ours < most * theirs
