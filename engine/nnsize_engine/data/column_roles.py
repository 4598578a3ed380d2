"""Roles of columns: which are targets, ignored, categorical, weights, or facts about rows."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.data.find_columns import find_columns
from nnsize_engine.data.problems import Problems
from nnsize_engine.data.row_columns import find_row_columns, refuse_other_roles
from nnsize_engine.data.source import Source
from nnsize_engine.errors import DataError, SettingsError
from nnsize_engine.results.table_summary import ColumnRole
from nnsize_engine.settings.table_choice import TableChoice


@dataclass(slots=True, kw_only=True)
class _Named:
    """The columns that the user names, by their exact names."""

    target: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    categorical: tuple[str, ...] = ()
    weight: str | None = None
    of_rows: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Names of the columns of groups and of order, by field."""

    @property
    def no_targets(self) -> tuple[str, ...]:
        """Columns that are no inputs and no targets."""
        return (*(() if self.weight is None else (self.weight,)), *self.of_rows.values())


def resolve_roles(source: Source, problems: Problems) -> tuple[TableChoice, tuple[str, ...]]:
    """Return the choice with the exact names of columns and a target, and notes about the target."""
    named = _find_named(source, problems)
    notes = () if named.target else _take_default_target(source, named, problems)
    _refuse_two_roles(named, problems)
    rows: dict[str, str | None] = {"groups": None, "order_by": None, **named.of_rows}
    exact = dataclasses.replace(
        source.choice,
        target=named.target,
        ignore=named.ignore,
        categorical=named.categorical,
        sample_weight=None,
        **rows,  # type: ignore[arg-type]
    )
    try:
        return dataclasses.replace(exact, sample_weight=named.weight), notes
    except SettingsError as error:
        problems.add(DataError(str(error), field=error.field, column=named.weight))
        return exact, notes


def _find_named(source: Source, problems: Problems) -> _Named:
    """Find the columns that the user names; report those that the table lacks."""
    choice, names, table = source.choice, source.names, source.choice.name
    named = _Named()
    with problems.collect():
        named.target = find_columns(names, choice.target, option="target", table=table)
    with problems.collect():
        named.ignore = find_columns(names, choice.ignore, option="ignore", table=table)
    with problems.collect():
        named.categorical = find_columns(names, choice.categorical, option="categorical", table=table)
    if choice.sample_weight is not None:
        with problems.collect():
            named.weight = _column_of_weights(names, choice.sample_weight, table)
    with problems.collect():
        named.of_rows = find_row_columns(names, choice)
    return named


def _column_of_weights(names: Sequence[str], typed: str, table: str) -> str:
    found = find_columns(names, [typed], option="sample-weight", table=table)
    if len(found) > 1:
        raise DataError("sample-weight names several columns; name one", field="sample_weight")
    return found[0]


def _take_default_target(source: Source, named: _Named, problems: Problems) -> tuple[str, ...]:
    """Set the target that nobody named; return a note about it."""
    names = source.names
    left = [name for name in names if name not in (*named.ignore, *named.no_targets)]
    if not left:
        problems.add(DataError(f"all columns of {source.choice.name} are ignored; leave two at least", field="ignore"))
        named.ignore, left = (), list(names)
    default = tuple(name for name in source.default_target if name not in named.no_targets)
    named.target = default or (left[-1],)
    what = "the last column"
    if default:
        what = "what the source names" if source.is_typed else "the last column with a name"
    spelled = ", ".join(f"'{name}'" for name in named.target)
    return (f"target: {spelled}, {what}; --target names another",)


def _refuse_two_roles(named: _Named, problems: Problems) -> None:
    """Report a column with two roles, and take the second one from it."""
    both = [name for name in named.target if name in named.ignore]
    if both:
        problems.add(
            DataError(f"column '{both[0]}' is both target and ignored; name it once", field="target", column=both[0])
        )
        named.ignore = tuple(name for name in named.ignore if name not in named.target)
    try:
        refuse_other_roles(named.of_rows, named.target, named.ignore)
    except DataError as error:
        problems.add(error)
        named.of_rows = {}


def check_columns(source: Source, choice: TableChoice, problems: Problems) -> None:
    """Report columns of an unknown type, and refuse a table without an input column."""
    for place, sentence in source.refused.items():
        name = source.names[place]
        if name not in choice.ignore:
            problems.add(DataError(sentence, field="target" if name in choice.target else None, column=name))
    if len(source.names) == 1 and choice.separator is not None:
        raise DataError(
            f"{choice.name} has only one column when it is divided at {choice.separator!r}; "
            "name another separator, or leave --separator out to have it found",
            field="separator",
        )
    if all(name in (*choice.no_inputs, *choice.ignore) for name in source.names):
        problems.add(
            DataError(
                f"{choice.name} has no column to predict '{choice.target[0]}' from; a table needs one at least",
                field="ignore" if choice.ignore else None,
            )
        )


def role_of(column: TypedColumn, choice: TableChoice) -> ColumnRole:
    """Return what a column is for."""
    if column.name in choice.target:
        return "target"
    if column.name in choice.row_columns:
        return "groups" if column.name == choice.groups else "order"
    if column.name == choice.sample_weight:
        return "weight"
    return "ignored" if column.name in choice.ignore else "input"
