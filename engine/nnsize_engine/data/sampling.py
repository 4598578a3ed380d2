"""Sampling and splitting of rows, with the same result as scikit-learn's ``train_test_split``."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.target import Target
from nnsize_engine.errors import DataError
from nnsize_engine.settings.validate import count_held_out
from nnsize_engine.text import escape_text

Rows = NDArray[np.int64]


def split_rows(
    rows: int,
    y: NDArray[np.generic] | None = None,
    *,
    test_size: float | int,
    split_seed: int,
    stratify: bool = False,
    groups: NDArray[np.int32] | None = None,
    takes_last_rows: bool = False,
    name: str = "the table",
) -> tuple[Rows, Rows]:
    """Return the numbers of training and test rows, in the order of ``train_test_split``.

    With ``groups``, the number of the group of each row, whole groups are test rows, as ``GroupShuffleSplit`` draws
    them; the test size counts groups then. With ``takes_last_rows`` nothing is shuffled and the last rows are test
    rows.

    With a ``test_size`` of 0 all rows are training rows, in their own order: nothing is split.

    ``y`` holds the class of each row, shape (rows,), or its labels, shape (rows, labels), whose combinations are then
    the classes; it is needed only to stratify. ``name`` names the data in errors.

    Raises:
        DataError: the rows do not allow this split.
    """
    if test_size == 0:
        return np.arange(rows), np.arange(0)
    if groups is not None:
        return _by_group(groups, test_size, split_seed, name)
    tested = count_held_out(test_size, rows)
    if not 0 < tested < rows:
        raise DataError(
            f"test-size {test_size} cannot be taken from the {rows} rows of {name}: it must leave rows on both sides",
            field="test_size",
        )
    if takes_last_rows:
        return np.arange(rows - tested), np.arange(rows - tested, rows)
    if stratify and y is not None:
        what = f"test-size {test_size} cannot be taken from {name} by class"
        return _by_class(y, rows - tested, tested, split_seed, what, "leave out stratify", field="test_size")
    # The steps of train_test_split; importing scikit-learn would delay the inspection of a table by a second.
    shuffled = np.random.RandomState(split_seed).permutation(rows)
    return shuffled[tested:], shuffled[:tested]


def _by_group(groups: NDArray[np.int32], test_size: float | int, seed: int, name: str) -> tuple[Rows, Rows]:
    """Return the row numbers of both sides, in rising order; each group is on one side."""
    count = int(groups.max()) + 1
    tested = count_held_out(test_size, count)
    if not 0 < tested < count:
        raise DataError(
            f"test-size {test_size} cannot be taken from the {count} group{'' if count == 1 else 's'} of {name}: "
            "it must leave groups on both sides",
            field="test_size",
        )
    # The steps of GroupShuffleSplit; importing scikit-learn would delay the inspection of a table by a second.
    shuffled = np.random.RandomState(seed).permutation(count)
    is_tested = np.isin(groups, shuffled[:tested])
    return np.flatnonzero(~is_tested), np.flatnonzero(is_tested)


def sample_rows(target: Target, size: int, *, seed: int, name: str = "the table") -> Rows | None:
    """Return the row numbers of a sample that keeps the shares of classes, in rising order.

    Return None if there are at most ``size`` rows, which are then all used.

    Raises:
        DataError: a class is too rare, or the sample too small, to keep the shares.
    """
    rows = len(target.y)
    if size >= rows:
        return None
    if target.task in ("regression", "multilabel"):
        drawn = np.random.RandomState(seed).permutation(rows)[rows - size :]
    else:
        what = f"{size} rows cannot be drawn from {name} by class"
        drawn, _ = _by_class(target.codes, size, rows - size, seed, what, "use all rows", target.labels, field="sample")
    return np.sort(drawn)


def _by_class(
    y: NDArray[np.generic],
    trained: int,
    tested: int,
    seed: int,
    what: str,
    remedy: str,
    names: Sequence[str] | None = None,
    *,
    field: str,
) -> tuple[Rows, Rows]:
    """Return the row numbers of both sides; each side keeps the shares of the classes."""
    from sklearn.model_selection import train_test_split

    if y.ndim == 2:  # as train_test_split does it
        y = np.array([" ".join(row.astype("str")) for row in y])
    labels, codes, counts = np.unique(y, return_inverse=True, return_counts=True)
    if counts.min() < 2:
        label = escape_text(str((names if names is not None else labels)[counts.argmin()]))
        raise DataError(f"{what}: class {label} has only one row; {remedy}, or take that row out", field=field)
    if min(trained, tested) < len(labels):
        raise DataError(
            f"{what}: there are {len(labels)} classes, and each needs a row on both sides; {remedy}", field=field
        )
    train, test = train_test_split(
        np.arange(len(y)), train_size=trained, test_size=tested, random_state=seed, stratify=codes
    )
    return train, test
