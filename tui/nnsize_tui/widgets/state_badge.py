"""A run's state as a mark, a word and a colour; each of the three tells it."""

from collections.abc import Mapping

from nnsize_engine.results.records import LIVE_STATES, State
from nnsize_engine.runs.view import AnyView
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.terminal.themes import Ink
from nnsize_tui.text import numbers
from nnsize_tui.text.cluster import WAITING, waits_for_workers
from nnsize_tui.text.stalls import wrong_state
from nnsize_tui.widgets.canvas import Piece

_INKS: Mapping[State, Ink] = {
    "starting": "dim",
    "running": "done",
    "paused": "warn",
    "stopped": "dim",
    "finished": "good",
    "failed": "bad",
    "refused": "bad",
    "interrupted": "warn",
}


BROKEN_MARK = "!"


def state_piece(state: State, request: str, glyphs: Glyphs, view: AnyView | None = None) -> Piece:
    """Return the request that the runner has not answered yet, or what is wrong with the run, or the state.

    A run that waits for workers of its cluster says so instead of its state.

    What is broken in a run that has ended has a mark of its own: that of the state would say that all is well.
    """
    mark = numbers.state_mark(state, unicode=glyphs.unicode)
    if request:
        return f"{mark} {request}{glyphs.ellipsis}", _INKS[state]
    wrong = wrong_state(view)
    if not wrong and waits_for_workers(view):
        return f"{mark} {WAITING}", "warn"
    if wrong and state not in LIVE_STATES:
        mark = BROKEN_MARK
    return (f"{mark} {wrong}", "bad") if wrong else (f"{mark} {state}", _INKS[state])


def bar(done: float, total: int, width: int, state: State, glyphs: Glyphs) -> list[Piece]:
    """Return a progress bar; full only when everything is done."""
    filled = int(width * done / total + 1e-9) if total else 0
    ink: Ink = _INKS[state] if state != "stopped" else "dim"
    return [(glyphs.done * filled, ink), (glyphs.rest * (width - filled), "faint")]
