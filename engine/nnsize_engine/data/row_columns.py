"""Columns that say something about rows and are no inputs: groups of rows, and their order."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.data.find_columns import find_columns
from nnsize_engine.data.summarise import cell_text
from nnsize_engine.errors import DataError
from nnsize_engine.settings.option_names import option_of_field
from nnsize_engine.settings.table_choice import TableChoice


def find_row_columns(names: Sequence[str], choice: TableChoice) -> dict[str, str]:
    """Return the exact names of the chosen columns, by field of the choice.

    Raises:
        DataError: there is no such column, or several are named.
    """
    found = {}
    for field, typed in choice.row_columns_by_field:
        option = option_of_field(field)
        try:
            columns = find_columns(names, (typed,), option=option, table=choice.name)
        except DataError as error:
            raise DataError(str(error), field=field, column=error.column) from error
        if len(columns) > 1:
            raise DataError(f"{option} takes one column, and {typed!r} names {len(columns)}; name one", field=field)
        found[field] = columns[0]
    return found


def refuse_other_roles(found: Mapping[str, str], target: Collection[str], ignore: Collection[str]) -> None:
    """Raise a DataError if such a column is the target or ignored."""
    for field, name in found.items():
        for role, names in (("the target", target), ("ignored", ignore)):
            if name in names:
                raise DataError(
                    f"column '{name}' is {role} and cannot be {option_of_field(field)} too; name another column",
                    field=field,
                    column=name,
                )


def refuse_empty(column: TypedColumn, choice: TableChoice) -> None:
    """Raise a DataError if such a column has no value in any row."""
    if column.kind == "empty":
        field = next(field for field, name in choice.row_columns_by_field if name == column.name)
        raise DataError(
            f"column '{column.name}' for --{option_of_field(field)} has no value in any row; name another column",
            field=field,
            column=column.name,
        )


def refuse_missing(columns: Sequence[TypedColumn], choice: TableChoice) -> None:
    """Raise a DataError if such a column has no value in some rows."""
    for field, name in choice.row_columns_by_field:
        column = _named(columns, name)
        refuse_empty(column, choice)
        is_missing = column.is_missing
        count = int(is_missing.sum())
        if count:
            rows = f"{count:,} rows" if count > 1 else "1 row"
            first = int(np.flatnonzero(is_missing)[0]) + 1
            raise DataError(
                f"column '{name}' for --{option_of_field(field)} has no value in {rows} (the first is row {first:,} of "
                "those with a target); fill them in, or take these rows out of the file",
                field=field,
                column=name,
            )


def row_order(columns: Sequence[TypedColumn], choice: TableChoice) -> NDArray[np.int64] | None:
    """Return the rows in the chosen order, shape (rows,); equal values keep the order of the file.

    Return None for the order of the file.
    """
    if choice.order_by is None:
        return None
    return np.argsort(_named(columns, choice.order_by).values, kind="stable")


def group_codes(columns: Sequence[TypedColumn], choice: TableChoice) -> NDArray[np.int32] | None:
    """Return the number of the group of each row, shape (rows,), counted in the order of their values.

    Return None if no groups were chosen.
    """
    return None if choice.groups is None else _codes(columns, choice.groups)


def fitness_group_codes(columns: Sequence[TypedColumn], choice: TableChoice) -> NDArray[np.int32] | None:
    """Return the number of the group of each row over which a fitness is averaged; None without such groups."""
    return None if choice.fitness_groups is None else _codes(columns, choice.fitness_groups)


def _codes(columns: Sequence[TypedColumn], name: str) -> NDArray[np.int32]:
    _, codes = np.unique(_named(columns, name).values, return_inverse=True)
    return codes.astype(np.int32)


def row_notes(columns: Sequence[TypedColumn], choice: TableChoice) -> tuple[str, ...]:
    """Return a sentence about each choice of groups or of an order of the rows."""
    return (*_split_notes(columns, choice), *_fitness_notes(columns, choice))


def _fitness_notes(columns: Sequence[TypedColumn], choice: TableChoice) -> tuple[str, ...]:
    codes = fitness_group_codes(columns, choice)
    if codes is None:
        return ()
    sizes = np.bincount(codes)
    plural = "" if len(sizes) == 1 else "s"
    return (f"fitness: averaged over {len(sizes):,} value{plural} of '{choice.fitness_groups}', which is no input",)


def _split_notes(columns: Sequence[TypedColumn], choice: TableChoice) -> tuple[str, ...]:
    codes = group_codes(columns, choice)
    if codes is not None:
        sizes = np.bincount(codes)
        rows = f"{sizes.min():,}" if sizes.min() == sizes.max() else f"{sizes.min():,} to {sizes.max():,}"
        plural = "" if len(sizes) == 1 else "s"
        return (f"groups: {len(sizes):,} value{plural} of '{choice.groups}', {rows} rows each; each is tested whole",)
    if choice.order_by is not None:
        column = _named(columns, choice.order_by)
        ends = (0, len(column.values) - 1)
        is_number = column.kind == "number"
        first, last = (f"{column.values[row]:g}" if is_number else cell_text(column, row) for row in ends)
        return (f"order: by '{choice.order_by}', from {first} to {last}; the last rows are tested",)
    return ()


def _named(columns: Sequence[TypedColumn], name: str) -> TypedColumn:
    return next(column for column in columns if column.name == name)
