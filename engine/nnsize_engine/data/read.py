"""Reading of a table: open its source, read its parts, and decide the type of each column."""

import dataclasses
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nnsize_engine.data.arff_file import is_arff, open_arff
from nnsize_engine.data.arrow_file import arrow_magic, open_arrow, refuse_other_content
from nnsize_engine.data.column_roles import check_columns, resolve_roles
from nnsize_engine.data.columns import ColumnReader, NeedsTextError, TypedColumn, UnreadableTextError
from nnsize_engine.data.compressed import EMPTY_ZIP, ZIP, zip_members
from nnsize_engine.data.delimited import FilledColumnError, Later, look_again, open_delimited
from nnsize_engine.data.download import download
from nnsize_engine.data.encoded_text import open_encoded
from nnsize_engine.data.encoding import undecodable
from nnsize_engine.data.excel_file import WORKBOOK, open_excel
from nnsize_engine.data.infer_types import TypeWarning
from nnsize_engine.data.json_file import is_json, open_json
from nnsize_engine.data.kept_file import FACTS_NAME
from nnsize_engine.data.known_notations import has_digits_only, is_whole, rules_by_column
from nnsize_engine.data.missing_labels import LabelsLikeMissing
from nnsize_engine.data.numpy_file import NPY, open_arrays
from nnsize_engine.data.openml import open_openml
from nnsize_engine.data.problems import Problems
from nnsize_engine.data.read_examples import ReadExample, notes_of_examples
from nnsize_engine.data.readings import NotationRules
from nnsize_engine.data.resolve_columns import Resolver, listed_missing
from nnsize_engine.data.source import Source
from nnsize_engine.data.table_text import CommentInCellError
from nnsize_engine.errors import DataError
from nnsize_engine.settings.file_facts import NO_FACTS, FileFacts
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_address import is_address, local_path
from nnsize_engine.settings.table_choice import OPENML, TableChoice
from nnsize_engine.text import escape_text

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"

_MAGIC_BYTES = 8  # first bytes of a file, which tell its format whatever its name is


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

    examples: tuple[ReadExample, ...] = ()
    """The notations that texts of columns were read in: numbers, dates or times."""

    file: FileFacts = NO_FACTS
    """Facts about the file, and what is left out of it."""

    labels_like_missing: LabelsLikeMissing = field(default_factory=LabelsLikeMissing)
    """Labels of the target that look like a missing value."""

    cleaned: tuple[str, ...] = ()
    """Columns whose texts were changed after pandas read them: blanks were stripped, or texts taken as missing."""

    @property
    def listed_missing(self) -> tuple[str, ...]:
        """The texts that an option ``--missing`` must name as well, so that they stay missing."""
        return listed_missing(self.choice, self.labels_like_missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """The columns to read, and those to read as text."""

    choice: TableChoice
    wanted: tuple[int, ...]
    as_text: frozenset[int]
    precision: str
    rules: Mapping[str, NotationRules]
    """The notations that the texts of each column may have; columns that are not named keep their texts."""

    kept: frozenset[int] = frozenset()
    """Columns whose texts are kept until the end, because they have no common notation."""


def read_table(
    choice: TableChoice,
    precision: str = "float64",
    *,
    with_ignored: bool = False,
    known: TableSettings | None = None,
    problems: Problems | None = None,
    source: Source | None = None,
) -> ReadTable:
    """Read the columns of a table, number columns in this precision (the targets always in float64).

    ``known`` are the settings of a run, by which its texts are read as they were before.

    ``problems`` takes columns that cannot be used as they are; without it, the first of them raises. Such a column is
    returned as far as it could be read.

    ``source`` is the opened table, if its rows are in memory; None to open what the choice names.

    Raises:
        DataError: the table cannot be read, or has a column that cannot be used as it is.
    """
    source, later = source or open_source(choice), Later()
    found = Problems() if problems is None else problems
    with data_errors(choice):
        while True:
            faults = Problems()  # of this reading; another one finds its own
            try:
                read = _read(source, precision, with_ignored, known, faults)
                break
            except (UnicodeError, FilledColumnError, CommentInCellError) as error:
                again = look_again(choice, local_path(choice.source), source, later, error)
                if again is None:
                    raise undecodable(choice, source.choice.encoding) from error
                source, later = open_delimited(choice, local_path(choice.source), again), again
            except DataError:
                found.found += faults.found
                raise
    found.found += faults.found
    if problems is None:
        found.refuse()
    return read


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
        if FACTS_NAME in members and "X.npy" not in members:
            raise DataError(
                f"{choice.name} holds columns or a sparse matrix that a program gave to its run; save them as a file, "
                "and name that",
                field="data",
            )
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


def _read(
    source: Source, precision: str, with_ignored: bool, known: TableSettings | None, problems: Problems
) -> ReadTable:
    choice, notes = resolve_roles(source, problems)
    check_columns(source, choice, problems)
    wanted = tuple(place for place, name in enumerate(source.names) if with_ignored or name not in choice.ignore)
    rules = rules_by_column(source, choice, known)
    notations = () if known is None else known.notation_of
    as_text = {
        place
        for place in wanted
        if (name := source.names[place]) in choice.categorical or place in source.refused or name in notations
    }
    plan = _Plan(choice=choice, wanted=wanted, as_text=frozenset(as_text), precision=precision, rules=rules)
    with ThreadPoolExecutor(1) as thread:
        checksum = thread.submit(source.checksum)
        readers = _read_parts(source, plan)
        while isinstance(readers, _Plan):  # more columns than planned are to be read as text
            if readers == plan:
                raise AssertionError("a column that is read as text still needs to be read as text")
            plan = readers
            readers = _read_parts(source, plan)
    resolver = Resolver(source, choice, plan.rules, problems)
    ordered = sorted(readers, key=lambda reader: reader.name not in choice.target)  # the target decides what is missing
    resolved = {reader.name: resolver.resolve(reader) for reader in ordered}
    columns = [resolved[source.names[place]] for place in wanted]
    examples = tuple(resolver.examples[column.name] for column in columns if column.name in resolver.examples)
    return ReadTable(
        choice=choice,
        columns=columns,
        rows=len(columns[0].values),
        checksum=checksum.result(),
        notes=(*notes, *source.notes, *resolver.notes, *notes_of_examples(examples)),
        warnings=source.warnings,
        type_warnings=tuple(resolver.type_warnings),
        labels_like_missing=resolver.labels,
        cleaned=tuple(resolver.cleaned),
        file=source.file(),
        examples=examples,
    )


def _read_parts(source: Source, plan: _Plan) -> tuple[ColumnReader, ...] | _Plan:
    """Return readers that took all parts, or the plan to read by if it has to be another one."""
    readers = tuple(_reader(source.names[place], place, plan) for place in plan.wanted)
    with closing(source.frames(plan.wanted, plan.as_text)) as frames:
        for frame in frames:
            mixed, unreadable = set(), set()
            for at, (place, reader) in enumerate(zip(plan.wanted, readers, strict=True)):
                try:
                    reader.add(frame.iloc[:, at])
                except NeedsTextError:
                    mixed.add(place)
                except UnreadableTextError:
                    unreadable.add(place)
            if mixed or unreadable:
                return dataclasses.replace(plan, as_text=plan.as_text | mixed, kept=plan.kept | unreadable)
    if has_digits_only(plan.choice.date_format) and not source.is_typed:
        dates = {place for place, reader in zip(plan.wanted, readers, strict=True) if is_whole(reader)}
        if dates - plan.as_text:
            return dataclasses.replace(plan, as_text=plan.as_text | dates)
    return readers


def _reader(name: str, place: int, plan: _Plan) -> ColumnReader:
    return ColumnReader(
        name,
        floats="float64" if name in plan.choice.no_inputs else plan.precision,
        rules=None if place in plan.kept else plan.rules.get(name),
    )


def keep_rows(columns: list[TypedColumn], kept: Any) -> None:
    """Keep only some rows of every column, given by numbers or by a mask."""
    for place, column in enumerate(columns):
        columns[place] = column.take(kept)
