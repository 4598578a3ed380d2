"""Inspection of a table before a run: columns, types, target, quality."""

import dataclasses
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.data.encoded_width import count_inputs
from nnsize_engine.data.load import date_parts, drop_unused_rows, input_columns
from nnsize_engine.data.quality import check_quality, class_warnings, sample_target
from nnsize_engine.data.read import ReadTable, read_table
from nnsize_engine.data.sampling import split_rows
from nnsize_engine.data.skewed_target import skew_warnings
from nnsize_engine.data.summarise import cell_text, summarise
from nnsize_engine.data.target import Target
from nnsize_engine.results.table_summary import ColumnRole, ColumnSummary, DataSummary, Level
from nnsize_engine.settings.table import TableChoice, TableSettings, TaskChoice

MAX_PREVIEW_ROWS = 50  # the lines of a tall terminal

_THREADS = 2  # sorting releases the GIL; more threads would wait for it in other steps


def inspect_table(
    choice: TableChoice, *, test_size: float | int = 0.33, split_seed: int = 42, stratify: bool = False
) -> DataSummary:
    """Read and summarise a table as a run with this split would use it.

    Raises:
        DataError: the table cannot be used as it is.
    """
    read = read_table(choice, with_ignored=True)
    return inspect_read_table(read, test_size=test_size, split_seed=split_seed, stratify=stratify)


def inspect_read_table(read: ReadTable, *, test_size: float | int, split_seed: int, stratify: bool) -> DataSummary:
    """Summarise a table that was read with its ignored columns, as a run with this split would use it.

    Raises:
        DataError: the table cannot be used as it is.
    """
    preview = _preview(read.columns)
    target, without = drop_unused_rows(read, split_seed=split_seed)
    columns = read.columns
    train, _ = split_rows(
        len(target.y),
        target.y,
        test_size=test_size,
        split_seed=split_seed,
        stratify=stratify and target.task != "regression",
        name=read.choice.name,
    )
    parts = _inputs_by_column(columns, read.choice, train)
    table = _settings(read, target, sum(parts.values()), columns)
    summaries, warnings = _summaries(columns, read, parts, target)
    return DataSummary(
        table=table,
        file_rows=read.rows,
        without_target=without,
        columns=summaries,
        preview=preview,
        classes=tuple(Level(label=label, rows=rows) for label, rows in zip(target.labels, target.counts, strict=True)),
        notes=_notes(read, target, without),
        warnings=(
            *read.warnings,
            *warnings,
            *class_warnings(target, _class_counts(target, train), read.choice.target[0]),
            *skew_warnings(target, read.choice.target[0]),
        ),
    )


def _summaries(
    columns: Sequence[TypedColumn], read: ReadTable, inputs: Mapping[str, int], target: Target
) -> tuple[tuple[ColumnSummary, ...], list[str]]:
    """Return the summaries of all columns, and their warnings.

    Two threads share the columns: sorting, which counts different values, releases the GIL.
    """
    examined = sample_target(target, read.choice.target)
    type_warnings = dict(read.type_warnings)

    def one(column: TypedColumn) -> tuple[ColumnSummary, list[str]]:
        role = _role(column, read.choice)
        summary = summarise(column, role, inputs.get(column.name, 0))
        quality_warnings = check_quality(column, summary, examined) if role == "input" else []
        remarks = [quality_warning.remark for quality_warning in quality_warnings]
        warnings = [quality_warning.warning for quality_warning in quality_warnings if quality_warning.warning]
        if column.name in type_warnings:
            type_warning = type_warnings[column.name]
            remarks.append(type_warning.remark)
            warnings.append(
                f"column '{column.name}' has {type_warning.found}: taken as categories; {type_warning.remedy}"
            )
        return dataclasses.replace(summary, remarks=tuple(remarks)), warnings

    with ThreadPoolExecutor(_THREADS) as threads:
        found = list(threads.map(one, columns))
    return tuple(summary for summary, _ in found), [warning for _, warnings in found for warning in warnings]


def _class_counts(target: Target, train: NDArray[np.int64]) -> list[int]:
    """Return the number of training rows of each class or with each label, in the order of the labels."""
    if target.task == "regression":
        return []
    if target.task == "multilabel":
        of_labels: list[int] = target.y[train].sum(axis=0).tolist()
        return of_labels
    counts: list[int] = np.bincount(target.codes[train], minlength=len(target.labels)).tolist()
    return counts


def _settings(read: ReadTable, target: Target, inputs: int, columns: Sequence[TypedColumn]) -> TableSettings:
    used = [column for column in columns if _role(column, read.choice) != "ignored"]
    numbers = [column for column in used if _role(column, read.choice) == "input" and column.kind != "category"]
    task: TaskChoice = "regression" if target.task == "regression" else "classification"
    return TableSettings(
        choice=dataclasses.replace(read.choice, task=task),
        task=target.task,
        rows=len(target.y),
        inputs=inputs,
        classes=len(target.labels),
        labels=target.labels,
        has_label_one=target.has_label_one,
        sha256=read.checksum,
        columns=tuple(found for column in used for found in _kinds_of(column)),
        has_missing_numbers=any(bool(column.is_missing.any()) for column in numbers),
    )


def _kinds_of(column: TypedColumn) -> list[tuple[str, str]]:
    """Return the name and kind of a column, and for a date those of its parts."""
    parts = date_parts(column) if column.kind == "date" else ()
    return [(column.name, column.kind), *((part.name, part.name.rsplit(" ", 1)[1]) for part in parts)]


def _role(column: TypedColumn, choice: TableChoice) -> ColumnRole:
    if column.name in choice.target:
        return "target"
    return "ignored" if column.name in choice.ignore else "input"


def _inputs_by_column(columns: Sequence[TypedColumn], choice: TableChoice, train: NDArray[np.int64]) -> dict[str, int]:
    """Return the number of inputs of each input column; the parts of a date count together."""
    inputs = [column for column in columns if _role(column, choice) == "input"]
    input_columns(inputs)  # refuses a part of a date that has the name of another column
    return {column.name: sum(count_inputs(part, train) for part in input_columns([column])) for column in inputs}


def _preview(columns: Sequence[TypedColumn]) -> tuple[tuple[str, ...], ...]:
    rows = min(MAX_PREVIEW_ROWS, len(columns[0].values))
    return tuple(tuple(cell_text(column, row) for column in columns) for row in range(rows))


def _notes(read: ReadTable, target: Target, without: int) -> tuple[str, ...]:
    """Return sentences about the choices that were inferred and the rows that are used."""
    notes = [*read.notes, *target.notes]
    if without:
        rows = "1 row has" if without == 1 else f"{without:,} rows have"
        notes.append(f"{rows} no target and {'is' if without == 1 else 'are'} left out")
    sample = read.choice.sample
    if sample is not None:
        drawn = sample < read.rows - without
        notes.append(
            f"rows: {sample:,} of {read.rows - without:,} are drawn"
            if drawn
            else f"rows: all {read.rows - without:,} are used, because there are no more than {sample:,}"
        )
    return tuple(notes)
