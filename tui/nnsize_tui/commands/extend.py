"""``nnsize extend``: add sizes, repeats or folds to a search that has ended, or generations to an evolution."""

from typing import Any

import click

from nnsize_engine.answers.advice import chosen_extension
from nnsize_engine.processes.interrupts import Interrupts
from nnsize_engine.runs import launch
from nnsize_engine.runs.folders import find_run, home
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.view import AnyView, EvolutionView, SizeView
from nnsize_engine.settings.evolution_extension import EvolutionExtension
from nnsize_engine.settings.extension import Extension
from nnsize_engine.settings.option_names import option_of_field
from nnsize_engine.settings.run import RunExtension
from nnsize_tui.commands.follow import INTERRUPTED, follow
from nnsize_tui.commands.output import echo, print_json
from nnsize_tui.commands.report import result_object
from nnsize_tui.commands.result_options import result_options
from nnsize_tui.text import evolution_extension
from nnsize_tui.text.extension import extended_words


@click.command()
@click.argument("run")
@click.option("--neurons", metavar="SIZES", help="Sizes to add: 101:200:2, 128,256 or log:128:1024:4.")
@click.option("--max-neurons", type=click.INT, metavar="N", help="The new largest size, where a run finds its sizes.")
@click.option("--repeats", type=click.INT, metavar="R", help="Repeats of a search in all, with seeds of their own.")
@click.option("--fold-rounds", type=click.INT, metavar="N", help="Rounds of folds of a search in all.")
@click.option("--generations", type=click.INT, metavar="N", help="Generations of an evolution in all.")
@click.option("--evaluations", type=click.INT, metavar="N", help="Evaluations of its fitness in all.")
@click.option("--seconds", type=click.FLOAT, metavar="X", help="Its seconds of computing in all.")
@click.option("--run-code", "runs_code", is_flag=True, help="Let the run call the Python function that is its fitness.")
@click.option("--follow", "is_followed", is_flag=True, help="Stay until the run ends.")
@result_options("Print the run as one JSON object: at once, or with --follow when it ends.")
@click.pass_context
def extend(
    context: click.Context,
    /,
    run: str,
    *,
    runs_code: bool,
    is_followed: bool,
    as_json: bool,
    is_whole: bool,
    **options: Any,
) -> None:
    """Add fits to a search that has ended, or generations to an evolution, and go on; no finished fit is repeated.

    A search gets more sizes, repeats or rounds of folds; an evolution more generations, evaluations or seconds.

    Without options, larger sizes are added to a search whose score still rises at its largest size. They continue its
    grid up to twice the largest size. An evolution whose fitness still improves gets twice its limits.
    """
    folder = find_run(run, home())
    view = RunFollower(folder).look()
    extension = chosen_extension(view, options, lambda name: f"--{option_of_field(name)}")
    with Interrupts() as interrupts:
        launch.extend(folder, extension, runs_code=runs_code)
        if not as_json:
            echo(f"run {folder.name} is extended: {_words(view, extension)}")
        if is_followed:
            context.exit(follow(folder, interrupts, as_json=as_json, is_whole=is_whole))
        if interrupts.count:
            echo(f"run {folder.name} goes on", err=True)
            context.exit(INTERRUPTED)
        if as_json:
            print_json(result_object(RunFollower(folder).look(), is_whole=is_whole))


def _words(view: AnyView, extension: RunExtension) -> str:
    """Return what was added and what it costs."""
    if isinstance(view, SizeView) and isinstance(extension, Extension):
        return extended_words(view, extension)
    assert isinstance(view, EvolutionView)
    assert isinstance(extension, EvolutionExtension)
    return evolution_extension.extended_words(view, extension)
