"""Notifications of runs that have ended."""

from collections.abc import Sequence
from pathlib import Path

from nnsize_engine.results.records import LIVE_STATES, State
from nnsize_engine.settings.run import STEP_NAMES
from nnsize_tui.follow.messages import RunRow

ENDS: frozenset[State] = frozenset({"finished", "failed", "refused", "interrupted"})
"""States in which a run has ended by itself; the user knows of a run that was stopped."""


class EndedRunWatch:
    """States of all runs at the last look, to find those that have ended since."""

    def __init__(self) -> None:
        self._states: dict[Path, State | None] = {}

    def look(self, rows: Sequence[RunRow]) -> list[RunRow]:
        """Return the runs that were live at the last look and have ended since."""
        before, self._states = self._states, {row.folder: row.state for row in rows}
        return [row for row in rows if row.state in ENDS and before.get(row.folder) in LIVE_STATES]


def end_text(row: RunRow) -> str:
    """Return the sentence that tells how a run ended."""
    name = f"{row.folder.name} ({row.label.name})" if row.label.name else row.folder.name
    if row.header is None:
        return f"Run {name} has ended."
    if row.state == "finished":
        steps = STEP_NAMES[row.header.kind]
        return f"Run {name} is finished: {row.header.done:,} {steps}{'' if row.header.done == 1 else 's'}."
    if row.state == "interrupted":
        return f"Run {name} is interrupted: its runner has ended; resume continues from there."
    return f"Run {name} {row.state}: {row.header.reason or 'no reason was stored'}."
