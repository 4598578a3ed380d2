"""Facts about a table that inspection found, as a run stores them."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.column_roles import role_of
from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.data.load import UsedRows, date_parts
from nnsize_engine.data.read import ReadTable
from nnsize_engine.data.read_examples import notes_of_examples
from nnsize_engine.data.unusable import UnusableColumn
from nnsize_engine.settings.file_facts import UNTYPED_FORMATS
from nnsize_engine.settings.missing_texts import QUESTION_MARK
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_choice import TableChoice, TaskChoice


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UsedTable:
    """The rows and columns that a run would use."""

    rows: UsedRows
    train: NDArray[np.int64]
    inputs: Mapping[str, int]
    """Number of network inputs of each column."""

    unusable: tuple[UnusableColumn, ...]
    """Columns that are left out."""

    group_count: int
    """Number of groups of rows; 0 if no groups were chosen."""


def table_settings(read: ReadTable, used: UsedTable) -> TableSettings:
    """Return the settings of a table as a run stores them."""
    target, rare = used.rows.target, used.rows.rare
    kept = tuple(label for label, _ in read.labels_like_missing.kept)
    left_out = {column.name for column in used.unusable}
    columns = [
        column for column in read.columns if role_of(column, read.choice) != "ignored" and column.name not in left_out
    ]
    numbers = [column for column in columns if role_of(column, read.choice) == "input" and column.kind != "category"]
    task: TaskChoice = "regression" if target.task == "regression" else "classification"
    return TableSettings(
        choice=dataclasses.replace(read.choice, task=task),
        task=target.task,
        rows=len(target.y),
        inputs=sum(used.inputs.values()),
        classes=len(target.labels),
        labels=target.labels,
        has_label_one=target.has_label_one,
        sha256=read.checksum,
        columns=tuple(found for column in columns for found in _kinds_of(column, read.choice)),
        group_count=used.group_count,
        has_missing_marks=_has_missing_marks(read, columns),
        has_missing_numbers=any(bool(column.is_missing.any()) for column in numbers),
        file_rows=read.rows,
        without_target=used.rows.without_target,
        left_out=tuple((column.name, column.reason) for column in used.unusable),
        rare_classes=rare.classes if rare is not None else (),
        joined_class=rare.joined if rare is not None else None,
        kept_labels=kept,
        cleaned=tuple(
            column.name
            for column in columns
            if column.name in read.cleaned or (kept and column.name in read.choice.target)
        ),
        file=read.file,
        notes=tuple(notes_of_examples(read.examples)),
        notations=tuple((column.name, *column.notation) for column in columns if column.notation),
    )


def _has_missing_marks(read: ReadTable, columns: Sequence[TypedColumn]) -> bool:
    """Return whether an input lacks a value in a file of texts whose question marks mean a missing value."""
    is_untyped = read.choice.separator is not None or read.file.format in UNTYPED_FORMATS
    if not is_untyped or QUESTION_MARK not in read.choice.missing_texts:
        return False
    return any(column.is_missing.any() for column in columns if role_of(column, read.choice) == "input")


def _kinds_of(column: TypedColumn, choice: TableChoice) -> list[tuple[str, str]]:
    """Return the name and kind of a column, and for a date those of its parts."""
    is_input = role_of(column, choice) == "input"
    parts = date_parts(column) if column.kind == "date" and is_input else ()
    return [(column.name, column.kind), *((part.name, part.name.rsplit(" ", 1)[1]) for part in parts)]
