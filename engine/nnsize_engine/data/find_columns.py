"""Lookup of columns by the names that a user typed."""

from collections.abc import Sequence

from nnsize_engine.errors import DataError
from nnsize_engine.settings.closest_match import closest_match
from nnsize_engine.settings.option_names import field_of_option
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_engine.text import escape_text


def find_columns(names: Sequence[str], typed: Sequence[str], *, option: str, table: str) -> tuple[str, ...]:
    """Return the names of the columns that were typed; each text is a name, or several names joined by commas.

    A column whose name holds a comma wins over several names. Control characters may be typed or escaped.

    Raises:
        DataError: there is no such column; the message suggests the closest name.
    """
    found: list[str] = []
    for text in typed:
        whole = _find(names, text)
        parts = [text] if whole is not None else [part for part in text.split(",") if part.strip()]
        for part in parts or [text]:
            name = _find(names, part)
            if name is None:
                raise _unknown_column(names, escape_text(part.strip()), option, table)
            if name not in found:
                found.append(name)
    return tuple(found)


def guess_targets(names: Sequence[str], choice: TableChoice) -> tuple[str, ...]:
    """Return the target columns: those of the choice, else the last column; nothing if a name is unknown."""
    try:
        target = find_columns(names, choice.target, option="target", table=choice.name)
        ignore = find_columns(names, choice.ignore, option="ignore", table=choice.name)
    except DataError:
        return ()
    return target or tuple(name for name in names if name not in (*ignore, *choice.no_inputs))[-1:]


def _find(names: Sequence[str], text: str) -> str | None:
    for spelling in (text, escape_text(text)):
        if spelling in names:
            return spelling
    stripped = escape_text(text.strip())
    alike = [name for name in names if name.strip() == stripped]
    return alike[0] if len(alike) == 1 else None


def _unknown_column(names: Sequence[str], text: str, option: str, table: str) -> DataError:
    match = closest_match(text, names)
    if match is not None:
        remedy = f"did you mean '{match}'?"
    else:
        few = ", ".join(f"'{name}'" for name in names[:8])
        remedy = f"its columns are {few}{f' and {len(names) - 8} more' if len(names) > 8 else ''}"
    return DataError(
        f"{table} has no column '{text}' for --{option}; {remedy}", field=field_of_option(option), column=text
    )
