"""``nnsize pause``, ``resume``, ``stop``: steer runs."""

from collections.abc import Mapping
from pathlib import Path

import click

from nnsize_engine.errors import SettingsError
from nnsize_engine.processes.interrupts import Interrupts
from nnsize_engine.results.records import LIVE_STATES, State
from nnsize_engine.runs import launch, steer
from nnsize_engine.runs.change_cluster import change_cluster
from nnsize_engine.runs.folders import find_run, home
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.settings.cluster import cluster_settings
from nnsize_tui.commands.cluster_option import ClusterType
from nnsize_tui.commands.follow import INTERRUPTED, follow
from nnsize_tui.commands.output import echo, print_json
from nnsize_tui.commands.report import result_object
from nnsize_tui.commands.result_options import result_options


def _say(folder: Path, state: State, left: frozenset[State], interrupts: Interrupts) -> None:
    """Print the state of a run that was asked for something.

    Raises:
        click.exceptions.Exit: Ctrl-C was pressed before it had left some states.
    """
    if state in left and interrupts.count:
        echo(f"run {folder.name} was asked, and is still {state}", err=True)
        raise click.exceptions.Exit(INTERRUPTED)
    echo(f"run {folder.name} is {state}")


@click.command()
@click.argument("run")
def pause(run: str) -> None:
    """Halt for now, in the middle of fits or of a generation; resume goes on exactly there."""
    folder = find_run(run, home())
    with Interrupts() as interrupts:
        _say(folder, steer.pause(folder, interrupts.has_any), steer.AT_WORK, interrupts)


@click.command()
@click.argument("run")
@click.option("--follow", "is_followed", is_flag=True, help="Stay until the run ends.")
@click.option("--run-code", "runs_code", is_flag=True, help="Let the run call the Python function that is its fitness.")
@result_options("Print the run as one JSON object: at once, or with --follow when it ends.")
@click.option(
    "--cluster",
    type=ClusterType(),
    metavar="WHERE",
    help="Go on there, as with nnsize size --cluster; none: on this machine.",
)
@click.option("--workers", metavar="N", help="With --cluster: its workers, 40 or 2:40.")
@click.pass_context
def resume(
    context: click.Context,
    /,
    run: str,
    is_followed: bool,
    runs_code: bool,
    as_json: bool,
    is_whole: bool,
    **where: str | None,
) -> None:
    """Go on with a run that is paused, stopped, failed or interrupted; nothing finished is repeated."""
    folder = find_run(run, home())
    _change_cluster(folder, where)
    with Interrupts() as interrupts:
        if is_followed:
            launch.resume(folder, runs_code=runs_code)
            context.exit(follow(folder, interrupts, as_json=as_json, is_whole=is_whole))
        state = steer.resume(folder, interrupts.has_any, runs_code=runs_code)
        if not as_json or (state in steer.AT_REST and interrupts.count):
            _say(folder, state, steer.AT_REST, interrupts)
        if as_json:
            print_json(result_object(RunFollower(folder).look(), is_whole=is_whole))


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


@click.command()
@click.argument("run")
def stop(run: str) -> None:
    """End a run now; what is finished is kept, and it can be resumed."""
    folder = find_run(run, home())
    with Interrupts() as interrupts:
        _say(folder, steer.stop(folder, interrupts.has_any), LIVE_STATES, interrupts)
