"""Rows from memory as the data of a run: its settings, and its training rows."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.encode import all_rows
from nnsize_engine.data.encoded_width import count_inputs
from nnsize_engine.data.inspect import inspect_read_table
from nnsize_engine.data.kept_file import read_rows
from nnsize_engine.data.kept_rows import KeptRows
from nnsize_engine.data.kept_source import NAME, open_rows
from nnsize_engine.data.load import load_table
from nnsize_engine.data.memory_mapped import map_if_large
from nnsize_engine.data.problems import Problems
from nnsize_engine.data.read import read_table
from nnsize_engine.data.source import file_sha256
from nnsize_engine.data.split import Split
from nnsize_engine.errors import DataError
from nnsize_engine.results.records import DataFacts
from nnsize_engine.results.table_problems import all_problems
from nnsize_engine.settings.datasets import Task
from nnsize_engine.settings.kept_data import DATA_NAME
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_engine.text import escape_text


def settings_of_rows(rows: KeptRows, task: Task, classes: NDArray[Any] | None) -> TableSettings:
    """Return what settings are checked against, and how columns are read.

    Args:
        rows: the rows.
        task: the task that the target sets.
        classes: the labels of a classification; None for numbers and for several labels.

    Raises:
        DataError: a column cannot be used.
    """
    table = _matrix_settings(rows) if rows.X is not None else _column_settings(rows)
    labels = () if classes is None else tuple(classes.tolist())
    return dataclasses.replace(
        table,
        choice=dataclasses.replace(
            table.choice, target=rows.targets, task="regression" if task == "regression" else "classification"
        ),
        task=task,
        rows=len(rows.y),
        classes=len(rows.targets) if task == "multilabel" else len(labels),
        labels=tuple(str(label) for label in labels),
        has_label_one=not labels or any(label == 1 for label in labels),
        file_rows=len(rows.y),
        columns=(*table.columns, *((name, "number" if classes is None else "category") for name in rows.targets)),
    )


def _matrix_settings(rows: KeptRows) -> TableSettings:
    return TableSettings(
        choice=TableChoice(source=NAME, keep_na=True),
        task="regression",
        rows=len(rows.y),
        inputs=len(rows.names),
        classes=0,
        sha256="",
        columns=tuple((escape_text(name), "number") for name in rows.names),
        kept_as="matrix",
    )


def _column_settings(rows: KeptRows) -> TableSettings:
    """Inspect columns as those of a file are."""
    categorical = tuple(column.name for column in rows.columns if column.kind == "category")
    choice = TableChoice(source=NAME, keep_na=True, categorical=categorical)
    problems = Problems()
    read = read_table(choice, with_ignored=True, problems=problems, source=open_rows(rows, choice))
    summary = inspect_read_table(read, test_size=0, split_seed=0, stratify=False, problems=problems)
    if summary.problems:
        raise all_problems(summary.problems)
    table, target = summary.table, summary.table.choice.target
    inputs = tuple((name, kind) for name, kind in table.columns if name not in target)
    return dataclasses.replace(table, columns=inputs, kept_as="table")


def split_of_rows(
    rows: KeptRows, table: TableSettings, precision: str = "float64", checksum: Callable[[], str] = lambda: ""
) -> Split:
    """Return rows, all of which are training rows.

    Raises:
        DataError: the rows are not what the settings say.
    """
    X = _columns(rows, table, precision) if table.kept_as == "table" else _matrix(rows)
    width = sum(count_inputs(one, X.rows) for one in X.columns) if table.kept_as == "table" else X.shape[1]
    if (len(rows.y), width, rows.targets) != (table.rows, table.inputs, table.choice.target):
        raise DataError(
            f"{table.choice.name} holds {len(rows.y):,} rows of {width:,} inputs, and the run was made for "
            f"{table.rows:,} rows of {table.inputs:,}",
            field="data",
        )
    facts = DataFacts(
        name=table.choice.name,
        task=table.task,
        rows=len(rows.y),
        inputs=width,
        classes=table.classes,
        train_rows=len(rows.y),
        test_rows=0,
        sha256=checksum(),
    )
    none = np.zeros(0, dtype=np.int32)
    return Split(
        X_train=X,
        y_train=rows.y,
        X_test=X.take(none) if table.kept_as == "table" else X[:0],
        y_test=rows.y[:0],
        facts=facts,
        sample_weight=rows.sample_weight,
        given_splits=rows.splits,
    )


def _matrix(rows: KeptRows) -> Any:
    if isinstance(rows.X, np.ndarray):
        return rows.X
    return np.ascontiguousarray(rows.X.toarray(), dtype=np.float64)


def _columns(rows: KeptRows, table: TableSettings, precision: str) -> Any:
    source = open_rows(rows, table.choice)
    choice = dataclasses.replace(table.choice, target=source.default_target, task="regression")
    loaded = load_table(dataclasses.replace(table, choice=choice), precision, source=source)
    return all_rows(map_if_large(loaded.columns))


def load_kept_split(table: TableSettings, precision: str) -> Split:
    """Load the rows that a run keeps in its folder.

    Raises:
        DataError: they are gone, damaged, or no longer what the settings say.
    """
    path = Path(table.choice.source)
    if path.name != DATA_NAME:
        raise DataError(f"a run keeps its data in {DATA_NAME}, not in {escape_text(path.name)}", field="data")
    rows = read_rows(path)
    if rows.X is None and table.kept_as == "matrix":
        raise DataError(f"{DATA_NAME} holds columns, and the run was made for a matrix", field="data")
    return split_of_rows(rows, table, precision, lambda: file_sha256(path))
