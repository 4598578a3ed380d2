"""The type of each column that was read, and the texts in it that mean a missing value."""

from collections.abc import Mapping, Sequence

import numpy as np

from nnsize_engine.data.clean_texts import strip_blanks, take_as_missing, truth_values
from nnsize_engine.data.columns import ColumnReader, TypedColumn
from nnsize_engine.data.infer_types import MAX_LEVELS, TypeWarning, is_number, shown
from nnsize_engine.data.missing_labels import USUAL_TEXTS, LabelsLikeMissing, decide_labels, may_keep_labels
from nnsize_engine.data.missing_option import missing_option
from nnsize_engine.data.problems import Problems
from nnsize_engine.data.quote_names import quoted
from nnsize_engine.data.read_examples import ReadExample
from nnsize_engine.data.readings import NotationRules, find_readings
from nnsize_engine.data.resolve_texts import ResolvedColumn, resolve_streamed, resolve_types
from nnsize_engine.data.row_columns import refuse_empty
from nnsize_engine.data.source import Source
from nnsize_engine.errors import DataError
from nnsize_engine.settings.table_choice import TableChoice


class Resolver:
    """Decide the type of each column, the targets first."""

    def __init__(
        self, source: Source, choice: TableChoice, rules: Mapping[str, NotationRules], problems: Problems
    ) -> None:
        self._source = source
        self._choice = choice
        self._rules = rules
        """The notations that the texts of each column may have; columns that are not named keep their texts."""

        self._problems = problems
        self._missing = frozenset(choice.missing_texts)
        self.labels = LabelsLikeMissing()
        self.notes: list[str] = []
        self.type_warnings: list[tuple[str, TypeWarning]] = []
        self.cleaned: list[str] = []
        self.examples: dict[str, ReadExample] = {}
        """The notation that a text of a column was read in, by the name of the column."""

    def resolve(self, reader: ColumnReader) -> TypedColumn:
        """Return a column with its type; a fault is reported, and the column stays as it was read."""
        if reader.streamed is not None:
            return self._streamed(reader)
        column = reader.finish()
        if len(column.values) == 0:
            below = "save a row at least" if self._source.is_typed else "expected is one line a row below them"
            raise DataError(f"{self._choice.name} has {_columns_of(self._source)} but no rows; {below}", field="data")
        with self._problems.collect():
            if column.kind == "category":
                column = self._clean(column)
            if column.kind == "category" and column.name in self._rules:
                column = self._typed(column, reader.floats)
            if column.name not in self._choice.ignore:
                _refuse(column, self._choice, self._listed)
        return column

    def _streamed(self, reader: ColumnReader) -> TypedColumn:
        """Return a column whose texts were read as they came: all are numbers, dates or times, so none is missing.

        Raises:
            DataError: its texts can be read in two ways, and the column cannot be shown without its texts.
        """
        assert reader.streamed is not None
        name = reader.name
        found = resolve_streamed(name, reader.streamed, self._rules[name], floats=reader.floats)
        column = self._noted(found)
        if name not in self._choice.ignore:
            with self._problems.collect():
                _refuse(column, self._choice, self._listed)
        return column

    def _noted(self, found: ResolvedColumn) -> TypedColumn:
        """Return a column; what is to be said of it is kept."""
        column = found.column
        if found.warning is not None:
            self.type_warnings.append((column.name, found.warning))
        if found.example is not None and column.name not in self._choice.ignore:
            self.examples[column.name] = found.example
        is_plain = column.kind == "number" and not column.notation
        return _without_numbers(column, self._choice.missing) if is_plain else column

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
            column, self.labels = decide_labels(column, lambda labels: self._are_numbers(column.name, labels))
            self.notes += self.labels.sentences(column.name)
        elif not self._source.is_typed or choice.missing:
            column = take_as_missing(column, self._missing)
        if column is not before:
            self.cleaned.append(column.name)
        return column

    def _typed(self, column: TypedColumn, floats: str) -> TypedColumn:
        """Return a column of texts with the type that its texts have."""
        choice, name = self._choice, column.name
        is_ignored = name in choice.ignore
        if not (self._source.is_typed or is_ignored or choice.has_old_reading):
            column = self._without_usual_texts(truth_values(column, floats))
            if column.kind != "category":
                return column
        is_target = name in choice.target
        try:
            found = resolve_types(column, self._rules[name], floats=floats, is_target=is_target, listed=self._listed)
        except DataError:
            if not is_ignored:
                raise
            return column
        return self._noted(found)

    def _are_numbers(self, name: str, labels: Sequence[str]) -> bool:
        """Return whether all labels are numbers: plain ones, or ones of a notation that the column may have."""
        if all(is_number(label, self._choice.plain_decimal) for label in labels):
            return True
        readings = find_readings(labels, self._rules[name]) if name in self._rules else []
        return any(reading.kind == "number" for reading in readings)

    def _without_usual_texts(self, column: TypedColumn) -> TypedColumn:
        """Return numbers without NA and the like, which are missing there even if other texts are named as missing."""
        usual = [level for level in column.levels if level in USUAL_TEXTS]
        if not usual:
            return column
        others = [level for level in column.levels if level not in USUAL_TEXTS]
        if not others or not self._are_numbers(column.name, others):
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
    if column.name in choice.row_columns:
        refuse_empty(column, choice)
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
