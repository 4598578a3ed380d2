"""``nnsize verify``: look through runs for what is broken or missing."""

import dataclasses

import click

from nnsize_engine.runs.examine import Verdict, examine
from nnsize_engine.runs.folders import find_run, home, list_runs
from nnsize_engine.text import shell_word
from nnsize_tui.commands.output import echo, print_json


@click.command()
@click.argument("run", required=False)
@click.option("--all", "is_all", is_flag=True, help="Check every run.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object; with --all a list of them.")
@click.pass_context
def verify(context: click.Context, run: str | None, is_all: bool, as_json: bool) -> None:
    """Check that all that a run stored is whole: its facts by their checksums, its file, and its checkpoint.

    The exit code is 0 if all is whole and 1 if something is broken, missing or unreadable. Nothing is changed:
    'nnsize resume' computes again what is broken, also in a finished run.
    """
    if is_all == (run is not None):
        raise click.UsageError("name one run, or give --all")
    folders = list_runs(home()) if run is None else [find_run(run, home())]
    found = []
    for folder in folders:
        verdict = examine(folder)
        found.append(verdict)
        if not as_json:
            _print(verdict)
    if as_json:
        objects = [dataclasses.asdict(one) for one in found]
        print_json(objects if is_all else objects[0])
    elif not found:
        echo(f"no runs yet in {home()}")
    context.exit(0 if all(one.condition == "whole" for one in found) else 1)


def _print(verdict: Verdict) -> None:
    facts = f"{verdict.facts:,} facts" if verdict.facts != 1 else "1 fact"
    if verdict.condition == "whole":
        echo(f"run {verdict.run} is whole: {facts}")
    elif verdict.condition == "broken":
        echo(f"run {verdict.run} is not whole: besides {facts},")
    else:
        echo(f"run {verdict.run} cannot be read:")
    for words in (*verdict.broken, *verdict.notes):
        echo(f"  {words}")
    if verdict.condition == "broken":
        echo(f"  compute again what is broken: nnsize resume {shell_word(verdict.run)}")
