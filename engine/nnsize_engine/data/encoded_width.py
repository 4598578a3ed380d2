"""The number of inputs that each column becomes, counted without encoding anything.

The encoders are the documented pipeline's: numbers are scaled, with an indicator of their own where training values are
missing; categories are one-hot encoded, the rare ones together.
"""

from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.table import Column, Rows

MIN_FREQUENCY = 0.01  # OneHotEncoder's: levels in a smaller share of the training rows are grouped

MAX_CATEGORIES = 100  # OneHotEncoder's: inputs that a column becomes at most, the group of rare levels included


def count_inputs(column: Column, train: Rows) -> int:
    """Return how many numbers encoders fitted on these rows make of a column."""
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
    """Return how many columns ``OneHotEncoder`` makes of levels that occur so often."""
    frequent = int((counts >= rows * MIN_FREQUENCY).sum())
    if frequent + 1 > MAX_CATEGORIES:
        frequent = MAX_CATEGORIES - 1
    return frequent + (frequent < len(counts))
