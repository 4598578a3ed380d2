"""Decide whether the run of a draft can be started."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nnsize_engine.settings.run import StartedSettings
from nnsize_engine.text import escape_text
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.parse import stamp_of
from nnsize_tui.screens.setup.state import SetupState

NOT_YET = "the data is still being looked at."
LONG_REASON_SECONDS = 8.0  # to read a sentence of fifteen words


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """A reason why a run cannot be started yet."""

    reason: str
    field: str = ""
    """The key of the field to change; empty where no single field is wrong."""

    seconds: float | None = None
    """Time to read it; None for the usual time."""


def ready_settings(state: SetupState, check: Callable[[Draft], None]) -> StartedSettings | Obstacle:
    """Return the settings of a run that can be started now, or the obstacle.

    ``check`` takes a draft as if it was just typed, so that a changed table is inspected again.
    """
    changed = _changed_file(state)
    if changed:
        check(state.draft)
    if changed and not state.plan.problems:  # else the file is gone, for example
        reason = f"{changed} has changed since it was looked at, so it is looked at again."
        return Obstacle(reason=reason, field="data", seconds=LONG_REASON_SECONDS)
    settings = state.plan.settings
    return _first_problem(state) if changed or settings is None else settings


def _changed_file(state: SetupState) -> str:
    """Return the name of the table's file if it has changed since its inspection, else an empty text.

    A run must begin with a file that was inspected.
    """
    inspection = state.reading.inspection
    if inspection is None or stamp_of(inspection.choice.source) == inspection.stamp:
        return ""
    return escape_text(Path(inspection.choice.source).name)


def _first_problem(state: SetupState) -> Obstacle:
    problems = state.plan.problems
    wrong = next((field for field in state.draft.form.fields if field.key in problems), None)
    if wrong is not None:
        return Obstacle(field=wrong.key, reason=f"{wrong.label} has to be mended.")
    return Obstacle(reason=problems.get("", NOT_YET))
