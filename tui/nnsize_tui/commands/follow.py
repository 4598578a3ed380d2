"""Follow a run until it ends: live in a terminal, plain lines in a pipe. Only the result is on standard output."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias

import click

from nnsize_engine.processes.interrupts import Interrupts
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs import launch, steer
from nnsize_engine.runs.folders import home
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.label import RunLabel
from nnsize_engine.runs.view import AnyView, WatchedView
from nnsize_engine.settings.run import StartedSettings
from nnsize_engine.text import shell_word
from nnsize_tui.commands.kinds import REPORTS
from nnsize_tui.commands.output import echo, print_json, print_table
from nnsize_tui.commands.plain import Display, PlainDisplay
from nnsize_tui.commands.report import export_hint, result_object
from nnsize_tui.text.kinds import WORDS
from nnsize_tui.text.stalls import stall_sentence

INTERRUPTED = 130
"""Exit code after Ctrl-C."""

FollowedAs: TypeAlias = Literal["started", "continued", "watched"]
"""What a command has to do with a run: it has made it, it has resumed or extended it, or it only shows it."""


def begin(
    context: click.Context,
    settings: StartedSettings,
    *,
    label: RunLabel,
    detach: bool,
    as_json: bool,
    is_whole: bool,
    notes: Sequence[str],
) -> None:
    """Start a run in the background; follow it to its end unless ``detach`` is set.

    Args:
        context: the command, which ends with the run's exit code.
        settings: settings of the run.
        label: its name, note and tags.
        detach: print the run's name and return.
        as_json: print the result as JSON.
        is_whole: print all rows of the result.
        notes: notes about the data, for standard error.

    Raises:
        NnsizeError: the run cannot be started.
    """
    with Interrupts() as interrupts:
        folder = launch.start(settings, home(), label=label)
        if detach:
            context.exit(_start_detached(folder, interrupts, as_json=as_json, is_whole=is_whole, notes=notes))
        context.exit(follow(folder, interrupts, as_json=as_json, followed_as="started", is_whole=is_whole, notes=notes))


def follow(
    folder: Path,
    interrupts: Interrupts,
    *,
    as_json: bool,
    followed_as: FollowedAs = "continued",
    is_whole: bool = False,
    notes: Sequence[str] = (),
) -> int:
    """Show a run until it ends, then its result; Ctrl-C stops it before, unless it is only watched.

    Args:
        folder: the run.
        interrupts: counts Ctrl-C, from before the run was made or continued on.
        as_json: print nothing but the result, as JSON.
        followed_as: what this command has to do with the run; a new one is removed if its settings are refused.
        is_whole: print all rows of the result.
        notes: notes about the data, for standard error once the run is at work; a refusal is printed without them.

    Returns the command's exit code.
    """
    follower = RunFollower(folder)
    view = _watch(follower, interrupts, _display(as_json), notes)
    if interrupts.count and view.state in LIVE_STATES:
        if followed_as == "watched":
            echo(f"run {folder.name} goes on", err=True)
            return INTERRUPTED
        view = _stop(follower, interrupts)
    if view.state == "refused" and followed_as == "started":
        launch.discard_refused(folder)
    if as_json:
        print_json(result_object(view, is_whole=is_whole))
    else:
        print_result(view, is_whole=is_whole)
    return _exit_code(view)


def _start_detached(
    folder: Path, interrupts: Interrupts, *, as_json: bool, is_whole: bool, notes: Sequence[str]
) -> int:
    """Wait until a new run is at work, and print its name; remove it if its settings are refused.

    Ctrl-C stops it. Returns the command's exit code.

    Raises:
        DataError: the settings were refused.
    """
    state = steer.wait_until_at_work(folder, interrupts.has_any)
    if interrupts.count and state in LIVE_STATES:
        view = _stop(RunFollower(folder), interrupts)
        if view.state != "refused":
            return _exit_code(view)
        state = view.state
    if state == "refused":
        launch.discard_refused(folder)
    _say(notes)
    if as_json:
        print_json(result_object(RunFollower(folder).look(), is_whole=is_whole))
    else:
        echo(folder.name)
    return 0


def _say(lines: Sequence[str]) -> None:
    for line in lines:
        echo(line, err=True)


def _watch(follower: RunFollower, interrupts: Interrupts, display: Display, notes: Sequence[str]) -> AnyView:
    """Show a run until it ends or Ctrl-C was pressed; return the last look at it."""
    unsaid = list(notes)

    def show(view: AnyView) -> None:
        if view.state not in ("starting", "refused"):
            _say(unsaid)
            unsaid.clear()
        display.show(view)

    with display:
        return steer.follow(follower, show, interrupts.has_any)


def _stop(follower: RunFollower, interrupts: Interrupts) -> AnyView:
    """Stop a run and wait for its end, or until Ctrl-C is pressed once more."""
    echo("stopping ...", err=True)
    before = interrupts.count
    return steer.stop_followed(follower, lambda: interrupts.count > before)


def _exit_code(view: AnyView) -> int:
    if view.state == "finished":
        return 0
    if isinstance(view, WatchedView) and view.state in ("stopped", "interrupted"):
        echo("the search was interrupted where it ran; everything finished is kept", err=True)
        return INTERRUPTED
    if view.state == "stopped":
        name = shell_word(view.folder.name)
        echo(f"stopped; everything finished is kept, go on with: nnsize resume {name} --follow", err=True)
        return INTERRUPTED
    if view.state in LIVE_STATES:
        echo(stall_sentence(view) or f"run {view.folder.name} was asked to stop, and is still {view.state}", err=True)
        return INTERRUPTED
    if view.state == "interrupted":
        if view.stall is not None:
            echo(f"nnsize: {stall_sentence(view)}", err=True)
            return 1
        name = shell_word(view.folder.name)
        echo(f"nnsize: the runner died; go on with: nnsize resume {name} --follow", err=True)
        return 1
    echo(f"nnsize: {view.header.reason}", err=True)
    return 1


def print_result(view: AnyView, *, is_whole: bool = False) -> None:
    """Print the tables and the answer; of many rows only the best or the last, unless ``is_whole``."""
    for table in REPORTS[view.kind].final(view, is_whole):
        if table.title and table.rows:
            echo(table.title)
        if table.rows:
            print_table(table.headings, table.rows)
        if table.note:
            echo(table.note)
    echo(WORDS[view.kind].answer(view))
    for sentence in WORDS[view.kind].details(view):
        echo(sentence)
    if view.state == "finished":
        echo(f"explore it: nnsize-tui {shell_word(view.folder.name)}    take it home: {export_hint(view)}")


def _display(as_json: bool) -> Display:
    """Return the display of progress on standard error: live in a terminal; else lines, or nothing before JSON."""
    if sys.stderr.isatty() and os.environ.get("TERM") not in (None, "", "dumb"):
        from nnsize_tui.commands.live import LiveDisplay

        return LiveDisplay()
    return Display() if as_json else PlainDisplay()
