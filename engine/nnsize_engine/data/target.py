"""The target of a table: classes or numbers, as chosen by the user or inferred from the values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.data.infer_types import shown
from nnsize_engine.data.quote_names import quoted
from nnsize_engine.data.several_labels import are_labels, make_labels
from nnsize_engine.errors import DataError
from nnsize_engine.settings.datasets import Task
from nnsize_engine.settings.table_choice import TableChoice, TaskChoice
from nnsize_engine.text import escape_text

MAX_INFERRED_CLASSES = 20  # different whole numbers that count as classes if no task is chosen

MIN_ROWS_PER_VALUE = 3  # rows for each whole number on average; with fewer, they are measured rather than classes

MAX_CLASSES = 1_000  # output neurons; more different labels are ids rather than classes

_MAX_EXACT_INTEGER = 2.0**53  # float64 does not hold all larger whole numbers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Target:
    """The values that networks learn to predict."""

    task: Task
    y: NDArray[Any]
    """The targets of the rows; see :class:`~nnsize_engine.data.table.Table`."""

    codes: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """Index of the class of each row, shape (rows,); empty in regression and for several labels."""

    labels: tuple[str, ...] = ()
    """Labels of the classes in order, or the names of several labels, with control characters escaped."""

    counts: tuple[int, ...] = ()
    """Number of rows of each class, or with each label."""

    has_label_one: bool = True
    notes: tuple[str, ...] = ()


def make_target(columns: Sequence[TypedColumn], choice: TableChoice) -> Target:
    """Return the target of a table whose rows all have one.

    Raises:
        DataError: the values do not suit the task.
    """
    for column in columns:
        _refuse_dates(column)
    task, note = _choose_task(columns, choice)
    notes = () if note is None else (note,)
    if task == "regression":
        if choice.positive is not None:
            raise DataError(
                f"positive is {shown(choice.positive)} but the task is regression; "
                "leave it out or say --task classification",
                field="positive",
            )
        return Target(task="regression", y=_numbers(columns), notes=notes)
    if len(columns) > 1:
        return _labels(columns, choice, notes)
    return _classes(columns[0], choice, notes)


def _labels(columns: Sequence[TypedColumn], choice: TableChoice, notes: tuple[str, ...]) -> Target:
    if choice.positive is not None:
        raise DataError(
            f"positive is {shown(choice.positive)}, but there are {len(columns)} targets; of each, the larger of its "
            "two values is 1: leave it out, or name one target",
            field="positive",
        )
    labels = make_labels(columns)
    names = tuple(escape_text(column.name) for column in columns)
    return Target(task="multilabel", y=labels.y, labels=names, counts=labels.counts, notes=(*notes, *labels.notes))


def _refuse_dates(column: TypedColumn) -> None:
    if column.kind == "date":
        name = quoted(column.name)
        raise DataError(
            f"target '{column.name}' is a date, which cannot be predicted; "
            f"name another with --target, or take dates as classes with --categorical {name}",
            field="target",
            column=column.name,
        )


def _choose_task(columns: Sequence[TypedColumn], choice: TableChoice) -> tuple[TaskChoice, str | None]:
    """Return the chosen task, or the inferred one with a sentence that gives the reason."""
    if choice.task is not None:
        return choice.task, None
    if are_labels(columns):
        return "classification", (
            "task: several labels at once, because each target has two different values; --task regression overrides"
        )
    if len(columns) > 1:
        return "regression", "task: regression, because there are several targets"
    column = columns[0]
    other = "; --task {} overrides"
    if column.kind == "category":
        return "classification", "task: classification, because the target holds labels"
    if column.kind == "boolean":
        return "classification", "task: classification, because the target is true or false" + other.format(
            "regression"
        )
    if column.notation:
        return "regression", "task: regression, because the target's texts are numbers" + other.format("classification")
    if not _is_whole(column.values):
        return "regression", "task: regression, because the target holds numbers with fractions"
    distinct, rows = len(np.unique(column.values)), len(column.values)
    if 2 < distinct <= MAX_INFERRED_CLASSES and rows < MIN_ROWS_PER_VALUE * distinct:
        return "regression", (
            f"task: regression, because the target has {distinct} different whole numbers in only {rows} rows"
            + other.format("classification")
        )
    if distinct <= MAX_INFERRED_CLASSES:
        return "classification", (
            f"task: classification, because the target has only {distinct} different whole numbers"
            + other.format("regression")
        )
    return "regression", (
        f"task: regression, because the target has {distinct:,} different whole numbers"
        + other.format("classification")
    )


def _is_whole(values: NDArray[Any]) -> bool:
    return bool((values == np.floor(values)).all())


def _numbers(columns: Sequence[TypedColumn]) -> NDArray[np.float64]:
    for column in columns:
        if column.kind == "category":
            raise DataError(
                f"target '{column.name}' holds texts such as {shown(column.levels[0])}, but regression needs numbers; "
                + ("name others" if len(columns) > 1 else "use --task classification or name another target"),
                field="target",
                column=column.name,
            )
        if len(column.values) and (column.values == column.values[0]).all():
            raise DataError(
                f"target '{column.name}' is {column.values[0]:g} in every row, so there is nothing to learn; "
                "name another target",
                field="target",
                column=column.name,
            )
    if len(columns) == 1:
        return np.asarray(columns[0].values, dtype=np.float64)
    return np.column_stack([column.values for column in columns]).astype(np.float64)


def _classes(column: TypedColumn, choice: TableChoice, notes: tuple[str, ...]) -> Target:
    labels, codes = _labels_and_codes(column)
    texts = tuple(escape_text(str(label)) for label in labels.tolist())
    if len(labels) < 2:
        raise DataError(
            f"target '{column.name}' has only one class, {texts[0] if texts else 'none'}; "
            "two at least are needed: name another target",
            field="target",
            column=column.name,
        )
    if len(labels) > MAX_CLASSES:
        raise DataError(
            f"target '{column.name}' has {len(labels):,} different labels, more than there may be classes "
            f"({MAX_CLASSES:,}); name another target, or say --task regression if they are numbers",
            field="target",
            column=column.name,
        )
    counts = tuple(np.bincount(codes, minlength=len(labels)).tolist())
    if choice.positive is not None:
        return _with_positive(choice.positive, texts, codes, counts, notes)
    return Target(
        task="binary" if len(labels) == 2 else "multiclass",
        y=labels[codes],
        codes=codes,
        labels=texts,
        counts=counts,
        has_label_one=any(label in (1, True) for label in labels.tolist()),
        notes=notes,
    )


def _labels_and_codes(column: TypedColumn) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the different labels in order, of their own type, and the index of the label of each row."""
    if column.kind == "category":
        used, codes = np.unique(column.values, return_inverse=True)
        return np.array(column.levels, dtype=object)[used], codes
    if column.kind == "boolean":
        used, codes = np.unique(column.values, return_inverse=True)
        return used.astype(bool), codes
    _refuse_as_classes(column)
    used, codes = np.unique(column.values, return_inverse=True)
    return used.astype(np.int64), codes


def _refuse_as_classes(column: TypedColumn) -> None:
    name = quoted(column.name)
    if not _is_whole(column.values):
        fraction = column.values[column.values != np.floor(column.values)][0]
        raise DataError(
            f"target '{column.name}' holds numbers with fractions, such as {fraction:g}, which are no classes; "
            f"use --task regression, or take each number as a label with --categorical {name}",
            field="target",
            column=column.name,
        )
    if len(column.values) and np.abs(column.values).max() >= _MAX_EXACT_INTEGER:
        raise DataError(
            f"target '{column.name}' holds whole numbers beyond 2**53, which cannot be told apart; "
            f"take them as categories with --categorical {name}",
            field="target",
            column=column.name,
        )


def _with_positive(
    positive: str, labels: tuple[str, ...], codes: NDArray[Any], counts: tuple[int, ...], notes: tuple[str, ...]
) -> Target:
    """Return the target with 1 for the positive label and 0 for the other."""
    if len(labels) > 2:
        raise DataError(
            f"positive is {shown(positive)}, but the target has {len(labels)} classes; it is for two: leave it out",
            field="positive",
        )
    spelled = next(
        (text for text in (positive, escape_text(positive)) if text in labels), escape_text(positive.strip())
    )
    if spelled not in labels:
        raise DataError(
            f"positive is '{spelled}', but the target's labels are '{labels[0]}' and '{labels[1]}'; name one",
            field="positive",
        )
    one = labels.index(spelled)
    return Target(
        task="binary",
        y=(codes == one).astype(np.int64),
        codes=(codes == one).astype(np.int64),
        labels=(labels[1 - one], labels[one]),
        counts=(counts[1 - one], counts[one]),
        notes=notes,
    )
