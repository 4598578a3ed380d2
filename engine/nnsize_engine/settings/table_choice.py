"""A user's choices about a table: what is read of which file, and how.

Screens use this module, so it reads no file.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.closest_match import closest_match
from nnsize_engine.settings.datasets import BUILTIN
from nnsize_engine.settings.missing_texts import QUESTION_MARK, USUAL_MISSING
from nnsize_engine.settings.option_names import option_of_field
from nnsize_engine.settings.separators import WHITESPACE
from nnsize_engine.settings.table_address import check_address, is_address, name_of_address
from nnsize_engine.settings.validate import check_integer, check_switch, check_texts
from nnsize_engine.text import escape_text

TaskChoice = Literal["classification", "regression"]
TASK_CHOICES: tuple[TaskChoice, ...] = get_args(TaskChoice)

HeaderChoice = Literal["names", "units", "none"]
"""The lines above the values: names; names and, below them, units; or none."""
HEADER_CHOICES: tuple[HeaderChoice, ...] = get_args(HeaderChoice)

MIN_JOINED_ROWS = 10  # rows below which a class is joined if no limit is chosen: two in each of five folds

OPENML = "openml:"
"""Prefix of a source that is a table of openml.org instead of a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableChoice:
    """A user's choices about a table; all of them except the source may be left open and are then inferred."""

    source: str
    """Absolute path of a file, ``openml:NAME`` or ``openml:ID``, or an address of http or https."""

    target: tuple[str, ...] = ()
    """Columns to predict, several numbers or labels of two values; empty for the last one."""

    task: TaskChoice | None = None
    """None to infer it from the target."""

    ignore: tuple[str, ...] = ()
    """Columns that are left out."""

    categorical: tuple[str, ...] = ()
    """Columns whose values are categories, even if they look like numbers or dates."""

    missing: tuple[str, ...] = ()
    """Texts that mean a missing value, all of them; empty for the usual ones (NA, NaN, null, ?, ...). An empty cell is
    always missing."""

    keep_na: bool = False
    """True if no text is taken for a missing value, unless ``missing`` names it."""

    positive: str | None = None
    """The label of two that becomes 1, the other 0; None to predict the labels as they are."""

    separator: str | None = None
    """The separator of a delimited text file; None to detect it."""

    decimal: str | None = None
    """The decimal sign, a point or a comma; None to find it for each column."""

    thousands: str | None = None
    """The sign between groups of three digits; None to find it for each column."""

    day_first: bool | None = None
    """True if dates such as 01/02/1980 begin with the day; None to find it for each column."""

    date_format: str | None = None
    """The format of dates, as ``strftime`` takes it, such as ``%d.%m.%Y``; None to find it for each column."""

    encoding: str | None = None
    """The encoding of a text file; None to detect it."""

    sample_weight: str | None = None
    """The column that tells how much each row counts in training; None if all count the same."""
    header: HeaderChoice | None = None
    """The lines above the values of a text file; None to detect them."""

    skip: int | None = None
    """Number of lines before the header that are skipped, as ``skiprows`` of pandas; None to detect it."""

    comment: str | None = None
    """The sign that begins a comment, up to the end of its line, as in pandas; empty for none, None to detect it."""

    sample: int | None = None
    """Number of rows to draw, stratified by class; None for all rows."""

    groups: str | None = None
    """Column whose equal values mark rows that belong together, such as those of one patient; no input."""

    order_by: str | None = None
    """Column by which the rows are sorted, such as a date; no input. None for the order of the file."""

    fitness_groups: str | None = None
    """Column over whose values the fitness of an evolution is averaged, such as a hospital; no input."""

    min_class_rows: int | None = None
    """Rows that a class needs; rarer classes are left out, or joined. None for no such limit."""

    joins_rare: bool = False
    """True if rare classes are joined into one class instead of left out."""

    is_strict: bool = False
    """True if a column that cannot be used is refused instead of left out."""

    has_old_reading: bool = False
    """True if the table is read as by version 0.1: ``missing`` adds to the texts that pandas takes for missing, and
    texts keep the blanks around them. Stored runs without this field have it."""

    def __post_init__(self) -> None:
        for field in ("target", "ignore", "categorical", "missing"):
            check_texts(field, getattr(self, field))
        _check_missing(self.missing)
        if self.task is not None and self.task not in TASK_CHOICES:
            raise SettingsError(f"task is {self.task!r}; it must be classification or regression", field="task")
        if self.decimal not in (None, ".", ","):
            raise SettingsError(f"decimal is {self.decimal!r}; it must be a point or a comma", field="decimal")
        _check_openml(self.source)
        self._check_thousands()
        if self.date_format is not None and "%" not in self.date_format:
            raise SettingsError(
                f"date_format is {self.date_format!r}; it must be one of strftime, such as %d.%m.%Y",
                field="date_format",
            )
        self._check_layout()
        if self.sample is not None:
            check_integer("sample", self.sample, 2, None, "rows")
        self._check_sample_weight()
        if self.min_class_rows is not None:
            check_integer("min_class_rows", self.min_class_rows, 1, None, "rows")
        for field in ("keep_na", "joins_rare", "is_strict", "has_old_reading"):
            check_switch(field, getattr(self, field))
        both = [name for name in self.target if name in self.ignore]
        if both:
            raise SettingsError(f"column {both[0]!r} is both target and ignored; name it once", field="target")
        self._check_row_columns()

    def _check_row_columns(self) -> None:
        """Check the columns that say which rows belong together and in which order they are."""
        if self.groups is not None and self.order_by is not None:
            raise SettingsError(
                "groups takes whole groups as test rows, and order-by the last rows; use one of them", field="order_by"
            )
        for field, name in self.row_columns_by_field:
            if not name.strip():
                option = option_of_field(field)
                raise SettingsError(f"{option} is {name!r}; it must be the name of a column", field=field)
            other = "target" if name in self.target else "ignored" if name in self.ignore else ""
            if other:
                raise SettingsError(
                    f"column {name!r} is {'the target' if other == 'target' else other} and cannot be "
                    f"{option_of_field(field)} too; name another column",
                    field=field,
                )

    @property
    def row_columns_by_field(self) -> tuple[tuple[str, str], ...]:
        """The chosen columns that are read for facts about rows, each after its field."""
        fields = ("groups", "order_by", "fitness_groups")
        return tuple((field, name) for field in fields if (name := getattr(self, field)) is not None)

    @property
    def row_columns(self) -> tuple[str, ...]:
        """Columns that are read for facts about rows and are no inputs: groups or order."""
        return tuple(dict.fromkeys(name for _, name in self.row_columns_by_field))

    def _check_sample_weight(self) -> None:
        """Check that the column of weights has no other role."""
        if self.sample_weight is None:
            return
        check_texts("sample_weight", (self.sample_weight,))
        for names, role in (
            (self.target, "the target"),
            (self.ignore, "ignored"),
            (self.categorical, "categorical"),
            (self.row_columns, "the one of groups or order"),
        ):
            if self.sample_weight in names:
                raise SettingsError(
                    f"column {self.sample_weight!r} is {role} and holds the sample weights; name it once",
                    field="sample_weight",
                )

    @property
    def no_inputs(self) -> tuple[str, ...]:
        """Columns that are read but are no inputs: targets, weights, and groups or order of the rows."""
        weights = () if self.sample_weight is None else (self.sample_weight,)
        return (*self.target, *weights, *self.row_columns)

    def _check_layout(self) -> None:
        """Raise a SettingsError for a sign that cannot divide cells or begin a comment, and for an unknown header."""
        is_one_sign = self.separator is None or len(self.separator) == 1 or self.separator == WHITESPACE
        if self.separator is not None and (not is_one_sign or self.separator in '\r\n"' + self.plain_decimal):
            raise SettingsError(
                f"separator is {self.separator!r}; it must be one character, and neither a quote nor the decimal sign, "
                "or the word whitespace",
                field="separator",
            )
        if self.header is not None and self.header not in HEADER_CHOICES:
            raise SettingsError(f"header is {self.header!r}; it must be names, units or none", field="header")
        if self.skip is not None:
            check_integer("skip", self.skip, 0, None, "lines")
        if self.comment and (len(self.comment) != 1 or self.comment in '\r\n"' + (self.separator or "")):
            raise SettingsError(
                f"comment is {self.comment!r}; it must be one character, and neither a quote nor the separator",
                field="comment",
            )

    @property
    def class_limit(self) -> int | None:
        """The rows below which a class is rare; None if rare classes stay."""
        return MIN_JOINED_ROWS if self.min_class_rows is None and self.joins_rare else self.min_class_rows

    @property
    def missing_texts(self) -> tuple[str, ...]:
        """All texts that mean a missing value, without blanks around them."""
        if self.has_old_reading:
            return (*USUAL_MISSING, *self.missing)
        if self.missing or self.keep_na:
            return ("", *(text.strip() for text in self.missing if text.strip()))
        return (*USUAL_MISSING, QUESTION_MARK)

    def _check_thousands(self) -> None:
        sign = self.thousands
        if sign is None:
            return
        if len(sign) != 1 or sign.isalnum() or sign in '"+-()%\r\n\t' or sign == self.decimal:
            raise SettingsError(
                f"thousands is {sign!r}; it must be one sign, such as a comma, and not the decimal sign",
                field="thousands",
            )

    @property
    def plain_decimal(self) -> str:
        """The decimal sign of numbers that have no thousands separator and no unit."""
        return self.decimal or ("," if self.thousands == "." else ".")

    @property
    def name(self) -> str:
        """The name of the file, or the source if there is no file, with control characters escaped."""
        if is_address(self.source):
            return escape_text(name_of_address(self.source))
        return escape_text(self.source if self.source.startswith(OPENML) else self.source.rsplit("/", 1)[-1])


_OPENML_NAME = re.compile(r"[A-Za-z0-9_.,()+ -]*")


def _check_missing(texts: tuple[str, ...]) -> None:
    """Accept texts that a table can hold; bytes that are no text in the user's encoding are none."""
    for text in texts:
        try:
            text.encode()
        except UnicodeEncodeError:
            raise SettingsError(
                f"missing is {text!r}, which is no text in UTF-8, so no cell can be equal to it; write it in UTF-8",
                field="missing",
            ) from None


def _check_openml(source: str) -> None:
    """Raise a SettingsError if a table of openml.org has a name that could be a path or the part of an address."""
    name = source.removeprefix(OPENML)
    if source.startswith(OPENML) and (".." in name or not _OPENML_NAME.fullmatch(name)):
        raise SettingsError(
            f"data is {source!r}; after openml: comes the name or the number of a table, such as openml:adult or "
            "openml:1590: letters, digits, points and dashes",
            field="data",
        )


def find_source(data: str) -> str | None:
    """Return the source of a table that a user names; None for the name of built-in data.

    Raises:
        SettingsError: the name is neither built-in data nor a file, nor an address that can be read.
    """
    if data in BUILTIN:
        return None
    if data.startswith(OPENML):
        _check_openml(data)
        return data
    check_address(data)
    if is_address(data):
        return data
    path = Path(os.path.expanduser(data)).absolute()  # noqa: PTH111  # leaves an unknown ~user alone
    is_word = data == path.name and "." not in data
    if is_word and not path.exists():
        match = closest_match(data, BUILTIN)
        start = "" if match is None else f"did you mean {match!r}? "
        choose = f"{'Choose' if start else 'choose'} one of {', '.join(BUILTIN)}, or name a file"
        raise SettingsError(f"unknown data {data!r}; {start}{choose}", field="data")
    return str(path)
