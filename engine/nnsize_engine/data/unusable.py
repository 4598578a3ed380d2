"""Columns that tell a network nothing or that it cannot take: empty, constant, or with too many labels."""

from collections.abc import Sequence
from dataclasses import dataclass

from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.data.infer_types import MAX_LEVELS, TypeWarning
from nnsize_engine.data.quote_names import quoted
from nnsize_engine.errors import DataError
from nnsize_engine.settings.table_choice import TableChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusableColumn:
    """A column that is left out, or refused with ``--strict``."""

    name: str
    reason: str
    """A few words for a table of columns."""

    found: str
    """The reason as the end of a sentence: "column 'x' has ..."."""

    way_in: str = ""
    """The way to use the column after all; empty if there is none."""


def find_unusable(columns: Sequence[TypedColumn], type_warnings: dict[str, TypeWarning]) -> list[UnusableColumn]:
    """Return the columns that cannot be used; none of ``columns`` is a target or ignored."""
    return [found for column in columns if (found := _examine(column, type_warnings.get(column.name))) is not None]


def _examine(column: TypedColumn, doubt: TypeWarning | None) -> UnusableColumn | None:
    missing = column.is_missing
    if column.kind == "empty" or missing.all():
        return UnusableColumn(name=column.name, reason="empty", found="has no value in any row")
    if column.kind == "category" and len(column.levels) > MAX_LEVELS:
        texts = f"{len(column.levels):,} different texts, more than can be told apart ({MAX_LEVELS:,})"
        if doubt is None:
            return UnusableColumn(
                name=column.name, reason=f"{len(column.levels):,} labels", found=f"has {texts}, as an id or a text has"
            )
        return UnusableColumn(
            name=column.name,
            reason=doubt.remark,
            found=f"has {doubt.found}; taken as categories, it has {texts}",
            way_in=doubt.remedy,
        )
    if not missing.any() and bool((column.values == column.values[0]).all()):
        return UnusableColumn(name=column.name, reason="constant", found="is the same in every row")
    return None


def warning_of(column: UnusableColumn) -> str:
    """Return the warning that a column is left out."""
    way_in = f"; to use it, {column.way_in}" if column.way_in else ""
    return f"column '{column.name}' {column.found}: it is left out{way_in}"


def refusal_of(columns: Sequence[UnusableColumn]) -> DataError:
    """Return the refusal of columns that cannot be used, all in one sentence."""
    found = " and ".join(f"column '{column.name}' {column.found}" for column in columns)
    ways = "; ".join(dict.fromkeys(column.way_in for column in columns if column.way_in))
    names = ",".join(column.name for column in columns)
    them = "it" if len(columns) == 1 else "them"
    option = f"--ignore {quoted(names)}"
    if any("," in column.name for column in columns):
        option = " ".join(f"--ignore {quoted(column.name)}" for column in columns)
    return DataError(
        f"{found}; {f'{ways}, or ' if ways else ''}leave {them} out with {option}, or without --strict",
        column=columns[0].name,
    )


def no_input_left(choice: TableChoice, columns: Sequence[UnusableColumn]) -> DataError:
    """Return the refusal of a table whose inputs cannot be used, all of them."""
    first, others = columns[0], len(columns) - 1
    more = f", and {others:,} more cannot be used either" if others else ""
    way_out = first.way_in or "name another target with --target, or add a column that varies"
    return DataError(
        f"{choice.name} has no column to predict '{choice.target[0]}' from: "
        f"column '{first.name}' {first.found}{more}; {way_out}",
        field="data",
        column=first.name,
    )
