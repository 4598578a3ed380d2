"""A run's state as a mark, a word and a colour; each of the three tells it."""

from collections.abc import Mapping

from nnsize_engine.results.records import State
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.terminal.themes import Ink
from nnsize_tui.text import numbers
from nnsize_tui.text.stalls import STALLED
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


def state_piece(state: State, request: str, glyphs: Glyphs, *, is_stalled: bool = False) -> Piece:
    """Return the state, that it is stalled, or the request that the runner has not answered yet."""
    mark = numbers.state_mark(state, unicode=glyphs.unicode)
    if request:
        return f"{mark} {request}{glyphs.ellipsis}", _INKS[state]
    return (f"{mark} {STALLED}", "bad") if is_stalled else (f"{mark} {state}", _INKS[state])


def bar(done: float, total: int, width: int, state: State, glyphs: Glyphs) -> list[Piece]:
    """Return a progress bar; full only when everything is done."""
    filled = int(width * done / total + 1e-9) if total else 0
    ink: Ink = _INKS[state] if state != "stopped" else "dim"
    return [(glyphs.done * filled, ink), (glyphs.rest * (width - filled), "faint")]
