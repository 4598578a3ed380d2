"""What is said on the shell after the explorer has left the screen: which runs go on, and how to come back."""

import contextlib
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from nnsize_engine.errors import NnsizeError
from nnsize_engine.results.records import LIVE_STATES, State
from nnsize_engine.runs.folders import read_state
from nnsize_engine.text import escape_text, shell_word

MAX_NAMES = 5  # of runs in a line

MAX_LOOKS = 50  # runs that are read once more, so that leaving stays quick

DRAFT_WORDS = "your draft is kept: it is back when you set up a run"


def next_steps(explorer: str) -> list[str]:
    """Return what a newcomer may do after the demonstration."""
    command = explorer.removesuffix("-tui")
    return [
        f"next: {explorer} opens all runs; press n there for a search in a table of yours, e for an evolution",
        f"or without a screen: {command} size YOURS.csv --neurons auto",
    ]


def typed_command(called: str, name: str = "nnsize-tui") -> str:
    """Return what to type for this command: its name, or the path by which it was called if no shell finds the name."""
    path = Path(called)
    if path.name != name:
        return name  # as a module of Python
    found = shutil.which(name)
    is_found = found is not None and path.exists() and path.samefile(found)
    return name if is_found or not path.exists() else shell_word(called)


def leaving_lines(folders: Iterable[Path], home: Path, explorer: str = "nnsize-tui") -> list[str]:
    """Return a line on the runs that go on, and one on those that are paused; none if there are none.

    Args:
        folders: runs that were live when they were last seen, in the order in which they are named.
        home: the folder of the runs that are named by their ids.
        explorer: what to type for the explorer.
    """
    live: dict[Path, State] = {}
    for folder in list(dict.fromkeys(folders))[:MAX_LOOKS]:
        with contextlib.suppress(NnsizeError):  # it was deleted meanwhile
            state = read_state(folder)[1]
            if state in LIVE_STATES:
                live[folder] = state
    going = [_name(folder, home) for folder, state in live.items() if state != "paused"]
    paused = [_name(folder, home) for folder, state in live.items() if state == "paused"]
    return [*_line(going, ("goes on", "go on"), explorer), *_line(paused, ("is paused", "are paused"), explorer)]


def _name(folder: Path, home: Path) -> str:
    return folder.name if folder.parent == home else str(folder)


def _line(names: Sequence[str], words: tuple[str, str], explorer: str) -> list[str]:
    one, several = words
    if not names:
        return []
    if len(names) == 1:
        return [f"run {escape_text(names[0])} {one}; come back with: {explorer} {shell_word(names[0])}"]
    shown = ", ".join(escape_text(name) for name in names[:MAX_NAMES])
    more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    return [f"{len(names)} runs {several}: {shown}{more}; come back with: {explorer}"]
