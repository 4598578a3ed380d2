"""The settings of a user's table: the choices of the user, and the facts that inspection found.

Screens use this module, so it reads no file.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from nnsize_engine.settings.datasets import DatasetFacts, Task
from nnsize_engine.settings.file_facts import NO_FACTS, FileFacts, file_facts_from
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_engine.text import escape_text


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSettings:
    """An inspected table, with all choices filled in so that it is always read the same way."""

    choice: TableChoice
    """The choice with target, task, separator and encoding filled in."""

    task: Task
    rows: int
    """Number of rows with a target, after sampling."""

    inputs: int
    """Network inputs per row, with encoders fitted on all training rows."""

    classes: int
    labels: tuple[str, ...] = ()
    """Class labels as text, in order; empty for regression."""

    has_label_one: bool = True
    """True if one of the labels is the number 1 (or true), which scikit-learn's f1, precision, ... score."""

    sha256: str
    """SHA-256 of the bytes of the file, or of the values if there is no file."""

    columns: tuple[tuple[str, str], ...] = ()
    """Names and kinds of the used columns, target included: number, boolean, category or date. After a date follow its
    parts that vary, which the network takes as further columns: month or weekday."""

    group_count: int = 0
    """Number of groups of rows; 0 if no column of groups was chosen."""

    has_missing_numbers: bool = False
    """True if a number, boolean or date of the inputs is missing in any row."""

    has_missing_marks: bool = False
    """True if a value of the inputs is missing and may be a question mark, which pandas does not take for missing."""

    file_rows: int | None = None
    """Rows of the file; None in runs of earlier versions, which did not keep it."""

    without_target: int = 0
    """Rows that are left out because their target is missing."""

    left_out: tuple[tuple[str, str], ...] = ()
    """Names of the columns that cannot be used and are left out, each with the reason in a few words."""

    rare_classes: tuple[tuple[str, int], ...] = ()
    """Classes with too few rows, with their rows: left out, or joined into :attr:`joined_class`."""

    joined_class: str | None = None
    """Label of the class that rare classes are joined into; None if they are left out."""

    kept_labels: tuple[str, ...] = ()
    """Labels of the target that look like a missing value and are kept as classes."""

    cleaned: tuple[str, ...] = ()
    """Used columns whose texts had blanks around them, or the target that keeps a label which looks missing; a program
    must read them as texts first."""

    file: FileFacts = NO_FACTS
    """The format and compression of the file, and what is left out of it."""

    notations: tuple[tuple[str, ...], ...] = ()
    """Names of the columns whose texts are read as numbers, dates or times, each followed by their notation."""

    notes: tuple[str, ...] = ()
    """Sentences about these texts, each with an example, for the log of a run."""

    kept_as: Literal["", "matrix", "table"] = ""
    """How the folder of the run holds the data, which was in memory: numbers that the networks take as they are, or
    typed columns. Empty for a table of the user's own files."""

    @property
    def notation_of(self) -> Mapping[str, tuple[str, ...]]:
        """The notation of the texts of each column in :attr:`notations`."""
        return {name: tuple(notation) for name, *notation in self.notations}

    @property
    def known(self) -> DatasetFacts:
        """The facts that settings are checked against."""
        return DatasetFacts(
            name=self.choice.name,
            task=self.task,
            rows=self.rows,
            inputs=self.inputs,
            classes=self.classes,
            targets=len(self.choice.target),
            title=escape_text(self.choice.source),
            labels=self.labels,
        )


_BEFORE_LAYOUTS: Mapping[str, object] = MappingProxyType({"header": "names", "skip": 0, "comment": ""})
"""The choices of tables that were inspected before these choices existed."""


def choice_from(fields: Mapping[str, Any]) -> TableChoice:
    """Make a choice from a stored JSON object.

    Raises:
        TypeError: the object has unknown fields.
    """
    return TableChoice(**_with_tuples(TableChoice, {"has_old_reading": True} | dict(fields)))


def table_from(fields: Mapping[str, Any]) -> TableSettings:
    """Make the settings of a table from a stored JSON object.

    Raises:
        TypeError: the object has unknown fields.
    """
    pairs = {
        key: tuple((name, value) for name, value in fields.get(key, ()))
        for key in ("columns", "left_out", "rare_classes")
    }
    choice = choice_from({**_BEFORE_LAYOUTS, **fields["choice"]})
    notations = tuple(map(tuple, fields.get("notations", ())))
    read = {"choice": choice, "file": file_facts_from(fields.get("file", {})), "notations": notations, **pairs}
    return TableSettings(**_with_tuples(TableSettings, fields) | read)


def _with_tuples(of: type, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields with lists, which JSON has for tuples, turned into tuples."""
    tuples = {field.name for field in dataclasses.fields(of) if str(field.type).startswith("tuple")}
    return {name: tuple(value) if name in tuples else value for name, value in fields.items()}
