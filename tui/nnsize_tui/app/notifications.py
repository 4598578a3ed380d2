"""Which runs came to their end since one looked last, and how that is said."""

from collections.abc import Sequence
from pathlib import Path

from nnsize_engine.results.records import LIVE_STATES, State
from nnsize_engine.settings.run import STEP_NAMES
from nnsize_tui.follow.messages import RunRow

ENDS: frozenset[State] = frozenset({"finished", "failed", "refused", "interrupted"})
"""Not what was asked for, as stopping is."""


class EndedRuns:
    """Remembers the states of all runs."""

    def __init__(self) -> None:
        self._states: dict[Path, State | None] = {}

    def look(self, rows: Sequence[RunRow]) -> list[RunRow]:
        """The runs that were live at the last look and have ended."""
        before, self._states = self._states, {row.folder: row.state for row in rows}
        return [row for row in rows if row.state in ENDS and before.get(row.folder) in LIVE_STATES]


def end_text(row: RunRow) -> str:
    """How a run ended, in one sentence."""
    if row.header is None:
        return f"Run {row.folder.name} has ended."
    if row.state == "finished":
        steps = STEP_NAMES[row.header.kind]
        return f"Run {row.folder.name} is finished: {row.header.done:,} {steps}{'' if row.header.done == 1 else 's'}."
    if row.state == "interrupted":
        return f"Run {row.folder.name} is interrupted: the process that computed is gone; resume goes on from there."
    return f"Run {row.folder.name} {row.state}: {row.header.reason or 'no reason was stored'}."
