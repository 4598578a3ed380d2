"""Which rows of a table are drawn, and which train and which test: exactly ``train_test_split``'s."""

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.errors import DataError

Rows = NDArray[np.int64]


def split_rows(
    rows: int,
    y: NDArray[np.generic] | None = None,
    *,
    test_size: float | int,
    split_seed: int,
    stratify: bool = False,
    name: str = "the table",
) -> tuple[Rows, Rows]:
    """Row numbers to train on and to test on, in the order that ``train_test_split`` gives them.

    ``y`` holds the class of each row, shape (rows,); it is needed only to stratify. The name is the data's, for errors.

    Raises:
        DataError: the rows do not allow this split.
    """
    from sklearn.model_selection import train_test_split

    classes = y if stratify else None
    try:
        train, test = train_test_split(np.arange(rows), test_size=test_size, random_state=split_seed, stratify=classes)
    except ValueError as error:
        if classes is not None:
            _refuse_rare_class(classes, f"the split of {name} cannot keep class shares", "split without stratify")
        raise DataError(
            f"test-size {test_size} cannot be taken from the {rows} rows of {name}: it must leave rows on both sides"
            + (", at least one of each class, to keep class shares" if stratify else "")
        ) from error
    return train, test


def sample_rows(
    rows: int, y: NDArray[np.generic] | None, *, size: int, seed: int, name: str = "the table"
) -> Rows | None:
    """Row numbers of a sample, ascending; with classes given, of shape (rows,), it keeps their shares.

    None when there are no more rows than that: all are used.

    Raises:
        DataError: a class is too rare, or the sample too small, to keep the shares.
    """
    from sklearn.model_selection import train_test_split

    if size >= rows:
        return None
    try:
        drawn, _ = train_test_split(np.arange(rows), train_size=size, random_state=seed, stratify=y)
    except ValueError as error:
        if y is not None:
            _refuse_rare_class(y, f"a sample of {size} rows of {name} cannot keep class shares", "use all rows")
        raise DataError(
            f"a sample of {size} of the {rows} rows of {name} is too small, or leaves too few out, to keep class "
            "shares; draw more rows or use all"
        ) from error
    return np.asarray(np.sort(drawn), dtype=np.int64)


def _refuse_rare_class(y: NDArray[np.generic], what: str, way_out: str) -> None:
    labels, counts = np.unique(y, return_counts=True)
    if counts.min() < 2:
        raise DataError(f"{what}: class {labels[counts.argmin()]} has only one row; {way_out} or take that row out")
