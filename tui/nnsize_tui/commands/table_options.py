"""Options for a table of one's own, and the first look at it before a run is started."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

import click

from nnsize_engine.preflight import client
from nnsize_engine.results.table_summary import DataSummary
from nnsize_engine.settings.table import TASK_CHOICES, TableChoice, find_source

_TEXTS: Mapping[str, tuple[str, str]] = {
    "target": ("COLUMN", "Column to predict; repeat it for several numbers.  [default: the last column]"),
    "ignore": ("COLUMN", "Column to leave out; repeat it, or join several by commas."),
    "categorical": ("COLUMN", "Column whose numbers are categories; repeat it, or join several by commas."),
    "missing": ("TEXT", "Text that stands for a missing value, besides NA, NaN, null, ...; may be repeated."),
}
_ONES: Mapping[str, tuple[str, str]] = {
    "positive": ("LABEL", "Of two labels the one that is 1, the other 0."),
    "separator": ("CHAR", "Between the columns of a text file, such as ';' or tab.  [default: found out]"),
    "decimal": ("CHAR", "Of numbers in a text file: a point or a comma.  [default: .]"),
    "encoding": ("NAME", "Of a text file, such as utf-8 or cp1252.  [default: found out]"),
}
_WORDS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "space": " ", "pipe": "|"}
"""Separators that are hard to type."""


def table_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say how a table is read."""
    rows = "Draw so many rows, keeping the share of each class.  [default: all]"
    command = click.option("--rows", type=int, metavar="N", help=rows)(command)
    for name, (metavar, text) in reversed(list(_ONES.items())):
        command = click.option(f"--{name}", metavar=metavar, help=text)(command)
    task = "Whether the target holds labels or numbers.  [default: found out]"
    command = click.option("--task", type=click.Choice(TASK_CHOICES), help=task)(command)
    for name, (metavar, text) in reversed(list(_TEXTS.items())):
        command = click.option(f"--{name}", multiple=True, metavar=metavar, help=text)(command)
    return command


def choice_from(data: str, given: Mapping[str, Any]) -> TableChoice | None:
    """The table that options are about; None for built-in data.

    Raises:
        SettingsError: there is no data of that name, or an option is refused.
    """
    source = find_source(data)
    if source is None:
        return None
    said: dict[str, Any] = {name: tuple(given[name]) for name in _TEXTS if given.get(name)}
    said |= {name: given[name] for name in (*_ONES, "task") if given.get(name) is not None}
    if "separator" in said:
        said["separator"] = _WORDS.get(said["separator"].lower(), said["separator"])
    return TableChoice(source=source, sample=given.get("rows"), **said)


def look(choice: TableChoice, *, test_size: float | int, split_seed: int, stratify: bool) -> DataSummary:
    """Look at a table as a run with this split would use it.

    Raises:
        NnsizeError: it cannot be used as it is.
    """
    if sys.stderr.isatty():
        click.echo(f"looking at {choice.name} ...", err=True)
    return client.inspect_table(choice, test_size=test_size, split_seed=split_seed, stratify=stratify)


def said_aloud(summary: DataSummary) -> tuple[str, ...]:
    """What whoever starts a run on a table should hear: what was found out, what may spoil the results."""
    return (*summary.notes, *(f"warning: {warning}" for warning in summary.warnings))
