"""Options of a new run, merged: the command line wins over a file, and a file over the user's defaults."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.command_options import TABLE_OPTIONS, Command, Options
from nnsize_engine.settings.datasets import BUILTIN
from nnsize_engine.settings.option_names import field_of_option
from nnsize_engine.settings.splitters import parse_folds
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.toml import merge, read_config, read_defaults
from nnsize_engine.settings.validate import parse_test_size
from nnsize_tui.commands.table_options import choice_from, inspect, notes_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedOptions:
    """The merged options, and the table they are about."""

    options: Mapping[str, Any]
    """Given values by the names of settings, without those about the table."""

    table: TableSettings | None
    """The inspected table; None for built-in data."""

    notes: tuple[str, ...] = ()
    """Notes and warnings about the table."""


def config_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option that reads settings from a file."""
    return click.option(
        "--config",
        metavar="FILE",
        help="Settings from a TOML file, as 'nnsize show RUN --config' prints it; options given here win.",
    )(command)


def merge_options(command: Command, options: Mapping[str, Any], config: str | None, usual: Any) -> MergedOptions:
    """Merge the options of a new run, and inspect the user's table if there is one.

    Args:
        command: the command that starts the run.
        options: options of the command line, by the names of settings; None or () if not given.
        config: path of a run's file, or None.
        usual: default settings, for the data and the split.

    Raises:
        NnsizeError: an option or the table is refused.
    """
    layers = _layers(command, options, config)
    merged = {name.replace("-", "_"): value for name, value in merge(*layers).items()}
    data = str(merged.pop("data", usual.data))
    names = [option.replace("-", "_") for option in TABLE_OPTIONS]
    about_table = {name: merged.pop(name) for name in names if name in merged}
    if "test_size" in merged:
        merged["test_size"] = parse_test_size(str(merged["test_size"]))
    choice = None if data in BUILTIN else choice_from(data, about_table)
    if choice is None:
        refuse_table_options(_given_with_data(layers), data)
        return MergedOptions(options={"data": data, **merged}, table=None)
    split = {name: merged.get(name, getattr(usual, name)) for name in ("test_size", "split_seed", "stratify")}
    is_in_time = "cv" in merged and parse_folds(str(merged["cv"])).splitter == "time"
    summary = inspect(choice, **split, takes_last_rows=is_in_time)
    table = summary.table
    return MergedOptions(options={"data": table.choice.name, **merged}, table=table, notes=notes_of(summary))


def _layers(command: Command, options: Mapping[str, Any], config: str | None) -> tuple[Options, Options, Options]:
    """Return the user's defaults, the options of the file, and those of the command line."""
    given = {
        name.replace("_", "-"): list(value) if isinstance(value, tuple) else value
        for name, value in options.items()
        if value is not None and value != ()
    }
    file, has_defaults = ({}, True) if config is None else read_config(Path(config), command)
    return read_defaults(command) if has_defaults else {}, file, given


def _given_with_data(layers: tuple[Options, Options, Options]) -> Options:
    """Return the options given together with the data.

    These are not the user's defaults, nor the options of a file whose data the command line replaces.
    """
    _, file, given = layers
    return given if "data" in given else {**file, **given}


def refuse_table_options(given: Mapping[str, Any], data: str) -> None:
    """Refuse options about a table for built-in data.

    Raises:
        SettingsError: there is such an option.
    """
    about_table = [option for name in given if (option := name.replace("_", "-")) in TABLE_OPTIONS]
    if about_table:
        raise SettingsError(
            f"{about_table[0].replace('_', '-')} is for a table of your own; the data {data} is built in",
            field=field_of_option(about_table[0]),
        )
