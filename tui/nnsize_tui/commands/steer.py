"""``nnsize pause``, ``resume``, ``stop``, ``delete``: steer runs."""

import sys
from collections.abc import Collection, Mapping
from pathlib import Path

import click

from nnsize_engine.errors import RunError, SettingsError
from nnsize_engine.results.records import LIVE_STATES, State
from nnsize_engine.runs import launch
from nnsize_engine.runs.change_cluster import change_cluster
from nnsize_engine.runs.folders import find_run, home
from nnsize_engine.runs.stalls import stall_of
from nnsize_engine.settings.cluster import cluster_settings
from nnsize_engine.text import escape_text, shell_word
from nnsize_tui.commands.cluster_option import ClusterType
from nnsize_tui.commands.follow import INTERRUPTED, follow
from nnsize_tui.commands.interrupts import Interrupts
from nnsize_tui.commands.output import echo
from nnsize_tui.text.sentences import left_words

_BAD_ENDS: frozenset[State] = frozenset({"failed", "refused", "interrupted"})


def _wait_until_left(folder: Path, interrupts: Interrupts, *left: State) -> None:
    """Wait until a run has left these states, and print its new state.

    Raises:
        RunError: the run did not react in time, or it failed.
        click.exceptions.Exit: Ctrl-C was pressed meanwhile.
    """
    state = launch.wait_for(folder, lambda state: state not in left or interrupts.count > 0, launch.MAX_STOP_SECONDS)
    _say(folder, state, left, interrupts)


def _say(folder: Path, state: State, left: Collection[State], interrupts: Interrupts) -> None:
    """Print the state of a run that should have left some states.

    Raises:
        RunError: it has not, or it failed.
        click.exceptions.Exit: Ctrl-C was pressed meanwhile.
    """
    if state in left and interrupts.count:
        echo(f"run {folder.name} was asked, and is still {state}", err=True)
        raise click.exceptions.Exit(INTERRUPTED)
    show = f"nnsize show {shell_word(folder.name)}"
    words = stall_of(folder)
    if words and state in left:
        raise RunError(f"run {folder.name} is still {state}, and does what it was asked later: {words}")
    if words and state == "interrupted":
        raise RunError(f"run {folder.name} has ended: {words}")
    if state in left:
        raise RunError(f"run {folder.name} was asked, but is still {state}; '{show}' tells more")
    if state in _BAD_ENDS:
        raise RunError(f"run {folder.name} was asked, but is {state} now; '{show}' tells more")
    echo(f"run {folder.name} is {state}")


@click.command(short_help="Halt a run for now.")
@click.argument("run")
def pause(run: str) -> None:
    """Halt for now, in the middle of fits or of a generation; resume goes on exactly there."""
    folder = find_run(run, home())
    with Interrupts() as interrupts:
        launch.pause(folder)
        _wait_until_left(folder, interrupts, "starting", "running")


@click.command(short_help="Go on with a paused, stopped or interrupted run.")
@click.argument("run")
@click.option("--follow", "is_followed", is_flag=True, help="Stay until the run ends.")
@click.option("--run-code", "runs_code", is_flag=True, help="Let the run call the Python function that is its fitness.")
@click.option("--json", "as_json", is_flag=True, help="With --follow: print the result as one JSON object.")
@click.option(
    "--cluster",
    type=ClusterType(),
    metavar="WHERE",
    help="Go on there, as with nnsize size --cluster; none: on this machine.",
)
@click.option("--workers", metavar="N", help="With --cluster: its workers, 40 or 2:40.")
@click.pass_context
def resume(
    context: click.Context, /, run: str, is_followed: bool, runs_code: bool, as_json: bool, **where: str | None
) -> None:
    """Go on with a run that is paused, stopped, failed or interrupted; nothing finished is repeated."""
    folder = find_run(run, home())
    _change_cluster(folder, where)
    with Interrupts() as interrupts:
        launch.resume(folder, runs_code=runs_code)
        if is_followed:
            context.exit(follow(folder, interrupts, as_json=as_json))
        _wait_until_left(folder, interrupts, "paused", "stopped", "interrupted")


def _change_cluster(folder: Path, where: Mapping[str, str | None]) -> None:
    """Let the run go on where the options say, if they say it.

    Raises:
        NnsizeError: an option is refused, or the run is at work.
    """
    cluster, workers = where["cluster"], where["workers"]
    if cluster is not None:
        change_cluster(folder, cluster_settings(cluster, workers or ""))
    elif workers is not None:
        raise SettingsError("workers needs --cluster, too", field="workers")


@click.command(short_help="End a run now; it can be resumed.")
@click.argument("run")
def stop(run: str) -> None:
    """End a run now; what is finished is kept, and it can be resumed."""
    folder = find_run(run, home())
    with Interrupts() as interrupts:
        launch.stop(folder)
        _say(folder, launch.wait_for_end(folder, lambda: interrupts.count > 0), LIVE_STATES, interrupts)


@click.command(short_help="Remove a run and its results.")
@click.argument("run")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(run: str, yes: bool) -> None:
    """Remove a run and all its results; one that is at work has to be stopped first."""
    folder = find_run(run, home())
    if not yes:
        if not sys.stdin.isatty():
            raise RunError(f"deleting run {folder.name} needs a confirmation; add --yes")
        if not click.confirm(f"Delete run {escape_text(folder.name)} and all its results?"):
            echo("nothing deleted")
            return
    with Interrupts():  # a run is deleted as a whole
        left = launch.delete(folder)
        echo(f"run {folder.name} is deleted{left_words(folder, left)}")
