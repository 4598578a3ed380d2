"""``nnsize evolve``: train a network's weights by differential evolution."""

from typing import Any

import click

from nnsize_engine import launch
from nnsize_engine.builtin import BUILTIN
from nnsize_engine.evolution_settings import EvolutionSettings
from nnsize_engine.runs import home
from nnsize_tui.commands.evolve_options import evolution_options, settings_from
from nnsize_tui.commands.follow import follow, start_detached
from nnsize_tui.commands.given import config_option, find_given
from nnsize_tui.commands.table_options import table_options


@click.command(short_help="Train a network's weights by differential evolution.")
@click.argument("data", required=False)
@evolution_options
@table_options
@config_option
@click.option("--detach", is_flag=True, help="Start the evolution, print its id, and return.")
@click.option("--json", "as_json", is_flag=True, help="Print the final result as one JSON object, nothing else.")
@click.pass_context
def evolve(context: click.Context, /, config: str | None, detach: bool, as_json: bool, **options: Any) -> None:
    """Let a population of networks evolve on DATA, watch it, and compare the best one with gradient training.

    DATA is breast_cancer, wine, iris, digits, diabetes or synthetic; or a file of yours (CSV, TSV, Parquet, Arrow,
    NumPy), or openml:NAME. Without arguments: 20,485 networks of 64 and 32 hidden neurons, 10 generations on
    breast_cancer. --strategy auto takes the recommended settings instead, which whatever is given here replaces. The
    evolution runs in the background: closing the terminal does not end it, Ctrl-C stops it and keeps everything.
    """
    given = find_given("evolve", options, config, EvolutionSettings())
    folder = launch.start(settings_from(given.options, given.table), home())
    if detach:
        start_detached(folder, as_json=as_json, said=given.said)
    else:
        context.exit(follow(folder, as_json=as_json, is_new=True, said=given.said))


assert evolve.help is not None
assert all(name in evolve.help for name in BUILTIN), "the help names every built-in data set"
