"""Loading of an inspected table: typed input columns and the target."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.data.parse_dates import month_and_weekday
from nnsize_engine.data.quote_names import quoted
from nnsize_engine.data.rare_classes import RareClasses, find_rare_classes, join, rows_to_keep
from nnsize_engine.data.read import ReadTable, keep_rows, read_table
from nnsize_engine.data.row_columns import fitness_group_codes, group_codes, refuse_missing, row_order
from nnsize_engine.data.row_weights import column_weights
from nnsize_engine.data.sampling import sample_rows
from nnsize_engine.data.source import Source
from nnsize_engine.data.table import Column, Table
from nnsize_engine.data.target import Target, make_target
from nnsize_engine.errors import DataError
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_choice import TableChoice, TaskChoice


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UsedRows:
    """The target of the rows that are used, and what was left out."""

    target: Target
    without_target: int
    """Rows that have no target."""

    rare: RareClasses | None
    """Classes that were left out or joined."""


def load_table(
    settings: TableSettings, precision: str = "float64", *, split_seed: int = 42, source: Source | None = None
) -> Table:
    """Read an inspected table; the seed draws the sample, if one was chosen.

    ``source`` is the opened table, if its rows are in memory.

    The settings of the returned table are those found now: another checksum than the given one means that the data
    changed.

    Raises:
        DataError: the table cannot be read, or no longer fits the settings.
    """
    choice = settings.choice
    left_out = tuple(name for name, _ in settings.left_out if name not in choice.ignore)
    chosen = dataclasses.replace(choice, ignore=(*choice.ignore, *left_out))
    opened = None if source is None else dataclasses.replace(source, choice=chosen)
    read = read_table(chosen, precision, known=settings, source=opened)
    target = drop_unused_rows(read, split_seed=split_seed).target
    inputs = [column for column in read.columns if column.name not in read.choice.no_inputs]
    weights = column_weights(read.columns, read.choice.sample_weight)
    parts = input_columns(inputs)
    groups = group_codes(read.columns, read.choice)
    for array in (target.y, *(part.values for part in parts)):
        array.flags.writeable = False
    found = dataclasses.replace(
        settings,
        task=target.task,
        rows=len(target.y),
        classes=len(target.labels),
        labels=target.labels,
        has_label_one=target.has_label_one,
        sha256=read.checksum,
    )
    return Table(
        settings=found,
        columns=parts,
        y=target.y,
        groups=groups,
        fitness_groups=fitness_group_codes(read.columns, read.choice),
        weights=weights,
    )


def drop_unused_rows(read: ReadTable, *, split_seed: int) -> UsedRows:
    """Drop the unused rows of a table (without a target, of rare classes, outside of the sample) and order the others.

    Raises:
        DataError: too few rows are left, or the target does not suit the task.
    """
    choice, columns = read.choice, read.columns
    has_target = ~np.logical_or.reduce([column.is_missing for column in columns if column.name in choice.target])
    without = read.rows - int(has_target.sum())
    if read.rows - without < 2:
        left = "1 row" if read.rows - without == 1 else "no row"
        raise DataError(
            f"{choice.name} has {left} with a value of target '{choice.target[0]}'; at least 2 are needed",
            field="target",
            column=choice.target[0],
        )
    if without:
        keep_rows(columns, has_target)
    refuse_missing(columns, choice)
    limits_classes = choice.class_limit is not None
    # The positive label is looked up among the classes that are left.
    first = dataclasses.replace(choice, positive=None) if limits_classes else choice
    target = make_target(_in_order(columns, choice.target), first)
    rare = None
    if target.task in ("binary", "multiclass"):
        rare = find_rare_classes(_in_order(columns, choice.target)[0], choice)
    elif limits_classes:
        option = "min-class-rows" if choice.min_class_rows is not None else "other"
        raise DataError(
            f"{option} is about classes, but "
            + (
                "the task is regression; leave it out or say --task classification"
                if target.task == "regression"
                else f"there are {len(choice.target)} targets of two values each; leave it out, or name one target"
            ),
            field="min_class_rows" if choice.min_class_rows is not None else "joins_rare",
        )
    if rare is not None:
        _drop_or_join(columns, choice, rare)
    if limits_classes:
        target = _made_again(columns, choice, target)
    if choice.sample is not None:
        kept = sample_rows(target, choice.sample, seed=split_seed, name=choice.name)
        if kept is not None:
            keep_rows(columns, kept)
            target = _made_again(columns, choice, target)
    return UsedRows(target=_in_row_order(columns, choice, target), without_target=without, rare=rare)


def _in_row_order(columns: list[TypedColumn], choice: TableChoice, target: Target) -> Target:
    """Put the rows of all columns in the chosen order; return the target in this order."""
    order = row_order(columns, choice)
    if order is None:
        return target
    keep_rows(columns, order)
    codes = target.codes[order] if len(target.codes) else target.codes
    return dataclasses.replace(target, y=target.y[order], codes=codes)


def _drop_or_join(columns: list[TypedColumn], choice: TableChoice, rare: RareClasses) -> None:
    place = next(place for place, column in enumerate(columns) if column.name == choice.target[0])
    if rare.joined is None:
        keep_rows(columns, rows_to_keep(columns[place], rare))
    else:
        columns[place] = join(columns[place], rare)


def _made_again(columns: Sequence[TypedColumn], choice: TableChoice, target: Target) -> Target:
    """Return the target of the rows that are left.

    The task is inferred from the whole table: a part of it may look like another task.
    """
    task: TaskChoice = "regression" if target.task == "regression" else "classification"
    made = make_target(_in_order(columns, choice.target), dataclasses.replace(choice, task=task))
    return dataclasses.replace(made, notes=target.notes)


def _in_order(columns: Sequence[TypedColumn], names: Sequence[str]) -> list[TypedColumn]:
    by_name = {column.name: column for column in columns}
    return [by_name[name] for name in names]


def input_columns(columns: Sequence[TypedColumn]) -> tuple[Column, ...]:
    """Return the columns before encoding: a date becomes a number, and month and weekday if they vary.

    Raises:
        DataError: a part of a date has the name of another column.
    """
    parts: list[Column] = []
    for column in columns:
        if column.kind == "category":
            parts.append(Column(name=column.name, kind="category", values=column.values, levels=column.levels))
        else:
            parts.append(Column(name=column.name, kind="number", values=column.values))
        if column.kind == "date":
            parts.extend(date_parts(column))
    names = [part.name for part in parts]
    for column in columns:
        for part in (f"{column.name} month", f"{column.name} weekday"):
            if column.kind == "date" and names.count(part) > 1:
                raise DataError(
                    f"the date column '{column.name}' becomes a column '{part}', but there is one already; "
                    f"rename it, or leave one out with --ignore {quoted(part)}",
                    column=column.name,
                )
    return tuple(parts)


def date_parts(column: TypedColumn) -> tuple[Column, ...]:
    """Return the month and the weekday of a date column as categories, each if it varies."""
    months, weekdays = month_and_weekday(column.values)
    found = (_numbered(f"{column.name} month", months), _numbered(f"{column.name} weekday", weekdays))
    return tuple(part for part in found if len(part.levels) > 1)


def _numbered(name: str, numbers: NDArray[np.int64]) -> Column:
    """Return a category of small numbers, -1 where missing; its levels are sorted as texts, like all levels."""
    used = [int(number) for number in np.unique(numbers) if number >= 0]
    levels = sorted(map(str, used))
    codes = np.full(max([*used, 0]) + 2, -1, dtype=np.int32)  # the last one is for -1
    for code, level in enumerate(levels):
        codes[int(level)] = code
    return Column(name=name, kind="category", values=codes[numbers], levels=tuple(levels))
