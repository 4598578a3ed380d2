"""The compared runs: a line for each, with its mark in the chart, its progress and its facts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style

from nnsize_engine.runs.view import AnyView
from nnsize_tui.terminal.themes import Ink
from nnsize_tui.widgets.canvas import Canvas, Line
from nnsize_tui.widgets.line_styles import line_marker, line_style
from nnsize_tui.widgets.lines import cut_text
from nnsize_tui.widgets.run_header import facts_of, fraction, joined
from nnsize_tui.widgets.state_badge import state_piece

STATE_COLUMNS = 15
"""Columns for the state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRun:
    """A compared run."""

    name: str
    view: AnyView | None
    """The newest view; None before the run was read."""

    reason: str = ""
    """The reason why it cannot be read; empty if it can."""


class ComparedRuns(Canvas):
    """Show a line for each run, in the order in which they were marked."""

    CAN_WAIT = False  # it is small, and tells what the screen shows

    _runs: Sequence[ComparedRun] = ()

    def show(self, runs: Sequence[ComparedRun]) -> None:
        """Show these runs."""
        self._runs = runs
        self.redraw_soon()

    def ink_style(self, ink: Ink, variables: Mapping[str, str]) -> Style:
        return line_style(ink, variables, self.app)

    def lines(self, width: int, height: int) -> Iterable[Line]:
        longest = max((cell_len(run.name) for run in self._runs), default=0)
        for place, run in enumerate(self._runs[:height]):
            yield self._line(place, run, min(longest, width // 3), width)

    def _line(self, place: int, run: ComparedRun, room: int, width: int) -> Line:
        is_path = run.name.startswith("/")  # its end tells it apart
        name = run.name[-room:] if is_path else cut_text(run.name, room, self.glyphs)
        start: Line = [
            (" ", "text"),
            line_marker(place, self.glyphs),
            (f" {name}{' ' * (room - cell_len(name))}  ", "strong"),
        ]
        if run.view is None:
            words = run.reason or f"reading{self.glyphs.ellipsis}"
            return [*start, (words, "bad" if run.reason else "dim")]
        state, ink = state_piece(run.view.state, "", self.glyphs, run.view)
        if run.reason:
            state, ink = "unreadable", "bad"
        share = f"{int(100 * fraction(run.view) + 1e-9):3d}% "
        left = width - room - 6 - STATE_COLUMNS - len(share)
        facts = run.reason or joined(facts_of(run.view.settings), f" {self.glyphs.dot} ", left)
        return [*start, (f"{state:<{STATE_COLUMNS}}", ink), (share, "text"), (facts, "bad" if run.reason else "dim")]
