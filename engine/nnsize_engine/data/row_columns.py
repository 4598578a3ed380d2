"""Columns that say something about rows and are no inputs: the groups of rows, and their order."""

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
    for field, typed in (("groups", choice.groups), ("order_by", choice.order_by)):
        if typed is None:
            continue
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
        field = "groups" if column.name == choice.groups else "order_by"
        raise DataError(
            f"column '{column.name}' for --{option_of_field(field)} has no value in any row; name another column",
            field=field,
            column=column.name,
        )


def refuse_missing(columns: Sequence[TypedColumn], choice: TableChoice) -> None:
    """Raise a DataError if such a column has no value in some rows."""
    for field, name in (("groups", choice.groups), ("order_by", choice.order_by)):
        if name is None:
            continue
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
    if choice.groups is None:
        return None
    _, codes = np.unique(_named(columns, choice.groups).values, return_inverse=True)
    return codes.astype(np.int32)


def row_notes(columns: Sequence[TypedColumn], choice: TableChoice) -> tuple[str, ...]:
    """Return a sentence about the groups or the order of the rows; none if none were chosen."""
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
