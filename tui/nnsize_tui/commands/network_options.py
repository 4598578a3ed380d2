"""Options for scikit-learn's network parameters: its names with dashes, its defaults, one value each or several."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import click

from nnsize_engine.settings.descriptions import NETWORK_TEXTS
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.option_names import option_of_field
from nnsize_engine.settings.parameter_grid import DEFAULTS, FACT_WORDS, FACTS, Grid, Value, parse_values, value_text
from nnsize_tui.commands.option_groups import GroupedCommand


class NetworkCommand(GroupedCommand):
    """A command with :func:`network_options`, of which boolean ones may be given without a value."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse a command line after every ``--shuffle`` or ``--no-shuffle`` got its value."""
        return super().parse_args(ctx, list(_written_out(args)))


def _written_out(arguments: Sequence[str]) -> Iterator[str]:
    """Yield the arguments with values for switches: ``--shuffle=yes``, unless yes or no follows it."""
    switches = {f"--{option_of_field(name)}": name for name in FACTS}
    negations = {f"--no-{option_of_field(name)}": name for name in FACTS}
    for place, argument in enumerate(arguments):
        following = arguments[place + 1] if place + 1 < len(arguments) else ""
        if argument == "--":
            yield from arguments[place:]
            return
        argument = argument.replace("_", "-") if argument.startswith("--") and "=" not in argument else argument
        if argument in negations:
            yield f"--{option_of_field(negations[argument])}=no"
        elif argument in switches and not any(word.strip().lower() in FACT_WORDS for word in following.split(",")):
            yield f"{argument}=yes"
        else:
            yield argument


def network_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a function that becomes a :class:`NetworkCommand` one option for every network parameter."""
    for name, text in reversed(list(NETWORK_TEXTS.items())):
        metavar = "[yes,no]" if name in FACTS else "VALUES"
        short = f" --no-{option_of_field(name)} for no." if name in FACTS else ""
        help_text = f"{text}{short}  [default: {value_text(DEFAULTS[name])}]"
        command = click.option(f"--{option_of_field(name)}", name, metavar=metavar, help=help_text)(command)
    return command


def network_parameters(given: Mapping[str, str | bool | None]) -> tuple[NetworkParameters, Grid]:
    """Return the parameters with one value, and the grid of those with several.

    Parameters that are not given have scikit-learn's defaults.

    Raises:
        SettingsError: there is no such parameter, or scikit-learn would refuse a value.
    """
    fixed: dict[str, Value] = {}
    searched: list[tuple[str, tuple[Value, ...]]] = []
    for name, text in given.items():
        if text is None:
            continue
        values = parse_values(name, value_text(text))
        if len(values) == 1:
            fixed[name] = values[0]
        else:
            searched.append((name, values))
    return NetworkParameters(**fixed), tuple(searched)  # type: ignore[arg-type]
