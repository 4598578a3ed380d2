"""The statistics of references, on the folds on which the candidates are compared."""

import pytest

from nnsize_engine.results.references import summarise_references
from support.made_references import made_reference, made_references


def test_means_and_spreads_are_numpys_over_the_compared_folds() -> None:
    # Worked by hand: 0.7, 0.8 and 0.9 deviate by 0.1 / sqrt(3/2), and the error of their mean is 0.1 / sqrt(3).
    results = [made_reference("linear", fold, score) for fold, score in enumerate((0.7, 0.8, 0.9, 0.1))]
    (linear,) = summarise_references(results, 4, (0, 1, 2))
    assert linear.mean == pytest.approx(0.8)
    assert linear.std == pytest.approx(0.1 * (2 / 3) ** 0.5)
    assert linear.standard_error == pytest.approx(0.1 / 3**0.5)
    assert linear.train_mean == pytest.approx(0.81)
    assert linear.scores == (0.7, 0.8, 0.9, 0.1)
    assert (linear.folds_done, linear.error, linear.words) == (4, None, "linear model")


def test_the_simplest_comes_first_and_one_without_a_result_is_left_out() -> None:
    results = made_references({"trees": 0.9, "dummy": 0.5}, 3)
    assert [one.name for one in summarise_references(results, 3, range(3))] == ["dummy", "trees"]
    assert summarise_references([], 3, range(3)) == ()


def test_a_reference_that_lacks_a_compared_fold_or_failed_has_no_mean() -> None:
    results = [made_reference("dummy", 0, 0.5), made_reference("linear", 0, 0.8)]
    results += [made_reference("linear", 1, 0.8, error="refused"), made_reference("linear", 2, 0.8)]
    dummy, linear = summarise_references(results, 3, (0, 1))
    assert (dummy.mean, dummy.error) == (None, None)
    assert (linear.mean, linear.std, linear.error) == (None, None, "refused")
    (dummy, linear) = summarise_references(results, 3, (0,))
    assert (dummy.mean, dummy.std) == (0.5, None)
    assert linear.mean is None
