"""Folds are scikit-learn's."""

import dataclasses

import numpy as np
import pytest
from sklearn.model_selection import check_cv

from nnsize_engine.data.split import load_split
from nnsize_engine.errors import DataError
from nnsize_engine.search.folds import make_folds, rare_class_warning
from nnsize_engine.settings.datasets import BUILTIN
from nnsize_engine.settings.scorings import default_scoring
from nnsize_engine.settings.search import SizeSettings


def _settings(data: str, **fields: int | float) -> SizeSettings:
    return SizeSettings(data=data, scoring=default_scoring(BUILTIN[data].task), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("data", BUILTIN)
@pytest.mark.parametrize("cv", [2, 5])
def test_folds_are_those_that_grid_search_makes(data: str, cv: int) -> None:
    split = load_split(_settings(data))
    expected = check_cv(cv, split.y_train, classifier=BUILTIN[data].task != "regression")
    for fold, (train, test) in zip(make_folds(split, cv), expected.split(split.X_train, split.y_train), strict=True):
        np.testing.assert_array_equal(fold.train, train)
        np.testing.assert_array_equal(fold.test, test)


def test_a_class_with_fewer_rows_than_folds_is_warned_of_as_scikit_learn_does() -> None:
    split = load_split(_settings("iris"))
    expected = check_cv(32, split.y_train, classifier=True)
    with pytest.warns(UserWarning, match="The least populated class in y has only 31 members, which is less than"):
        folds = list(expected.split(split.X_train, split.y_train))
    for fold, (train, test) in zip(make_folds(split, 32), folds, strict=True):
        np.testing.assert_array_equal(fold.train, train)
        np.testing.assert_array_equal(fold.test, test)
    warning = rare_class_warning(split, 32)
    assert warning is not None
    assert warning.startswith(
        "the least populated class in y has only 31 members, which is less than 32 folds: class 0"
    )
    assert rare_class_warning(split, 31) is None


def test_more_folds_than_any_class_has_rows_are_refused() -> None:
    with pytest.raises(
        DataError, match=r"cv is 60, but no class of iris has more than 35 training rows; use at most 35"
    ):
        make_folds(load_split(_settings("iris")), 60)


def test_more_folds_than_rows_are_refused() -> None:
    with pytest.raises(DataError, match="cv is 400, but diabetes has only 296 training rows"):
        make_folds(load_split(_settings("diabetes")), 400)


def test_training_rows_that_miss_a_class_are_warned_of() -> None:
    split = load_split(_settings("digits", test_size=1780))
    assert len(make_folds(split, 2)) == 2
    warning = rare_class_warning(split, 2)
    assert warning is not None
    assert "of 10 classes have no training row" in warning


def test_training_rows_of_one_class_are_refused() -> None:
    split = load_split(_settings("iris"))
    alone = dataclasses.replace(split, y_train=np.zeros_like(split.y_train))
    with pytest.raises(DataError, match="are of class 0, so there is nothing to learn; keep class shares"):
        make_folds(alone, 2)


def test_a_test_size_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(DataError, match="test-size 150 cannot be taken from the 150 rows of iris"):
        load_split(_settings("iris", test_size=150))


def test_the_rows_of_a_split_cannot_be_changed() -> None:
    split = load_split(_settings("iris"))
    with pytest.raises(ValueError, match="read-only"):
        split.X_train[0, 0] = 1  # type: ignore[index]
