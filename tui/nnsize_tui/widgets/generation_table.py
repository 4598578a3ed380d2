"""The generations of an evolution, oldest first; the cursor stays on the newest one until it is moved."""

from collections.abc import Hashable, Sequence
from dataclasses import replace

from nnsize_engine.records import GenerationResult
from nnsize_tui import evolution_text, text
from nnsize_tui.glyphs import Glyphs
from nnsize_tui.widgets.canvas import Line, Piece
from nnsize_tui.widgets.live_table import LEFT, RIGHT, Column, LiveTable, fit_columns

COLUMNS = (
    Column(key="generation", title="gen", width=5, is_sortable=False),
    Column(key="best", title="best", width=7, is_sortable=False),
    Column(key="mean", title="mean", width=7, rank=3, is_sortable=False),
    Column(key="spread", title="spread", width=6, rank=6, is_sortable=False),
    Column(key="held_out", title="held-out", width=8, rank=1, is_sortable=False),
    Column(key="diversity", title="diversity", width=9, rank=7, is_sortable=False),
    Column(key="accepted", title="accepted", width=8, rank=2, grows=5, is_sortable=False),
    Column(key="mutation", title="F", width=4, rank=8, is_sortable=False),
    Column(key="recombination", title="CR", width=4, rank=9, is_sortable=False),
    Column(key="evaluations", title="evals", width=9, rank=10, is_sortable=False),
    Column(key="rate", title="evals/s", width=8, rank=5, is_sortable=False),
    Column(key="time", title="time", width=6, rank=4, is_sortable=False),
)


WIDER = {"best": 9, "mean": 9, "spread": 8, "held_out": 9}
"""Widths with six decimals."""


def _columns(last: int, *, has_held_out: bool) -> list[Column]:
    first = replace(COLUMNS[0], width=max(COLUMNS[0].width, len(str(last))))
    return [first, *(column for column in COLUMNS[1:] if has_held_out or column.key != "held_out")]


def width_of(last: int, *, has_held_out: bool) -> int:
    """Columns of the screen that the table needs to show everything."""
    columns = _columns(last, has_held_out=has_held_out)
    return LEFT + RIGHT + sum(WIDER.get(column.key, column.width) + 1 + column.grows for column in columns)


class GenerationTable(LiveTable[GenerationResult]):
    """Generations as rows."""

    STAYS_AT_END = True
    BYTES_PER_SECOND = 1600  # every row moves on with every generation, and should not be far behind the rest
    MOST_INTERVAL = 2.0

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:
        super().__init__(glyphs, id=id)
        self.has_held_out = False
        """Whether there are rows held out, and so a column for them."""

        self.special: int | None = None
        """The generation that the evolved network is from, marked like the best of other tables."""

    def key_of(self, item: GenerationResult) -> Hashable:
        return item.number

    def index_of(self, key: Hashable) -> int | None:
        """Generations are stored in order and without gaps; should one be missing after all, by search."""
        items = self.items
        place = key - items[0].number if items and isinstance(key, int) else -1
        if 0 <= place < len(items) and items[place].number == key:
            return place
        return super().index_of(key)

    def columns_for(self, width: int) -> Sequence[Column]:
        columns = _columns(self.items[-1].number if self.items else 0, has_held_out=self.has_held_out)
        fitted = fit_columns(columns, width)
        wider = fit_columns([replace(one, width=WIDER.get(one.key, one.width)) for one in columns], width)
        return wider if len(wider) == len(fitted) else fitted

    def mark(self, item: GenerationResult) -> Piece:
        return (self.glyphs.best, "best") if item.number == self.special else (" ", "text")

    def cell(self, item: GenerationResult, column: Column) -> Line:
        if column.key == "accepted":
            return [(_accepted(item, column.width), "text")]
        return [(self._words(item, column), "text")]

    def _words(self, item: GenerationResult, column: Column) -> str:
        match column.key:
            case "generation":
                return str(item.number)
            case "best":
                return text.score_in(item.best, column.width)
            case "mean":
                return text.score_in(item.mean, column.width)
            case "spread":
                return text.score_in(item.std, column.width)
            case "held_out":
                return text.score_in(item.held_out, column.width)
            case "diversity":
                return text.score_in(item.diversity, 7)
            case "mutation":
                return text.score_in(item.mutation, 4)
            case "recombination":
                return text.score_in(item.recombination, 4)
            case "evaluations":
                return evolution_text.count_text(item.evaluations)
            case "rate":
                return evolution_text.rate_text(self._rate(item))
        return text.seconds_text(item.seconds)

    def _rate(self, item: GenerationResult) -> float | None:
        index = self.index_of(item.number) or 0
        before = self.items[index - 1].evaluations if index else 0
        return (item.evaluations - before) / item.seconds if item.seconds > 0 else None


def _accepted(item: GenerationResult, width: int) -> str:
    """The trials that replaced their parent: their share, and where there is room their number."""
    if item.number == 0:
        return text.NONE
    share = evolution_text.share_text(item.accepted, item.members)
    # By the number of members, so that all rows look alike.
    return f"{item.accepted:,} {share:>5}" if len(f"{item.members:,}") + 6 <= width else share
