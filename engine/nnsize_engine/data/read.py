"""Reading of a table: open its source, read its parts, and decide the type of each column."""

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nnsize_engine.data.arff_file import is_arff, open_arff
from nnsize_engine.data.arrow_file import arrow_magic, open_arrow, refuse_other_content
from nnsize_engine.data.columns import ColumnReader, NeedsTextError, TypedColumn
from nnsize_engine.data.compressed import EMPTY_ZIP, ZIP, zip_members
from nnsize_engine.data.delimited import FilledColumnError, Later, look_again, open_delimited
from nnsize_engine.data.download import download
from nnsize_engine.data.encoded_text import open_encoded
from nnsize_engine.data.encoding import undecodable
from nnsize_engine.data.excel_file import WORKBOOK, open_excel
from nnsize_engine.data.find_columns import find_columns
from nnsize_engine.data.infer_types import TypeWarning, quoted, resolve_types
from nnsize_engine.data.json_file import is_json, open_json
from nnsize_engine.data.numpy_file import NPY, open_arrays
from nnsize_engine.data.openml import open_openml
from nnsize_engine.data.source import Source
from nnsize_engine.data.table_text import CommentInCellError
from nnsize_engine.errors import DataError
from nnsize_engine.settings.file_facts import NO_FACTS, FileFacts
from nnsize_engine.settings.table import OPENML, TableChoice
from nnsize_engine.settings.table_address import is_address, local_path
from nnsize_engine.text import escape_text

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"

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

    file: FileFacts = NO_FACTS
    """Facts about the file, and what is left out of it."""


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
    source, later = open_source(choice), Later()
    with data_errors(choice):
        while True:
            try:
                return _read(source, precision, with_ignored)
            except (UnicodeError, FilledColumnError, CommentInCellError) as error:
                found = look_again(choice, local_path(choice.source), source, later, error)
                if found is None:
                    raise undecodable(choice, source.choice.encoding) from error
                source, later = open_delimited(choice, local_path(choice.source), found), found


def open_source(choice: TableChoice) -> Source:
    """Open the source of a table; the content of a file tells its format.

    Raises:
        DataError: there is no such table, or its beginning cannot be read.
    """
    if choice.source.startswith(OPENML):
        return open_openml(choice)
    path = Path(choice.source)
    with data_errors(choice):
        if is_address(choice.source):
            path, note = download(choice.source)
            source = _open_file(choice, path)
            return dataclasses.replace(source, notes=(note, *source.notes))
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
        return _open_file(choice, path)


def _open_file(choice: TableChoice, path: Path) -> Source:
    """Open a file by its format, which its first bytes tell."""
    with path.open("rb") as file:
        start = file.read(_MAGIC_BYTES)
    magic = arrow_magic(start)
    if magic is not None:
        return open_arrow(choice, path, magic)
    if start.startswith(NPY):
        return open_arrays(choice, path)
    if start.startswith((ZIP, EMPTY_ZIP)):
        members = zip_members(path, choice.name)
        if WORKBOOK in members:
            return open_excel(choice, path)
        if path.suffix.lower() == ".npz" or any(member.endswith(".npy") for member in members):
            return open_arrays(choice, path)
    if start.startswith(_OLD_EXCEL):
        raise DataError(
            f"{choice.name} is an Excel file of the old format .xls, or has a password; save it as .xlsx or CSV "
            "without a password",
            field="data",
        )
    refuse_other_content(path, choice.name)
    text = open_encoded(choice, path)
    if is_json(text):
        return open_json(choice, text)
    if is_arff(text):
        return open_arff(choice, text)
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
        file=source.file(),
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
    if all(name in (*choice.target, *choice.ignore) for name in source.names):
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
    notes: tuple[str, ...] = ()
    if not target:
        left = [name for name in names if name not in ignore]
        if not left:
            raise DataError(f"all columns of {table} are ignored; leave two at least", field="ignore")
        target = source.default_target or (left[-1],)
        what = "the last column"
        if source.default_target:
            what = "what the source names" if source.is_typed else "the last column with a name"
        spelled = ", ".join(f"'{name}'" for name in target)
        notes = (f"target: {spelled}, {what}; --target names another",)
    both = [name for name in target if name in ignore]
    if both:
        raise DataError(f"column '{both[0]}' is both target and ignored; name it once", field="target", column=both[0])
    return dataclasses.replace(choice, target=target, ignore=ignore, categorical=categorical), notes


def _read_parts(source: Source, plan: _Plan) -> tuple[ColumnReader, ...] | frozenset[int]:
    """Return readers that took all parts, or the columns to read as text if there are more than planned."""
    choice = plan.choice
    readers = tuple(
        ColumnReader(
            source.names[place],
            floats="float64" if source.names[place] in choice.target else plan.precision,
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
