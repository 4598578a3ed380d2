"""Options for the user's own table, and the inspection of it before a run starts."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

import click

from nnsize_engine.preflight import client
from nnsize_engine.results.table_summary import DataSummary
from nnsize_engine.settings.descriptions import TABLE_TEXTS
from nnsize_engine.settings.option_names import option_of_field
from nnsize_engine.settings.separators import separator_of
from nnsize_engine.settings.table import TASK_CHOICES, TableChoice, find_source

_SEVERAL: Mapping[str, tuple[str, str]] = {
    "target": ("COLUMN", " May be repeated.  [default: the last column]"),
    "ignore": ("COLUMN", " Repeat it, or join several by commas."),
    "categorical": ("COLUMN", " Repeat it, or join several by commas."),
    "missing": ("TEXT", " May be repeated."),
}
"""Options that may be repeated: the word for a value, and a note on several values."""

_ONES: Mapping[str, tuple[str, str]] = {
    "positive": ("LABEL", ""),
    "sample_weight": ("COLUMN", ""),
    "separator": ("CHAR", "  [default: found out]"),
    "decimal": ("CHAR", "  [default: .]"),
    "encoding": ("NAME", "  [default: found out]"),
}


def table_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say how a table is read."""
    rows = f"{TABLE_TEXTS['sample']}  [default: all]"
    command = click.option("--rows", type=int, metavar="N", help=rows)(command)
    for name, (metavar, how) in reversed(list(_ONES.items())):
        command = click.option(f"--{option_of_field(name)}", name, metavar=metavar, help=TABLE_TEXTS[name] + how)(
            command
        )
    command = click.option("--task", type=click.Choice(TASK_CHOICES), help=TABLE_TEXTS["task"])(command)
    for name, (metavar, how) in reversed(list(_SEVERAL.items())):
        command = click.option(f"--{name}", multiple=True, metavar=metavar, help=TABLE_TEXTS[name] + how)(command)
    return command


def choice_from(data: str, given: Mapping[str, Any]) -> TableChoice | None:
    """Return the table that options name; None for built-in data.

    Raises:
        SettingsError: there is no data of that name, or an option is refused.
    """
    source = find_source(data)
    if source is None:
        return None
    fields: dict[str, Any] = {name: tuple(given[name]) for name in _SEVERAL if given.get(name)}
    fields |= {name: given[name] for name in (*_ONES, "task") if given.get(name) is not None}
    if "separator" in fields:
        fields["separator"] = separator_of(fields["separator"])
    return TableChoice(source=source, sample=given.get("rows"), **fields)


def inspect(choice: TableChoice, *, test_size: float | int, split_seed: int, stratify: bool) -> DataSummary:
    """Inspect a table as a run with this split would use it.

    Raises:
        NnsizeError: the table cannot be used as it is.
    """
    if sys.stderr.isatty():
        click.echo(f"looking at {choice.name} ...", err=True)
    return client.inspect_table(choice, test_size=test_size, split_seed=split_seed, stratify=stratify)


def notes_of(summary: DataSummary) -> tuple[str, ...]:
    """Return the notes and warnings about a table, for the user who starts a run on it."""
    return (*summary.notes, *(f"warning: {warning}" for warning in summary.warnings))
