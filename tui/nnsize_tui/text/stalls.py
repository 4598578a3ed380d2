"""Words about a run that is alive and does not go on, or that is not whole."""

from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs.view import AnyView

STALLED = "stalled"
"""The word for the state of such a run."""

NOT_WHOLE = "not whole"
"""The word for the state of a run in which something stored is broken."""


def is_stalled(view: AnyView) -> bool:
    """Return whether a run is alive and does not go on."""
    return view.stall is not None and view.state in LIVE_STATES


def wrong_state(view: AnyView | None) -> str:
    """Return the word that stands for a run's state where something is wrong with it; empty if nothing is."""
    if view is None:
        return ""
    return STALLED if is_stalled(view) else NOT_WHOLE if view.broken else ""


def stall_sentence(view: AnyView) -> str:
    """Return a sentence of its own about why a run does not go on; empty if it does."""
    if view.stall is None:
        return ""
    return f"Run {view.folder.name} is {STALLED if is_stalled(view) else view.state}: {view.stall_words}."
