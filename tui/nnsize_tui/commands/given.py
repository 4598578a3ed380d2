"""What a run is started with: the command line over a file over the user's defaults."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.datasets import BUILTIN
from nnsize_engine.settings.option_names import field_of_option
from nnsize_engine.settings.search import parse_test_size
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.toml import TABLE_OPTIONS, Command, Options, merge, read_config, read_defaults
from nnsize_tui.commands.table_options import choice_from, look, said_aloud


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was asked for, and the table that it is about."""

    options: Mapping[str, Any]
    """Values by the names of settings, without those about the table; only what was given."""

    table: TableSettings | None
    """Looked at; None for built-in data."""

    said: tuple[str, ...] = ()
    """What was found out about the table, in sentences."""


def config_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option that reads settings from a file."""
    return click.option(
        "--config",
        metavar="FILE",
        help="Settings from a TOML file, as 'nnsize show RUN --config' prints it; options given here win.",
    )(command)


def find_given(command: Command, options: Mapping[str, Any], config: str | None, usual: Any) -> Given:
    """Put together what was asked for, and look at the table it is about, if it is one.

    Args:
        command: which starts the run.
        options: of the command line, by the names of settings; None and () where they were not given.
        config: a run's file, or None.
        usual: settings whose split and data stand for what was not given.

    Raises:
        NnsizeError: something is refused.
    """
    layers = _layers(command, options, config)
    merged = {name.replace("-", "_"): value for name, value in merge(*layers).items()}
    data = str(merged.pop("data", usual.data))
    about_table = {name: merged.pop(name) for name in TABLE_OPTIONS if name in merged}
    if "test_size" in merged:
        merged["test_size"] = parse_test_size(str(merged["test_size"]))
    choice = None if data in BUILTIN else choice_from(data, about_table)
    if choice is None:
        refuse_table_options(_said_of_data(layers), data)
        return Given(options={"data": data, **merged}, table=None)
    split = {name: merged.get(name, getattr(usual, name)) for name in ("test_size", "split_seed", "stratify")}
    summary = look(choice, **split)
    table = summary.table
    return Given(options={"data": table.choice.name, **merged}, table=table, said=said_aloud(summary))


def _layers(command: Command, options: Mapping[str, Any], config: str | None) -> tuple[Options, Options, Options]:
    """The user's defaults, the file, the command line."""
    said = {
        name.replace("_", "-"): list(value) if isinstance(value, tuple) else value
        for name, value in options.items()
        if value is not None and value != ()
    }
    file, has_defaults = ({}, True) if config is None else read_config(Path(config), command)
    return read_defaults(command) if has_defaults else {}, file, said


def _said_of_data(layers: tuple[Options, Options, Options]) -> Options:
    """What was said together with the data; not what a file says whose own data is replaced, nor usual choices."""
    _, file, said = layers
    return said if "data" in said else {**file, **said}


def refuse_table_options(said: Mapping[str, Any], data: str) -> None:
    """Refuse options about a table beside built-in data.

    Raises:
        SettingsError: there is one.
    """
    about_table = [name for name in said if name in TABLE_OPTIONS]
    if about_table:
        raise SettingsError(
            f"{about_table[0]} is for a table of your own; the data {data} is built in",
            field=field_of_option(about_table[0]),
        )
