"""Importances of parameters: against a slow, obvious decomposition, known functions, simulations and Optuna."""

import itertools
import math
import statistics
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import t as student

from nnsize_engine.results.anova_kernel import _chosen, _kernel, decompose_kernel
from nnsize_engine.results.fold_shares import SharesOfEffects, estimate_shares, student_quantile
from nnsize_engine.results.functional_anova import decompose_grid, is_whole_grid
from nnsize_engine.results.importances import Importances, Share, importance_notes, importance_sentence

Floats = NDArray[np.float64]
Place = tuple[int, ...]


def all_places(shape: Sequence[int]) -> NDArray[np.intp]:
    return np.array(list(itertools.product(*map(range, shape))), dtype=np.intp)


def shares_of(shape: Sequence[int], table: Floats) -> SharesOfEffects:
    """Return the shares of a table of the shape ``(folds, *shape)``."""
    return estimate_shares(decompose_grid(all_places(shape), table.reshape(len(table), -1)))


# The slow and obvious version: means over lists, as the definition says, and the ANOVA table with folds as blocks.


def obvious_effects(shape: Sequence[int], scores: dict[Place, float], of: Sequence[int]) -> dict[Place, float]:
    """Return the effect of some parameters for each combination of their values: the mean, less the smaller effects."""
    found = {}
    for values in itertools.product(*(range(shape[one]) for one in of)):
        like = [s for place, s in scores.items() if all(place[one] == v for one, v in zip(of, values, strict=True))]
        effect = statistics.fmean(like)
        for size in range(len(of)):
            for part in itertools.combinations(range(len(of)), size):
                smaller = obvious_effects(shape, scores, [of[one] for one in part])
                effect -= smaller[tuple(values[one] for one in part)]
        found[values] = effect
    return found


def obvious_share(shape: Sequence[int], folds: Sequence[dict[Place, float]], of: Sequence[int]) -> float:
    """Return epsilon squared: the effect's variance minus its error, over the variance between mean scores."""
    count = len(folds)
    means = {place: statistics.fmean(fold[place] for fold in folds) for place in folds[0]}
    effect = obvious_effects(shape, means, of)
    variance = statistics.fmean(value**2 for value in effect.values())
    by_fold = [obvious_effects(shape, fold, of) for fold in folds]
    error = statistics.fmean(
        statistics.variance(one[values] for one in by_fold) / count for values in effect
    )  # the interaction of effect and fold
    return (variance - error) / statistics.pvariance(means.values())


SHAPES = st.lists(st.integers(2, 3), min_size=2, max_size=3)


@settings(max_examples=12, deadline=None)
@given(shape=SHAPES, folds=st.integers(2, 4), seed=st.integers(0, 10_000), slope=st.floats(0, 5))
def test_shares_of_a_grid_are_those_of_the_definition(shape: list[int], folds: int, seed: int, slope: float) -> None:
    table = np.random.default_rng(seed).normal(size=(folds, *shape))
    table += slope * np.arange(shape[0]).reshape(1, -1, *[1] * (len(shape) - 1))
    by_fold = [{place: float(fold[place]) for place in itertools.product(*map(range, shape))} for fold in table]
    found = shares_of(shape, table)
    for one, estimate in enumerate(found.alone):
        assert estimate.share == pytest.approx(max(0.0, min(1.0, obvious_share(shape, by_fold, [one]))), abs=1e-9)
    for pair, estimate in zip(itertools.combinations(range(len(shape)), 2), found.pairs, strict=True):
        assert estimate.share == pytest.approx(max(0.0, min(1.0, obvious_share(shape, by_fold, pair))), abs=1e-9)
    means = statistics.pstdev(statistics.fmean(fold[place] for fold in by_fold) for place in by_fold[0])
    assert found.deviation == pytest.approx(means, rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(shape=SHAPES, folds=st.integers(1, 5), seed=st.integers(0, 10_000))
def test_the_parts_of_a_grid_add_up_and_means_are_means(shape: list[int], folds: int, seed: int) -> None:
    table = np.random.default_rng(seed).normal(size=(folds, *shape))
    found = decompose_grid(all_places(shape), table.reshape(folds, -1))
    parts = sum(found.alone) + sum(matrix for _, matrix in found.pairs)
    if len(shape) == 2:
        np.testing.assert_allclose(parts, found.whole, atol=1e-12)
        np.testing.assert_allclose(found.total[0], found.alone[0] + found.pairs[0][1], atol=1e-12)
    assert found.whole.mean() == pytest.approx(table.mean(axis=0).var())
    for one, means in enumerate(found.means):
        others = tuple(axis + 1 for axis in range(len(shape)) if axis != one)
        np.testing.assert_allclose(means, table.mean(axis=others), atol=1e-12)


def test_shares_of_an_additive_function_are_known() -> None:
    first, second = np.arange(5.0), np.array([0.0, 1.0, 5.0])
    table = np.stack([first[:, None] + second + fold for fold in range(4)])
    found = shares_of((5, 3), table)
    whole = first.var() + second.var()
    assert [one.share for one in found.alone] == pytest.approx([first.var() / whole, second.var() / whole])
    assert found.pairs[0].share == pytest.approx(0, abs=1e-12)
    assert found.noise.share == pytest.approx(0, abs=1e-12)
    assert found.alone[0].low == pytest.approx(found.alone[0].high)


def test_parameters_that_matter_only_together_have_no_share_alone() -> None:
    table = np.stack([np.array([[1.0, -1.0], [-1.0, 1.0]])] * 3)
    found = shares_of((2, 2), table)
    assert [one.share for one in found.alone] == pytest.approx([0, 0], abs=1e-12)
    assert [one.share for one in found.total] == pytest.approx([1, 1])
    assert found.pairs[0].share == pytest.approx(1)


def test_equal_scores_have_no_shares() -> None:
    found = shares_of((3, 2), np.full((5, 3, 2), 0.1) + np.arange(5)[:, None, None])
    assert found.deviation == 0
    assert {one.share for one in (*found.alone, *found.pairs, found.noise)} == {0.0}


@pytest.mark.parametrize("folds", [3, 5])
@pytest.mark.parametrize(("amplitudes", "noise"), [((1.0, 0.5, 0.2), 1.0), ((1.0, 0.3, 0.0), 3.0), ((0.0,) * 3, 1.0)])
def test_intervals_hold_the_truth_about_as_often_as_they_say(
    folds: int, amplitudes: tuple[float, ...], noise: float
) -> None:
    rng, shape, searches = np.random.default_rng(folds), (6, 4, 3), 60
    held = np.zeros(3)
    mean = np.zeros(3)
    for _ in range(searches):
        truth = np.zeros(shape)
        for one, amplitude in enumerate(amplitudes):
            values = rng.normal(size=shape[one])
            values = amplitude * (values - values.mean()) / values.std()
            truth = truth + values.reshape([-1 if axis == one else 1 for axis in range(3)])
        hard = 5 * rng.normal(size=(folds, 1, 1, 1))
        found = shares_of(shape, truth + hard + rng.normal(0, noise, size=(folds, *shape)))
        true = np.square(amplitudes) / (np.square(amplitudes).sum() + noise**2 * (1 - 1 / math.prod(shape)) / folds)
        for one, estimate in enumerate(found.alone):
            assert estimate.low is not None
            assert estimate.high is not None
            held[one] += estimate.low <= true[one] <= estimate.high
            mean[one] += estimate.share / searches
    assert (held / searches >= 0.87).all()
    assert mean == pytest.approx(true, abs=0.08)


def test_one_fold_has_no_intervals_and_two_have_none_but_no_noise() -> None:
    table = np.random.default_rng(1).normal(size=(3, 4, 3))
    assert shares_of((4, 3), table[:1]).alone[0].low is None
    assert shares_of((4, 3), table[:1]).noise.share == 0
    assert shares_of((4, 3), table[:2]).alone[0].low is None
    assert shares_of((4, 3), table).alone[0].low is not None


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 9, 29, 200])
def test_the_quantile_is_students(freedom: int) -> None:
    assert student_quantile(freedom) == pytest.approx(student.ppf(0.975, freedom), rel=1e-3)


# Candidates that are no whole grid.


def test_a_whole_grid_has_nearly_the_same_shares_by_the_kernel() -> None:
    places = all_places((5, 3, 2))
    rng = np.random.default_rng(3)
    truth = 0.1 * places[:, 0] + 0.3 * (places[:, 1] == 1) + 0.05 * places[:, 0] * places[:, 2]
    scores = truth + rng.normal(0, 0.02, size=(5, len(places)))
    exact = estimate_shares(decompose_grid(places, scores))
    near = estimate_shares(decompose_kernel(places, (True, False, False), scores))
    for one, other in zip((*exact.alone, *exact.pairs), (*near.alone, *near.pairs), strict=True):
        assert other.share == pytest.approx(one.share, abs=0.02)
    assert near.deviation == pytest.approx(exact.deviation, rel=0.05)


@pytest.mark.parametrize("seed", range(6))
def test_the_closed_form_is_the_decomposition_of_the_interpolated_grid(seed: int) -> None:
    shape, folds = ((3, 2), (4, 3), (2, 3, 2))[seed % 3], seed % 4 + 1
    ordered = [bool(seed >> one & 1) for one in range(len(shape))]
    rng = np.random.default_rng(seed)
    every = all_places(shape)
    used = np.sort(rng.permutation(len(every))[1:])
    places, scores = every[used], rng.normal(size=(folds, len(used)))
    kernels = [_kernel(size, is_ordered=ordered[one]) for one, size in enumerate(shape)]
    strengths, noise = _chosen(kernels, places, scores.mean(axis=0))

    def covariance(one: Floats, other: Floats) -> float:
        parts = zip(strengths, kernels, one, other, strict=True)
        return math.prod(1 + strength * float(kernel[a, b]) for strength, kernel, a, b in parts)

    between = np.array([[covariance(one, other) for other in places] for one in places])
    within = between + noise * between.diagonal().mean() * np.eye(len(places))
    to_all = np.array([[covariance(one, other) for other in places] for one in every])
    level = scores.mean(axis=1)
    table = np.array(
        [level[fold] + to_all @ np.linalg.solve(within, scores[fold] - level[fold]) for fold in range(folds)]
    )
    slow, quick = decompose_grid(every, table), decompose_kernel(places, ordered, scores)
    pairs = [(one, other) for (_, one), (_, other) in zip(slow.pairs, quick.pairs, strict=True)]
    for one, other in (
        *zip(slow.alone, quick.alone, strict=True),
        *zip(slow.total, quick.total, strict=True),
        *zip(slow.means, quick.means, strict=True),
        *pairs,
        (slow.whole, quick.whole),
    ):
        np.testing.assert_allclose(other, one, rtol=1e-5, atol=1e-6)
    left = scores - table[:, used]
    np.testing.assert_allclose(quick.unexplained, left @ left.T / len(used), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("missing", [1, 10, 30])
def test_missing_candidates_change_shares_little(missing: int) -> None:
    places = all_places((8, 4, 3))
    rng = np.random.default_rng(missing)
    truth = np.sqrt(places[:, 0]) + 0.8 * np.array([0, 1, 1, -1])[places[:, 1]] + 0.2 * places[:, 2]
    scores = truth + rng.normal(0, 0.1, size=(5, len(places)))
    kept = np.sort(rng.permutation(len(places))[missing:])
    assert not is_whole_grid(places[kept])
    exact = estimate_shares(decompose_grid(places, scores))
    found = estimate_shares(decompose_kernel(places[kept], (True, False, True), scores[:, kept]))
    for one, other in zip((*exact.alone, *exact.pairs), (*found.alone, *found.pairs), strict=True):
        assert other.share == pytest.approx(one.share, abs=0.03)


def test_random_values_show_the_shares_of_their_function() -> None:
    rng = np.random.default_rng(0)
    values = rng.uniform(-1, 1, size=(80, 3))
    places = values.argsort(axis=0).argsort(axis=0)  # all different: a search at random
    truth = 2 * values[:, 0] + values[:, 1] ** 2
    scores = truth + rng.normal(0, 0.1, size=(5, 80))
    found = estimate_shares(decompose_kernel(places, (True, True, True), scores))
    whole = 4 / 3 + 4 / 45
    assert [one.share for one in found.alone] == pytest.approx([4 / 3 / whole, 4 / 45 / whole, 0], abs=0.05)


def test_noise_alone_is_told_from_effects_without_a_grid() -> None:
    places = all_places((6, 4, 3))[:-7]
    high = []
    for seed in range(10):
        scores = np.random.default_rng(seed).normal(size=(5, len(places)))
        found = estimate_shares(decompose_kernel(places, (True, True, False), scores))
        high.append(sum((one.low or 0) > 0 for one in found.alone))
    assert sum(high) <= 2  # of 30 intervals


OPTUNA = (0.813, 0.176, 0.012)
"""Importances by ``FanovaImportanceEvaluator(n_trees=64)`` of Optuna 5.0.0, means over three seeds, of the next test's
function as 144 trials of two integers and a category. Its forest differs by 0.005 from seed to seed."""


def test_importances_are_near_optunas() -> None:
    places = all_places((8, 6, 3))
    levels = np.array([0.0, 0.25, 0.1])
    scores = 2 * (places[:, 0] / 7) ** 2 - abs(places[:, 1] - 2) / 3 + levels[places[:, 2]]
    found = estimate_shares(decompose_grid(places, scores[None, :]))
    alone = np.array([one.share for one in found.alone])
    assert alone.sum() == pytest.approx(1)
    assert alone == pytest.approx(OPTUNA, abs=0.02)


# Words.


def share(name: str, value: float, low: float | None = None, high: float | None = None) -> Share:
    return Share(parameters=tuple(name.split("×")), share=value, low=low, high=high)


def importances(alone: Sequence[Share], *pairs: Share, **changed: object) -> Importances:
    whole: dict[str, object] = {
        "alone": tuple(alone),
        "total": tuple(alone),
        "pairs": pairs,
        "beyond": None,
        "noise": share("noise", 0.09, 0.05, 0.2),
        "effects": (),
        "scoring": "roc_auc",
        "folds": 5,
        "candidates": 12,
        "tried": 12,
        "is_grid": True,
        "deviation": 0.01,
    }
    return Importances(**whole | changed)  # type: ignore[arg-type]


def test_a_sentence_says_what_matters_most() -> None:
    both = (share("neurons", 0.12, 0.03, 0.2), share("alpha", 0.71, 0.55, 0.83))
    assert importance_sentence(importances(both)) == (
        "alpha matters most: 71 % (55–83) of the variance between candidates; then neurons, 12 % (3–20)."
    )
    together = importances((share("a", 0.1, 0, 0.3), share("b", 0, 0, 0.1)), share("a×b", 0.8, 0.6, 0.9))
    assert importance_sentence(together) == (
        "a and b matter together, more than each alone: 80 % (60–90) of the variance between candidates."
    )
    unclear = importances((share("a", 0.2, 0, 0.7), share("b", 0, 0, 0.1)), noise=share("noise", 0.62, 0.3, 1))
    assert importance_sentence(unclear) == (
        "No parameter can be told from noise on 5 folds; the noise of the folds is 62 % (30–100) of the variance "
        "between candidates."
    )
    assert "All candidates have the same score" in importance_sentence(importances(both, deviation=0.0))


def test_notes_say_what_the_numbers_stand_on() -> None:
    both = (share("neurons", 0.12), share("alpha", 0.71))
    assert importance_notes(importances(both, folds=1)) == [
        "With a single fold, noise is part of every share, and there are no intervals."
    ]
    assert "Two folds" in importance_notes(importances(both, folds=2))[0]
    found = importance_notes(importances(both, is_grid=False, candidates=10))
    assert "interpolated" in found[1]
    assert found[2] == "Compared are 10 of 12 candidates."
