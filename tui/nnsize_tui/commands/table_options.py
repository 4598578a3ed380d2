"""Options for the user's own table, and the inspection of it before a run starts."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

import click

from nnsize_engine.preflight import client
from nnsize_engine.results.table_summary import DataSummary
from nnsize_engine.runs.standard_input import STANDARD_INPUT, keep_standard_input
from nnsize_engine.settings.descriptions import TABLE_TEXTS
from nnsize_engine.settings.option_names import option_of_field
from nnsize_engine.settings.separators import comment_of, decimal_of, separator_of, thousands_of
from nnsize_engine.settings.table_choice import HEADER_CHOICES, TASK_CHOICES, TableChoice, find_source
from nnsize_tui.commands.output import echo

_SEVERAL: Mapping[str, tuple[str, str]] = {
    "target": ("COLUMN", " May be repeated.  [default: the last column]"),
    "ignore": ("COLUMN", " Repeat it, or join several by commas."),
    "categorical": ("COLUMN", " Repeat it, or join several by commas."),
    "missing": ("TEXT", " May be repeated."),
}
"""Options that may be repeated: the word for a value, and a note on several values."""

_SYNONYMS: Mapping[str, tuple[str, ...]] = {"categorical": ("labels",)}
"""Second names of options."""

_ONES: Mapping[str, tuple[str, str]] = {
    "positive": ("LABEL", ""),
    "sample_weight": ("COLUMN", ""),
    "separator": ("CHAR", "  [default: found out]"),
    "decimal": ("CHAR", "  [default: found out]"),
    "thousands": ("CHAR", "  [default: found out]"),
    "date_format": ("FORMAT", "  [default: found out]"),
    "encoding": ("NAME", "  [default: found out]"),
    "groups": ("COLUMN", ""),
    "order_by": ("COLUMN", "  [default: the order of the file]"),
    "fitness_groups": ("COLUMN", ""),
    "comment": ("CHAR", " none: no comments.  [default: found out]"),
}


_NUMBERS: Mapping[str, str] = {"skip": "found out", "sample": "all", "min_class_rows": "all classes stay"}
"""Options that take a whole number, and their default in words."""

_SIGNS: Mapping[str, Callable[[str], str]] = {
    "separator": separator_of,
    "comment": comment_of,
    "decimal": decimal_of,
    "thousands": thousands_of,
}
"""Functions that take the words for signs."""

_SWITCHES = ("keep_na", "joins_rare", "is_strict")
"""Options that are on or off."""


def table_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say how a table is read."""
    for name in reversed(_SWITCHES):
        option = option_of_field(name)
        command = click.option(
            f"--{option}/--no-{option}", option.replace("-", "_"), default=None, help=TABLE_TEXTS[name]
        )(command)
    for name, default in reversed(list(_NUMBERS.items())):
        option, text = option_of_field(name), f"{TABLE_TEXTS[name]}  [default: {default}]"
        command = click.option(f"--{option}", type=int, metavar="N", help=text)(command)
    header = f"{TABLE_TEXTS['header']}  [default: found out]"
    command = click.option("--header", type=click.Choice(HEADER_CHOICES), help=header)(command)
    for name, (metavar, how) in reversed(list(_ONES.items())):
        option = f"--{option_of_field(name)}"
        command = click.option(option, metavar=metavar, help=TABLE_TEXTS[name] + how)(command)
    dates = TABLE_TEXTS["day_first"] + "  [default: found out]"
    command = click.option("--day-first/--month-first", "day_first", default=None, help=dates)(command)
    command = click.option("--task", type=click.Choice(TASK_CHOICES), help=TABLE_TEXTS["task"])(command)
    for name, (metavar, how) in reversed(list(_SEVERAL.items())):
        names = [f"--{one}" for one in (name, *_SYNONYMS.get(name, ()))]
        command = click.option(*names, name, multiple=True, metavar=metavar, help=TABLE_TEXTS[name] + how)(command)
    return command


def choice_from(data: str, given: Mapping[str, Any]) -> TableChoice | None:
    """Return the table that options name; None for built-in data.

    Raises:
        SettingsError: there is no data of that name, or an option is refused.
    """
    source = str(keep_standard_input()) if data == STANDARD_INPUT else find_source(data)
    if source is None:
        return None
    fields: dict[str, Any] = {name: tuple(given[name]) for name in _SEVERAL if given.get(name)}
    fields |= {name: given[name] for name in (*_ONES, "task", "header", "day_first") if given.get(name) is not None}
    for name, sign_of in _SIGNS.items():
        if name in fields:
            fields[name] = sign_of(fields[name])
    for name in (*_NUMBERS, *_SWITCHES):
        value = given.get(option_of_field(name).replace("-", "_"))
        if value is not None:
            fields[name] = value
    return TableChoice(source=source, **fields)


def choice_of_header(source: str, given: Mapping[str, Any]) -> TableChoice:
    """Return the choice of how the header of a file is read."""
    signs: dict[str, Any] = {name: sign_of(str(given[name])) for name, sign_of in _SIGNS.items() if given.get(name)}
    others = {name: given[name] for name in ("encoding", "header", "skip") if given.get(name) is not None}
    return TableChoice(source=source, **signs, **others)


def look(
    choice: TableChoice, *, test_size: float | int, split_seed: int, stratify: bool, takes_last_rows: bool = False
) -> DataSummary:
    """Inspect a table as a run with this split would use it; one that cannot be used is returned with its problems.

    Raises:
        NnsizeError: the table cannot be opened.
    """
    if sys.stderr.isatty():
        echo(f"looking at {choice.name} ...", err=True)
    return client.look_at_table(
        choice, test_size=test_size, split_seed=split_seed, stratify=stratify, takes_last_rows=takes_last_rows
    )


def inspect(
    choice: TableChoice, *, test_size: float | int, split_seed: int, stratify: bool, takes_last_rows: bool = False
) -> DataSummary:
    """Inspect a table as a run with this split would use it.

    Raises:
        NnsizeError: the table cannot be used as it is.
    """
    return client.refuse_problems(
        look(choice, test_size=test_size, split_seed=split_seed, stratify=stratify, takes_last_rows=takes_last_rows)
    )


def notes_of(summary: DataSummary) -> tuple[str, ...]:
    """Return the notes and warnings about a table, for the user who starts a run on it."""
    return (*summary.notes, *(f"warning: {warning}" for warning in summary.warnings))
