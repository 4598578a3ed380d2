"""The table of an evolution's generations, at the start oldest first, with the cursor on the newest."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual.binding import BindingType

from nnsize_engine.results.generations import Generations
from nnsize_engine.results.records import GenerationResult
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.text import NONE, count_text, rate_text, score_in, seconds_text, share_text
from nnsize_tui.screens.evolution.generation_rows import NATURAL, Ordered, ordered
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.text.column_words import GENERATION_COLUMNS
from nnsize_tui.text.generation_columns import BY_KEY, HELD_OUT, RESTARTS, left_out
from nnsize_tui.widgets.canvas import Line, Piece
from nnsize_tui.widgets.columns import Column, fit_columns
from nnsize_tui.widgets.filter_query import Query, misfit
from nnsize_tui.widgets.live_table import LiveTable
from nnsize_tui.widgets.row_filter import FILTER_KEYS, Found, RowFilter
from nnsize_tui.widgets.table_lines import LEFT, RIGHT

_PLACES = (
    Column(key="generation", title="", width=5),
    Column(key="best", title="", width=7),
    Column(key="mean", title="", width=7, rank=3),
    Column(key="spread", title="", width=6, rank=6),
    Column(key=HELD_OUT, title="", width=8, rank=1),
    Column(key="diversity", title="", width=9, rank=7),
    Column(key="accepted", title="", width=8, rank=2, grows=5),
    Column(key="mutation", title="", width=4, rank=8),
    Column(key="recombination", title="", width=4, rank=9),
    Column(key="step_size", title="", width=6, rank=8),
    Column(key="temperature", title="", width=6, rank=8),
    Column(key="evaluations", title="", width=9, rank=10),
    Column(key=RESTARTS, title="", width=8, rank=10),
    Column(key="rate", title="", width=8, rank=5),
    Column(key="time", title="", width=6, rank=4),
)
"""The width of each column."""

COLUMNS = tuple(replace(place, title=BY_KEY[place.key].title) for place in _PLACES)

_SCORES = {"spread": "std"} | {
    name: name
    for name in ("best", "mean", HELD_OUT, "diversity", "mutation", "recombination", "step_size", "temperature")
}
"""The fact of a generation in each column of numbers with decimals."""

_SCORE_WIDTHS = {"diversity": 7, "mutation": 4, "recombination": 4}
"""Characters of a number, where the column is wider."""

WIDER = {"best": 9, "mean": 9, "spread": 8, "held_out": 9}
"""Widths with six decimals."""


def _columns(last: int, left_out: frozenset[str]) -> list[Column]:
    first = replace(COLUMNS[0], width=max(COLUMNS[0].width, len(str(last))))
    return [first, *(column for column in COLUMNS[1:] if column.key not in left_out)]


def width_of(last: int, left_out: frozenset[str]) -> int:
    """Return the columns of the screen that the whole table needs."""
    columns = _columns(last, left_out)
    return LEFT + RIGHT + sum(WIDER.get(column.key, column.width) + 1 + column.grows for column in columns)


class GenerationTable(LiveTable[GenerationResult]):
    """Generations as rows."""

    BINDINGS: ClassVar[list[BindingType]] = [*FILTER_KEYS]
    STAYS_AT_END = True
    BYTES_PER_SECOND = 1600  # every generation moves all rows, and they should not lag behind the other parts
    MAX_INTERVAL_SECONDS = 2.0

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:
        row_filter = RowFilter(self._find_rows, lambda: _columns(0, self.left_out), example="best<0.1 gen>=20")
        super().__init__(glyphs, row_filter, id=id)
        self.sorted_by = NATURAL
        self._generations = Generations()
        """All generations, in their own order."""

        self.left_out = left_out(EvolutionSettings())
        """Keys of the columns that the evolution has not."""

        self.special: int | None = None
        """The number of the generation that the evolved network is from, which has a mark."""

    def key_of(self, item: GenerationResult) -> Hashable:
        return item.number

    def take(self, generations: Generations, *, at_once: bool = False) -> None:
        """Show these generations, filtered and sorted."""
        self._generations = generations
        self.show(generations, at_once=at_once)

    @property
    def is_at_end(self) -> bool:
        """Return whether the cursor is on the newest generation and moves on to newer ones: not in another order."""
        return super().is_at_end and not isinstance(self.items, Ordered)

    def _find_rows(self, _: Sequence[GenerationResult], query: Query) -> Found[GenerationResult]:
        """Find rows without a record of each generation; every column holds numbers."""
        problems = (misfit(comparison, 0.0) for comparison in query.comparisons)
        rows = ordered(self._generations, self.sorted_by or NATURAL, is_descending=self.is_descending, query=query)
        return Found(rows=rows, problem=next(filter(None, problems), ""))

    def index_of(self, key: Hashable) -> int | None:
        """Return the row of a generation; they are stored in order and without gaps, so that no search is needed."""
        place = self._place_of(key)
        return self.items.row_of(place) if place is not None and isinstance(self.items, Ordered) else place

    def _place_of(self, key: Hashable) -> int | None:
        """Return the place of a generation in their own order; found by search if an earlier one is missing."""
        known = self._generations
        place = key - known[0].number if known and isinstance(key, int) else -1
        if 0 <= place < len(known) and known[place].number == key:
            return place
        return next((place for place, number in enumerate(known.column("number")) if number == key), None)

    def choose_near(self, number: int) -> None:
        """Put the cursor on the generation with the nearest number."""
        if self._generations:
            self.choose(min(max(number, self._generations[0].number), self._generations[-1].number))

    def columns_for(self, width: int) -> Sequence[Column]:
        columns = _columns(self._generations[-1].number if self._generations else 0, self.left_out)
        fitted = fit_columns(columns, width)
        wider = fit_columns([replace(one, width=WIDER.get(one.key, one.width)) for one in columns], width)
        return wider if len(wider) == len(fitted) else fitted

    def mark(self, item: GenerationResult) -> Piece:
        return (self.glyphs.best, "best") if item.number == self.special else (" ", "text")

    def meaning_of(self, column: Column) -> str:
        return GENERATION_COLUMNS.get(column.title, "")

    def cell(self, item: GenerationResult, column: Column) -> Line:
        if column.key == "accepted":
            return [(_accepted(item, column.width), "text")]
        return [(self._words(item, column), "text")]

    def _words(self, item: GenerationResult, column: Column) -> str:
        if column.key in _SCORES:
            return score_in(getattr(item, _SCORES[column.key]), _SCORE_WIDTHS.get(column.key, column.width))
        match column.key:
            case "generation":
                return str(item.number)
            case "evaluations":
                return count_text(item.evaluations)
            case "restarts":
                return f"{item.restarts:,}"
            case "rate":
                return rate_text(self._rate(item))
            case "time":
                return seconds_text(item.seconds)
            case _:
                raise ValueError(f"the table of generations has no column {column.key!r}")

    def _rate(self, item: GenerationResult) -> float | None:
        place = self._place_of(item.number) or 0
        before = self._generations[place - 1].evaluations if place else 0
        return (item.evaluations - before) / item.seconds if item.seconds > 0 else None


def _accepted(item: GenerationResult, width: int) -> str:
    """Return the share of trials that replaced their parent, with their number where there is room."""
    if item.number == 0:
        return NONE
    share = share_text(item.accepted, item.members)
    # By the number of members, so that all rows look alike.
    return f"{item.accepted:,} {share:>5}" if len(f"{item.members:,}") + 6 <= width else share
