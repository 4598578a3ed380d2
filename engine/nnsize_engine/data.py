"""Load data, and split off the rows that are tested once at the end."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.builtin import builtin_data
from nnsize_engine.errors import DataError
from nnsize_engine.records import DataFacts
from nnsize_engine.run_settings import RunSettings

Floats = NDArray[np.float64]
Targets = NDArray[np.float64] | NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Split:
    """The rows to search on and the rows to test on; the arrays are read-only."""

    X_train: Floats
    """Inputs, shape (train rows, inputs)."""

    y_train: Targets
    """Class labels or numbers, shape (train rows,)."""

    X_test: Floats
    y_test: Targets
    facts: DataFacts


def load_split(settings: RunSettings) -> Split:
    """Load the data of a run and split it as ``train_test_split`` does.

    Raises:
        DataError: the rows do not allow this split.
    """
    from sklearn.model_selection import train_test_split

    known = builtin_data(settings.data)
    X, y = load_builtin(settings.data)
    try:
        parts = train_test_split(X, y, test_size=settings.test_size, random_state=settings.split_seed)
    except ValueError as error:
        raise DataError(
            f"test-size {settings.test_size} cannot be taken from the {len(X)} rows of {settings.data}: "
            "it must leave rows on both sides"
        ) from error
    X_train, X_test, y_train, y_test = parts
    for array in parts:
        array.flags.writeable = False
    facts = DataFacts(
        name=settings.data,
        task=known.task,
        rows=len(X),
        inputs=X.shape[1],
        classes=len(np.unique(y)) if known.task != "regression" else 0,
        train_rows=len(X_train),
        test_rows=len(X_test),
        sha256=hashlib.sha256(X.tobytes() + y.tobytes()).hexdigest(),
    )
    return Split(X_train=X_train, y_train=y_train, X_test=X_test, y_test=y_test, facts=facts)


def load_builtin(name: str) -> tuple[Floats, Targets]:
    """Load a built-in data set: inputs, shape (rows, inputs), and targets, shape (rows,).

    Raises:
        SettingsError: there is none of that name.
    """
    from sklearn import datasets

    builtin_data(name)
    if name == "synthetic":
        # Friedman, Multivariate adaptive regression splines, 1991: smooth, curved, five of ten inputs matter.
        X, y = datasets.make_friedman1(n_samples=500, n_features=10, noise=1.0, random_state=0)
    else:
        loader = cast("Callable[..., tuple[Floats, Targets]]", getattr(datasets, f"load_{name}"))
        X, y = loader(return_X_y=True)
    return np.ascontiguousarray(X, dtype=np.float64), np.ascontiguousarray(y)
