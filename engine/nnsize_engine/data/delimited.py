"""Delimited text files such as CSV and TSV, plain or compressed, read in parts by pandas."""

import dataclasses
import warnings
from collections import Counter
from collections.abc import Collection, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnsize_engine.data.compressed import decompression_errors, find_packing, open_bytes
from nnsize_engine.data.encoding import single_byte_encoding
from nnsize_engine.data.find_columns import guess_targets
from nnsize_engine.data.header import Header, read_header
from nnsize_engine.data.layout_notes import layout_notes, layout_warnings
from nnsize_engine.data.missing_arguments import missing_arguments
from nnsize_engine.data.ragged_lines import MAX_SCANNED_CHARACTERS, refuse_ragged
from nnsize_engine.data.source import PART_ROWS, Source, file_sha256
from nnsize_engine.data.table_text import CommentInCellError, TableText
from nnsize_engine.data.text_file import TextFile
from nnsize_engine.data.unique_names import names_of_columns
from nnsize_engine.errors import DataError
from nnsize_engine.settings.file_facts import FileFacts, LeftOut
from nnsize_engine.settings.table_choice import TableChoice

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
    """True if the sign that begins comments stands in cells too."""


_NOTHING_NEW = Later()


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


def _file(choice: TableChoice, path: Path, header: Header, later: Later) -> TextFile:
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
    return TextFile(
        path=path,
        packing=header.packing,
        choice=found,
        layout=dataclasses.replace(layout, empty=layout.empty - later.filled - named),
        names=names,
        empty_at_first=layout.empty,
        ragged_field="data" if choice.separator is None else "separator",
        is_comment_chosen=choice.comment is not None,
    )


def _default_target(file: TextFile) -> tuple[str, ...]:
    """Return the last column that has a name or values in the first lines; empty if that is the last of all."""
    return (file.names[file.last],) if file.last != file.kept[-1] else ()


def _with_target(file: TextFile) -> TableChoice:
    """Return the choice with the target that a run takes by default."""
    choice = file.choice
    return (
        choice
        if choice.target
        else dataclasses.replace(choice, target=guess_targets(file.names[: file.last + 1], choice))
    )


def _facts(file: TextFile, header: Header, counted: Counter[LeftOut]) -> FileFacts:
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
    file: TextFile, wanted: Sequence[int], as_text: Collection[int], left_out: Counter[LeftOut]
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
        file.open() as text,
    ):
        lines = TableText(text, file.layout, is_comment_chosen=file.is_comment_chosen, name=name, left_out=left_out)
        try:
            with _reader(lines, file, as_text) as parts:
                while (frame := _next(parts)) is not None:
                    # pandas fills short lines with missing values at the end.
                    if not has_checked and frame[last].isna().any():
                        has_checked = True
                        refuse_ragged(file, max_characters=MAX_SCANNED_CHARACTERS)
                    filled = frozenset(place for place, column in empty.items() if frame[column].notna().any())
                    if filled:
                        raise FilledColumnError(filled)
                    yield frame[kept]
        except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
            if _OPEN_QUOTE not in str(error):
                refuse_ragged(file)
            raise _unreadable(str(error), name) from error
        except pd.errors.EmptyDataError:
            return


def _reader(lines: TableText, file: TextFile, as_text: Collection[int]) -> Any:
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


def _unreadable(message: str, name: str) -> DataError:
    if _OPEN_QUOTE in message:
        return DataError(f"{name} has a quote that is opened and never closed; close it or remove it", field="data")
    return DataError(f"{name} cannot be read as delimited text: {message.strip().splitlines()[-1]}", field="data")
