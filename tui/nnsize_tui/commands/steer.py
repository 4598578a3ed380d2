"""``nnsize pause``, ``resume``, ``stop``: steer one run or several."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from nnsize_engine.errors import NnsizeError, SettingsError
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


def _steer_all(folders: Sequence[Path], steered: Callable[[Path, Interrupts], None]) -> None:
    """Steer runs one by one; one that refuses keeps no other.

    Raises:
        NnsizeError: the only run refuses.
        click.exceptions.Exit: one of several refused, or Ctrl-C was pressed.
    """
    refused = 0
    for folder in folders:
        try:
            with Interrupts() as interrupts:
                steered(folder, interrupts)
        except NnsizeError as error:
            if len(folders) == 1:
                raise
            refused += 1
            echo(f"nnsize: {error}", err=True)
        else:
            if interrupts.count:
                raise click.exceptions.Exit(INTERRUPTED)
    if refused:
        raise click.exceptions.Exit(2)


def _found(runs: Sequence[str]) -> list[Path]:
    """Return the folders of runs, each once.

    Raises:
        NnsizeError: one is not there; then none is steered.
    """
    return list(dict.fromkeys(find_run(run, home()) for run in runs))


@click.command()
@click.argument("runs", metavar="RUN...", nargs=-1, required=True)
def pause(runs: tuple[str, ...]) -> None:
    """Halt runs for now, in the middle of fits or of a generation; resume goes on exactly there."""
    _steer_all(
        _found(runs),
        lambda folder, interrupts: _say(folder, steer.pause(folder, interrupts.has_any), steer.AT_WORK, interrupts),
    )


@click.command()
@click.argument("runs", metavar="RUN...", nargs=-1, required=True)
@click.option("--follow", "is_followed", is_flag=True, help="Stay until the run ends; for one run.")
@click.option("--run-code", "runs_code", is_flag=True, help="Let the run call the Python function that is its fitness.")
@result_options("Print the run as one JSON object, several as an array: at once, or with --follow when it ends.")
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
    runs: tuple[str, ...],
    is_followed: bool,
    runs_code: bool,
    as_json: bool,
    is_whole: bool,
    **where: str | None,
) -> None:
    """Go on with runs that are paused, stopped, failed or interrupted; nothing finished is repeated."""
    folders = _found(runs)
    if is_followed and len(folders) > 1:
        raise click.UsageError(f"--follow is for one run, and {len(folders)} are named; leave it out")

    objects: list[object] = []

    def resumed(folder: Path, interrupts: Interrupts) -> None:
        _change_cluster(folder, where)
        if is_followed:
            launch.resume(folder, runs_code=runs_code)
            context.exit(follow(folder, interrupts, as_json=as_json, is_whole=is_whole))
        state = steer.resume(folder, interrupts.has_any, runs_code=runs_code)
        if not as_json or (state in steer.AT_REST and interrupts.count):
            _say(folder, state, steer.AT_REST, interrupts)
        if as_json:
            objects.append(result_object(RunFollower(folder).look(), is_whole=is_whole))

    try:
        _steer_all(folders, resumed)
    finally:
        if objects:
            print_json(objects if len(folders) > 1 else objects[0])


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
@click.argument("runs", metavar="RUN...", nargs=-1, required=True)
def stop(runs: tuple[str, ...]) -> None:
    """End runs now; what is finished is kept, and they can be resumed."""
    _steer_all(
        _found(runs),
        lambda folder, interrupts: _say(folder, steer.stop(folder, interrupts.has_any), LIVE_STATES, interrupts),
    )
