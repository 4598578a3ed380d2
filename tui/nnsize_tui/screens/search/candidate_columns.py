"""The columns of a search's table, with one for each searched parameter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nnsize_engine.charts.search_space import labels_of, title_of
from nnsize_engine.results.search_records import Candidate
from nnsize_engine.settings.layer_sizes import format_layers
from nnsize_engine.settings.parameter_grid import Value
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.text.candidate_columns import FURTHER, NEURONS, CandidateColumn, result_columns
from nnsize_tui.widgets.columns import Column
from nnsize_tui.widgets.table_lines import LEFT, RIGHT

PARAMETER = "parameter:"
"""The beginning of the key of a searched parameter's column; its name follows."""

MAX_KEPT_RANK = 3
"""Columns with a higher rank may be hidden to leave room for the folds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateColumns:
    """The columns, and the labels of parameters' values in them."""

    columns: tuple[Column, ...]
    labels: Mapping[str, Mapping[Value, str]]
    """The label of each value of a parameter, by the key of its column."""

    results: Mapping[str, CandidateColumn]
    """The content of each column, except those of searched parameters, by its key."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all columns, which rows can be sorted by."""
        return tuple(column.key for column in self.columns)

    def width(self, *, is_wide: bool) -> int:
        """Return the columns of the screen that the whole table needs."""
        return LEFT + RIGHT + sum(column.width + 1 + (column.grows if is_wide else 0) for column in self.columns)

    @property
    def least_width(self) -> int:
        """The columns of the screen that a candidate's parameters, score and rank need."""
        return LEFT + RIGHT + sum(column.width + 1 for column in self.columns if column.rank <= MAX_KEPT_RANK)


def columns_of(settings: SizeSettings, candidates: Sequence[Candidate]) -> CandidateColumns:
    """Return the columns of a search; they are wide enough for the names of its candidates."""
    widest = max((len(format_layers(candidate.hidden_layer_sizes)) for candidate in candidates), default=0)
    labels = {f"{PARAMETER}{name}": dict(zip(values, labels_of(values), strict=True)) for name, values in settings.grid}
    searched = [_searched(name, values) for name, values in settings.grid]
    results = result_columns(settings)
    widths = {
        "folds": max(5, 2 * len(str(settings.splits)) + 2),
        "rank": max(4, len(str(len(candidates)))),
    }
    columns = (
        Column(key=NEURONS.key, title=NEURONS.heading, width=max(7, widest)),
        *searched,
        *(result_column(column, column.title, widths) for column in results if column.title is not None),
    )
    return CandidateColumns(columns=columns, labels=labels, results={one.key: one for one in (NEURONS, *results)})


_PLACES: Mapping[str, Column] = {
    one.key: one
    for one in (
        Column(key="folds", title="", width=5, rank=4),
        Column(key="mean", title="", width=7, grows=2),
        Column(key="std", title="", width=6, rank=2, grows=2),
        Column(key="seeds", title="", width=8, rank=2),
        Column(key="train", title="", width=7, rank=5, grows=2),
        Column(key="time", title="", width=6, rank=6),
        Column(key="rank", title="", width=4, rank=3, grows=1),
    )
}
"""The width of each column, by its key."""


def result_column(column: CandidateColumn, title: str, widths: Mapping[str, int]) -> Column:
    """Return the place of a column of results; ``widths`` has those that depend on the search."""
    if column.key.startswith(FURTHER):
        return Column(key=column.key, title=title, width=max(7, len(title)), rank=7)
    place = _PLACES[column.key]
    if len(title) > place.width:  # a column with a long title is wide enough for its numbers
        return replace(place, title=title, width=len(title), grows=0)
    return replace(place, title=title, width=widths.get(column.key, place.width))


def _searched(name: str, values: Sequence[Value]) -> Column:
    title = title_of(name)
    return Column(key=f"{PARAMETER}{name}", title=title, width=max(map(len, (title, *labels_of(values)))), rank=1)
