"""(1+1)-ES against a plain version, and with trials made ahead."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsize_engine.evolution.families.family import RemembersLosses
from nnsize_engine.evolution.families.one_plus_one_es import FAMILY, State
from nnsize_engine.evolution.normal_sums import normals_of
from support.families import Floats, sphere, started, trials_of


def plain_run(start: Floats, seed: int, trials: int, step: float) -> list[Floats]:
    """Return the parent after each trial."""
    parent, best, found = start, sphere(start[None])[0], []
    d = math.sqrt(len(start) + 1)
    for number in range(trials):
        with np.errstate(over="ignore"):
            z = normals_of(np.uint64(seed), number, 0, len(start)).astype(np.float64)
        trial = parent + step * z
        loss = sphere(trial[None])[0]
        step *= math.exp(((loss <= best) - 0.2) / d)
        parent, best = (trial, loss) if loss <= best else (parent, best)
        found.append(parent)
    return found


def our_run(start: Floats, seed: int, trials: int, members: int) -> list[Floats]:
    """Return the parent after each trial that was not lost."""
    points = np.tile(start, (members, 1))
    state: State = started(FAMILY, points, sphere(points), seed=seed)
    found: list[Floats] = []
    while len(found) < trials:
        proposed = trials_of(FAMILY, state, points)
        following = FAMILY.tell(state, proposed, sphere(proposed))
        used = following.used - state.used
        found += [state.parent] * (used - 1) + [following.parent]
        state = following
    return found[:trials]


@settings(max_examples=30)
@given(st.integers(1, 20), st.integers(0, 2**63), st.sampled_from([1, 2, 5]))
def test_parents_equal_those_of_a_plain_version_with_any_number_of_trials(
    weights: int, seed: int, members: int
) -> None:
    start = np.random.default_rng(weights).normal(size=weights)
    np.testing.assert_allclose(
        our_run(start, seed, 60, members), plain_run(start, seed, 60, FAMILY.step), rtol=1e-9, atol=1e-12
    )


def test_one_trial_in_five_succeeds() -> None:
    points = np.full((1, 30), 5.0)
    state, successes = started(FAMILY, points, sphere(points), seed=1, step=1.0), 0
    for _ in range(2000):
        trials = trials_of(FAMILY, state, points)
        state = FAMILY.tell(state, trials, sphere(trials))
        successes += state.accepted
    assert 0.15 < successes / 2000 < 0.25
    assert state.loss < 1e-4


def test_of_several_successes_the_first_wins() -> None:
    points = np.ones((4, 3))
    state: State = started(FAMILY, points, np.full(4, 2.0), seed=1)
    trials = trials_of(FAMILY, state, points)
    following = FAMILY.tell(state, trials, np.array([np.nan, 1.5, 0.5, 2.5]))
    np.testing.assert_array_equal(following.parent, trials[1])
    assert (following.loss, following.used, following.accepted) == (1.5, 2, 1)
    assert following.step == pytest.approx(FAMILY.step * math.exp((0.8 - 0.2) / 2))


def test_a_parent_with_an_infinite_loss_is_replaced_by_any_finite_one() -> None:
    points = np.ones((2, 3))
    state: State = started(FAMILY, points, np.full(2, np.inf), seed=1)
    trials = trials_of(FAMILY, state, points)
    assert FAMILY.tell(state, trials, np.array([np.inf, 1e300])).loss == 1e300


def test_the_loss_of_the_parent_can_be_computed_again() -> None:
    family: Any = FAMILY
    assert isinstance(family, RemembersLosses)
    points = np.random.default_rng(0).normal(size=(2, 3))
    state: State = started(FAMILY, points, np.array([2.0, 1.0]), seed=1)
    np.testing.assert_array_equal(FAMILY.remembered(state), points[:1])
    assert FAMILY.with_losses(state, np.array([7.0])).loss == 7.0
    assert FAMILY.with_losses(state, np.array([np.nan])).loss == math.inf
