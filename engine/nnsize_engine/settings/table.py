"""The settings of a user's table: the choices of the user, and the facts that inspection found.

Screens use this module, so it reads no file.
"""

import dataclasses
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.datasets import BUILTIN, DatasetFacts, Task
from nnsize_engine.settings.validate import check_integer, check_texts
from nnsize_engine.text import escape_text

TaskChoice = Literal["classification", "regression"]
TASK_CHOICES: tuple[TaskChoice, ...] = get_args(TaskChoice)

OPENML = "openml:"
"""Prefix of a source that is a table of openml.org instead of a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableChoice:
    """A user's choices about a table; all of them except the source may be left open and are then inferred."""

    source: str
    """Absolute path of a file, or ``openml:NAME`` or ``openml:ID``."""

    target: tuple[str, ...] = ()
    """Columns to predict, several numbers or labels of two values; empty for the last one."""

    task: TaskChoice | None = None
    """None to infer it from the target."""

    ignore: tuple[str, ...] = ()
    """Columns that are left out."""

    categorical: tuple[str, ...] = ()
    """Columns whose values are categories, even if they look like numbers or dates."""

    missing: tuple[str, ...] = ()
    """Texts that mean a missing value, besides the usual ones (empty, NA, NaN, null, ...)."""

    positive: str | None = None
    """The label of two that becomes 1, the other 0; None to predict the labels as they are."""

    separator: str | None = None
    """The separator of a delimited text file; None to detect it."""

    decimal: str = "."
    """The decimal sign: a point or a comma."""

    encoding: str | None = None
    """The encoding of a text file; None to detect it."""

    sample: int | None = None
    """Number of rows to draw, stratified by class; None for all rows."""

    def __post_init__(self) -> None:
        for field in ("target", "ignore", "categorical", "missing"):
            check_texts(field, getattr(self, field))
        if self.task is not None and self.task not in TASK_CHOICES:
            raise SettingsError(f"task is {self.task!r}; it must be classification or regression", field="task")
        if self.decimal not in (".", ","):
            raise SettingsError(f"decimal is {self.decimal!r}; it must be a point or a comma", field="decimal")
        if self.separator is not None and (len(self.separator) != 1 or self.separator in '\r\n"' + self.decimal):
            raise SettingsError(
                f"separator is {self.separator!r}; it must be one character, and neither a quote nor the decimal sign",
                field="separator",
            )
        if self.sample is not None:
            check_integer("sample", self.sample, 2, None, "rows")
        both = [name for name in self.target if name in self.ignore]
        if both:
            raise SettingsError(f"column {both[0]!r} is both target and ignored; name it once", field="target")

    @property
    def name(self) -> str:
        """The name of the file, or the source if there is no file, with control characters escaped."""
        return escape_text(self.source if self.source.startswith(OPENML) else self.source.rsplit("/", 1)[-1])


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
    """Whether one of the labels is the number 1 (or true), which scikit-learn's f1, precision, ... score."""

    sha256: str
    """SHA-256 of the bytes of the file, or of the values if there is no file."""

    columns: tuple[tuple[str, str], ...] = ()
    """Names and kinds of the used columns, target included: number, boolean, category or date. After a date follow its
    parts that vary, which the network takes as further columns: month or weekday."""

    has_missing_numbers: bool = False
    """Whether a number, boolean or date of the inputs is missing in any row."""

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


def find_source(data: str) -> str | None:
    """Return the source of a table that a user names; None for the name of built-in data.

    Raises:
        SettingsError: the name is neither built-in data nor a file.
    """
    if data in BUILTIN:
        return None
    if data.startswith(OPENML):
        return data
    path = Path(os.path.expanduser(data)).absolute()  # noqa: PTH111  # leaves an unknown ~user alone
    is_word = data == path.name and "." not in data
    if is_word and not path.exists():
        raise SettingsError(f"unknown data {data!r}; choose one of {', '.join(BUILTIN)}, or name a file", field="data")
    return str(path)


def choice_from(fields: Mapping[str, Any]) -> TableChoice:
    """Make a choice from a stored JSON object.

    Raises:
        TypeError: the object has unknown fields.
    """
    return TableChoice(**_with_tuples(TableChoice, fields))


def table_from(fields: Mapping[str, Any]) -> TableSettings:
    """Make the settings of a table from a stored JSON object.

    Raises:
        TypeError: the object has unknown fields.
    """
    columns = tuple((name, kind) for name, kind in fields.get("columns", ()))
    read = {"choice": choice_from(fields["choice"]), "columns": columns}
    return TableSettings(**_with_tuples(TableSettings, fields) | read)


def _with_tuples(of: type, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields with lists, which JSON has for tuples, turned into tuples."""
    tuples = {field.name for field in dataclasses.fields(of) if str(field.type).startswith("tuple")}
    return {name: tuple(value) if name in tuples else value for name, value in fields.items()}
