"""What all evolution strategies have in common: parts, losses that are not finite, stored states, the first mean."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsize_engine.errors import SettingsError
from nnsize_engine.evolution.families import cma_es, lm_ma_es, one_plus_one_es, openai_es, pgpe, snes
from nnsize_engine.evolution.families.family import Family, HasCentre, KeepsNormals, Start
from nnsize_engine.evolution.normal_blocks import BLOCK
from support.families import Floats, differences, is_finite, sphere, started, trials_of

FAMILIES: tuple[Family[Any], ...] = (
    lm_ma_es.FAMILY,
    cma_es.FAMILY,
    snes.FAMILY,
    pgpe.FAMILY,
    openai_es.FAMILY,
    one_plus_one_es.FAMILY,
)

each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)


def first_state(family: Family[Any], members: int, weights: int, precision: str = "float32") -> tuple[Any, Floats]:
    points = np.random.default_rng(weights).normal(size=(members, weights)).astype(precision)
    return started(family, points, sphere(points), seed=weights), points


@each_family
@settings(max_examples=20)
@given(
    weights=st.integers(1, 600),
    half=st.integers(2, 8),
    size=st.integers(1, 17),
    precision=st.sampled_from(["float32", "float64"]),
)
def test_parts_of_any_size_give_the_same_trials(
    family: Family[Any], weights: int, half: int, size: int, precision: str
) -> None:
    state, points = first_state(family, 2 * half, weights, precision)
    for _ in range(2):
        trials = trials_of(family, state, points)
        assert trials.dtype == np.dtype(precision)
        assert np.isfinite(trials).all()
        np.testing.assert_array_equal(trials_of(family, state, points, size), trials)
        state = family.tell(state, trials, sphere(trials).astype(np.float64))


@each_family
def test_without_finite_losses_nothing_moves_and_no_number_is_nan(family: Family[Any]) -> None:
    state, points = first_state(family, 8, 30)
    assert isinstance(family, HasCentre)
    before = family.centre(state)
    for losses in (np.full(8, np.inf), np.full(8, np.nan)) * 200:
        state = family.tell(state, trials_of(family, state, points), losses)
    np.testing.assert_array_equal(family.centre(state), before)
    assert state.generation == 400
    assert is_finite(state)
    assert family.facts(state).step_size is not None
    following = family.tell(state, trials_of(family, state, points), np.arange(8.0))
    assert is_finite(following)


@each_family
def test_a_start_without_finite_losses_works(family: Family[Any]) -> None:
    points = np.random.default_rng(0).normal(size=(8, 20)).astype(np.float32)
    start = Start(weights=20, members=8, step=0.1, seed=1, restart=0)
    state = family.begin(start, points, np.full(8, np.inf))
    for _ in range(3):
        trials = trials_of(family, state, points)
        assert np.isfinite(trials).all()
        state = family.tell(state, trials, sphere(trials).astype(np.float64))
    assert is_finite(state)


@each_family
@settings(max_examples=20)
@given(data=st.data(), weights=st.integers(1, 12))
def test_any_losses_leave_finite_states_and_the_arrays_they_got(
    family: Family[Any], data: st.DataObject, weights: int
) -> None:
    state, points = first_state(family, 8, weights)
    values = st.one_of(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from([0.0, 1.0]))
    for _ in range(4):
        trials = trials_of(family, state, points)
        losses = np.array(data.draw(st.lists(values, min_size=8, max_size=8)))
        kept_trials, kept_losses = trials.copy(), losses.copy()
        state = family.tell(state, trials, losses)
        np.testing.assert_array_equal(trials, kept_trials)
        np.testing.assert_array_equal(losses, kept_losses)
        assert all(np.isfinite(value).all() for name, value in _numbers(state).items() if name != "loss")


def _numbers(state: Any) -> dict[str, Any]:
    return {name: getattr(state, name) for name in state.__dataclass_fields__}


@each_family
def test_steps_stay_finite_on_a_plateau(family: Family[Any]) -> None:
    state, points = first_state(family, 8, 3)
    for _ in range(3000):
        state = family.tell(state, trials_of(family, state, points), np.zeros(8))
    assert is_finite(state)


@each_family
def test_a_told_state_leaves_the_one_before_unchanged(family: Family[Any]) -> None:
    state, points = first_state(family, 8, 40)
    for _ in range(2):
        trials = trials_of(family, state, points)
        losses = sphere(trials).astype(np.float64)
        kept = {name: np.copy(value) for name, value in _numbers(state).items()}
        following = family.tell(state, trials, losses)
        assert all(np.array_equal(value, _numbers(state)[name]) for name, value in kept.items())
        assert differences(following, family.tell(state, trials, losses)) == []
        assert following.generation == state.generation + 1
        state = following


@pytest.mark.parametrize("family", [FAMILIES[0], *FAMILIES[2:5]], ids=lambda family: family.name)
@pytest.mark.parametrize("parts", [3, 8])
def test_kept_normal_numbers_teach_what_those_made_again_do(family: Family[Any], parts: int) -> None:
    assert isinstance(family, KeepsNormals)
    state, points = first_state(family, 8, BLOCK + 40)
    for _ in range(3):
        proposal, trials = family.propose(state), np.empty_like(points)
        assert len(proposal.normals)
        for first in range(0, 8, parts):
            family.fill(proposal, first, trials[first : first + parts])
        losses = sphere(trials).astype(np.float64)
        losses[3] = np.inf
        following = family.learn(state, trials, losses, proposal.normals)
        assert differences(following, family.tell(state, trials, losses)) == []
        state = following


@each_family
def test_another_seed_gives_other_trials(family: Family[Any]) -> None:
    points = np.zeros((8, 50), dtype=np.float32)
    states = [started(family, points, np.zeros(8), seed=seed) for seed in (1, 2)]
    first, second = (trials_of(family, state, points) for state in states)
    assert not np.any(first == second)


@each_family
def test_a_given_network_is_the_first_centre(family: Family[Any]) -> None:
    state, points = first_state(family, 8, 40)
    assert isinstance(family, HasCentre)
    np.testing.assert_array_equal(family.centre(state), points[0])


@each_family
def test_too_few_trials_are_refused(family: Family[Any]) -> None:
    with pytest.raises(SettingsError, match=rf"members is 0; strategy {family.name} needs at least \d"):
        family.member_count(100, 0)


@pytest.mark.parametrize("family", [pgpe.FAMILY, openai_es.FAMILY], ids=lambda family: family.name)
def test_an_odd_number_of_trials_is_refused_where_trials_are_pairs(family: Family[Any]) -> None:
    with pytest.raises(SettingsError, match=f"members is 7; strategy {family.name} draws pairs .* such as 8"):
        family.member_count(100, 7)
    assert family.member_count(2410, None) == 28


@pytest.mark.parametrize("family", FAMILIES[1:-1], ids=lambda family: family.name)
def test_on_a_sphere_each_strategy_comes_near_the_minimum(family: Family[Any]) -> None:
    points = np.full((12, 20), 0.5)
    state = started(family, points, sphere(points), seed=3, step=0.1)
    for _ in range(400):
        trials = trials_of(family, state, points)
        state = family.tell(state, trials, sphere(trials))
    assert isinstance(family, HasCentre)
    assert sphere(family.centre(state)[None])[0] < 0.05
