"""Sentences about the layout of a text file: the choices that were detected, and its possible faults."""

from collections.abc import Sequence

from nnsize_engine.data.header import Header
from nnsize_engine.data.header_evidence import is_number
from nnsize_engine.data.infer_types import shown
from nnsize_engine.data.layout import Layout
from nnsize_engine.settings.separators import SEPARATOR_WORDS
from nnsize_engine.settings.table_choice import TableChoice


def layout_notes(
    choice: TableChoice, header: Header, names: Sequence[str], *, is_encoding_late: bool
) -> tuple[str, ...]:
    """Return sentences about the choices that were detected, each with the option that overrides it.

    ``is_encoding_late`` tells that the rest of the file has another encoding than its beginning suggests.
    """
    layout = header.layout
    notes = []
    if choice.separator is None and layout.separator is not None:
        word = SEPARATOR_WORDS.get(layout.separator, layout.separator)
        notes.append(f"separator: {word}; --separator names another")
    if choice.encoding is None:
        why = ", because of bytes after the beginning of the file" if is_encoding_late else ""
        notes.append(f"encoding: {header.encoding}{why}; --encoding names another")
    return (*notes, *header_notes(choice, layout, names))


def header_notes(choice: TableChoice, layout: Layout, names: Sequence[str]) -> tuple[str, ...]:
    """Return sentences about what was found above the values, and about columns that are left out."""
    notes = []
    counts = dict(layout.left_out)
    if choice.skip is None and layout.skip:
        lines = "the first line is" if layout.skip == 1 else f"the first {layout.skip:,} lines are"
        what = "it names the separator" if "title" not in counts else "no row of the table"
        notes.append(f"skip: {lines} left out, {what}; --skip names another number")
    if choice.comment is None and layout.comment:
        notes.append(f"comment: what follows {layout.comment!r} in a line is left out; --comment none reads it")
    if layout.evidence is not None:
        found = layout.evidence
        notes.append(
            f"header: none, because {found.values:,} of {found.fields:,} fields of the first line are values, such as "
            f"{shown(found.example)}, which {found.reason}; --header names takes them as names"
        )
    if layout.header == "none":
        made_up = [name for name in names if not name.startswith("Unnamed: ")]
        notes.append(f"columns: called {made_up[0]} to {made_up[-1]}" if len(made_up) > 1 else f"column: {names[0]}")
    if choice.header is None and layout.header == "units":
        notes.append("header: the line below the names holds units and is left out; --header names reads it as a row")
    if layout.has_row_names:
        notes.append("row names: the first column has no name in the header and is left out, as pandas takes it")
    if layout.empty:
        count = len(layout.empty)
        columns = "1 column has" if count == 1 else f"{count:,} columns have"
        notes.append(f"columns: {columns} no name and no value and {'is' if count == 1 else 'are'} left out")
    return tuple(notes)


def layout_warnings(choice: TableChoice, layout: Layout, names: Sequence[str]) -> tuple[str, ...]:
    """Return sentences about names that are numbers, and names that several columns have."""
    if layout.header == "none":
        return ()
    found = []
    numbers = [text.strip() for text in layout.fields if is_number(text, choice.plain_decimal)]
    if numbers:
        found.append(
            f"a column is called '{numbers[0]}': if the first line is a row of data, it is lost; read it with "
            "--header none"
        )
    renamed = [
        (place, name)
        for place, (name, text) in enumerate(zip(names, layout.fields, strict=True))
        if text.strip() and layout.fields.index(text) != place and name != text
    ]
    if renamed:
        texts = ", ".join(f"column {place + 1} '{name}'" for place, name in renamed[:4])
        more = f" and {len(renamed) - 4:,} more" if len(renamed) > 4 else ""
        found.append(f"several columns have the same name: {texts}{more} got a suffix, as in pandas")
    return tuple(found)
