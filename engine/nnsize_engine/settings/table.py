"""A table of the user's: where it is, how to read it, and what inspecting it found.

Light enough for screens: nothing here reads a file.
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
"""How the source of a table that is not a file begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableChoice:
    """A user's choices about a table. Everything but the source may be left open, to be found out."""

    source: str
    """Absolute path of a file, or ``openml:NAME`` or ``openml:ID``."""

    target: tuple[str, ...] = ()
    """Columns to predict, several only in regression; empty for the last one."""

    task: TaskChoice | None = None
    """None to infer it from the target."""

    ignore: tuple[str, ...] = ()
    """Columns that are left out."""

    categorical: tuple[str, ...] = ()
    """Columns whose values are labels, whatever they look like."""

    missing: tuple[str, ...] = ()
    """Texts that stand for a missing value, besides the usual ones (empty, NA, NaN, null, ...)."""

    positive: str | None = None
    """Of two labels, the one that is 1, the other 0; None to predict the labels as they are."""

    separator: str | None = None
    """Of a delimited text file; None to find out."""

    decimal: str = "."
    """Point or comma."""

    encoding: str | None = None
    """Of a text file; None to find out."""

    sample: int | None = None
    """Rows to draw, stratified by class; None for all."""

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
        """The file's name, or the source where there is no file; harmless to show and possible to store."""
        return escape_text(self.source if self.source.startswith(OPENML) else self.source.rsplit("/", 1)[-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSettings:
    """An inspected table: with everything found out filled in, it is always read alike."""

    choice: TableChoice
    """With target, task, separator and encoding as they were found."""

    task: Task
    rows: int
    """With a target, after sampling."""

    inputs: int
    """Numbers that a network sees of a row, when all training rows are encoded."""

    classes: int
    labels: tuple[str, ...] = ()
    """Class labels as text, in order; empty for regression."""

    has_label_one: bool = True
    """Whether one of the labels is the number 1 (or true), which scikit-learn's f1, precision, ... are about."""

    sha256: str
    """Of the file's bytes, or of the values where there is no file."""

    columns: tuple[tuple[str, str], ...] = ()
    """Every column that is used, target included, and what it is: number, boolean, category or date. A date's parts
    that vary, which are columns of their own to the network, follow it: month or weekday."""

    has_missing_numbers: bool = False
    """Whether a number (boolean, date) of the inputs is missing in any row."""

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
    """Return the source of a table that a user names; None where the name is that of built-in data.

    Raises:
        SettingsError: it is neither, and does not look like a file's.
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
    """Read a choice from the object that JSON makes of it.

    Raises:
        TypeError: there are other fields.
    """
    return TableChoice(**_with_tuples(TableChoice, fields))


def table_from(fields: Mapping[str, Any]) -> TableSettings:
    """Read a table's settings from the object that JSON makes of them.

    Raises:
        TypeError: there are other fields.
    """
    columns = tuple((name, kind) for name, kind in fields.get("columns", ()))
    read = {"choice": choice_from(fields["choice"]), "columns": columns}
    return TableSettings(**_with_tuples(TableSettings, fields) | read)


def _with_tuples(of: type, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields with JSON's lists as tuples."""
    tuples = {field.name for field in dataclasses.fields(of) if str(field.type).startswith("tuple")}
    return {name: tuple(value) if name in tuples else value for name, value in fields.items()}
