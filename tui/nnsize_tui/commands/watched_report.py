"""The report of a watched search: a JSON object, tables, lines."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nnsize_engine.export.watched_tables import searched_values
from nnsize_engine.results.race import Dropped
from nnsize_engine.results.statistics import CandidateSummary, SharedStatistics
from nnsize_engine.results.watched_words import candidate_words, short_names, value_words
from nnsize_engine.runs.view import WatchedView
from nnsize_engine.settings.watched import WatchedSettings
from nnsize_engine.text import escape_text, score_text
from nnsize_tui.commands.output import JsonObject
from nnsize_tui.commands.printed_table import PrintedTable, Rows, cut_note
from nnsize_tui.commands.search_report import BEST_PRINTED, DIGITS, MAX_PRINTED
from nnsize_tui.text.watched import NUMBER, columns, halving_facts


def leading(view: WatchedView, most: int) -> tuple[Sequence[str], Rows]:
    """Return the headings and at most this number of best candidates."""
    return _headings(view), _rows(view, most)


def final(view: WatchedView, is_whole: bool) -> list[PrintedTable]:
    """Return the table of candidates; of many only the best, unless ``is_whole``."""
    count = len(view.summaries)
    if not count:
        return []
    rows = _rows(view, None if is_whole or count <= MAX_PRINTED else BEST_PRINTED)
    return [PrintedTable(_headings(view), rows, cut_note(view.folder, "best", len(rows), count, "candidates"))]


def _headings(view: WatchedView) -> tuple[str, ...]:
    names = [name for name, _ in view.summaries[0].candidate.parameters] if view.summaries else view.settings.searched
    halving = [name for name, _ in halving_facts(view, 0)] if view.candidates else []
    searched = [escape_text(name) for name in short_names(names).values()]
    return (NUMBER.heading, *searched, *halving, *(column.heading for column in columns(view.settings)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One candidate with its scores."""

    summary: CandidateSummary
    shared: SharedStatistics
    rank: int | None
    further: Mapping[str, SharedStatistics]
    dropped: Dropped | None = None


def _rows(view: WatchedView, most: int | None) -> list[tuple[str, ...]]:
    """Return a row for each candidate; with ``most``, only the best-ranked ones, best first."""
    places: Sequence[int] = range(len(view.summaries))
    if most is not None:
        places = sorted(places, key=lambda place: view.ranks[place])[:most]
    return [_row(view, place) for place in places]


def _row(view: WatchedView, place: int) -> tuple[str, ...]:
    shared = view.shared[place]
    row = _Row(
        summary=view.summaries[place],
        shared=shared,
        rank=None if shared.mean is None else view.ranks[place],
        further={name: found.shared[place] for name, found in view.further.items()},
    )
    return (
        NUMBER.text(row, DIGITS),
        *(escape_text(value_words(value)) for _, value in row.summary.candidate.parameters),
        *(str(value) for _, value in halving_facts(view, place)),
        *(column.text(row, DIGITS) for column in columns(view.settings)),
    )


def result_of(view: WatchedView) -> JsonObject:
    """Return the result: the best candidate with its scores."""
    header = view.header
    result: JsonObject = {
        "run": view.folder.name,
        "state": view.state,
        "reason": header.reason,
        "name": view.settings.name,
        "fits": header.done,
        "total_fits": header.total,
        "seconds": round(header.active_seconds, 3),
        "scoring": view.settings.measure,
        "best": None if view.best is None else _candidate(view, view.best),
    }
    if view.further:
        result["further_scorings"] = list(view.further)
    return result


def _candidate(view: WatchedView, place: int) -> JsonObject:
    """Return a candidate by scikit-learn's names, and its scores."""
    shared = view.shared[place]
    found: JsonObject = {
        "params": dict(searched_values(view.summaries[place].candidate)),
        "mean_test_score": shared.mean,
        "std_test_score": shared.std,
    }
    for name, statistics in view.further.items():
        found |= {f"mean_test_{name}": statistics.shared[place].mean, f"std_test_{name}": statistics.shared[place].std}
    return found


def progress_parts(view: WatchedView) -> list[str]:
    """Return the best candidate so far."""
    if view.best is None:
        return []
    words = escape_text(candidate_words(view.summaries[view.best].candidate))
    return [f"best {words}, {view.settings.measure} {score_text(view.shared[view.best].mean)}"]


def listed(view: WatchedView) -> tuple[str, ...]:
    """Return the cells in the list of runs: name, scoring, best candidate, its score; there is no test score."""
    words = "" if view.best is None else escape_text(candidate_words(view.summaries[view.best].candidate))
    score = "" if view.best is None else score_text(view.shared[view.best].mean)
    settings = view.settings
    return (escape_text(settings.name or settings.estimator), settings.measure, words, score, "")


def shown_settings(settings: WatchedSettings) -> dict[str, object]:
    """Return all that is known of a watched search."""
    own = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    del own["score_names"], own["planned"]
    named = {name.replace("_", "-"): value for name, value in own.items() if value not in (None, "")}
    return {name: escape_text(", ".join(one) if isinstance(one, tuple) else str(one)) for name, one in named.items()}
