"""The number of network inputs that a column becomes, counted without encoding.

The rules are those of the documented pipeline: a number has an indicator of its own if training values are missing;
categories are one-hot encoded, and rare ones share one input.
"""

from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.table import Column, Rows

MIN_FREQUENCY = 0.01  # min_frequency of OneHotEncoder: levels in a smaller share of the training rows are grouped

MAX_CATEGORIES = 100  # max_categories of OneHotEncoder: most inputs of a column, the group of rare levels included


def count_inputs(column: Column, train: Rows) -> int:
    """Return the number of inputs of a column, for encoders fitted on the rows ``train``."""
    match column.kind:
        case "number":
            missing = np.isnan(column.values)
            return 1 + int(missing.any() and missing[train].any())
        case "category":
            counts = np.bincount(column.values[train] + 1)  # a missing category is a category of its own
            return _one_hot(counts[counts > 0], len(train))
        case _:
            assert_never(column.kind)


def _one_hot(counts: NDArray[np.int64], rows: int) -> int:
    """Return the number of columns that ``OneHotEncoder`` makes of levels with these counts."""
    frequent = int((counts >= rows * MIN_FREQUENCY).sum())
    if frequent + 1 > MAX_CATEGORIES:
        frequent = MAX_CATEGORIES - 1
    return frequent + (frequent < len(counts))
