"""The decision equals a slow, obvious version with NumPy, and does what the guide says."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsize_engine.results.decision import decide
from nnsize_engine.results.smoothing import smoothing_weights

SIZES = st.lists(st.integers(1, 5000), min_size=1, max_size=14, unique=True)


def slow_smoother(sizes: Sequence[int]) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """The formula for one layer, term by term."""
    x = np.log2(np.array(sizes, float))
    if len(sizes) < 3:
        return np.eye(len(sizes))
    rows = []
    for at in x:
        u = x - at
        w = np.exp(-0.5 * u**2)
        a, b, c = w.sum(), (w * u).sum(), (w * u * u).sum()
        rows.append(w * (c - b * u) / (a * c - b * b))
    return np.array(rows)


@given(SIZES)
def test_one_layer_is_smoothed_by_the_formula(sizes: list[int]) -> None:
    rows = [smoothing_weights([(size,) for size in sizes], at) for at in range(len(sizes))]
    np.testing.assert_allclose(rows, slow_smoother(sizes), rtol=1e-7, atol=1e-9)


@given(st.lists(st.tuples(st.integers(1, 300), st.integers(1, 300)), min_size=3, max_size=9, unique=True))
def test_two_layers_are_smoothed_by_weighted_least_squares(sizes: list[tuple[int, int]]) -> None:
    x = np.log2(np.array(sizes, float))
    for at in range(len(sizes)):
        u = x - x[at]
        w = np.exp(-0.5 * (u**2).sum(axis=1))
        design = np.column_stack([np.ones(len(u)), u]) * np.sqrt(w)[:, None]
        if np.linalg.cond(design) > 1e5 and np.linalg.matrix_rank(design, tol=1e-4) < 3:
            continue  # nearly dependent coordinates: both answers are right, and differ
        row = np.linalg.pinv(design)[0] * np.sqrt(w)
        np.testing.assert_allclose(smoothing_weights(sizes, at), row, rtol=1e-5, atol=1e-6)


@given(st.lists(st.integers(1, 500), min_size=3, max_size=9, unique=True))
def test_layers_of_equal_size_are_one_coordinate(sizes: list[int]) -> None:
    alone = [math.log2(size) * math.sqrt(2) for size in sizes]
    for at in range(len(sizes)):
        row = smoothing_weights([(size, size) for size in sizes], at)
        u = np.array(alone) - alone[at]
        w = np.exp(-0.5 * u**2)
        a, b, c = w.sum(), (w * u).sum(), (w * u * u).sum()
        np.testing.assert_allclose(row, w * (c - b * u) / (a * c - b * b), rtol=1e-6, atol=1e-9)


@given(SIZES, st.floats(-3, 3), st.floats(-3, 3))
def test_a_straight_line_over_the_logarithm_stays_as_it_is(sizes: list[int], slope: float, start: float) -> None:
    line = [start + slope * math.log2(size) for size in sizes]
    decision = decide([(size,) for size in sizes], sizes, [line, line])
    assert decision.smoothed == pytest.approx(line, abs=1e-6)


@given(SIZES.flatmap(lambda sizes: st.tuples(st.just(sizes), st.integers(1, 6), st.integers(0, 2**31))))
def test_the_decision_is_the_slow_one(given_: tuple[list[int], int, int]) -> None:
    sizes, folds, seed = given_
    scores = np.random.RandomState(seed).normal(0.9, 0.02, (folds, len(sizes)))
    if seed % 3 == 0:
        scores = np.round(scores, 2)  # ties
    decision = decide([(size,) for size in sizes], sizes, scores.tolist())
    smoothed = scores @ slow_smoother(sizes).T
    m = smoothed.mean(axis=0)
    assert decision.smoothed == pytest.approx(m, abs=1e-9)
    best = decision.best
    assert m[best] == pytest.approx(m.max(), abs=1e-9)
    slack = 0.0
    if folds > 1:
        error = smoothed[:, best].std(ddof=1) / math.sqrt(folds)
        assert decision.standard_error == pytest.approx(error, abs=1e-9)
        slack = min(0.25 * error, 0.1 * (m.max() - m.min()))
    else:
        assert decision.standard_error is None
    assert decision.slack == pytest.approx(slack, abs=1e-9)
    # Within rounding, the recommended size is within the slack, and no smaller one clearly is.
    assert m[decision.recommended] >= m[best] - slack - 1e-9
    clearly = [size for size, score in zip(sizes, m, strict=True) if score >= m[best] - slack + 1e-9]
    assert sizes[decision.recommended] <= min([*clearly, sizes[best]])


def test_one_fold_has_no_error_and_no_slack() -> None:
    decision = decide([(4,), (8,), (16,)], [4, 8, 16], [[0.5, 0.7, 0.9]])
    assert (decision.best, decision.recommended, decision.standard_error, decision.slack) == (2, 2, None, 0.0)


def test_fewer_than_three_sizes_are_not_smoothed() -> None:
    decision = decide([(4,), (8,)], [4, 8], [[0.5, 0.7], [0.7, 0.8]])
    assert decision.smoothed == pytest.approx((0.6, 0.75))


def test_depths_are_curves_of_their_own() -> None:
    sizes = [(4,), (8,), (16,), (4, 4), (8, 8), (16, 16)]
    alone = decide(sizes[:3], [1, 2, 3], [[0.1, 0.5, 0.2], [0.2, 0.4, 0.3]])
    both = decide(sizes, [1, 2, 3, 4, 5, 6], [[0.1, 0.5, 0.2, 9.0, 9.0, 9.0], [0.2, 0.4, 0.3, 9.0, 9.0, 9.0]])
    assert both.smoothed[:3] == pytest.approx(alone.smoothed)
    assert both.recommended == 3  # the smallest of the equal ones that are best


@given(SIZES, st.floats(-1e6, 1e6))
def test_where_all_scores_are_equal_the_smallest_size_is_recommended(sizes: list[int], score: float) -> None:
    decision = decide([(size,) for size in sizes], sizes, [[score] * len(sizes)] * 5)
    assert decision.best == 0
    assert sizes[decision.recommended] == min(sizes)
