"""The type of each column that was read, and the texts in it that mean a missing value."""

from collections.abc import Sequence

import numpy as np

from nnsize_engine.data.clean_texts import strip_blanks, take_as_missing, truth_values
from nnsize_engine.data.columns import ColumnReader, TypedColumn
from nnsize_engine.data.infer_types import MAX_LEVELS, TypeWarning, is_number, resolve_types, shown
from nnsize_engine.data.missing_labels import USUAL_TEXTS, LabelsLikeMissing, decide_labels, may_keep_labels
from nnsize_engine.data.missing_option import missing_option
from nnsize_engine.data.problems import Problems
from nnsize_engine.data.quote_names import quoted
from nnsize_engine.data.source import Source
from nnsize_engine.errors import DataError
from nnsize_engine.settings.table import TableChoice


class Resolver:
    """Decide the type of each column, the targets first."""

    def __init__(self, source: Source, choice: TableChoice, problems: Problems) -> None:
        self._source = source
        self._choice = choice
        self._problems = problems
        self._missing = frozenset(choice.missing_texts)
        self.labels = LabelsLikeMissing()
        self.notes: list[str] = []
        self.type_warnings: list[tuple[str, TypeWarning]] = []
        self.cleaned: list[str] = []

    def resolve(self, reader: ColumnReader) -> TypedColumn:
        """Return a column with its type; a fault is reported, and the column stays as it was read."""
        column = reader.finish()
        if len(column.values) == 0:
            below = "save a row at least" if self._source.is_typed else "expected is one line a row below them"
            raise DataError(f"{self._choice.name} has {_columns_of(self._source)} but no rows; {below}", field="data")
        with self._problems.collect():
            if column.kind == "category":
                column = self._clean(column)
            if column.kind == "category" and column.name not in self._choice.categorical:
                column = self._typed(column, reader.floats)
            if column.name not in self._choice.ignore:
                _refuse(column, self._choice, self._listed)
        return column

    @property
    def _listed(self) -> tuple[str, ...]:
        return listed_missing(self._choice, self.labels)

    def _clean(self, column: TypedColumn) -> TypedColumn:
        """Return a column of texts without blanks around them and without those that mean a missing value."""
        choice, before = self._choice, column
        if choice.has_old_reading:
            return column
        column = strip_blanks(column)
        if column.name in choice.target and not self._source.is_typed and may_keep_labels(choice):
            column, self.labels = decide_labels(column, choice.decimal)
            self.notes += self.labels.sentences(column.name)
        elif not self._source.is_typed or choice.missing:
            column = take_as_missing(column, self._missing)
        if column is not before:
            self.cleaned.append(column.name)
        return column

    def _typed(self, column: TypedColumn, floats: str) -> TypedColumn:
        """Return a column of texts with the type that its texts have."""
        choice, is_ignored = self._choice, column.name in self._choice.ignore
        is_typed = self._source.is_typed or is_ignored
        if not is_typed and not choice.has_old_reading:
            column = self._without_usual_texts(truth_values(column, floats))
            if column.kind != "category":
                return column
        typed, type_warning = resolve_types(
            column,
            decimal=choice.decimal,
            is_typed=is_typed,
            floats=floats,
            is_target=column.name in choice.target,
            listed=self._listed,
        )
        if type_warning is not None:
            self.type_warnings.append((column.name, type_warning))
        return _without_numbers(typed, choice.missing) if typed.kind == "number" else typed

    def _without_usual_texts(self, column: TypedColumn) -> TypedColumn:
        """Return numbers without NA and the like, which are missing there even if other texts are named as missing."""
        usual = [level for level in column.levels if level in USUAL_TEXTS]
        if not usual:
            return column
        others = [level for level in column.levels if level not in USUAL_TEXTS]
        if not others or not all(is_number(level, self._choice.decimal) for level in others):
            return column
        rows = int(np.isin(column.values, [column.levels.index(level) for level in usual]).sum())
        self.notes.append(
            f"column '{column.name}': {shown(usual[0])} among numbers is missing ({rows:,} row{'s'[: rows != 1]}); "
            f"--categorical {quoted(column.name)} takes all as categories"
        )
        if column.name not in self.cleaned:
            self.cleaned.append(column.name)
        return take_as_missing(column, USUAL_TEXTS)


def _without_numbers(column: TypedColumn, missing: Sequence[str]) -> TypedColumn:
    """Return numbers that were read as texts without those that mean a missing value: -200 means -200.0 as well."""
    numbers = [float(text) for text in missing if is_number(text, ".")]
    if not numbers:
        return column
    values = np.where(np.isin(column.values, numbers), np.nan, column.values).astype(column.values.dtype)
    return TypedColumn(name=column.name, kind="number", values=values)


def listed_missing(choice: TableChoice, labels: LabelsLikeMissing) -> tuple[str, ...]:
    """Return the texts that an option ``--missing`` must name as well, so that they stay missing."""
    return choice.missing or tuple(label for label, _ in labels.dropped)


def _columns_of(source: Source) -> str:
    """Return the words for the columns in the refusal of a table without rows."""
    if not source.is_typed:
        return "column names"
    return "1 column" if len(source.names) == 1 else f"{len(source.names):,} columns"


def _refuse(column: TypedColumn, choice: TableChoice, listed: Sequence[str]) -> None:
    """Raise a DataError for a target without values, and for infinite values.

    Inputs that cannot be used are left out later; see :mod:`nnsize_engine.data.unusable`.
    """
    is_target = column.name in choice.target
    role = "target" if is_target else "column"
    setting = "target" if is_target else None
    remedy = "name another target" if is_target else f"leave it out with --ignore {quoted(column.name)}"
    if column.kind == "empty" and is_target:
        raise DataError(f"{role} '{column.name}' has no value in any row; {remedy}", field=setting, column=column.name)
    if column.kind in ("empty", "category"):
        if is_target and len(column.levels) > MAX_LEVELS:
            raise DataError(
                f"{role} '{column.name}' has {len(column.levels):,} different texts, more than can be told apart "
                f"({MAX_LEVELS:,}); {remedy}",
                field=setting,
                column=column.name,
            )
        return
    infinite = np.flatnonzero(np.isinf(column.values))
    if len(infinite):
        more = f" and in {len(infinite) - 1:,} more" if len(infinite) > 1 else ""
        what = "infinite" if column.values.dtype == np.float64 else "infinite, or too large for float32,"
        texts = ["inf" if value > 0 else "-inf" for value in np.unique(column.values[infinite])]
        raise DataError(
            f"{role} '{column.name}' is {what} in row {infinite[0] + 1:,}{more}; "
            f"correct it, take it as missing with {missing_option(listed, texts)}, or {remedy}",
            field=setting,
            column=column.name,
        )
