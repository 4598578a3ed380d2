"""Rows in memory as the engine takes data: the facts that settings are checked against, and the split of a run."""

from typing import Any

from numpy.typing import NDArray

from nnsize_engine.data.split import Split
from nnsize_engine.results.records import DataFacts
from nnsize_engine.settings.datasets import Task
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_choice import TableChoice

NAME = "the training data"
"""The name of the rows in messages."""


def training_split(
    X: NDArray[Any], y: NDArray[Any], *, task: Task, classes: int, sample_weight: NDArray[Any] | None = None
) -> Split:
    """Return rows of which all are training rows.

    Args:
        X: numbers, shape (rows, inputs).
        y: class labels or numbers, shape (rows,), or (rows, targets).
        task: the task that the target sets.
        classes: number of classes, or of labels; 0 for regression.
        sample_weight: how much each row counts, shape (rows,).
    """
    facts = DataFacts(
        name=NAME,
        task=task,
        rows=len(X),
        inputs=X.shape[1],
        classes=classes,
        train_rows=len(X),
        test_rows=0,
        sha256="",
    )
    return Split(X_train=X, y_train=y, X_test=X[:0], y_test=y[:0], facts=facts, sample_weight=sample_weight)


def table_of(split: Split, classes: NDArray[Any] | None) -> TableSettings:
    """Return what settings are checked against. ``classes`` are the labels of a classification, else None."""
    facts, targets = split.facts, split.y_train.reshape(len(split.y_train), -1).shape[1]
    labels = () if classes is None else tuple(classes.tolist())
    return TableSettings(
        choice=TableChoice(source=NAME, target=tuple(f"y{number}" for number in range(targets))),
        task=facts.task,
        rows=facts.rows,
        inputs=facts.inputs,
        classes=facts.classes,
        labels=tuple(str(label) for label in labels),
        has_label_one=not labels or any(label == 1 for label in labels),
        sha256=facts.sha256,
    )
