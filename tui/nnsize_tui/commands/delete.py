"""``nnsize delete``: remove runs and their results, after a question that lists them."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from nnsize_engine.errors import NnsizeError, RunError, StoreError
from nnsize_engine.processes.interrupts import Interrupts
from nnsize_engine.results.records import LIVE_STATES, State
from nnsize_engine.runs import launch, steer
from nnsize_engine.runs.folders import find_run, home, read_state
from nnsize_engine.runs.label import read_label
from nnsize_engine.runs.old_runs import older_runs, parse_age
from nnsize_engine.runs.stored_size import stored_bytes
from nnsize_engine.settings.run import STEP_NAMES
from nnsize_engine.text import bytes_text, escape_text, moment_text
from nnsize_tui.commands.output import echo, print_table
from nnsize_tui.text.sentences import left_words

_HEADINGS = ("run", "name", "started", "state", "done", "on disk")
_LEFT_ALIGNED = frozenset({0, 1, 2, 3})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Doomed:
    """A run that is to be deleted."""

    folder: Path
    state: State | None
    """None if it cannot be read."""

    row: tuple[str, ...]
    """Its cells in the list of runs that would go."""

    bytes: int


@click.command(short_help="Remove runs and their results.")
@click.argument("runs", metavar="[RUN]...", nargs=-1)
@click.option(
    "--older-than",
    metavar="AGE",
    help="Runs that were last at work longer ago: 12h, 30d, 4w. With runs named, only those of them that are older.",
)
@click.option("--stop", "stops", is_flag=True, help="Stop runs that are at work, and delete them, too.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(runs: tuple[str, ...], older_than: str | None, stops: bool, yes: bool) -> None:
    """Remove runs and all their results, and say how much room that makes.

    Runs at work are refused unless --stop is given; --older-than never takes them. Before anything is deleted, the
    runs that would go are listed with their size on disk.
    """
    folders = _chosen(runs, older_than)
    if not folders:
        echo(f"no run is older than {older_than}; nothing deleted")
        return
    doomed = [_looked_at(folder) for folder in folders]
    for one in doomed:
        if one.state in LIVE_STATES and not stops:
            stop = "; --stop does both" if len(doomed) > 1 else ""
            raise RunError(f"run {one.folder.name} is {one.state}; stop it before deleting it{stop}")
    if not yes and not _is_confirmed(doomed):
        echo("nothing deleted")
        return
    _delete_all(doomed)


def _chosen(runs: Sequence[str], older_than: str | None) -> list[Path]:
    """Return the runs that the arguments mean, each once.

    Raises:
        NnsizeError: one is not there, or the age is none.
    """
    if not runs and older_than is None:
        raise click.UsageError("say which runs: name them, or give --older-than 30d")
    named = list(dict.fromkeys(find_run(run, home()) for run in runs))
    if older_than is None:
        return named
    older = older_runs(home(), parse_age(older_than))
    return [folder for folder in named if folder in older] if runs else older


def _looked_at(folder: Path) -> _Doomed:
    size, name = stored_bytes(folder), read_label(folder).name
    try:
        header, state = read_state(folder)
    except StoreError:
        row = (folder.name, name, "", "unreadable", "", bytes_text(size))
        return _Doomed(folder=folder, state=None, row=row, bytes=size)
    done = f"{header.done:,} {STEP_NAMES[header.kind]}" + ("" if header.done == 1 else "s")
    row = (folder.name, name, moment_text(header.created), state, done, bytes_text(size))
    return _Doomed(folder=folder, state=state, row=row, bytes=size)


def _is_confirmed(doomed: Sequence[_Doomed]) -> bool:
    """List the runs, and ask whether they may go.

    Raises:
        RunError: nobody can be asked.
    """
    size = bytes_text(sum(one.bytes for one in doomed))
    first, is_one = doomed[0].folder.name, len(doomed) == 1
    if not is_one or _can_ask():
        print_table(_HEADINGS, [one.row for one in doomed], left=_LEFT_ALIGNED)
    if not _can_ask():
        which = f"run {first}" if is_one else f"these {len(doomed)} runs, {size} on disk,"
        raise RunError(f"deleting {which} needs a confirmation; add --yes")
    which = f"run {escape_text(first)} and all its" if is_one else f"these {len(doomed)} runs and all their"
    return click.confirm(f"Delete {which} results ({size})?")


def _can_ask() -> bool:
    return sys.stdin.isatty()


def _delete_all(doomed: Sequence[_Doomed]) -> None:
    """Delete runs one by one; one that cannot be deleted keeps no other.

    Raises:
        click.exceptions.Exit: one could not be deleted.
    """
    deleted: list[_Doomed] = []
    failed = 0
    for one in doomed:
        with Interrupts() as interrupts:  # a run is deleted as a whole
            try:
                if one.state in LIVE_STATES:
                    steer.stop(one.folder, interrupts.has_any)
                left = launch.delete(one.folder)
            except NnsizeError as error:
                if len(doomed) == 1:
                    raise
                failed += 1
                echo(f"nnsize: {error}", err=True)
                continue
            deleted.append(one)
            echo(f"run {one.folder.name} is deleted{left_words(one.folder, left)}")
            if interrupts.count:
                break
    if len(doomed) > 1:
        size = bytes_text(sum(one.bytes for one in deleted))
        echo(f"{len(deleted)} of {len(doomed)} runs are deleted, {size} freed")
    if failed or len(deleted) + failed < len(doomed):
        raise click.exceptions.Exit(2 if failed else 130)
