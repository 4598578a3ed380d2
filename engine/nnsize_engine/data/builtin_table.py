"""Built-in data, looked at as a table of the user's is."""

import dataclasses
import hashlib
from collections.abc import Mapping

import numpy as np

from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.data.inspect import inspect_read_table
from nnsize_engine.data.read import ReadTable
from nnsize_engine.data.split import load_builtin
from nnsize_engine.results.table_summary import summary_to_json
from nnsize_engine.settings.datasets import builtin_data
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table import TableChoice, TaskChoice


def answer_builtin_inspection(given: Mapping[str, str]) -> str:
    """Answer :func:`nnsize_engine.preflight.client.inspect_builtin`: the name of the data, the summary as JSON text.

    Raises:
        SettingsError: there is none of that name.
    """
    usual = SizeSettings()
    summary = inspect_read_table(
        read_builtin(given["name"]), test_size=usual.test_size, split_seed=usual.split_seed, stratify=usual.stratify
    )
    # Built-in data has no option to leave columns out, which the warnings advise.
    return summary_to_json(dataclasses.replace(summary, warnings=()))


def read_builtin(name: str) -> ReadTable:
    """Built-in data as a table: the columns by scikit-learn's names, then the target.

    Raises:
        SettingsError: there is none of that name.
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
