"""``nnsize extend``: add sizes, repeats or rounds of folds to a search that has ended."""

import click

from nnsize_engine.errors import RunError
from nnsize_engine.runs import launch
from nnsize_engine.runs.folders import find_run, home
from nnsize_engine.runs.view import RunFollower, SizeView
from nnsize_engine.settings.extension import Extension, extended, extension_words
from nnsize_tui.commands.follow import follow
from nnsize_tui.commands.output import echo
from nnsize_tui.text.extension import advice_of, cost_of, cost_words


@click.command(short_help="Add sizes, repeats or folds to a search that has ended.")
@click.argument("run")
@click.option("--neurons", metavar="SIZES", help="Sizes to add: 101:200:2, 128,256 or log:128:1024:4.")
@click.option("--max-neurons", type=click.INT, metavar="N", help="The new largest size, where the run finds its sizes.")
@click.option("--repeats", type=click.INT, metavar="R", help="The number of repeats in all, with seeds of their own.")
@click.option("--fold-rounds", type=click.INT, metavar="N", help="The number of rounds of folds in all.")
@click.option("--follow", "is_followed", is_flag=True, help="Stay until the run ends.")
@click.option("--json", "as_json", is_flag=True, help="With --follow: print the result as one JSON object.")
@click.pass_context
def extend(
    context: click.Context,
    /,
    run: str,
    neurons: str | None,
    max_neurons: int | None,
    *,
    is_followed: bool,
    as_json: bool,
    **totals: int | None,
) -> None:
    """Add sizes, repeats or rounds of folds to a search that has ended, and go on; no finished fit is repeated.

    Without options, larger sizes are added to a run whose score still rises at its largest size. They continue its
    grid up to twice the largest size.
    """
    folder = find_run(run, home())
    extension = Extension(neurons=neurons, max_neurons=max_neurons, **totals)
    view = RunFollower(folder).look()
    if isinstance(view, SizeView) and extension == Extension():
        extension = _advised(view)
    launch.extend(folder, extension)
    if isinstance(view, SizeView) and not as_json:
        after = extended(view.settings, extension)
        cost = cost_words(cost_of(view, after))
        echo(f"run {folder.name} is extended: {extension_words(view.settings, after)}; {cost}")
    if is_followed:
        context.exit(follow(folder, as_json=as_json))


def _advised(view: SizeView) -> Extension:
    """Return the larger sizes that the answer advises.

    Raises:
        RunError: it advises none.
    """
    advised = advice_of(view)
    if advised is None:
        option = "--max-neurons" if view.settings.finds_sizes else "--neurons"
        raise RunError(
            f"the curve of run {view.folder.name} does not rise at its largest size, so that no sizes are advised; say "
            f"what to add with {option}, --repeats or --fold-rounds"
        )
    return advised
