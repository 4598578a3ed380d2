"""The rows and columns of a watched search, for the table of candidates."""

from collections.abc import Sequence
from dataclasses import replace

from nnsize_engine.charts.search_space import labels_of
from nnsize_engine.results.search_records import Candidate
from nnsize_engine.results.watched_words import MAX_VALUE_LETTERS, short_names, value_words
from nnsize_engine.runs.view import WatchedView
from nnsize_engine.settings.parameter_grid import Value
from nnsize_tui.screens.search.candidate_columns import PARAMETER, CandidateColumns, result_column
from nnsize_tui.screens.search.candidate_table import CandidateItem
from nnsize_tui.text.watched import NUMBER, columns, halving_facts
from nnsize_tui.widgets.columns import Column

EXAMPLE = "rbf mean>=0.95 rank<5"
"""How the rows are filtered."""

MAX_PARAMETER_COLUMNS = 24  # of a column with values of any length


def watched_items(view: WatchedView) -> list[CandidateItem]:
    """Return an item for each candidate, in scikit-learn's order."""
    training = {fit.candidate for fit in view.under_way}
    return [
        CandidateItem(
            summary=replace(summary, candidate=_with_halving(view, place)),
            shared=view.shared[place],
            rank=view.ranks[place] if view.shared[place].mean is not None else None,
            is_training=summary.candidate.number in training,
            further={name: found.shared[place] for name, found in view.further.items()},
            is_best=place == view.best,
        )
        for place, summary in enumerate(view.summaries)
    ]


def _with_halving(view: WatchedView, place: int) -> Candidate:
    """Return a candidate with its iteration and its resource as further parameters, which get columns."""
    candidate = view.summaries[place].candidate
    return replace(candidate, parameters=(*candidate.parameters, *halving_facts(view, place)))


def watched_columns(view: WatchedView, items: Sequence[CandidateItem]) -> CandidateColumns:
    """Return the columns; those of parameters are wide enough for their values, as far as there is room."""
    values: dict[str, dict[Value, None]] = {}
    for item in items:
        for name, value in item.summary.candidate.parameters:
            values.setdefault(name, {})[value] = None
    labels = {f"{PARAMETER}{name}": _labels(tuple(found)) for name, found in values.items()}
    names = short_names(list(values))
    searched = [
        Column(
            key=f"{PARAMETER}{name}",
            title=names[name],
            width=min(MAX_PARAMETER_COLUMNS, max(map(len, (names[name], *labels[f"{PARAMETER}{name}"].values())))),
            rank=1,
        )
        for name in values
    ]
    results = columns(view.settings)
    widths = {"folds": max(5, 2 * len(str(view.settings.splits)) + 2), "rank": max(4, len(str(len(items))))}
    own = Column(key=NUMBER.key, title=str(NUMBER.title), width=max(3, len(str(len(items)))))
    shown = [result_column(column, column.title, widths) for column in results if column.title is not None]
    return CandidateColumns(
        columns=(own, *searched, *shown), labels=labels, results={one.key: one for one in (NUMBER, *results)}
    )


def _labels(values: Sequence[Value]) -> dict[Value, str]:
    """Return a short text for each value; all digits where six would make two values equal."""
    texts = labels_of(values)
    return {
        value: text if len(text) <= MAX_VALUE_LETTERS else value_words(value)
        for value, text in zip(values, texts, strict=True)
    }
