"""Inspection of a table before a run: columns, types, target, quality."""

import dataclasses
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.column_roles import role_of
from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.data.encoded_width import count_inputs
from nnsize_engine.data.load import drop_unused_rows, input_columns
from nnsize_engine.data.problems import Problems, remark_of
from nnsize_engine.data.quality import check_quality, class_warnings, sample_target, sentinel_warnings
from nnsize_engine.data.read import ReadTable, read_table
from nnsize_engine.data.row_columns import group_codes, row_notes
from nnsize_engine.data.row_weights import column_weights
from nnsize_engine.data.sampling import split_rows
from nnsize_engine.data.skewed_target import skew_warnings
from nnsize_engine.data.summarise import cell_text, summarise
from nnsize_engine.data.table import Column
from nnsize_engine.data.table_facts import UsedTable, table_settings
from nnsize_engine.data.target import Target
from nnsize_engine.data.text_look import broken_summary, look_at_texts
from nnsize_engine.data.unusable import find_unusable, no_input_left, refusal_of, warning_of
from nnsize_engine.errors import DataError
from nnsize_engine.results.table_problems import all_problems
from nnsize_engine.results.table_summary import ColumnSummary, DataSummary, Level
from nnsize_engine.settings.table_choice import TableChoice

MAX_PREVIEW_ROWS = 50  # the lines of a tall terminal

_THREADS = 2  # sorting releases the GIL; more threads would wait for it in other steps


def inspect_table(
    choice: TableChoice,
    *,
    test_size: float | int = 0.33,
    split_seed: int = 42,
    stratify: bool = False,
    takes_last_rows: bool = False,
) -> DataSummary:
    """Read and summarise a table as a run with this split would use it.

    Raises:
        DataError: the table cannot be used as it is.
    """
    summary = look_at_table(
        choice, test_size=test_size, split_seed=split_seed, stratify=stratify, takes_last_rows=takes_last_rows
    )
    if summary.problems:
        raise all_problems(summary.problems)
    return summary


def look_at_table(
    choice: TableChoice,
    *,
    test_size: float | int = 0.33,
    split_seed: int = 42,
    stratify: bool = False,
    takes_last_rows: bool = False,
) -> DataSummary:
    """Read and summarise a table, with all its faults if a run could not use it as it is.

    Raises:
        DataError: the table cannot be opened.
    """
    problems = Problems()
    try:
        read = read_table(choice, with_ignored=True, problems=problems)
    except DataError as error:
        problems.found.insert(0, error)
        return look_at_texts(choice, problems)
    return inspect_read_table(
        read,
        test_size=test_size,
        split_seed=split_seed,
        stratify=stratify,
        takes_last_rows=takes_last_rows,
        problems=problems,
    )


_SplitRows = Callable[[Target, NDArray[np.int32] | None], NDArray[np.int64]]
"""A function that returns the training rows, of the target and the groups of all rows."""


def inspect_read_table(
    read: ReadTable,
    *,
    test_size: float | int,
    split_seed: int,
    stratify: bool,
    takes_last_rows: bool = False,
    problems: Problems | None = None,
) -> DataSummary:
    """Summarise a table that was read with its ignored columns, as a run with this split would use it.

    ``problems`` are the faults found while it was read; further ones are added, and the summary holds them all.
    """
    problems = Problems() if problems is None else problems
    preview = _preview(read.columns)
    takes_last_rows = takes_last_rows or read.choice.order_by is not None

    def split(target: Target, groups: NDArray[np.int32] | None) -> NDArray[np.int64]:
        train, _ = split_rows(
            len(target.y),
            target.y,
            test_size=test_size,
            split_seed=split_seed,
            stratify=stratify and target.task != "regression",
            groups=groups,
            takes_last_rows=takes_last_rows,
            name=read.choice.name,
        )
        return train

    used = problems.attempt(lambda: _used(read, problems, split, split_seed=split_seed))
    if used is None or problems.found:
        return _broken_summary(read, preview, problems)
    target, unusable = used.rows.target, used.unusable
    summaries, warnings = _summaries(read, used)
    return DataSummary(
        table=table_settings(read, used),
        file_rows=read.rows,
        without_target=used.rows.without_target,
        columns=summaries,
        preview=preview,
        classes=tuple(Level(label=label, rows=rows) for label, rows in zip(target.labels, target.counts, strict=True)),
        notes=(*_notes(read, used), *row_notes(read.columns, read.choice)),
        warnings=(
            *read.warnings,
            *([used.rows.rare.sentence()] if used.rows.rare is not None else []),
            *(warning_of(column) for column in unusable),
            *warnings,
            *class_warnings(target, _class_counts(target, used.train), read.choice.target[0]),
            *skew_warnings(target, read.choice.target[0]),
        ),
    )


def _used(read: ReadTable, problems: Problems, split: _SplitRows, *, split_seed: int) -> UsedTable:
    """Return what a run would use; faults of columns are reported.

    Raises:
        DataError: the target or the split cannot be used.
    """
    rows = drop_unused_rows(read, split_seed=split_seed)
    target = rows.target
    with problems.collect():
        column_weights(read.columns, read.choice.sample_weight)  # refuses what cannot weigh rows
    faulty = {error.column for error in problems.found}
    inputs = [
        column for column in read.columns if role_of(column, read.choice) == "input" and column.name not in faulty
    ]
    unusable = find_unusable(inputs, dict(read.type_warnings))
    if unusable and read.choice.is_strict:
        problems.add(refusal_of(unusable))
    names = {column.name for column in unusable}
    usable = [column for column in inputs if column.name not in names]
    if not usable and not problems.found:
        raise no_input_left(read.choice, unusable)
    groups = group_codes(read.columns, read.choice)
    train = split(target, groups)
    with problems.collect():
        input_columns(usable)  # refuses a part of a date that has the name of another column
    counts = {column.name: sum(count_inputs(part, train) for part in _parts_of(column)) for column in usable}
    return UsedTable(
        rows=rows,
        train=train,
        inputs=counts,
        unusable=tuple(unusable),
        group_count=0 if groups is None else int(groups.max()) + 1,
    )


def _parts_of(column: TypedColumn) -> Sequence[Column]:
    """Return the columns before encoding that one column becomes."""
    return input_columns([column])


def _broken_summary(read: ReadTable, preview: tuple[tuple[str, ...], ...], problems: Problems) -> DataSummary:
    """Return the summary of a table that cannot be used as it is: its columns as far as they were read."""
    remarks: dict[str | None, tuple[str, ...]] = {}
    for error in problems.found:
        remarks[error.column] = (*remarks.get(error.column, ()), remark_of(error))
    columns = tuple(
        dataclasses.replace(summarise(column, role_of(column, read.choice), 0), remarks=remarks.get(column.name, ()))
        for column in read.columns
    )
    return broken_summary(read.choice, len(read.columns[0].values), columns, preview, problems, file_rows=read.rows)


def _summaries(read: ReadTable, used: UsedTable) -> tuple[tuple[ColumnSummary, ...], list[str]]:
    """Return the summaries of all columns, and their warnings.

    Two threads share the columns: sorting, which counts different values, releases the GIL.
    """
    examined = sample_target(used.rows.target, read.choice.target)
    type_warnings = dict(read.type_warnings)
    left_out = {column.name: column for column in used.unusable}

    def one(column: TypedColumn) -> tuple[ColumnSummary, list[str]]:
        if column.name in left_out:
            summary = summarise(column, "ignored", 0)
            return dataclasses.replace(summary, remarks=(f"left out: {left_out[column.name].reason}",)), []
        role = role_of(column, read.choice)
        summary = summarise(column, role, used.inputs.get(column.name, 0))
        quality_warnings = check_quality(column, summary, examined) if role == "input" else []
        if role == "input" or (role == "target" and used.rows.target.task == "regression"):
            quality_warnings += sentinel_warnings(column, role, read.listed_missing)
        remarks = [quality_warning.remark for quality_warning in quality_warnings]
        warnings = [quality_warning.warning for quality_warning in quality_warnings if quality_warning.warning]
        if column.name in type_warnings and role != "ignored":
            type_warning = type_warnings[column.name]
            remarks.append(type_warning.remark)
            warnings.append(
                f"column '{column.name}' has {type_warning.found}: taken as categories; {type_warning.remedy}"
            )
        return dataclasses.replace(summary, remarks=tuple(remarks)), warnings

    with ThreadPoolExecutor(_THREADS) as threads:
        found = list(threads.map(one, read.columns))
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


def _preview(columns: Sequence[TypedColumn]) -> tuple[tuple[str, ...], ...]:
    rows = min(MAX_PREVIEW_ROWS, len(columns[0].values))
    return tuple(tuple(cell_text(column, row) for column in columns) for row in range(rows))


def _notes(read: ReadTable, used: UsedTable) -> tuple[str, ...]:
    """Return sentences about the choices that were inferred and the rows that are used."""
    without = used.rows.without_target
    notes = [*read.notes, *used.rows.target.notes]
    if without:
        rows = "1 row has" if without == 1 else f"{without:,} rows have"
        notes.append(f"{rows} no target and {'is' if without == 1 else 'are'} left out")
    sample = read.choice.sample
    if sample is not None:
        there = read.rows - without
        if used.rows.rare is not None and used.rows.rare.joined is None:
            there -= used.rows.rare.rows
        drawn = sample < there
        notes.append(
            f"rows: {sample:,} of {there:,} are drawn"
            if drawn
            else f"rows: all {there:,} are used, because there are no more than {sample:,}"
        )
    return tuple(notes)
