"""The spread of a population's fitness: bars, and below them the marks of the best member and the mean."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nnsize_engine.results.records import GenerationResult
from nnsize_engine.text import score_in
from nnsize_tui.widgets.canvas import Canvas, Line, Piece
from nnsize_tui.widgets.lines import rule_line

EIGHTHS = " ▁▂▃▄▅▆▇█"
ASCII_EIGHTHS = "  ..::###"
"""The same heights in ASCII."""

MAX_BAR_COLUMNS = 3
"""Columns of the screen that one bar has at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The accepted trials of a search that walks on from one network."""

    counts: tuple[int, ...]
    """Accepted trials in equal stretches of generations, the last of which may be shorter."""

    generations: tuple[int, int]
    """The first generation and the last one."""

    trials: int
    """Number of trials in all of them."""


class Histogram(Canvas):
    """The trials of the selected generation by their fitness, or the accepted ones by generation."""

    _generation: GenerationResult | None = None
    _accepted: Accepted | None = None
    _fitness = ""
    _trials = ""

    def show(
        self, generation: GenerationResult, fitness: str, *, trials: str = "members", at_once: bool = False
    ) -> None:
        """Show this generation; ``trials`` is the word for its members."""
        self._generation, self._fitness, self._trials, self._accepted = generation, fitness, trials, None
        self._redraw(at_once=at_once)

    def show_accepted(self, accepted: Accepted, *, at_once: bool = False) -> None:
        """Show these accepted trials."""
        self._accepted = accepted
        self._redraw(at_once=at_once)

    def _redraw(self, *, at_once: bool) -> None:
        if at_once:
            self.redraw()
        else:
            self.redraw_soon()

    def lines(self, width: int, height: int) -> Iterable[Line]:
        if self._accepted is None:
            yield from self._spread(width, height)
        else:
            yield from self._accepted_lines(self._accepted, width, height)

    def _accepted_lines(self, accepted: Accepted, width: int, height: int) -> Iterable[Line]:
        """Yield the accepted trials by generation: a search that stands still accepts ever fewer."""
        yield rule_line("accepted changes", width, self.glyphs)
        if height < 5:
            return
        if not sum(accepted.counts):
            yield [(" no change is accepted yet", "dim")]
            return
        labels = max(5, len(f"{sum(accepted.counts):,}") + 1)
        bars = fit_bars(accepted.counts, width - labels - 1)
        yield from bar_lines(bars, labels, height - 4, unicode=self.glyphs.unicode)
        columns = sum(column for _, column in bars)
        corner, along = ("└", "─") if self.glyphs.unicode else ("+", "-")
        yield [(" " * labels, "dim"), (corner, "faint"), (along * columns, "faint")]
        first, last = (f"{number:,}" for number in accepted.generations)
        yield [(" " * (labels + 1) + f"{first}{last.rjust(max(len(last) + 1, columns - len(first)))}", "dim")]
        share = 100 * sum(accepted.counts) / max(1, accepted.trials)
        yield [(f" {sum(accepted.counts):,} of {accepted.trials:,} trials, {share:.3g}%", "dim")]

    def _spread(self, width: int, height: int) -> Iterable[Line]:
        one = self._generation
        title = "population" if one is None else f"{one.members:,} {self._trials} by {self._fitness}"
        if one is not None and len(title) + 4 > width:
            title = f"{one.members:,} {self._trials}"
        if len(title) + 4 > width and one is not None:
            title = f"{one.members:,} {self._trials.split()[0]}"
        yield rule_line(title, width, self.glyphs)
        if one is None or height < 5:
            return
        if one.low is None or one.high is None or not sum(one.counts):
            yield [(" no member has a finite fitness", "dim")]
            return
        labels = len(f"{sum(one.counts):,}") + 1  # room for the largest possible count, so that the axis stays in place
        bars = fit_bars(one.counts, width - labels - 1)
        yield from bar_lines(bars, labels, height - 3, unicode=self.glyphs.unicode)
        yield self._axis(one, bars, labels)
        yield _ends(one, labels + 1, sum(columns for _, columns in bars))

    def _axis(self, one: GenerationResult, bars: Sequence[tuple[int, int]], labels: int) -> Line:
        """Return the line below the bars, with the marks of the mean and of the best member."""
        corner, along, mean = ("└", "─", "▲") if self.glyphs.unicode else ("+", "-", "^")
        columns = sum(width for _, width in bars)
        line: list[Piece] = [(along, "faint")] * columns
        assert one.low is not None
        assert one.high is not None
        span = one.high - one.low
        marks: list[tuple[float | None, Piece]] = [(one.mean, (mean, "text")), (one.best, (self.glyphs.best, "best"))]
        for value, mark in marks:
            if value is not None:
                share = (value - one.low) / span if span > 0 else 0.5
                line[min(columns - 1, max(0, int(share * columns)))] = mark
        return [(" " * labels, "dim"), (corner, "faint"), *line]


def bar_lines(bars: Sequence[tuple[int, int]], labels: int, rows: int, *, unicode: bool) -> Iterable[Line]:
    """Yield upright bars `(count, columns)` on ``rows`` lines, with the largest count in the margin."""
    side = "│" if unicode else "|"
    steps = EIGHTHS if unicode else ASCII_EIGHTHS
    most = max(count for count, _ in bars)
    heights = [(_height(count, most, rows), columns) for count, columns in bars]
    for row in range(rows):
        below = 8 * (rows - 1 - row)
        words = "".join(steps[max(0, min(8, height - below))] * columns for height, columns in heights)
        label = f"{most:,} " if row == 0 else "0 " if row == rows - 1 else ""
        yield [(label.rjust(labels), "dim"), (side, "faint"), (words, "done")]


def fit_bars(counts: Sequence[int], room: int) -> list[tuple[int, int]]:
    """Return the bars as `(count, columns)`, as wide as the room allows; neighbours are joined in a small one."""
    while len(counts) > max(1, room):
        counts = [sum(counts[place : place + 2]) for place in range(0, len(counts), 2)]
    columns = max(1, min(MAX_BAR_COLUMNS, room // len(counts)))
    return [(count, columns) for count in counts]


def _height(count: int, most: int, rows: int) -> int:
    """Return the height in eighths of a line; at least one for a bar that is not empty."""
    return max(1, round(8 * rows * count / most)) if count else 0


def _ends(one: GenerationResult, margin: int, columns: int) -> Line:
    """Return the fitness at both ends."""
    low, high = score_in(one.low, 8), score_in(one.high, 8)
    return [(" " * margin + low + high.rjust(max(len(high) + 1, columns - len(low))), "dim")]
