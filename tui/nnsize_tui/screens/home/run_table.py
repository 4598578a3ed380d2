"""The table of all runs."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar

from textual.binding import BindingType

from nnsize_engine.runs.reader import RunHeader
from nnsize_engine.runs.view import AnyView
from nnsize_engine.settings.run import Kind, by_kind
from nnsize_engine.text import NONE, moment_text, score_in, seconds_text, short_moment_text
from nnsize_tui.follow.messages import RunRow
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.terminal.themes import Ink
from nnsize_tui.text.column_words import RUN_COLUMNS
from nnsize_tui.text.kinds import WORDS
from nnsize_tui.text.stalls import is_stalled, wrong_state
from nnsize_tui.widgets.canvas import Line, Piece
from nnsize_tui.widgets.columns import Column, fit_columns
from nnsize_tui.widgets.filter_query import Compared, Query
from nnsize_tui.widgets.lines import cut_text
from nnsize_tui.widgets.live_table import LiveTable
from nnsize_tui.widgets.row_filter import FILTER_KEYS, Found, RowFilter, find_rows
from nnsize_tui.widgets.run_header import fraction
from nnsize_tui.widgets.state_badge import bar, state_piece

COLUMNS = (
    Column(key="run", title="run", width=6, is_left=True, grows=6),
    Column(key="name", title="name", width=12, is_left=True, rank=2, grows=12),
    Column(key="kind", title="kind", width=5, is_left=True, rank=4),
    Column(key="data", title="data", width=13, is_left=True, rank=3),
    Column(key="network", title="network", width=10, is_left=True, rank=6, grows=4),
    Column(key="fitness", title="scoring", width=14, is_left=True),
    Column(key="method", title="method", width=8, is_left=True, rank=9, grows=6),
    Column(key="state", title="state", width=13, is_left=True),
    Column(key="done", title="done", width=5, is_left=True, rank=5, grows=9),
    Column(key="best", title="best", width=6, rank=1, grows=2),
    Column(key="score", title="score", width=16, rank=1, grows=4),
    Column(key="elapsed", title="elapsed", width=7, rank=8),
    Column(key="left", title="left", width=6, rank=7),
    Column(key="started", title="started", width=11, rank=2, grows=5),
)
"""The columns of the list. The scoring has none in sight: its name stands before the score."""

MIN_WIDTH_OF_NAMES = 100
"""Columns of the table from which on names have a column of their own, and kinds their whole word.

Below, a name stands in place of the id.
"""

WHOLE_KIND = Column(key="kind", title="kind", width=9, is_left=True, rank=4)

NAME_OR_ID = Column(key="run", title="run", width=13, is_left=True, grows=6)

KIND_INKS: Mapping[Kind, Ink] = by_kind(size="dim", evolution="accent", watched="title")
"""The ink of the word for each kind."""

SHORT_KINDS: Mapping[Kind, str] = by_kind(size="size", evolution="evo", watched="watch")
"""The words for the kinds in a narrow column."""

MAX_SCORE = 8
"""Characters of a score: four decimals, or the digits of a large error."""

WIDE_MOMENT = 16
"""Columns of a date with its year and the time."""

STARTED = "started"
"""The column that runs are sorted by at the start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunItem:
    """A row: a run, and the request that it has not answered yet."""

    run: RunRow
    request: str = ""
    is_marked: bool = False
    """True if the run is marked, to be compared with others, or deleted, stopped, exported or tagged with them."""


@lru_cache(maxsize=4)
def _columns_in(width: int, *, has_names: bool) -> tuple[Column, ...]:
    """Return the columns that have room; names have one where a run has a name."""
    left_out = {"fitness"} if has_names and width >= MIN_WIDTH_OF_NAMES else {"fitness", "name"}
    is_narrow = has_names and "name" in left_out
    changed = {"run": NAME_OR_ID} if is_narrow else {}
    if width >= MIN_WIDTH_OF_NAMES:
        changed["kind"] = WHOLE_KIND
    columns = [changed.get(one.key, one) for one in COLUMNS if one.key not in left_out]
    return tuple(fit_columns(columns, width))


class RunTable(LiveTable[RunItem]):
    """Runs as rows, at the start newest first."""

    BINDINGS: ClassVar[list[BindingType]] = [*FILTER_KEYS]

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:
        super().__init__(glyphs, RowFilter(self._find_rows, lambda: COLUMNS, example="state=failed score>0.9"), id=id)
        self.sorted_by = STARTED
        self.is_descending = True
        self._has_names = False

    @property
    def titles_in_sight(self) -> Sequence[str]:
        found = super().titles_in_sight
        return found if STARTED in found else (*found, STARTED)  # the order at the start

    def show(self, items: Sequence[RunItem], *, at_once: bool = False) -> None:
        """Show these runs, with their names if one has a name."""
        self._has_names = any(item.run.label.name for item in items)
        super().show(items, at_once=at_once)

    def show_sorted(self) -> None:
        """Put the rows in the present order."""
        self.show(self.all_items, at_once=True)

    def _find_rows(self, items: Sequence[RunItem], query: Query) -> Found[RunItem]:
        found = find_rows(items, query, value_of=_compared, words_of=_words_of)
        rows = in_order(found.rows, self.sorted_by or STARTED, is_descending=self.is_descending)
        return replace(found, rows=rows)

    def key_of(self, item: RunItem) -> Hashable:
        return item.run.folder

    def columns_for(self, width: int) -> Sequence[Column]:
        return _columns_in(width, has_names=self._has_names)

    def mark(self, item: RunItem) -> Piece:
        return (self.glyphs.on, "accent") if item.is_marked else (" ", "text")

    def meaning_of(self, column: Column) -> str:
        return RUN_COLUMNS.get(column.title, "")

    def cell(self, item: RunItem, column: Column) -> Line:
        run = item.run
        if column.key == "run":
            is_name = column.width >= NAME_OR_ID.width and run.label.name
            return [(run.label.name if is_name else run.folder.name, "strong")]
        if column.key == "name":
            return [(run.label.name, "strong")]
        if run.header is None or run.state is None:
            return [("unreadable", "bad")] if column.key == "state" else [("", "text")]
        if column.key == "state":
            return [self._state(run.header, item, column.width)]
        if column.key == "done":
            return self._done(run.header, item, column.width)
        if column.key == "kind" and column.width < WHOLE_KIND.width:
            return [(SHORT_KINDS[run.header.kind], KIND_INKS[run.header.kind])]
        if column.key == STARTED and column.width < WIDE_MOMENT:
            return [(short_moment_text(run.header.created), "dim")]
        return _fact(run.header, column.key) or _result(run.view, item, column, self.glyphs)

    def _state(self, header: RunHeader, item: RunItem, width: int) -> Piece:
        """Return the state; with the share that is done where that has no column and a run is not finished."""
        assert item.run.state is not None
        words, ink = state_piece(item.run.state, item.request, self.glyphs, item.run.view)
        if item.run.state in ("finished", "refused") or "done" in self.titles_in_sight:
            return words, ink
        share = f" {_percent(_fraction(item.run, header))}%"
        return (f"{words}{share}" if len(words) + len(share) <= width else words), ink

    def _done(self, header: RunHeader, item: RunItem, width: int) -> Line:
        assert item.run.state is not None
        done = _fraction(item.run, header)
        share = f" {_percent(done):3d}%" if width >= 14 else ""
        return [*bar(done, 1, width - len(share), item.run.state, self.glyphs), (share, "dim")]


def _percent(share: float) -> int:
    return int(100 * share + 1e-9)


def _compared(item: RunItem, column: str) -> Compared:
    """Return the value of a column as the user reads it: a share in percent, a moment as text."""
    run = item.run
    if column == "done" and run.header is not None:
        return 100 * _fraction(run, run.header)
    if column == STARTED and run.header is not None:
        return moment_text(run.header.created)
    return _value(item, column)


def _words_of(item: RunItem) -> str:
    """Return the words of a run: its id, name, tags and note, its state and settings."""
    run = item.run
    if run.header is None or run.state is None:
        return f"{run.folder.name} {run.label.words} unreadable"
    facts = [run.folder.name, run.label.words, _state_of(run) or "", item.request]
    for key in ("kind", "data", "network", "fitness", "method", "started"):
        facts += [piece for piece, _ in _fact(run.header, key)]
    return " ".join(facts)


def in_order(items: Sequence[RunItem], column: str, *, is_descending: bool) -> Sequence[RunItem]:
    """Return items sorted by a column; those without a value come last, equal ones stay newest first."""
    keyed = [(_value(item, column), item) for item in items]
    known = [(value, item) for value, item in keyed if value is not None]
    known.sort(key=lambda one: one[0], reverse=is_descending)
    return [item for _, item in known] + [item for value, item in keyed if value is None]


def _value(item: RunItem, column: str) -> float | str | None:
    """Return the value that a run is sorted by; the values of one column are all numbers or all texts."""
    run = item.run
    if column == "run":
        return run.folder.name
    if column == "name":
        return run.label.name or None
    if run.header is None or run.state is None:
        return None
    if column == "state":
        return _state_of(run)
    if column == "done":
        return _fraction(run, run.header)
    if column == "elapsed":
        return run.header.active_seconds
    if column == STARTED:
        return run.header.created
    fact = _fact(run.header, column)
    return fact[0][0] if fact else _result_value(run.view, column)


def _state_of(run: RunRow) -> str | None:
    """Return the state as the table shows it."""
    return wrong_state(run.view) or run.state


def _result_value(view: AnyView | None, column: str) -> float | None:
    if view is None:
        return None
    if column == "left":
        return None if is_stalled(view) else view.remaining
    if column == "score":
        return WORDS[view.kind].best(view, 0)[1]
    if column == "best":
        return WORDS[view.kind].best_number(view)
    raise KeyError(column)


def _fraction(run: RunRow, header: RunHeader) -> float:
    """Return the share that is done, from 0 to 1; from the header alone before the run was read."""
    if run.view is not None:
        return fraction(run.view)
    return 1.0 if run.state == "finished" else header.done / max(1, header.total)


def _fact(header: RunHeader, key: str) -> Line:
    """Return a cell that shows a setting of the run; empty for other columns."""
    settings, words = header.settings, WORDS[header.kind]
    match key:
        case "kind":
            return [(header.kind, KIND_INKS[header.kind])]
        case "data":
            return [(settings.data, "text")]
        case "network":
            return [(words.network(settings), "text")]
        case "fitness":
            return [(settings.measure, "text")]
        case "method":
            return [(words.method(settings), "text")]
        case "started":
            return [(moment_text(header.created), "dim")]
        case "elapsed":
            return [(seconds_text(header.active_seconds), "dim")]
    return []


def _result(view: AnyView | None, item: RunItem, column: Column, glyphs: Glyphs) -> Line:
    """Return a cell that shows a result of the run."""
    if view is None:
        return [("", "text")]
    if column.key == "left":
        goes_on = item.run.state in ("starting", "running", "paused") and not is_stalled(view)
        return [(seconds_text(view.remaining) if goes_on else "", "text")]
    best, score = WORDS[view.kind].best(view, column.width)
    if column.key == "best":
        return [(best, "dim" if best == NONE else "text")]
    if column.key == "score":
        return _named_score(view, score, column.width, glyphs)
    raise KeyError(column.key)


def _named_score(view: AnyView, score: float | None, width: int, glyphs: Glyphs) -> Line:
    """Return a score behind the name of its scoring, which is cut where both have no room."""
    words = score_in(score, min(width, MAX_SCORE))
    room = width - len(words) - 1
    if score is None or room < 1:
        return [(words, "dim" if score is None else "text")]
    return [(f"{cut_text(view.settings.measure, room, glyphs)} ", "dim"), (words, "text")]
