"""The candidates of a search: what each has reached, sorted by any column."""

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

from nnsize_engine.run_view import SizeView
from nnsize_engine.selection import CandidateSummary
from nnsize_tui import text
from nnsize_tui.glyphs import Glyphs
from nnsize_tui.themes import Ink
from nnsize_tui.widgets.canvas import Line, Piece
from nnsize_tui.widgets.live_table import LEFT, RIGHT, Column, LiveTable, fit_columns

COLUMNS = (
    Column(key="neurons", title="neurons", width=7),
    Column(key="folds", title="folds", width=5, rank=4),
    Column(key="mean", title="mean", width=7, grows=2),
    Column(key="std", title="std", width=6, rank=2, grows=2),
    Column(key="train", title="train", width=7, rank=5, grows=2),
    Column(key="time", title="time", width=6, rank=6),
    Column(key="rank", title="rank", width=4, rank=3, grows=1),
)

SORTABLE = tuple(column.key for column in COLUMNS)

WIDEST_NEURONS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateItem:
    """One row.

    Its statistics are over the folds that all candidates share, as the ranks, the curve and the answer are: else a
    candidate that has already met a hard fold would stand below others that have not, and below its own rank.
    """

    summary: CandidateSummary
    mean: float | None = None
    std: float | None = None
    """None over a single fold, which has no spread."""

    train: float | None = None
    rank: int | None = None
    """None while the candidate cannot be compared with the others."""

    is_training: bool = False
    """Whether one of its fits is being trained right now."""

    is_best: bool = False
    is_adequate: bool = False


def items_of(view: SizeView) -> list[CandidateItem]:
    """One item a candidate, in the search's order."""
    choice = view.choice
    training = {fit.candidate for fit in view.under_way}
    return [
        CandidateItem(
            summary=summary,
            mean=shared.mean,
            std=shared.std,
            train=shared.train_mean,
            rank=rank if shared.mean is not None else None,
            is_training=summary.candidate.number in training,
            is_best=choice is not None and summary.candidate == choice.best,
            is_adequate=choice is not None and summary.candidate == choice.adequate,
        )
        for summary, shared, rank in zip(view.summaries, view.shared, view.ranks, strict=True)
    ]


_VALUES: Mapping[str, Callable[[CandidateItem], float | None]] = {
    "neurons": lambda item: item.summary.candidate.weights,
    "folds": lambda item: item.summary.folds_done,
    "mean": lambda item: item.mean,
    "std": lambda item: item.std,
    "train": lambda item: item.train,
    "time": lambda item: item.summary.fit_seconds,
    "rank": lambda item: item.rank,
}


def in_order(items: Sequence[CandidateItem], column: str, *, is_descending: bool) -> list[CandidateItem]:
    """Sorted by a column; what has no value comes last either way, equals stay in the search's order."""
    value, sign = _VALUES[column], -1 if is_descending else 1

    def key(item: CandidateItem) -> float:
        found = value(item)
        return math.inf if found is None else sign * found

    return sorted(items, key=key)


def width_of(items: Sequence[CandidateItem], *, is_wide: bool) -> int:
    """Columns of the screen that the table needs."""
    columns = _columns(_widest(items))
    return LEFT + RIGHT + sum(column.width + 1 + (column.grows if is_wide else 0) for column in columns)


def _widest(items: Sequence[CandidateItem]) -> int:
    return max((len(text.neurons_text(item.summary.candidate)) for item in items), default=0)


def _columns(widest: int) -> list[Column]:
    first = replace(COLUMNS[0], width=max(COLUMNS[0].width, min(WIDEST_NEURONS, widest)))
    return [first, *COLUMNS[1:]]


class CandidateTable(LiveTable[CandidateItem]):
    """Candidates as rows."""

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:
        super().__init__(glyphs, id=id)
        self._widest = 0

    def key_of(self, item: CandidateItem) -> Hashable:
        return item.summary.candidate.number

    def show(self, items: Sequence[CandidateItem], *, at_once: bool = False) -> None:
        if len(items) != len(self.items):  # they are the same networks otherwise, in whatever order
            self._widest = _widest(items)
        super().show(items, at_once=at_once)

    def columns_for(self, width: int) -> Sequence[Column]:
        return fit_columns(_columns(self._widest), width)

    def mark(self, item: CandidateItem) -> Piece:
        if item.is_best:
            return self.glyphs.best, "best"
        return (self.glyphs.adequate, "adequate") if item.is_adequate else (" ", "text")

    def _folds(self, item: CandidateItem, width: int) -> Piece:
        """The folds that are done, and a mark behind them while another is being trained; the digits stay in place."""
        summary = item.summary
        ink: Ink = "bad" if summary.has_failed else "accent" if item.is_training else "text"
        done = f"{summary.folds_done}/{len(summary.fits)}"
        mark = self.glyphs.training if item.is_training else " "
        return f"{done}{mark}"[:width], ink

    def cell(self, item: CandidateItem, column: Column) -> Line:
        summary = item.summary
        digits = 6 if column.width > 8 else 4
        if column.key == "neurons":
            return [(text.neurons_text(summary.candidate), "text")]
        if column.key == "folds":
            return [self._folds(item, column.width)]
        if column.key == "mean":
            return [("failed", "bad")] if summary.has_failed else [(text.score_text(item.mean, digits), "text")]
        if column.key == "std":
            return [(text.score_text(item.std, 6 if column.width > 7 else 4), "text")]
        if column.key == "train":
            return [(text.score_text(item.train, digits), "text")]
        if column.key == "time":
            return [(text.seconds_text(summary.fit_seconds), "text")]
        return [(text.NONE if item.rank is None else str(item.rank), "text")]
