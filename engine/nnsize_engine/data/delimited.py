"""Delimited text files such as CSV and TSV, plain or compressed, read in parts by pandas."""

import csv
import dataclasses
import io
import warnings
from collections import Counter
from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any

from nnsize_engine.data.compressed import Packing, decompression_errors, find_packing, open_bytes
from nnsize_engine.data.encoding import single_byte_encoding
from nnsize_engine.data.find_columns import guess_targets
from nnsize_engine.data.header import Header, read_header
from nnsize_engine.data.layout import Layout
from nnsize_engine.data.layout_notes import layout_notes, layout_warnings
from nnsize_engine.data.missing_arguments import missing_arguments
from nnsize_engine.data.records import divide
from nnsize_engine.data.source import PART_ROWS, Source, file_sha256
from nnsize_engine.data.table_text import CommentInCellError, TableText
from nnsize_engine.data.unique_names import names_of_columns
from nnsize_engine.errors import DataError
from nnsize_engine.settings.file_facts import FileFacts, LeftOut
from nnsize_engine.settings.table_choice import TableChoice

MAX_SCANNED_CHARACTERS = 1 << 26  # 64 Mi; searched for a short line if the last value of a line is missing

_OPEN_QUOTE = "EOF inside string"
"""The message of pandas about a quote that is never closed."""


class FilledColumnError(Exception):
    """A column without a name that is empty in the first lines has a value below them."""

    def __init__(self, places: frozenset[int]) -> None:
        super().__init__()
        self.places = places


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Facts about the rest of a file that its beginning does not show."""

    encoding: str | None = None
    """The encoding, if it is another than that of the beginning."""

    filled: frozenset[int] = frozenset()
    """Places of columns without a name that have values."""

    has_signs_in_cells: bool = False
    """Whether the sign that begins comments stands in cells too."""


_NOTHING_NEW = Later()


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """An opened text file."""

    path: Path
    packing: Packing
    choice: TableChoice
    layout: Layout
    names: tuple[str, ...]
    """Names of all columns, with those that are left out."""

    empty_at_first: frozenset[int]
    """Places of the columns without a name that have no value in the first lines."""

    ragged_field: str
    is_comment_chosen: bool

    @property
    def kept(self) -> tuple[int, ...]:
        """Places of the columns that are not left out."""
        first = 1 if self.layout.has_row_names else 0
        return tuple(place for place in range(first, len(self.names)) if place not in self.layout.empty)

    @property
    def last(self) -> int:
        """The place of the last column that has a name or values in the first lines."""
        return next((place for place in reversed(self.kept) if place not in self.empty_at_first), self.kept[-1])


def open_delimited(choice: TableChoice, path: Path, later: Later = _NOTHING_NEW) -> Source:
    """Find the encoding, layout and column names of a text file; ``later`` tells what its rest is like.

    Raises:
        DataError: the file is no table.
        OSError: the file cannot be read.
    """
    name = choice.name
    header = read_header(choice, path, encoding=later.encoding, has_signs_in_cells=later.has_signs_in_cells)
    layout = header.layout
    if not layout.fields:
        raise _empty(choice)
    if layout.separator is None:
        raise DataError(
            f"{name} has only one column, or none of the separators comma, semicolon, tab, pipe and space; "
            "a table needs an input and a target column: name another separator with --separator",
            field="data",
        )
    file = _file(choice, path, header, later)
    shown = dataclasses.replace(header, layout=file.layout)
    left_out: Counter[LeftOut] = Counter()

    def frames(wanted: Sequence[int], as_text: Collection[int]) -> Generator[Any, None, None]:
        left_out.clear()
        kept = file.kept
        return _read(file, [kept[place] for place in wanted], {kept[place] for place in as_text}, left_out)

    def facts() -> FileFacts:
        return _facts(file, header, left_out)

    return Source(
        choice=file.choice,
        names=tuple(file.names[place] for place in file.kept),
        frames=frames,
        checksum=lambda: file_sha256(path),
        notes=layout_notes(choice, shown, file.names, is_encoding_late=later.encoding is not None),
        warnings=layout_warnings(choice, layout, file.names),
        default_target=_default_target(file),
        file=facts,
    )


def _file(choice: TableChoice, path: Path, header: Header, later: Later) -> _File:
    layout = header.layout
    found = dataclasses.replace(
        choice,
        separator=layout.separator,
        encoding=header.encoding,
        header=layout.header,
        skip=layout.skip,
        comment=layout.comment,
    )
    names = names_of_columns(layout.fields)
    chosen = {text.strip() for texts in (choice.target, choice.ignore, choice.categorical) for text in texts}
    named = {place for place in layout.empty if names[place] in chosen}
    return _File(
        path=path,
        packing=header.packing,
        choice=found,
        layout=dataclasses.replace(layout, empty=layout.empty - later.filled - named),
        names=names,
        empty_at_first=layout.empty,
        ragged_field="data" if choice.separator is None else "separator",
        is_comment_chosen=choice.comment is not None,
    )


def _default_target(file: _File) -> tuple[str, ...]:
    """Return the last column that has a name or values in the first lines; empty if that is the last of all."""
    return (file.names[file.last],) if file.last != file.kept[-1] else ()


def _with_target(file: _File) -> TableChoice:
    """Return the choice with the target that a run takes by default."""
    choice = file.choice
    return (
        choice
        if choice.target
        else dataclasses.replace(choice, target=guess_targets(file.names[: file.last + 1], choice))
    )


def _facts(file: _File, header: Header, counted: Counter[LeftOut]) -> FileFacts:
    layout = file.layout
    lines = Counter(dict(layout.left_out))
    lines.update(counted)
    columns: Counter[LeftOut] = Counter({"nameless": len(layout.empty), "row names": int(layout.has_row_names)})
    return FileFacts(
        format="text",
        compression=header.packing.compression,
        member=header.packing.member,
        names=file.names if layout.header == "none" or layout.is_padded or counted["repeated"] else (),
        units_line=layout.units_line,
        skips_blanks=layout.skips_blanks,
        left_out=tuple((what, count) for what, count in (*lines.items(), *columns.items()) if count),
    )


def look_again(choice: TableChoice, path: Path, source: Source, later: Later, error: Exception) -> Later | None:
    """Return what the rest of a file is like after an error; None if nothing else can be tried.

    ``choice`` is the user's, ``source`` the file as it was opened, ``later`` what its rest was like so far.
    """
    match error:
        case UnicodeError() if choice.encoding is None and source.choice.encoding in ("utf-8", "cp1252"):
            return dataclasses.replace(later, encoding=_single_byte_encoding(choice, path))
        case FilledColumnError(places=places):
            return dataclasses.replace(later, filled=later.filled | places)
        case CommentInCellError():
            return dataclasses.replace(later, has_signs_in_cells=True)
        case _:
            return None


def _single_byte_encoding(choice: TableChoice, path: Path) -> str:
    """Return the encoding of a file of which only the beginning is UTF-8, or cp1252."""
    used: set[int] = set()
    packing = find_packing(path, choice.name)
    with open_bytes(path, packing, choice.name) as file:
        while part := file.read(1 << 20):
            used.update(part)
    return single_byte_encoding(bytes(used))


def _empty(choice: TableChoice) -> DataError:
    name = choice.name
    if choice.skip:
        lines = "1 line is" if choice.skip == 1 else f"{choice.skip:,} lines are"
        return DataError(f"{name} has no row when {lines} skipped; skip fewer lines by --skip", field="skip")
    return DataError(f"{name} is empty; expected is a line of column names and one line a row", field="data")


def _read(
    file: _File, wanted: Sequence[int], as_text: Collection[int], left_out: Counter[LeftOut]
) -> Generator[Any, None, None]:
    """Yield the parts of a file; errors of pandas become a DataError.

    All columns are read, because pandas accepts lines that are too long if only some columns are wanted.
    """
    import pandas as pd

    names, name = file.names, file.choice.name
    kept = [names[place] for place in wanted]
    empty = {place: names[place] for place in file.layout.empty}
    last = names[file.last]
    has_checked = False
    with (
        decompression_errors(name, file.packing.compression),
        _open_text(file) as text,
    ):
        lines = TableText(text, file.layout, is_comment_chosen=file.is_comment_chosen, name=name, left_out=left_out)
        try:
            with _reader(lines, file, as_text) as parts:
                while (frame := _next(parts)) is not None:
                    # pandas fills short lines with missing values at the end.
                    if not has_checked and frame[last].isna().any():
                        has_checked = True
                        _refuse_ragged(file, max_characters=MAX_SCANNED_CHARACTERS)
                    filled = frozenset(place for place, column in empty.items() if frame[column].notna().any())
                    if filled:
                        raise FilledColumnError(filled)
                    yield frame[kept]
        except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
            if _OPEN_QUOTE not in str(error):
                _refuse_ragged(file)
            raise _unreadable(str(error), name) from error
        except pd.errors.EmptyDataError:
            return


def _open_text(file: _File, errors: str = "strict") -> io.TextIOWrapper:
    raw = open_bytes(file.path, file.packing, file.choice.name)
    return io.TextIOWrapper(raw, encoding=file.choice.encoding, errors=errors, newline="")


def _reader(lines: TableText, file: _File, as_text: Collection[int]) -> Any:
    import pandas as pd

    choice = file.choice
    return pd.read_csv(
        lines,
        sep=choice.separator,
        decimal=choice.plain_decimal,
        header=None,
        names=list(file.names),
        index_col=False,
        dtype={file.names[place]: str for place in as_text},
        **missing_arguments(_with_target(file), file.names),
        comment=choice.comment or None,
        skipinitialspace=file.layout.skips_blanks,
        chunksize=PART_ROWS,
        low_memory=False,
    )


def _next(parts: Any) -> Any:
    """Return the next part, or None at the end; a warning of lost fields is raised as an error."""
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", pd.errors.ParserWarning)
        return next(parts, None)


def _refuse_ragged(file: _File, max_characters: int | None = None) -> None:
    """Raise a DataError for the first line of another width, if there is one in the first ``max_characters``."""
    layout, choice = file.layout, file.choice
    width = len(file.names)
    least = file.last + 1
    with decompression_errors(choice.name, file.packing.compression), _open_text(file, "replace") as text:
        lines = islice(_lines(text, max_characters), layout.first_line, None)
        try:
            for record in divide(
                lines, choice.separator or ",", layout.first_line, layout.comment, layout.skips_blanks
            ):
                if not least <= len(record.fields) <= width:
                    raise _ragged_line(file, record.line + 1, record.fields)
        except csv.Error:
            return


def _lines(file: IO[str], max_characters: int | None) -> Iterator[str]:
    read = 0
    for line in file:
        read += len(line)
        if max_characters is not None and read > max_characters:
            return
        yield line


def _ragged_line(file: _File, line: int, fields: Sequence[str]) -> DataError:
    width, count = len(file.names), len(fields)
    begin = (
        f"line {line} of {file.choice.name} has {count} field{'s' if count > 1 else ''}, but there are {width} columns"
    )
    sign = fields[0].strip()[:1]
    if sign in ("#", "%") and not file.layout.comment:
        return DataError(f"{begin}; leave out lines that begin with {sign} by --comment '{sign}'", field="comment")
    return DataError(
        f"{begin}; put quotes around a text that holds the separator, or correct the line", field=file.ragged_field
    )


def _unreadable(message: str, name: str) -> DataError:
    if _OPEN_QUOTE in message:
        return DataError(f"{name} has a quote that is opened and never closed; close it or remove it", field="data")
    return DataError(f"{name} cannot be read as delimited text: {message.strip().splitlines()[-1]}", field="data")
