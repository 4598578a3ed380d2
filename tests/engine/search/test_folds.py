"""Folds are scikit-learn's."""

import numpy as np
import pytest
from sklearn.model_selection import check_cv

from nnsize_engine.data.split import load_split
from nnsize_engine.errors import DataError
from nnsize_engine.search.folds import make_folds
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


def test_more_folds_than_the_smallest_class_has_rows_are_refused() -> None:
    with pytest.raises(
        DataError, match=r"cv is 32, but class 0 of iris has only 31 training rows; use at most 31 folds"
    ):
        make_folds(load_split(_settings("iris")), 32)


def test_more_folds_than_rows_are_refused() -> None:
    with pytest.raises(DataError, match="cv is 400, but diabetes has only 296 training rows"):
        make_folds(load_split(_settings("diabetes")), 400)


def test_training_rows_that_miss_a_class_are_refused() -> None:
    with pytest.raises(DataError, match="hold only"):
        make_folds(load_split(_settings("digits", test_size=1790)), 2)


def test_a_test_size_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(DataError, match="test-size 150 cannot be taken from the 150 rows of iris"):
        load_split(_settings("iris", test_size=150))


def test_the_rows_of_a_split_cannot_be_changed() -> None:
    split = load_split(_settings("iris"))
    with pytest.raises(ValueError, match="read-only"):
        split.X_train[0, 0] = 1  # type: ignore[index]
