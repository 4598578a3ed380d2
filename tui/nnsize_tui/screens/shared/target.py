"""A run that keys steer, and what its state allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nnsize_engine.results.records import LIVE_STATES, State
from nnsize_engine.runs.label import read_label
from nnsize_engine.settings.run import Kind

RESUMABLE: frozenset[State] = frozenset({"paused", "stopped", "failed", "interrupted"})
PAUSABLE: frozenset[State] = frozenset({"starting", "running"})

MAX_NAMES = 6  # runs that a question names


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The run that a key steers."""

    folder: Path
    state: State | None
    """The state of the run; None if it cannot be read."""

    done: int
    """Fits or generations that are finished."""

    kind: Kind = "size"
    is_broken: bool = False
    """Whether something in it is not whole, which resuming computes again, also once it is finished."""


def allows(target: Target, action: str) -> bool:
    """Return whether the state of a run allows an action."""
    if target.kind == "watched" and action not in ("export", "copy", "delete", "label"):
        return False  # scikit-learn runs it
    allowed = {
        "pause": target.state in PAUSABLE,
        "resume": target.state in RESUMABLE or (target.is_broken and target.state == "finished"),
        "stop": target.state in LIVE_STATES,
        "again": target.state is not None,
        "export": target.done > 0,
        "copy": True,
        "label": True,
        "delete": target.kind != "watched" or target.state not in LIVE_STATES,
    }
    return allowed[action]


def called(target: Target) -> str:
    """Return the id of a run, with its name behind it."""
    name = read_label(target.folder).name
    return f"{target.folder.name} ({name})" if name else target.folder.name


def names_of(targets: Sequence[Target]) -> str:
    """Return the names of runs in a sentence, the first ones of many."""
    more = len(targets) - MAX_NAMES
    return ", ".join(map(called, targets[:MAX_NAMES])) + (f" and {more} more" if more > 0 else "")
