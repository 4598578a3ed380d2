"""SNES, PGPE and OpenAI-ES against plain versions of their papers."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsize_engine.evolution.families import openai_es, pgpe, snes
from nnsize_engine.evolution.families.family import Family
from support.families import Floats, normals, sphere, started, trials_of
from support.obvious_strategies import OpenAiEs, Pgpe, Snes

LOSSES = st.one_of(st.floats(-10, 10), st.sampled_from([np.inf, np.nan, 0.0]))


def first_state(family: Family[Any], members: int, weights: int, seed: int) -> tuple[Any, Floats]:
    points = np.random.default_rng(seed).normal(size=(members, weights))
    return started(family, points, np.zeros(members), seed=seed), points


def assert_equal(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@settings(max_examples=40)
@given(st.data(), st.integers(1, 30), st.integers(3, 12), st.integers(0, 2**63), st.integers(1, 6))
def test_snes_equals_a_plain_version(
    data: st.DataObject, weights: int, members: int, seed: int, generations: int
) -> None:
    state, points = first_state(snes.FAMILY, members, weights, seed)
    plain = Snes(mean=points[0], deviations=np.full(weights, snes.STEP), members=members)
    for _ in range(generations):
        z, trials = normals(state, members, weights), trials_of(snes.FAMILY, state, points)
        assert_equal(trials, plain.trials(z))
        losses = np.array(data.draw(st.lists(LOSSES, min_size=members, max_size=members)))
        state = snes.FAMILY.tell(state, trials, losses)
        plain.learn(z, losses)
        assert_equal(state.mean, plain.mean)
        assert_equal(state.deviations, plain.deviations)


@settings(max_examples=40)
@given(st.data(), st.integers(1, 30), st.integers(1, 6), st.integers(0, 2**63), st.integers(1, 6))
def test_openai_es_equals_a_plain_version(
    data: st.DataObject, weights: int, pairs: int, seed: int, generations: int
) -> None:
    state, points = first_state(openai_es.FAMILY, 2 * pairs, weights, seed)
    plain = OpenAiEs(mean=points[0], step=openai_es.STEP)
    for _ in range(generations):
        z, trials = normals(state, pairs, weights), trials_of(openai_es.FAMILY, state, points)
        assert_equal(trials, plain.trials(z))
        losses = np.array(data.draw(st.lists(LOSSES, min_size=2 * pairs, max_size=2 * pairs)))
        state = openai_es.FAMILY.tell(state, trials, losses)
        plain.learn(z, losses)
        assert_equal(state.mean, plain.mean)


@settings(max_examples=40)
@given(st.data(), st.integers(1, 30), st.integers(1, 6), st.integers(0, 2**63), st.integers(1, 6))
def test_pgpe_equals_a_plain_version(
    data: st.DataObject, weights: int, pairs: int, seed: int, generations: int
) -> None:
    state, points = first_state(pgpe.FAMILY, 2 * pairs, weights, seed)
    plain = Pgpe(mean=points[0], deviations=np.full(weights, pgpe.STEP))
    for _ in range(generations):
        z, trials = normals(state, pairs, weights), trials_of(pgpe.FAMILY, state, points)
        assert_equal(trials, plain.trials(z))
        losses = np.array(data.draw(st.lists(LOSSES, min_size=2 * pairs, max_size=2 * pairs)))
        state = pgpe.FAMILY.tell(state, trials, losses)
        plain.learn(z, losses)
        assert_equal(state.mean, plain.mean)
        assert_equal(state.deviations, plain.deviations)


def test_the_estimated_gradient_is_that_of_the_expected_loss() -> None:
    # The ranks of a linear loss are linear in it, so many pairs show its direction.
    state, points = first_state(openai_es.FAMILY, 4000, 10, 1)
    slope = np.linspace(-1, 1, 10)
    trials = trials_of(openai_es.FAMILY, state, points)
    following = openai_es.FAMILY.tell(state, trials, trials @ slope)
    cosine = following.first_moment @ slope / np.linalg.norm(following.first_moment) / np.linalg.norm(slope)
    assert cosine > 0.99


def test_with_more_trials_pgpe_learns_deviations() -> None:
    # Along a weight that matters, trials far from the minimum are worse, so its step shrinks more.
    points = np.zeros((100, 4))
    state = started(pgpe.FAMILY, points, sphere(points), seed=1, step=0.5)
    for _ in range(50):
        trials = trials_of(pgpe.FAMILY, state, points)
        state = pgpe.FAMILY.tell(state, trials, (trials[:, :2] ** 2).sum(axis=1))
    assert state.deviations[:2].max() < 0.5 * state.deviations[2:].min()
