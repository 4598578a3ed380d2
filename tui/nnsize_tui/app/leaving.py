"""What is said on the shell after the explorer has left the screen: which runs go on, and how to come back."""

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from nnsize_engine.errors import NnsizeError
from nnsize_engine.results.records import LIVE_STATES, State
from nnsize_engine.runs.folders import read_state
from nnsize_engine.text import escape_text, shell_word

MAX_NAMES = 5  # of runs in a line

MAX_LOOKS = 50  # runs that are read once more, so that leaving stays quick

NEXT_STEPS = (
    "next: nnsize-tui opens all runs; press n there for a search in a table of yours, e for an evolution",
    "or without a screen: nnsize size YOURS.csv --neurons auto",
)
"""What a newcomer may do after the demonstration."""

DRAFT_WORDS = "your draft is kept: it is back when you set up a run in nnsize-tui"


def leaving_lines(folders: Iterable[Path], home: Path) -> list[str]:
    """Return a line on the runs that go on, and one on those that are paused; none if there are none.

    Args:
        folders: runs that were live when they were last seen, in the order in which they are named.
        home: the folder of the runs that are named by their ids.
    """
    live: dict[Path, State] = {}
    for folder in list(dict.fromkeys(folders))[:MAX_LOOKS]:
        with contextlib.suppress(NnsizeError):  # it was deleted meanwhile
            state = read_state(folder)[1]
            if state in LIVE_STATES:
                live[folder] = state
    going = [_name(folder, home) for folder, state in live.items() if state != "paused"]
    paused = [_name(folder, home) for folder, state in live.items() if state == "paused"]
    return [*_line(going, "goes on", "go on"), *_line(paused, "is paused", "are paused")]


def _name(folder: Path, home: Path) -> str:
    return folder.name if folder.parent == home else str(folder)


def _line(names: Sequence[str], one: str, several: str) -> list[str]:
    if not names:
        return []
    if len(names) == 1:
        return [f"run {escape_text(names[0])} {one}; come back with: nnsize-tui {shell_word(names[0])}"]
    shown = ", ".join(escape_text(name) for name in names[:MAX_NAMES])
    more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    return [f"{len(names)} runs {several}: {shown}{more}; come back with: nnsize-tui"]
