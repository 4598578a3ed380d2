"""The table of a comparison: a row for each result and each differing setting, a column for each run."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from textual.binding import Binding, BindingType

from nnsize_engine.answers.comparison_answer import cell_text, same_text, shown_results
from nnsize_engine.comparison.compare import Comparison
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.terminal.themes import Ink
from nnsize_tui.widgets.canvas import Line, Piece
from nnsize_tui.widgets.line_styles import line_marker, line_style
from nnsize_tui.widgets.lines import cut_text
from nnsize_tui.widgets.scroll_lines import ScrollLines

GAP = 2
MIN_RUN_COLUMNS, MAX_RUN_COLUMNS = 8, 24
"""Limits of a column's width; within them it is as wide as its longest cell."""

HIDDEN_COLUMNS = 5
"""Columns of the screen for the number of runs out of sight, and their side."""

MAX_SETTING_LINES_ABOVE = 3
"""Lines of settings that stand above the results at most; more of them stand below."""

Row = tuple[str, tuple[str, ...], tuple[int, ...]]
"""A name, a text for each run, and the indices of the runs with the best value."""


class CompareTable(ScrollLines):
    """Show results and the settings that differ; scroll in both directions."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *ScrollLines.BINDINGS,
        Binding("left", "shift(-1)", "Left", id="compare.left", show=False, tooltip="The runs further left"),
        Binding("right", "shift(1)", "Right", id="compare.right", show=False, tooltip="The runs further right"),
    ]

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:
        super().__init__(glyphs, id=id)
        self._found: Comparison | None = None
        self._results: list[Row] = []
        self._settings: list[Row] = []
        self._first_run = 0
        self._kept: list[int] = []

    def show(self, found: Comparison) -> None:
        """Show this comparison."""
        self._found = found
        self._results = [
            (fact.name, tuple(cell_text(value, fact.unit) for value in fact.values), fact.best)
            for fact in shown_results(found)
        ]
        self._settings = [(name, tuple(map(cell_text, values)), ()) for name, values in found.settings.different]
        self._keep_widths(found.names)
        self.redraw_soon()

    @property
    def needed(self) -> int:
        """The columns of the screen that all runs need."""
        return self._name_width() + sum(GAP + width for width in self._kept) + 2

    def _name_width(self) -> int:
        return max((cell_len(name) for name, _, _ in (*self._results, *self._settings)), default=8) + 1

    def _keep_widths(self, names: Sequence[str]) -> None:
        """Widen columns where cells need it, never narrow them: another width would send the whole screen."""
        rows = [texts for _, texts, _ in (*self._results, *self._settings)]
        before = self._kept or [MIN_RUN_COLUMNS] * len(names)
        self._kept = [
            min(
                MAX_RUN_COLUMNS, max(before[place], cell_len(name) + 2, *(cell_len(texts[place]) + 2 for texts in rows))
            )
            for place, name in enumerate(names)
        ]

    def _in_sight(self, width: int) -> list[tuple[int, int]]:
        """Return the runs whose columns have room, at least one, with their widths."""
        left = width - self._name_width() - 1
        widths = self._kept
        if sum(GAP + needed for needed in widths) > left:
            left -= HIDDEN_COLUMNS
        shown: list[tuple[int, int]] = []
        for place, needed in list(enumerate(widths))[self._first_run :]:
            if shown and needed + GAP > left:
                break
            shown.append((place, max(1, min(needed, left - GAP))))
            left -= needed + GAP
        return shown

    def ink_style(self, ink: Ink, variables: Mapping[str, str]) -> Style:
        return line_style(ink, variables, self.app)

    def pane_title(self) -> str:
        return "settings that differ, results"

    def fixed(self, width: int) -> Sequence[Line]:
        if self._found is None:
            return ()
        shown = self._in_sight(width)
        line: list[Piece] = [(" " * (self._name_width() + 1), "dim")]
        for place, room in shown:
            name = cut_text(self._found.names[place], room - 2, self.glyphs)
            line += [
                (" " * (GAP + room - 2 - cell_len(name)), "dim"),
                line_marker(place, self.glyphs),
                (f" {name}", "title"),
            ]
        hidden = len(self._found.names) - len(shown)
        if hidden:
            before, after = ("‹", "›") if self.glyphs.unicode else ("<", ">")
            line.append((f" {before if self._first_run else ' '}+{hidden}", "accent"))
            line.append((after if shown[-1][0] < len(self._found.names) - 1 else " ", "accent"))
        return (line,)

    def content(self, width: int) -> Sequence[Line]:
        if self._found is None:
            return ()
        shown = self._in_sight(width)
        results: list[Line] = [self._row(row, shown) for row in self._results]
        settings: list[Line] = [self._row(row, shown) for row in self._settings]
        settings.append([(f" {same_text(self._found)}", "dim")])
        return [*settings, [], *results] if len(settings) <= MAX_SETTING_LINES_ABOVE else [*results, [], *settings]

    def _row(self, row: Row, shown: Sequence[tuple[int, int]]) -> Line:
        name, texts, best = row
        line: list[Piece] = [(f" {name:<{self._name_width()}}", "dim")]
        for place, room in shown:
            words = cut_text(texts[place], room, self.glyphs)
            is_best = place in best
            mark = f"{self.glyphs.best} " if is_best and cell_len(words) + 2 <= room else ""
            line.append((" " * (GAP + room - cell_len(words) - len(mark)), "text"))
            line.append((mark + words, "best" if is_best else "text"))
        return line

    def action_shift(self, runs: int) -> None:
        """Scroll sideways by a number of runs."""
        last = len(self._kept) - 1
        if runs > 0 and self._in_sight(self.size.width)[-1:] and self._in_sight(self.size.width)[-1][0] == last:
            return  # the last run is in sight already
        self._first_run = max(0, min(last, self._first_run + runs))
        self.redraw()
