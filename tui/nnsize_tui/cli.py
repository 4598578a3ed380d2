"""``nnsize-tui [RUN]``: from arguments to the explorer. Loads as little as it can before the first frame."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from nnsize_engine import __version__
from nnsize_engine.errors import NnsizeError
from nnsize_engine.text import escape_lines

if TYPE_CHECKING:
    from nnsize_tui.app.explorer import ExplorerApp

USAGE_ERROR = 2
MAX_READING_SECONDS = 0.06
"""Seconds for reading runs before the first frame; runs that are not read in time follow at once."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Show the explorer; return the exit code, which is 2 if it could not be shown as asked."""
    options = _parser().parse_args(arguments)
    reason = _no_terminal()
    if reason:
        return _refuse(f"{reason}; 'nnsize size' runs the same search without a screen, 'nnsize runs' lists all runs")
    gc.disable()  # collecting while modules load costs a tenth of a second; the app enables it after the first frame
    try:
        return _explore(options.run, has_to_start=options.start)
    except NnsizeError as error:
        return _refuse(str(error))
    finally:
        gc.enable()


class _Parser(argparse.ArgumentParser):
    """A parser whose messages cannot control the terminal, whatever the arguments are."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and the message, and exit."""
        super().error(escape_lines(message))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="nnsize-tui",
        description="Explore searches for a number of neurons, and evolutions of weights, live. In the explorer press "
        "? for its keys, ctrl+p for all commands: the one called Settings file is about themes, refreshing and keys.",
    )
    parser.add_argument(
        "run", nargs="?", metavar="RUN", help="open this run: its id, the beginning of it, its path, or 'last'"
    )
    parser.add_argument("--start", action="store_true", help="start the built-in search and open it")
    parser.add_argument("-V", "--version", action="version", version=f"nnsize {__version__}")
    return parser


def _no_terminal() -> str:
    """Return why the explorer cannot be shown here; empty if it can."""
    if not all(stream and stream.isatty() for stream in (sys.__stdin__, sys.__stdout__, sys.__stderr__)):
        return "the explorer needs a terminal"
    if os.environ.get("TERM", "") in ("", "dumb"):
        return f"the explorer cannot draw on a terminal of type {os.environ.get('TERM') or 'unknown'!r}"
    return ""


def _refuse(reason: str) -> int:
    print(f"nnsize-tui: {escape_lines(reason)}", file=sys.stderr)  # noqa: T201
    return USAGE_ERROR


def _explore(name: str | None, *, has_to_start: bool) -> int:
    from nnsize_engine.runs.folders import find_run, home
    from nnsize_tui.app.config_file import read_explorer_config
    from nnsize_tui.app.saved_state import saved_theme
    from nnsize_tui.follow.runs import RunsFollower, first_look, is_long

    config = read_explorer_config()
    folder = home()
    runs = RunsFollower(folder)
    opened = find_run(name, folder) if name is not None else _start(folder) if has_to_start else None
    first = first_look(opened) if opened is not None else None
    if first is not None and not is_long(first):
        first = replace(first, view=runs.follower(first.folder).look())
    rows = runs.look(MAX_READING_SECONDS)

    from nnsize_tui.app.explorer import ExplorerApp
    from nnsize_tui.terminal.ending import end_without_terminal, watch_for_end
    from nnsize_tui.terminal.glyphs import first_environment, has_unicode
    from nnsize_tui.terminal.themes import theme_name

    app = ExplorerApp(
        folder,
        unicode=has_unicode(first_environment()),
        theme=theme_name(os.environ, saved_theme(config.theme) or config.theme),
        runs=runs,
        rows=rows,
        first=first,
        config=config,
    )
    watch_for_end(app.ask_to_exit, app.leave_at_once)
    try:
        app.run(mouse=config.mouse)
    finally:
        # Python waits for the keyboard's thread, which would wait forever for a terminal that is gone.
        end_without_terminal()
    _say_what_goes_on(app, has_to_start=has_to_start)
    return app.return_code or 0


def _start(home: Path) -> Path:
    """Start the built-in search; say so at once, because the explorer may be interrupted before it is on the screen."""
    from nnsize_engine.runs import launch
    from nnsize_engine.settings.search import SizeSettings

    folder = launch.start(SizeSettings(), home)
    print(f"run {folder.name} is started: the built-in search")  # noqa: T201
    return folder


def _say_what_goes_on(app: "ExplorerApp", *, has_to_start: bool) -> None:
    """Say on the shell which runs go on, and how to come back."""
    from nnsize_tui.app.leaving import DRAFT_WORDS, leaving_lines, next_steps, typed_command

    explorer = typed_command(sys.argv[0])
    lines = leaving_lines(app.live_runs, app.home, explorer)
    if app.has_kept_draft:
        lines.append(DRAFT_WORDS)
    for line in [*lines, *(next_steps(explorer) if has_to_start else ())]:
        print(escape_lines(line))  # noqa: T201
