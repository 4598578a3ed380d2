"""The options on how the result of a run is printed, the same in each command that follows one."""

from collections.abc import Callable
from typing import Any

import click

ALL_HELP = "Print every candidate or generation; with --json also the whole log."


def result_options(words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command ``--json``, which these words explain, and ``--all``."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        command = click.option("--all", "is_whole", is_flag=True, help=ALL_HELP)(command)
        return click.option("--json", "as_json", is_flag=True, help=words)(command)

    return add
