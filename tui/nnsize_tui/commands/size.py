"""``nnsize size``: search for the number of neurons."""

from collections.abc import Sequence
from typing import Any

import click

from nnsize_engine.preflight import client
from nnsize_engine.results.candidates import folds_words
from nnsize_engine.runs.known_schedulers import check_file_names
from nnsize_engine.settings.datasets import BUILTIN
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.text import seconds_text
from nnsize_tui.commands.label import label_options, take_label
from nnsize_tui.commands.loading import loading
from nnsize_tui.commands.merged_options import config_option, merge_options
from nnsize_tui.commands.network_options import NetworkCommand, network_options
from nnsize_tui.commands.output import echo, print_json
from nnsize_tui.commands.result_options import result_options
from nnsize_tui.commands.size_options import search_options, settings_from
from nnsize_tui.commands.table_options import table_options


@click.command(cls=NetworkCommand)
@click.argument("data", required=False)
@search_options
@network_options
@table_options
@label_options
@config_option
@click.option("--estimate", is_flag=True, help="Say how many fits that makes and how long they take; start nothing.")
@click.option("--detach", is_flag=True, help="Start the search, print its id, and return.")
@result_options("Print the final result as one JSON object, nothing else.")
@click.pass_context
def size(
    context: click.Context,
    /,
    config: str | None,
    estimate: bool,
    detach: bool,
    as_json: bool,
    is_whole: bool,
    **options: Any,
) -> None:
    """Score every hidden-layer size on DATA by cross-validation, choose, and test the best one once.

    DATA is breast_cancer, wine, iris, digits, diabetes or synthetic; or a file of yours (CSV, TSV, Excel, Parquet,
    Arrow, ARFF, JSON lines, NumPy), its address, - for standard input, or openml:NAME. Without arguments this is the
    search of breast_cancer over 5, 7, ... 99 neurons. Every parameter of the networks takes several values to search:
    --activation relu,tanh --alpha log:1e-5:1e-1:5. The search runs in the background: closing the terminal does not
    end it, Ctrl-C stops it and keeps what is finished.
    """
    with loading():  # here, because it loads the reports of all runs, and the completion of the shell must be quick
        from nnsize_tui.commands.follow import begin

    label = take_label(options)
    merged = merge_options("size", options, config, SizeSettings())
    settings = settings_from(merged.options, merged.table)
    if config is not None and options.get("cluster") is None:
        check_file_names(settings.cluster)
    if estimate:
        _print_estimate(settings, merged.notes, as_json=as_json)
    else:
        begin(context, settings, label=label, detach=detach, as_json=as_json, is_whole=is_whole, notes=merged.notes)


def _print_estimate(settings: SizeSettings, notes: Sequence[str], *, as_json: bool) -> None:
    """Train a few networks, and print how long all fits take."""
    measured = client.estimate(settings)
    for line in notes:
        echo(line, err=True)
    seconds = measured.seconds(settings)
    candidates, fits = settings.candidate_count, settings.total_steps
    is_upper_bound = measured.is_upper_bound(settings)
    if as_json:
        found = {"candidates": candidates, "fits": fits, "seconds": seconds, "workers": measured.workers}
        print_json(found | {"is_upper_bound": is_upper_bound})
        return
    repeats = f" x {settings.repeats} repeats" if settings.repeats > 1 else ""
    bound = "at most " if settings.is_race else ""
    length = f"{'at most about' if is_upper_bound else 'about'} {seconds_text(seconds)}"
    plural = "" if candidates == 1 else "s"
    echo(f"{candidates:,} candidate{plural} x {folds_words(settings)}{repeats} = {bound}{fits:,} fits")
    where = "" if settings.cluster is None else " on this machine alone"
    echo(f"{length}{where}, {measured.workers} at a time")


assert size.help is not None
assert all(name in size.help for name in BUILTIN), "the help names every built-in data set"
