"""The table of a search's candidates and their results."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from textual.binding import BindingType

from nnsize_engine.results.candidates import neurons_text
from nnsize_engine.results.choice import best_per_size
from nnsize_engine.results.race import Dropped
from nnsize_engine.results.references import ReferenceSummary
from nnsize_engine.results.statistics import CandidateSummary, SharedStatistics
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.descriptions import NETWORK_TEXTS
from nnsize_engine.settings.parameter_grid import Value
from nnsize_engine.settings.scoring_words import scoring_words
from nnsize_tui.screens.search.candidate_columns import PARAMETER, CandidateColumns
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.terminal.themes import Ink
from nnsize_tui.text.candidate_columns import FURTHER
from nnsize_tui.text.column_words import CANDIDATE_COLUMNS
from nnsize_tui.text.references import reference_texts
from nnsize_tui.widgets.canvas import Line, Piece
from nnsize_tui.widgets.columns import Column, fit_columns
from nnsize_tui.widgets.filter_query import Compared, Query
from nnsize_tui.widgets.live_table import LiveTable
from nnsize_tui.widgets.row_filter import FILTER_KEYS, Found, RowFilter, find_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateItem:
    """A row: a candidate and its results.

    Its statistics are over the folds that all candidates share, like the ranks, the curve and the answer. Otherwise a
    candidate that has already met a hard fold would stand below others that have not, and below its own rank.
    """

    summary: CandidateSummary
    shared: SharedStatistics
    rank: int | None = None
    """The rank among all candidates; None while they cannot be compared."""

    is_training: bool = False
    """True while one of its fits is being trained."""

    dropped: Dropped | None = None
    """The moment and the reason of its drop from a race; None while it is in."""

    further: Mapping[str, SharedStatistics] = field(default_factory=dict)
    """Its scores by each further scoring."""

    is_best: bool = False
    is_recommended: bool = False


_NO_FURTHER: Mapping[str, SharedStatistics] = {}
"""One for all rows: there may be ten thousand."""


def items_of(view: SizeView) -> list[CandidateItem]:
    """Return an item for each candidate that was tried, in the search's order."""
    choice = view.choice
    training = {fit.candidate for fit in view.under_way}
    further = view.further.items()
    return [
        CandidateItem(
            summary=view.summaries[number],
            shared=view.shared[number],
            rank=view.ranks[number] if view.shared[number].mean is not None else None,
            is_training=number in training,
            dropped=view.dropped(number),
            further={name: found.shared[number] for name, found in further} if further else _NO_FURTHER,
            is_best=choice is not None and number == choice.best.number,
            is_recommended=choice is not None and number == choice.recommended.number,
        )
        for number in view.tried
    ]


def best_of_sizes(view: SizeView, items: Sequence[CandidateItem]) -> list[CandidateItem]:
    """Return an item for each size: its best candidate, or its first one while none has a score."""
    best = best_per_size(view.summaries, view.shared)
    first = {item.summary.candidate.hidden_layer_sizes: item.summary.candidate.number for item in reversed(items)}
    chosen = {best[layers].number if layers in best else number for layers, number in first.items()}
    return [item for item in items if item.summary.candidate.number in chosen]


def reference_row(reference: ReferenceSummary) -> Callable[[Column], str]:
    """Return the row of a reference, which has no cells for what only candidates have."""
    return lambda column: reference_texts(reference, _digits(column)).get(column.key, "")


Key = tuple[bool, float, str]
"""The key of a row's order: numbers come before words."""


def in_order(
    items: Sequence[CandidateItem], column: str, shape: CandidateColumns, *, is_descending: bool
) -> list[CandidateItem]:
    """Return items sorted by a column; those without a value come last, equal ones stay in the search's order."""
    keyed = [(_key(item, column, shape), item) for item in items]
    known = [(key, item) for key, item in keyed if key is not None]
    known.sort(key=lambda one: one[0], reverse=is_descending)
    return [item for _, item in known] + [item for key, item in keyed if key is None]


def _key(item: CandidateItem, column: str, shape: CandidateColumns) -> Key | None:
    if not column.startswith(PARAMETER):
        found = shape.results[column].value(item)
        return None if found is None else (False, found, "")
    value = _parameter(item, column)
    return (True, 0.0, value) if isinstance(value, str) else (False, float(value), "")


def _parameter(item: CandidateItem, column: str) -> Value:
    name = column.removeprefix(PARAMETER)
    return next(value for known, value in item.summary.candidate.parameters if known == name)


def candidate_words(column: Column) -> str:
    """Return what a column means: a result, a further scoring, or a searched parameter."""
    if column.key.startswith(PARAMETER):
        name = column.key.removeprefix(PARAMETER)
        return NETWORK_TEXTS.get(name, CANDIDATE_COLUMNS.get(name, "a parameter that is searched"))
    if column.key.startswith(FURTHER):
        return f"mean by a further scoring: {scoring_words(column.key.removeprefix(FURTHER)) or column.title}"
    return CANDIDATE_COLUMNS.get(column.title, "")


class CandidateTable(LiveTable[CandidateItem]):
    """Candidates as rows."""

    BINDINGS: ClassVar[list[BindingType]] = [*FILTER_KEYS]

    def __init__(
        self, glyphs: Glyphs, *, id: str | None = None, example: str = "neurons>100 mean>=0.95 rank<5"
    ) -> None:
        """``example`` shows how rows are filtered."""
        row_filter = RowFilter(self._find_rows, lambda: self.shape.columns, example=example)
        super().__init__(glyphs, row_filter, id=id)
        self.shape = CandidateColumns(columns=(), labels={}, results={})
        """The columns of this search."""

    def key_of(self, item: CandidateItem) -> Hashable:
        return item.summary.candidate.number

    def columns_for(self, width: int) -> Sequence[Column]:
        return fit_columns(self.shape.columns, width)

    def _find_rows(self, items: Sequence[CandidateItem], query: Query) -> Found[CandidateItem]:
        return find_rows(items, query, value_of=self._value_of, words_of=self._words_of)

    def _value_of(self, item: CandidateItem, column: str) -> Compared:
        """Return the value that comparisons use; for neurons, the sum over all layers."""
        if column == "neurons":
            return float(sum(item.summary.candidate.hidden_layer_sizes))
        if not column.startswith(PARAMETER):
            return self.shape.results[column].value(item)
        value = _parameter(item, column)
        return self.shape.labels[column][value] if isinstance(value, str | bool) else float(value)

    def _words_of(self, item: CandidateItem) -> str:
        """Return the words of a row: layers, parameters, and marks such as best."""
        candidate = item.summary.candidate
        words = [neurons_text(candidate)]
        words += [self.shape.labels[f"{PARAMETER}{name}"][value] for name, value in candidate.parameters]
        told = (
            (item.is_best, "best"),
            (item.is_recommended, "recommended"),
            (item.is_training, "training"),
            (item.dropped is not None, "out"),
        )
        words += [word for is_so, word in (*told, (item.summary.has_failed, "failed")) if is_so]
        return " ".join(words)

    def mark(self, item: CandidateItem) -> Piece:
        if item.is_best:
            return self.glyphs.best, "best"
        return (self.glyphs.recommended, "recommended") if item.is_recommended else (" ", "text")

    def _folds(self, item: CandidateItem, width: int) -> Piece:
        """Return the number of finished folds, with a mark after it while another one is being trained."""
        summary = item.summary
        ink: Ink = "bad" if summary.has_failed else "accent" if item.is_training else "text"
        if item.dropped is not None:
            ink = "dim"
        done = f"{summary.folds_done}/{len(summary.fits)}"
        mark = self.glyphs.training if item.is_training else " "
        return f"{done}{mark}"[:width], ink

    def meaning_of(self, column: Column) -> str:
        return candidate_words(column)

    def cell(self, item: CandidateItem, column: Column) -> Line:
        if column.key.startswith(PARAMETER):
            return [(self.shape.labels[column.key][_parameter(item, column.key)], "text")]
        if column.key == "folds":
            return [self._folds(item, column.width)]
        ink: Ink = "dim" if item.dropped is not None else "text"
        if column.key == "mean" and item.summary.has_failed:
            ink = "bad"
        return [(self.shape.results[column.key].text(item, _digits(column)), ink)]


def _digits(column: Column) -> int:
    """Return the decimals of a score; a spread below one has room for more."""
    wide = 7 if column.key in ("std", "seeds") else 8
    return 6 if column.width > wide else 4
