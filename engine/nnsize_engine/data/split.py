"""Loading of the data of a run, split into training and test rows."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.encode import TableRows, all_rows
from nnsize_engine.data.encoded_width import count_inputs
from nnsize_engine.data.row_weights import training_weights
from nnsize_engine.data.sampling import split_rows
from nnsize_engine.data.table import Rows
from nnsize_engine.errors import DataError
from nnsize_engine.results.records import DataFacts
from nnsize_engine.settings.datasets import builtin_data
from nnsize_engine.settings.run import StartedSettings
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.text import escape_text

Floats = NDArray[np.float64]
Inputs = Floats | TableRows
"""A matrix of built-in data, shape (rows, inputs), to be standardised; or rows of a table, to be encoded."""

Targets = NDArray[Any]
"""Class labels or numbers, shape (rows,), or (rows, targets) if several numbers or labels are predicted."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Split:
    """Training and test rows; the arrays are read-only."""

    X_train: Inputs
    y_train: Targets
    X_test: Inputs
    y_test: Targets
    facts: DataFacts
    groups: NDArray[np.int32] | None = None
    """Number of the group of each training row, shape (training rows,); None without groups."""
    fitness_groups: tuple[NDArray[np.int32], NDArray[np.int32]] | None = None
    """Number of the group, over which a fitness is averaged, of each training and of each test row; None without."""
    sample_weight: Floats | None = None
    """Weight of each training row, shape (training rows,); None where all count the same."""
    given_splits: tuple[tuple[NDArray[np.int32], NDArray[np.int32]], ...] | None = None
    """Training and test rows of each split that a program gave with its data; None without."""


def load_split(settings: StartedSettings) -> Split:
    """Load the data of a run and split it as ``train_test_split`` does.

    Raises:
        DataError: the data cannot be read, or the rows do not allow this split.
    """
    known = settings.known
    if settings.stratify and known.task == "regression":
        raise DataError(
            f"stratify keeps the shares of classes, and {known.name} has numbers to predict; leave it out",
            field="stratify",
        )
    if settings.table is not None and settings.table.kept_as:
        from nnsize_engine.data.kept_split import load_kept_split

        return load_kept_split(settings.table, settings.data_precision)
    if settings.table is not None:
        return _split_table(settings, settings.table)
    X, y = load_builtin(settings.data)
    train, test = _rows(settings, y)
    parts = [X[train], X[test], y[train], y[test]]
    for array in parts:
        array.flags.writeable = False
    X_train, X_test, y_train, y_test = parts
    _check_target(y, settings)
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
    weights = training_weights(y_train, None, settings.class_weight)
    return Split(X_train=X_train, y_train=y_train, X_test=X_test, y_test=y_test, facts=facts, sample_weight=weights)


def _split_table(settings: StartedSettings, table: TableSettings) -> Split:
    from nnsize_engine.data.load import load_table
    from nnsize_engine.data.memory_mapped import map_if_large, return_freed_arrays, trim_heap

    precision = settings.data_precision
    return_freed_arrays(table.rows * table.inputs * np.dtype(precision).itemsize)
    try:
        loaded = load_table(table, precision, split_seed=settings.split_seed)
    except DataError as error:
        raise _with_change(table, error) from error
    found, y, weights = loaded.settings, loaded.y, loaded.weights
    _check_target(y, settings)
    groups, fitness_groups = loaded.groups, loaded.fitness_groups
    columns = map_if_large(loaded.columns)
    del loaded
    trim_heap()
    train, test = _rows(settings, y, groups)
    inputs = all_rows(columns)
    train, test = (
        train.astype(np.int32),
        test.astype(np.int32),
    )  # int32 halves the memory of many row numbers
    y_train, y_test = y[train], y[test]
    for array in (y_train, y_test):
        array.flags.writeable = False
    facts = DataFacts(
        name=settings.known.name,
        task=found.task,
        rows=found.rows,
        inputs=sum(count_inputs(column, train) for column in columns),
        classes=found.classes,
        train_rows=len(train),
        test_rows=len(test),
        sha256=found.sha256,
    )
    given = None if weights is None else weights[train]
    return Split(
        X_train=inputs.take(train),
        y_train=y_train,
        X_test=inputs.take(test),
        y_test=y_test,
        facts=facts,
        groups=None if groups is None else groups[train],
        fitness_groups=None if fitness_groups is None else (fitness_groups[train], fitness_groups[test]),
        sample_weight=training_weights(y_train, given, settings.class_weight),
    )


def _check_target(y: Targets, settings: StartedSettings) -> None:
    """Refuse negative targets if their logarithm is to be taken."""
    if settings.scaling_of_target == "log" and (least := y.min()) < 0:
        raise DataError(
            f"target-scale log needs numbers from 0 up, and the smallest target of {settings.known.name} is "
            f"{least:g}; use target-scale standard",
            field="target_scale",
        )


def _rows(settings: StartedSettings, y: Targets, groups: NDArray[np.int32] | None = None) -> tuple[Rows, Rows]:
    return split_rows(
        len(y),
        y,
        test_size=settings.test_size,
        split_seed=settings.split_seed,
        stratify=settings.stratify,
        groups=groups,
        takes_last_rows=settings.takes_last_rows,
        name=settings.known.name,
    )


def _with_change(table: TableSettings, error: DataError) -> DataError:
    """Return an error that tells that the table has changed; the given error if it has not."""
    from nnsize_engine.data.read import open_source

    try:
        has_changed = open_source(table.choice).checksum() != table.sha256
    except (DataError, OSError):  # the table cannot be opened, which the first error tells
        return error
    if not has_changed:
        return error
    return DataError(
        f"{escape_text(table.choice.source)} has changed since it was looked at, and no longer fits: {error}",
        field="data",
        column=error.column,
    )


def load_builtin(name: str) -> tuple[Floats, Targets]:
    """Load a built-in data set: inputs, shape (rows, inputs), and targets, shape (rows,).

    Raises:
        SettingsError: there is no built-in data of that name.
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
