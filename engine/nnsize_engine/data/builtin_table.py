"""Built-in data read and inspected as a table."""

import dataclasses
import hashlib

import numpy as np

from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.data.inspect import inspect_read_table
from nnsize_engine.data.read import ReadTable
from nnsize_engine.data.split import load_builtin
from nnsize_engine.results.table_summary import DataSummary
from nnsize_engine.settings.datasets import builtin_data
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table_choice import TableChoice, TaskChoice


def inspect_builtin(name: str) -> DataSummary:
    """Summarise built-in data with the default split of a search.

    Raises:
        SettingsError: there is no built-in data of that name.
    """
    usual = SizeSettings()
    summary = inspect_read_table(
        read_builtin(name), test_size=usual.test_size, split_seed=usual.split_seed, stratify=usual.stratify
    )
    # The warnings advise to leave columns out, for which built-in data has no option.
    return dataclasses.replace(summary, warnings=())


def read_builtin(name: str) -> ReadTable:
    """Return built-in data as a table: the inputs by scikit-learn's names, then the target.

    Raises:
        SettingsError: there is no built-in data of that name.
    """
    known = builtin_data(name)
    X, y = load_builtin(name)
    columns = [
        TypedColumn(name=column, kind="number", values=np.ascontiguousarray(values))
        for column, values in zip(_names(name, X.shape[1]), X.T, strict=True)
    ]
    columns.append(TypedColumn(name="target", kind="number", values=np.asarray(y, dtype=np.float64)))
    task: TaskChoice = "regression" if known.task == "regression" else "classification"
    return ReadTable(
        choice=TableChoice(source=name, target=("target",), task=task),
        columns=columns,
        rows=len(y),
        checksum=hashlib.sha256(X.tobytes() + y.tobytes()).hexdigest(),
        notes=(),
        warnings=(),
        type_warnings=(),
    )


def _names(name: str, inputs: int) -> list[str]:
    from sklearn import datasets

    if name == "synthetic":
        return [f"x{place}" for place in range(inputs)]
    return [str(column) for column in getattr(datasets, f"load_{name}")().feature_names]
