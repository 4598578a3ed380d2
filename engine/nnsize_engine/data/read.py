"""Reading of a table: open its source, read its parts, and decide the type of each column."""

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nnsize_engine.data.arrow_file import arrow_magic, open_arrow, refuse_other_content
from nnsize_engine.data.columns import ColumnReader, NeedsTextError, TypedColumn
from nnsize_engine.data.delimited import open_delimited, reopen_as_single_byte
from nnsize_engine.data.find_columns import find_columns
from nnsize_engine.data.header import undecodable
from nnsize_engine.data.infer_types import TypeWarning, quoted, resolve_types
from nnsize_engine.data.numpy_file import EMPTY_ZIP, NPY, ZIP, open_arrays
from nnsize_engine.data.openml import open_openml
from nnsize_engine.data.source import Source
from nnsize_engine.errors import DataError, SettingsError
from nnsize_engine.settings.table import OPENML, TableChoice
from nnsize_engine.text import escape_text

_MAGIC_BYTES = 8  # first bytes of a file, which tell its format whatever its name is

MAX_LEVELS = 1_000  # different texts of a column; columns with more are ids or prose and no input


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReadTable:
    """All rows of a table, typed."""

    choice: TableChoice
    """The choice with everything filled in except the task."""

    columns: list[TypedColumn]
    """Columns in the order of the file; ignored ones only if they were requested. A list, so that columns can be
    replaced one by one: a large table does not fit into memory twice."""

    rows: int
    """Rows of the file."""

    checksum: str
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    type_warnings: tuple[tuple[str, TypeWarning], ...]
    """Names of columns of a doubtful type, each with its warning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """The columns to read, and those to read as text."""

    choice: TableChoice
    wanted: tuple[int, ...]
    as_text: frozenset[int]
    precision: str


def read_table(choice: TableChoice, precision: str = "float64", *, with_ignored: bool = False) -> ReadTable:
    """Read the columns of a table, number columns in this precision (the targets always in float64).

    Raises:
        DataError: the table cannot be read, or has a column that cannot be used as it is.
    """
    source = open_source(choice)
    with data_errors(choice):
        try:
            return _read(source, precision, with_ignored)
        except UnicodeError as error:
            if choice.encoding is not None or source.choice.encoding != "utf-8":
                raise undecodable(choice, source.choice.encoding) from error
            return _read(reopen_as_single_byte(choice, Path(choice.source)), precision, with_ignored)


def open_source(choice: TableChoice) -> Source:
    """Open the source of a table; the content of a file tells its format.

    Raises:
        DataError: there is no such table, or its beginning cannot be read.
    """
    if choice.source.startswith(OPENML):
        return open_openml(choice)
    path = Path(choice.source)
    with data_errors(choice):
        if path.is_dir():
            raise DataError(f"{escape_text(choice.source)} is a directory; name a file in it", field="data")
        if not path.exists():
            raise DataError(f"there is no file {escape_text(choice.source)}; check its name", field="data")
        if not path.is_file():
            raise DataError(
                f"{escape_text(choice.source)} is no file on a disk, and a table is read more than once; "
                "save it as a file",
                field="data",
            )
        with path.open("rb") as file:
            start = file.read(_MAGIC_BYTES)
        magic = arrow_magic(start)
        if magic is not None:
            return open_arrow(choice, path, magic)
        if start.startswith((NPY, ZIP, EMPTY_ZIP)):
            return open_arrays(choice, path)
        refuse_other_content(path, choice.name)
        return open_delimited(choice, path)


@contextmanager
def data_errors(choice: TableChoice) -> Iterator[None]:
    """Turn an OSError while a file is read into a DataError."""
    try:
        yield
    except OSError as error:
        raise DataError(
            f"{escape_text(choice.source)} cannot be read: {error.strerror or error}", field="data"
        ) from error


def _read(source: Source, precision: str, with_ignored: bool) -> ReadTable:
    choice, notes = _resolve(source)
    _check_columns(source, choice)
    wanted = tuple(place for place, name in enumerate(source.names) if with_ignored or name not in choice.ignore)
    as_text = {place for place in wanted if source.names[place] in choice.categorical or place in source.refused}
    plan = _Plan(choice=choice, wanted=wanted, as_text=frozenset(as_text), precision=precision)
    with ThreadPoolExecutor(1) as thread:
        checksum = thread.submit(source.checksum)
        readers = _read_parts(source, plan)
        while isinstance(readers, frozenset):  # more columns than planned are to be read as text
            plan = dataclasses.replace(plan, as_text=readers)
            readers = _read_parts(source, plan)
    resolved = [_resolve_column(reader, source, choice) for reader in readers]
    columns = [column for column, _ in resolved]
    return ReadTable(
        choice=choice,
        columns=columns,
        rows=len(columns[0].values),
        checksum=checksum.result(),
        notes=(*notes, *source.notes),
        warnings=source.warnings,
        type_warnings=tuple((column.name, warning) for column, warning in resolved if warning is not None),
    )


def _check_columns(source: Source, choice: TableChoice) -> None:
    """Raise a DataError for columns of an unknown type, and for a table without an input column."""
    for place, sentence in source.refused.items():
        name = source.names[place]
        if name not in choice.ignore:
            raise DataError(sentence, field="target" if name in choice.target else None, column=name)
    if len(source.names) == 1 and choice.separator is not None:
        raise DataError(
            f"{choice.name} has only one column when it is divided at {choice.separator!r}; "
            "name another separator, or leave --separator out to have it found",
            field="separator",
        )
    if all(name in (*choice.no_inputs, *choice.ignore) for name in source.names):
        raise DataError(
            f"{choice.name} has no column to predict '{choice.target[0]}' from; a table needs one at least",
            field="ignore" if choice.ignore else None,
        )


def _resolve(source: Source) -> tuple[TableChoice, tuple[str, ...]]:
    """Return the choice with the exact names of columns and a target, and notes about the target."""
    choice, names, table = source.choice, source.names, source.choice.name
    target = find_columns(names, choice.target, option="target", table=table)
    ignore = find_columns(names, choice.ignore, option="ignore", table=table)
    categorical = find_columns(names, choice.categorical, option="categorical", table=table)
    weights = find_columns(
        names, [] if choice.sample_weight is None else [choice.sample_weight], option="sample-weight", table=table
    )
    if len(weights) > 1:
        raise DataError("sample-weight names several columns; name one", field="sample_weight")
    notes: tuple[str, ...] = ()
    if not target:
        left = [name for name in names if name not in (*ignore, *weights)]
        if not left:
            raise DataError(f"all columns of {table} are ignored; leave two at least", field="ignore")
        target = source.default_target or (left[-1],)
        what = "what the source names" if source.default_target else "the last column"
        spelled = ", ".join(f"'{name}'" for name in target)
        notes = (f"target: {spelled}, {what}; --target names another",)
    both = [name for name in target if name in ignore]
    if both:
        raise DataError(f"column '{both[0]}' is both target and ignored; name it once", field="target", column=both[0])
    weight = weights[0] if weights else None
    try:
        return (
            dataclasses.replace(choice, target=target, ignore=ignore, categorical=categorical, sample_weight=weight),
            notes,
        )
    except SettingsError as error:
        raise DataError(str(error), field=error.field, column=weights[0]) from error


def _read_parts(source: Source, plan: _Plan) -> tuple[ColumnReader, ...] | frozenset[int]:
    """Return readers that took all parts, or the columns to read as text if there are more than planned."""
    choice = plan.choice
    readers = tuple(
        ColumnReader(
            source.names[place],
            floats="float64" if source.names[place] in choice.no_inputs else plan.precision,
        )
        for place in plan.wanted
    )
    with closing(source.frames(plan.wanted, plan.as_text)) as frames:
        for frame in frames:
            mixed = set()
            for at, (place, reader) in enumerate(zip(plan.wanted, readers, strict=True)):
                try:
                    reader.add(frame.iloc[:, at])
                except NeedsTextError:
                    mixed.add(place)
            if mixed:
                return plan.as_text | mixed
    return readers


def _resolve_column(
    reader: ColumnReader, source: Source, choice: TableChoice
) -> tuple[TypedColumn, TypeWarning | None]:
    """Return a column with its type; an ignored column is never refused."""
    column = reader.finish()
    is_ignored = column.name in choice.ignore
    type_warning = None
    if len(column.values) == 0:
        below = "save a row at least" if source.is_typed else "expected is one line a row below them"
        raise DataError(f"{choice.name} has {_columns_of(source)} but no rows; {below}", field="data")
    if column.kind == "category" and column.name not in choice.categorical:
        column, type_warning = resolve_types(
            column,
            decimal=choice.decimal,
            is_typed=source.is_typed or is_ignored,
            floats=reader.floats,
            is_target=column.name in choice.target,
        )
    if not is_ignored:
        _refuse(column, type_warning, choice)
    return column, type_warning


def _columns_of(source: Source) -> str:
    """Return the words for the columns in the refusal of a table without rows."""
    if not source.is_typed:
        return "column names"
    return "1 column" if len(source.names) == 1 else f"{len(source.names):,} columns"


def _refuse(column: TypedColumn, type_warning: TypeWarning | None, choice: TableChoice) -> None:
    """Raise a DataError for a column that cannot be used as it is."""
    is_target = column.name in choice.target
    role = "target" if is_target else "column"
    field = "target" if is_target else None
    remedy = "name another target" if is_target else f"leave it out with --ignore {quoted(column.name)}"
    if column.kind == "empty":
        raise DataError(f"{role} '{column.name}' has no value in any row; {remedy}", field=field, column=column.name)
    if column.kind == "category":
        if len(column.levels) > MAX_LEVELS:
            most = f"more than can be told apart ({MAX_LEVELS:,})"
            if type_warning is not None:
                raise DataError(
                    f"{role} '{column.name}' has {type_warning.found}; taken as categories, "
                    f"its {len(column.levels):,} texts are {most}: {type_warning.remedy}, or {remedy}",
                    field=field,
                    column=column.name,
                )
            raise DataError(
                f"{role} '{column.name}' has {len(column.levels):,} different texts, {most}; {remedy}",
                field=field,
                column=column.name,
            )
        return
    infinite = np.flatnonzero(np.isinf(column.values))
    if len(infinite):
        more = f" and in {len(infinite) - 1:,} more" if len(infinite) > 1 else ""
        what = "infinite" if column.values.dtype == np.float64 else "infinite, or too large for float32,"
        text = "inf" if column.values[infinite[0]] > 0 else "-inf"
        raise DataError(
            f"{role} '{column.name}' is {what} in row {infinite[0] + 1:,}{more}; "
            f"correct it, take it as missing with --missing={text}, or {remedy}",
            field=field,
            column=column.name,
        )


def keep_rows(columns: list[TypedColumn], kept: Any) -> None:
    """Keep only some rows of every column, given by numbers or by a mask."""
    for place, column in enumerate(columns):
        columns[place] = column.take(kept)
