"""Splits and samples are ``train_test_split``'s."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split

from nnsize_engine.data.sampling import sample_rows, split_rows
from nnsize_engine.data.target import Target
from nnsize_engine.errors import DataError

SIZES = st.one_of(st.floats(0.01, 0.99), st.integers(1, 60))


@given(st.integers(2, 60), SIZES, st.integers(0, 2**32 - 1), st.booleans())
def test_a_split_is_train_test_splits(rows: int, test_size: float | int, seed: int, stratify: bool) -> None:
    y = np.random.default_rng(seed).choice(["a", "b", "c"], rows).astype(object)
    try:
        expected = train_test_split(
            np.arange(rows), test_size=test_size, random_state=seed, stratify=y if stratify else None
        )
    except ValueError:
        with pytest.raises(DataError):
            split_rows(rows, y, test_size=test_size, split_seed=seed, stratify=stratify)
        return
    train, test = split_rows(rows, y, test_size=test_size, split_seed=seed, stratify=stratify)
    np.testing.assert_array_equal(train, expected[0])
    np.testing.assert_array_equal(test, expected[1])


@given(st.integers(4, 60), st.integers(2, 60), st.integers(0, 1000), st.booleans())
def test_a_sample_is_train_test_splits_in_the_files_order(rows: int, size: int, seed: int, classes: bool) -> None:
    y = np.arange(rows) % 2
    target = Target(task="binary", y=y, codes=y, labels=("0", "1")) if classes else Target(task="regression", y=y)
    if size >= rows:
        assert sample_rows(target, size, seed=seed) is None
        return
    if classes and rows - size < 2:
        with pytest.raises(DataError, match="cannot be drawn from the table by class"):
            sample_rows(target, size, seed=seed)
        return
    drawn, _ = train_test_split(np.arange(rows), train_size=size, random_state=seed, stratify=y if classes else None)
    np.testing.assert_array_equal(sample_rows(target, size, seed=seed), np.sort(drawn))
