"""Follow a run until it ends: live in a terminal, plain lines in a pipe, silence before a JSON result."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from nnsize_engine import launch
from nnsize_engine.errors import NnsizeError
from nnsize_engine.records import LIVE_STATES
from nnsize_engine.run_view import RunFollower, SizeView
from nnsize_tui import glyphs
from nnsize_tui.commands.report import (
    CANDIDATE_HEADINGS,
    candidate_rows,
    print_json,
    print_table,
    progress_text,
    result_of,
    search_of,
)
from nnsize_tui.text import answer_text

_LOOK_SECONDS = 0.25
_STOP_SECONDS = 10.0

Show = Callable[[SizeView], None]


def follow(folder: Path, *, as_json: bool, is_new: bool = False, is_mine: bool = True) -> int:
    """Show a run until it ends, then its result.

    Args:
        folder: the run.
        as_json: print nothing but the result, as JSON.
        is_new: the run was made for this command, so that one whose settings are refused is removed.
        is_mine: Ctrl-C stops the run cleanly; otherwise it only ends the watching.

    Returns the command's exit code.
    """
    follower = RunFollower(folder)
    try:
        view = _watch(follower, _display(as_json))
    except KeyboardInterrupt:
        if not is_mine:
            click.echo(f"run {folder.name} goes on", err=True)
            return 130
        view = _stop(follower)
    if view.state == "refused" and is_new:
        launch.discard_refused(folder)
    if as_json:
        print_json(result_of(view))
    else:
        print_result(view)
    return _exit_code(view)


def _watch(follower: RunFollower, display: "Display") -> SizeView:
    with display:
        while True:
            view = search_of(follower.look())
            display.show(view)
            if view.state not in LIVE_STATES:
                return view
            time.sleep(_LOOK_SECONDS)


def _stop(follower: RunFollower) -> SizeView:
    click.echo("stopping ...", err=True)
    try:
        launch.stop(follower.folder)
        launch.wait_for(follower.folder, lambda state: state not in LIVE_STATES, _STOP_SECONDS)
    except NnsizeError:
        pass  # it ended by itself in this very moment
    return search_of(follower.look())


def _exit_code(view: SizeView) -> int:
    if view.state == "finished":
        return 0
    if view.state == "stopped":
        name = view.folder.name
        click.echo(f"stopped; everything finished is kept, go on with: nnsize resume {name} --follow", err=True)
        return 130
    if view.state == "interrupted":
        name = view.folder.name
        click.echo(f"nnsize: the runner died; go on with: nnsize resume {name} --follow", err=True)
        return 1
    click.echo(f"nnsize: {view.header.reason}", err=True)
    return 1


def print_result(view: SizeView) -> None:
    """Print the candidates and the answer."""
    if view.header.done:
        print_table(CANDIDATE_HEADINGS, candidate_rows(view))
    click.echo(answer_text(view, unicode=has_unicode()))
    if view.state == "finished":
        name = view.folder.name
        click.echo(f"explore it: nnsize-tui {name}    take it home: nnsize export {name} --to sizes.csv")


def has_unicode() -> bool:
    """Whether standard output takes more than ASCII: a pipe by its encoding, a terminal by the user's locale."""
    if sys.stdout.isatty():
        return glyphs.has_unicode(glyphs.first_environment())
    return (sys.stdout.encoding or "").lower().startswith("utf")


def background_text(view: SizeView) -> str:
    """What whoever follows a run should know first."""
    return f"run {view.folder.name} works in the background; Ctrl-C stops it, closing the terminal does not"


class Display:
    """Shows nothing; what follows a run silently."""

    def __enter__(self) -> "Display":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def show(self, view: SizeView) -> None:
        """Show a run as it stands."""


class PlainDisplay(Display):
    """One line whenever another twentieth of the fits is done, and the log: for a pipe or a file."""

    def __init__(self) -> None:
        self._shown_part = 0
        self._shown_lines = 0

    def show(self, view: SizeView) -> None:
        """Print what is new; nothing of a run that is refused, whose reason follows as an error."""
        if view.state in ("starting", "refused"):
            return
        if self._shown_lines == 0:
            click.echo(background_text(view))
        for line in view.log[self._shown_lines :]:
            click.echo(line.text)
        self._shown_lines = len(view.log)
        part = 20 * view.header.done // max(1, view.header.total)
        if part > self._shown_part:
            self._shown_part = part
            click.echo(progress_text(view))
        sys.stdout.flush()


def _display(as_json: bool) -> Display:
    if as_json:
        return Display()
    if sys.stdout.isatty() and os.environ.get("TERM") not in (None, "", "dumb"):
        from nnsize_tui.commands.live import LiveDisplay

        return LiveDisplay()
    return PlainDisplay()
