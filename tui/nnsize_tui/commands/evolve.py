"""``nnsize evolve``: train a network's weights by differential evolution."""

from collections.abc import Sequence
from typing import Any

import click

from nnsize_engine.errors import SettingsError
from nnsize_engine.preflight import client
from nnsize_engine.processes.memory import amount_text
from nnsize_engine.runs.known_schedulers import check_file_names
from nnsize_engine.settings.datasets import BUILTIN
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.fitness import fitness_words
from nnsize_engine.settings.layer_sizes import units_text
from nnsize_engine.settings.population_memory import first_members, needed_bytes
from nnsize_engine.settings.python_function import parse_function
from nnsize_engine.settings.run import code_of
from nnsize_engine.settings.series import first_repeats, strategies_of
from nnsize_engine.settings.start_checks import check_start
from nnsize_engine.settings.strategy_comparison import notes_of_comparison
from nnsize_engine.text import seconds_text
from nnsize_tui.commands.evolve_options import evolution_options, settings_from
from nnsize_tui.commands.label import label_options, take_label
from nnsize_tui.commands.loading import loading
from nnsize_tui.commands.merged_options import config_option, merge_options
from nnsize_tui.commands.option_groups import GroupedCommand
from nnsize_tui.commands.output import echo, print_json
from nnsize_tui.commands.result_options import result_options
from nnsize_tui.commands.table_options import table_options


@click.command(cls=GroupedCommand)
@click.argument("data", required=False)
@evolution_options
@table_options
@label_options
@config_option
@click.option("--estimate", is_flag=True, help="Say how many evaluations, and how long they take; start nothing.")
@click.option("--run-code", "runs_code", is_flag=True, help="Allow a Python function as fitness that a file names.")
@click.option("--detach", is_flag=True, help="Start the evolution, print its id, and return.")
@result_options("Print the final result as one JSON object, nothing else.")
@click.pass_context
def evolve(
    context: click.Context,
    /,
    config: str | None,
    estimate: bool,
    runs_code: bool,
    detach: bool,
    as_json: bool,
    is_whole: bool,
    **options: Any,
) -> None:
    """Let a population of networks evolve on DATA, watch it, and compare the best one with gradient training.

    DATA is breast_cancer, wine, iris, digits, diabetes or synthetic; or a file of yours (CSV, TSV, Excel, Parquet,
    Arrow, ARFF, JSON lines, NumPy), its address, - for standard input, or openml:NAME. Without arguments: 20,485
    networks of 64 and 32 hidden neurons, 10 generations on breast_cancer. --strategy auto takes the recommended
    settings; options given here replace them. Several strategies, such as --strategy auto,shade,sep-cma-es --repeats 5,
    are compared in one run, with the same objective and the same number of evaluations for each. The evolution runs in
    the background: closing the terminal does not end it, Ctrl-C stops it and keeps everything.
    """
    with loading():  # here, because it loads the reports of all runs, and the completion of the shell must be quick
        from nnsize_tui.commands.follow import begin

    label = take_label(options)
    merged = merge_options("evolve", options, config, EvolutionSettings())
    settings = settings_from(merged.options, merged.table)
    if config is not None and options.get("cluster") is None:
        check_file_names(settings.cluster)
    _say_code(settings, is_allowed=runs_code or options.get("fitness") is not None)
    notes = [*merged.notes, *notes_of_comparison(settings)]
    if estimate:
        _print_estimate(settings, notes, as_json=as_json)
    else:
        begin(context, settings, label=label, detach=detach, as_json=as_json, is_whole=is_whole, notes=notes)


def _say_code(settings: EvolutionSettings, *, is_allowed: bool) -> None:
    """Say that a Python function of the user will be run, before anything runs.

    Raises:
        SettingsError: a file names the function, and nobody allowed it.
    """
    code = code_of(settings)
    if code is None:
        return
    if not is_allowed:
        raise SettingsError(
            f"the settings file makes the Python function {code} the fitness, which runs its code on this machine; "
            "look at it, and if you trust it add --run-code",
            field="fitness",
        )
    where = parse_function(code)
    place = f"{where.folder}/{where.module.replace('.', '/')}.py" if where.folder else f"module {where.module}"
    echo(f"fitness {fitness_words(code)} runs Python code: {where.function} of {place}", err=True)


def _print_estimate(settings: EvolutionSettings, notes: Sequence[str], *, as_json: bool) -> None:
    """Compute a few small generations, and print how long all of them take."""
    check_start(settings)
    if settings.is_comparison:
        _print_estimate_of_comparison(settings, notes, as_json=as_json)
        return
    measured = client.estimate(settings)
    for line in notes:
        echo(line, err=True)
    members = first_members(settings) or settings.member_count
    seconds, needed = measured.seconds(settings), needed_bytes(settings)
    is_upper_bound = measured.is_upper_bound(settings)
    evaluations = settings.plan(members).evaluations
    if as_json:
        found = {"weights": settings.weights, "members": members, "evaluations": evaluations, "bytes": needed}
        print_json(found | {"seconds": seconds, "workers": measured.workers, "is_upper_bound": is_upper_bound})
        return
    echo(
        f"{units_text(settings.units)}, {settings.weights:,} weights; {members:,} members, {evaluations:,} evaluations"
    )
    about = "at most about" if is_upper_bound else "about"
    where = "" if settings.cluster is None else " on this machine alone"
    memory = f", {amount_text(needed)} of memory" if needed is not None else ""
    echo(f"{about} {seconds_text(seconds)}{where}, {measured.workers} threads{memory}")


def _print_estimate_of_comparison(settings: EvolutionSettings, notes: Sequence[str], *, as_json: bool) -> None:
    """Compute a few small generations of each strategy, and print how long all its seeds take."""
    names, each = [one.name for one in strategies_of(settings)], first_repeats(settings)
    measured = [client.estimate(one) for one in each]
    seconds = [settings.repeats * found.seconds(one) for found, one in zip(measured, each, strict=True)]
    evaluations = [settings.repeats * one.plan(one.member_count).evaluations for one in each]
    for line in notes:
        echo(line, err=True)
    if as_json:
        found = [
            {"name": name, "evaluations": count, "seconds": time}
            for name, count, time in zip(names, evaluations, seconds, strict=True)
        ]
        print_json({"weights": settings.weights, "strategies": found, "seconds": sum(seconds)})
        return
    seeds = "one seed" if settings.repeats == 1 else f"{settings.repeats} seeds"
    echo(f"{units_text(settings.units)}, {settings.weights:,} weights; {seeds} of each strategy")
    for name, count, time in zip(names, evaluations, seconds, strict=True):
        echo(f"{name}: {count:,} evaluations, about {seconds_text(time)}")
    where = "" if settings.cluster is None else " on this machine alone"
    echo(f"about {seconds_text(sum(seconds))} in all{where}, {measured[0].workers} threads")


assert evolve.help is not None
assert all(name in evolve.help for name in BUILTIN), "the help names every built-in data set"
