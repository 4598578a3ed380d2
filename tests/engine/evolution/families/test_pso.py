"""The particle swarm: its obvious version, the package pyswarm, and losses that are no numbers."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyswarm import pso

from nnsize_engine.errors import SettingsError
from nnsize_engine.evolution.families.pso import ATTRACTION, FAMILY, INERTIA, ParticleSwarm
from support.family_runs import begun, best_value, trials_of
from support.obvious_families import ObviousSwarm
from support.reference_evolution import rosenbrock

Floats = NDArray[Any]


@given(
    st.sampled_from([None, 1, 2, 50]),
    st.integers(2, 12),
    st.integers(1, 30),
    st.sampled_from([0.5, np.inf]),
    st.integers(0, 2**64 - 1),
    st.lists(st.integers(1, 11), max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_it_equals_its_obvious_version(
    neighbours: int | None, members: int, weights: int, bound: float, seed: int, parts: list[int]
) -> None:
    """To 1e-9, over four generations, and in parts of any size bit for bit."""
    family = ParticleSwarm(neighbours=neighbours)
    random = np.random.default_rng(seed)
    first, losses = random.normal(size=(members, weights)), random.integers(0, 5, members).astype(float)
    state, plain = (
        begun(family, first, losses, seed=seed),
        ObviousSwarm(first, losses, neighbours=neighbours, seed=seed),
    )
    for _ in range(4):
        trials = trials_of(family, state, first)
        np.testing.assert_array_equal(trials_of(family, state, first, parts), trials)
        np.testing.assert_allclose(trials, plain.move(), rtol=1e-9, atol=1e-9)
        trials, losses = np.clip(trials, -bound, bound), random.integers(0, 5, members).astype(float)
        before = state.losses
        state = family.tell(state, trials, losses)
        plain.learn(trials, losses)
        np.testing.assert_array_equal(state.best_positions, plain.p)
        np.testing.assert_array_equal(state.losses, plain.f)
        np.testing.assert_array_equal(state.velocities, plain.v)
        assert state.accepted == (losses < before).sum()


def test_it_finds_what_pyswarm_finds() -> None:
    """Medians of 25 seeds within a factor of 3; values range over five decades."""
    reach, particles, generations = 2.0, 20, 60
    ours, theirs = [], []
    for seed in range(25):
        first = np.random.default_rng(seed).uniform(-reach, reach, size=(particles, 5))
        ours.append(best_value(FAMILY, rosenbrock, first, generations, seed=seed, bound=reach))
        found = pso(
            lambda x: float(rosenbrock(x[np.newaxis])[0]),
            [-reach] * 5,
            [reach] * 5,
            swarmsize=particles,
            omega=INERTIA,
            phip=ATTRACTION,
            phig=ATTRACTION,
            maxiter=generations,
            minstep=0,
            minfunc=0,
            seed=seed,
        )
        theirs.append(float(found.fun))
    assert 1 / 3 < np.median(ours) / np.median(theirs) < 3


@pytest.mark.parametrize("loss", [np.inf, np.nan, -np.inf])
@pytest.mark.parametrize("neighbours", [None, 1])
def test_a_loss_that_is_no_number_never_wins(loss: float, neighbours: int | None) -> None:
    family = ParticleSwarm(neighbours=neighbours)
    first = np.random.default_rng(0).normal(size=(10, 7)).astype(np.float32)
    state = begun(family, first, np.arange(10.0))
    after = family.tell(state, trials_of(family, state, first), np.full(10, loss))
    np.testing.assert_array_equal(after.best_positions, first)
    assert after.accepted == 0
    state = begun(family, first, np.full(10, loss))
    for _ in range(5):
        state = family.tell(state, trials_of(family, state, first), np.full(10, loss))
    assert np.isfinite(state.positions).all()
    assert np.isfinite(state.velocities).all()
    assert state.generation == 5


def test_new_rows_choose_other_leaders() -> None:
    first = np.random.default_rng(0).normal(size=(6, 3))
    state = begun(FAMILY, first, np.arange(6.0))
    assert state.leaders.tolist() == [0] * 6
    changed = FAMILY.with_losses(state, np.arange(6.0)[::-1])
    assert changed.leaders.tolist() == [5] * 6
    np.testing.assert_array_equal(FAMILY.remembered(changed), first)


def test_it_needs_two_particles() -> None:
    assert FAMILY.member_count(1000, None) == 20
    with pytest.raises(SettingsError, match="members is 1; a particle swarm needs at least 2"):
        FAMILY.member_count(1000, 1)
