"""Statistics against NumPy, SciPy and scikit-learn's ``cv_results_``."""

import math
from functools import partial

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.stats import rankdata

from nnsize_engine.results.choice import Choice, choose
from nnsize_engine.results.decision import decide
from nnsize_engine.results.search_records import Candidate, FitResult
from nnsize_engine.results.statistics import (
    CandidateSummary,
    numpy_mean,
    numpy_std,
    ranks,
    shared_folds,
    shared_statistics,
    summarise,
    summarise_all,
)

scores = st.floats(-1e6, 1e6)
CANDIDATES = tuple(Candidate(number=i, hidden_layer_sizes=(i + 1,), weights=10 * (i + 1)) for i in range(6))


def fit(candidate: int, fold: int, score: float | None, error: str | None = None) -> FitResult:
    return FitResult(
        candidate=candidate, fold=fold, test_score=score, train_score=score, fit_seconds=1.0, score_seconds=0.1,
        iterations=7, has_converged=True, error=error,
    )  # fmt: skip


def chosen(summaries: list[CandidateSummary]) -> Choice | None:
    return choose(summaries, shared_statistics(summaries))


@example([1.0, 1e-05, 1e-05])  # sum() compensates its rounding errors from Python 3.12 on
@given(st.lists(scores, min_size=1, max_size=400))
def test_mean_and_deviation_equal_numpy_to_the_last_bit(values: list[float]) -> None:
    rows = np.array([values, values])
    means = np.average(rows, axis=1)
    assert numpy_mean(values) == means[0]
    assert numpy_std(values) == np.sqrt(np.average((rows - means[:, np.newaxis]) ** 2, axis=1))[0]


@given(st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=1, max_size=6))
def test_ranks_equal_scipy_on_finished_candidates(table: list[list[int]]) -> None:
    fits = [fit(i, fold, float(score)) for i, row in enumerate(table) for fold, score in enumerate(row)]
    summaries = summarise_all(CANDIDATES[: len(table)], fits, 3)
    expected = rankdata([-np.mean(row) for row in np.array(table, float)], method="min")
    assert ranks(shared_statistics(summaries)) == expected.tolist()


def test_a_failed_fold_leaves_the_candidate_without_a_mean_and_last() -> None:
    fits = [fit(0, 0, 0.9), fit(0, 1, None, "overflow"), fit(1, 0, 0.1), fit(1, 1, 0.1)]
    summaries = summarise_all(CANDIDATES[:2], fits, 2)
    assert summaries[0].mean is None
    assert summaries[0].has_failed
    assert ranks(shared_statistics(summaries)) == [2, 1]
    choice = chosen(summaries)
    assert choice is not None
    assert choice.best.number == 1


def test_candidates_are_compared_on_the_folds_they_share() -> None:
    # Fold 1 is hard: the candidate that has met it must not fall behind the one that has not.
    fits = [fit(0, 0, 0.9), fit(0, 1, 0.5), fit(1, 0, 0.8)]
    summaries = summarise_all(CANDIDATES[:2], fits, 3)
    assert shared_folds(summaries) == (0,)
    choice = chosen(summaries)
    assert choice is not None
    assert (choice.best.number, choice.best_mean, choice.standard_error) == (0, 0.9, None)
    assert (choice.recommended.number, choice.recommended_mean, choice.recommended_error) == (0, 0.9, None)
    assert (choice.threshold, choice.smoothed_error, choice.slack) == (None, None, 0.0)


def test_before_every_candidate_has_its_first_fold_those_that_have_are_compared() -> None:
    summaries = summarise_all(CANDIDATES[:3], [fit(1, 0, 0.8)], 2)
    choice = chosen(summaries)
    assert choice is not None
    assert choice.best.number == 1
    assert ranks(shared_statistics(summaries)) == [2, 1, 2]


def test_nothing_is_chosen_before_the_first_fit() -> None:
    assert chosen(summarise_all(CANDIDATES, [], 2)) is None


def test_the_smallest_size_within_the_slack_of_the_best_smoothed_score_is_recommended() -> None:
    # Two sizes are not smoothed. Worked by hand: mean 0.9, deviation (n - 1) 0.0707, over the root of 2; a quarter
    # of it is 0.0125, and a tenth of the range 0.0005.
    table = {0: (0.8955, 0.8945), 1: (0.85, 0.95)}
    fits = [fit(number, fold, score) for number, row in table.items() for fold, score in enumerate(row)]
    choice = chosen(summarise_all(CANDIDATES[:2], fits, 2))
    assert choice is not None
    assert choice.best.number == choice.best_smoothed.number == choice.recommended.number == 1
    assert choice.standard_error is not None
    assert choice.smoothed_error == pytest.approx(choice.standard_error)
    assert math.isclose(choice.standard_error, 0.05, rel_tol=1e-12)
    assert choice.slack == pytest.approx(0.0005)
    assert choice.threshold == pytest.approx(0.8995)
    assert choice.smoothed == pytest.approx({0: 0.895, 1: 0.9})


@given(st.data(), st.integers(1, 6), st.integers(1, 3), st.integers(1, 3))
def test_the_choice_is_the_decision_on_each_combination(
    data: st.DataObject, sizes: int, combinations: int, cv: int
) -> None:
    repeats = data.draw(st.integers(1, 2))
    candidates = [
        Candidate(
            number=size * combinations + one,
            hidden_layer_sizes=(3 * size + 2,),
            weights=10 * size + 1,
            parameters=(("alpha", 0.1 * one),),
        )
        for size in range(sizes)
        for one in range(combinations)
    ]
    table = np.random.RandomState(data.draw(st.integers(0, 2**31))).normal(0.9, 0.02, (len(candidates), cv * repeats))
    failed = data.draw(st.sets(st.integers(0, len(candidates) - 1), max_size=len(candidates) - 1))
    fits = [
        fit(one.number, split, None, "overflow")
        if one.number in failed and split == 0
        else fit(one.number, split, table[one.number, split])
        for one in candidates
        for split in range(cv * repeats)
    ]
    summaries = summarise_all(candidates, fits, cv * repeats)
    choice = choose(summaries, shared_statistics(summaries, repeats))
    assert choice is not None
    by_fold = table.reshape(len(candidates), repeats, cv).mean(axis=1)
    decisions = []
    for one in range(combinations):
        members = [c for c in candidates if c.number % combinations == one and c.number not in failed]
        if members:
            found = decide(
                [c.hidden_layer_sizes for c in members],
                [c.weights for c in members],
                [[by_fold[c.number, fold] for c in members] for fold in range(cv)],
            )
            decisions.append((members, found))
    assert set(choice.smoothed) == {c.number for c in candidates} - failed
    members, found = max(decisions, key=lambda entry: entry[1].smoothed[entry[1].best])
    assert choice.recommended == members[found.recommended]
    assert choice.best_smoothed == members[found.best]
    assert choice.slack == pytest.approx(found.slack)
    assert choice.smoothed_error == (None if cv == 1 else pytest.approx(found.standard_error))
    assert choice.recommended_mean == pytest.approx(by_fold[choice.recommended.number].mean())
    means = by_fold.mean(axis=1)
    means[list(failed)] = -np.inf
    assert choice.best_mean == pytest.approx(means.max())


def test_the_first_of_equals_is_best_as_in_grid_search() -> None:
    choice = chosen(summarise_all(CANDIDATES[:2], [fit(1, 0, 0.5), fit(0, 0, 0.5)], 1))
    assert choice is not None
    assert choice.best.number == 0


def test_a_summary_counts_what_is_there() -> None:
    summary = summarise(CANDIDATES[0], [fit(0, 2, 0.5)], 4)
    assert summary.folds_done == 1
    assert summary.scores == (None, None, 0.5, None)
    assert summary.fit_seconds == 1.0


@given(st.data(), st.integers(2, 4), st.integers(1, 4))
def test_both_kinds_of_spread_equal_numpy_also_while_splits_are_missing(
    data: st.DataObject, cv: int, repeats: int
) -> None:
    splits = sorted(data.draw(st.sets(st.integers(0, cv * repeats - 1), min_size=1)))
    values = data.draw(st.lists(scores, min_size=len(splits), max_size=len(splits)))
    summaries = summarise_all(CANDIDATES[:1], [fit(0, *one) for one in zip(splits, values, strict=True)], cv * repeats)
    (found,) = shared_statistics(summaries, repeats)
    table = np.full((repeats, cv), np.nan)
    table.flat[splits] = values
    known = table[:, ~np.isnan(table).all(axis=0)]
    folds, seeds = np.nanmean(known, axis=0), table.mean(axis=1)
    seeds = seeds[~np.isnan(seeds)]
    close = partial(pytest.approx, rel=1e-9, abs=1e-6)
    if len(splits) > 1 or 0 in splits:
        assert found.mean == close(np.mean(values))
        assert found.std == (close(np.std(values)) if len(splits) > 1 else None)
        has_folds = len(folds) > 1
        error = np.std(folds, ddof=1) / np.sqrt(len(folds)) if has_folds else None
        assert found.std_over_folds == (close(np.std(folds)) if has_folds else None)
        assert found.standard_error == (close(error) if has_folds else None)
        assert found.std_over_seeds == (close(np.std(seeds)) if len(seeds) > 1 else None)


def test_two_seeds_on_the_same_folds_do_not_make_the_mean_more_certain() -> None:
    # worked by hand: folds' means 0.8 and 0.9 with either seed, deviation (n - 1) 0.0707, divided by the root of 2
    once = [fit(0, 0, 0.8), fit(0, 1, 0.9)]
    twice = [*once, fit(0, 2, 0.8), fit(0, 3, 0.9)]
    (one,) = shared_statistics(summarise_all(CANDIDATES[:1], once, 2))
    (two,) = shared_statistics(summarise_all(CANDIDATES[:1], twice, 4), repeats=2)
    assert one.standard_error is not None
    assert math.isclose(one.standard_error, 0.05, rel_tol=1e-12)
    assert (two.standard_error, two.std_over_folds) == (one.standard_error, one.std)
    assert (one.std_over_seeds, two.std_over_seeds) == (None, 0.0)
