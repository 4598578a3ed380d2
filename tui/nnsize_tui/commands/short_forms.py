"""Short forms of options, the same in every command, and the names that options have elsewhere."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import click

from nnsize_engine.settings.option_names import OTHER_NAMES, own_option

SHORT_FORMS: Mapping[str, str] = MappingProxyType(
    {
        "--activation": "-a",
        "--config": "-c",
        "--cv": "-k",
        "--detach": "-d",
        "--follow": "-f",
        "--generations": "-g",
        "--jobs": "-j",
        "--layers": "-l",
        "--neurons": "-n",
        "--repeats": "-r",
        "--scoring": "-s",
        "--target": "-t",
        "--to": "-o",
        "--yes": "-y",
    }
)
"""One letter for an option, in every command that has the option."""


def add_short_forms(command: click.Command) -> None:
    """Give the options of a command their short forms."""
    for option in command.params:
        short = next((SHORT_FORMS[name] for name in option.opts if name in SHORT_FORMS), None)
        if short is not None and short not in option.opts:
            option.opts.insert(0, short)


def own_name(command: str) -> Callable[[str], str]:
    """Return a function that gives the name of an option of a command.

    It takes names with underscores, and those of scikit-learn.
    """
    return partial(own_option, command)


def names_line(command: str) -> str:
    """Return the sentence of the help on the names of scikit-learn."""
    names = [f"--{name}" for name in OTHER_NAMES[command]]
    known = f"{', '.join(names[:-1])} and {names[-1]}"
    return f"Names of scikit-learn and SciPy mean the same: {known}. Underscores may stand for dashes."
