"""The report of a size search: a JSON object, tables, lines."""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nnsize_engine.export.tables import parameters_value
from nnsize_engine.results.candidates import candidate_text, candidate_words
from nnsize_engine.results.choice import Choice, best_per_size
from nnsize_engine.results.race import Dropped
from nnsize_engine.results.references import ReferenceSummary
from nnsize_engine.results.scores import find_score
from nnsize_engine.results.search_records import FinalTest
from nnsize_engine.results.statistics import CandidateSummary, SharedStatistics
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.parameter_grid import short_value, value_text, values_text
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.text import score_text
from nnsize_tui.commands.output import JsonObject
from nnsize_tui.commands.printed_table import PrintedTable, Rows, cut_note
from nnsize_tui.text.candidate_columns import NEURONS, further_key, result_columns
from nnsize_tui.text.cluster import cluster_text
from nnsize_tui.text.numbers import searched_text, table_facts
from nnsize_tui.text.references import KEYS, reference_texts
from nnsize_tui.text.search import standing

_REFERENCE_HEADINGS = ("reference", "folds", "mean", "std", "train", "fit time")

MAX_PRINTED = 50
"""Candidates of a table that is printed in full; the built-in search has 48."""

DIGITS = 4
"""Digits of printed scores."""

BEST_PRINTED = 20
"""Best candidates that are printed if there are more than :data:`MAX_PRINTED`."""


def leading(view: SizeView, most: int) -> tuple[Sequence[str], Rows]:
    """Return the headings and at most this number of best candidates."""
    return headings(view), rows(view, most)


def final(view: SizeView, is_whole: bool) -> list[PrintedTable]:
    """Return the tables at the end: the candidates, the best of each size if more is searched, and the references.

    Of many candidates only the best are printed, unless ``is_whole``.
    """
    if not view.header.done:
        return []
    by_size = numbers_by_size(view)
    return [
        _printed(view, view.tried, "candidates", is_whole=is_whole),
        _printed(view, by_size, "sizes", is_whole=is_whole, title="best of each size:"),
        *_references(view),
    ]


def _references(view: SizeView) -> list[PrintedTable]:
    """Return a table with a row for each reference; none of a run without references."""
    texts = [reference_texts(one, DIGITS) for one in view.references]
    further = view.settings.further_scorings
    keys = (*KEYS, *map(further_key, further))
    rows = [tuple(row[key] for key in keys) for row in texts]
    return [PrintedTable((*_REFERENCE_HEADINGS, *further), rows, title="references:")] if rows else []


def _printed(view: SizeView, numbers: Sequence[int], what: str, *, is_whole: bool, title: str = "") -> PrintedTable:
    count = len(numbers)
    printed = rows_of(view, numbers, None if is_whole or count <= MAX_PRINTED else BEST_PRINTED)
    note = cut_note(view.folder, "best", len(printed), count, what)
    return PrintedTable(headings(view), printed, note, title=title)


def headings(view: SizeView) -> tuple[str, ...]:
    """Return the headings of :func:`rows`: each searched parameter, then the results."""
    searched = [name.replace("_", "-") for name, _ in view.settings.grid]
    return (NEURONS.heading, *searched, *(column.heading for column in result_columns(view.settings)))


def rows(view: SizeView, most: int | None = None) -> list[tuple[str, ...]]:
    """Return a row for each candidate that was tried; with ``most``, only the best-ranked ones, best first."""
    return rows_of(view, view.tried, most)


def rows_of(view: SizeView, numbers: Sequence[int], most: int | None = None) -> list[tuple[str, ...]]:
    """Return the rows of these candidates; with ``most``, only of the best-ranked ones, best first."""
    if most is not None:
        numbers = sorted(numbers, key=lambda number: view.ranks[number])[:most]
    return [_row(view, number) for number in numbers]


def numbers_by_size(view: SizeView) -> list[int]:
    """Return the best candidate of each size; nothing if only sizes are searched."""
    if not view.settings.grid:
        return []
    return [candidate.number for candidate in best_per_size(view.summaries, view.shared).values()]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One candidate with its scores."""

    summary: CandidateSummary
    shared: SharedStatistics
    rank: int | None
    dropped: Dropped | None
    further: Mapping[str, SharedStatistics]


def _row(view: SizeView, number: int) -> tuple[str, ...]:
    dropped = view.dropped(number)
    rank = view.ranks[number] if dropped is None else None
    row = _Row(
        summary=view.summaries[number],
        shared=view.shared[number],
        rank=rank,
        dropped=dropped,
        further=_further(view, number),
    )
    return (
        NEURONS.text(row, DIGITS),
        *(short_value(value) for _, value in row.summary.candidate.parameters),
        *(column.text(row, DIGITS) for column in result_columns(view.settings)),
    )


def _further(view: SizeView, number: int) -> Mapping[str, SharedStatistics]:
    """Return the statistics of a candidate by each further scoring."""
    return {name: statistics.shared[number] for name, statistics in view.further.items()}


def result_of(view: SizeView) -> JsonObject:
    """Return the result: the best candidate, the recommended one, the final test of each.

    ``test_score`` is that of the best, and null without test rows. If other parameters are searched, the result also
    has the best candidate of each size.
    """
    header, choice, final = view.header, view.choice, view.final_of_best
    best: JsonObject | None = None
    recommended: JsonObject | None = None
    if choice is not None:
        best = _candidate(view, choice.best.number)
        recommended = _recommended(view, choice)
    by_size = best_per_size(view.summaries, view.shared).values() if view.settings.grid else ()
    result: JsonObject = {
        "run": view.folder.name,
        "state": view.state,
        "reason": header.reason,
        "fits": header.done,
        "total_fits": header.total,
        "seconds": round(header.active_seconds, 3),
        "scoring": view.settings.scoring,
        "precision": view.settings.precision,
        "trained_by": _trained_by(view.settings),
        "best": best,
        "recommended": recommended,
        "test_score": final.test_score if final is not None else None,
    }
    if view.further:
        result["further_scorings"] = list(view.further)
        result["further_test_scores"] = _further_tests(view, final)
    if view.references:
        result["references"] = [_reference(one) for one in view.references]
    if view.race is not None:
        result["dropped"] = [_dropped(view, number) for number in view.tried if view.dropped(number) is not None]
    if by_size:
        result["best_per_size"] = [_candidate(view, candidate.number) for candidate in by_size]
    return result


def _further_tests(view: SizeView, final: FinalTest | None) -> JsonObject:
    """Return the test score of a final test by each further scoring; null where there is none."""
    scores = () if final is None else final.further
    return {name: find_score(scores, name).test for name in view.further}


def _trained_by(settings: SizeSettings) -> str:
    if "lbfgs" not in settings.solvers:
        return "nnsize"
    return "scikit-learn" if settings.solvers == {"lbfgs"} else "nnsize, and scikit-learn for lbfgs"


def _recommended(view: SizeView, choice: Choice) -> JsonObject:
    """Return the recommended candidate by scikit-learn's names, with its mean, smoothed and test score.

    With repeats, ``by_repeat`` holds the hidden layers that the scores of each seed alone recommend.
    """
    final = view.final_of_recommended
    found = _searched(view, choice.recommended.number) | {
        "mean_test_score": choice.recommended_mean,
        "smoothed_score": choice.recommended_score,
        "test_score": final.test_score if final is not None else None,
    }
    found |= _further_means(view, choice.recommended.number)
    if view.further:
        found["further_test_scores"] = _further_tests(view, final)
    if view.settings.repeats > 1:
        found["by_repeat"] = [list(one.hidden_layer_sizes) for one in view.by_repeat]
    return found


def _searched(view: SizeView, number: int) -> JsonObject:
    """Return what is searched of a candidate, by scikit-learn's names."""
    parameters = parameters_value(view.summaries[number].candidate)
    return {name: str(value) if value == math.inf else value for name, value in parameters.items()}


def _candidate(view: SizeView, number: int) -> JsonObject:
    """Return the searched parameters of a candidate, by scikit-learn's names, and its scores."""
    shared = view.shared[number]
    found: JsonObject = {
        **_searched(view, number),
        "mean_test_score": shared.mean,
        "std_test_score": shared.std,
    }
    if view.settings.repeats > 1:
        found |= {"std_over_folds": shared.std_over_folds, "std_over_seeds": shared.std_over_seeds}
    return found | _further_means(view, number)


def _further_means(view: SizeView, number: int) -> JsonObject:
    """Return mean and deviation of a candidate by each further scoring, by scikit-learn's names."""
    found: JsonObject = {}
    for name, shared in _further(view, number).items():
        found |= {f"mean_test_{name}": shared.mean, f"std_test_{name}": shared.std}
    return found


def _reference(reference: ReferenceSummary) -> JsonObject:
    """Return a reference by scikit-learn's names: its mean, the deviation and the score of each fold."""
    return {
        "name": reference.name,
        "mean_test_score": reference.mean,
        "std_test_score": reference.std,
        "split_test_scores": list(reference.scores),
        **{f"mean_test_{name}": mean for name, mean in reference.further_means.items()},
        "error": reference.error,
    }


def _dropped(view: SizeView, number: int) -> JsonObject:
    """Return a dropped candidate: its size, and when and why it was dropped."""
    out = view.dropped(number)
    assert out is not None
    return {**parameters_value(view.summaries[number].candidate), "dropped_after": out.folds, "behind": out.behind}


def progress_parts(view: SizeView) -> list[str]:
    """Return the best candidate so far and, of a race, what is in and out."""
    best = view.choice
    if best is None:
        return []
    return [*standing(view), f"best {candidate_words(best.best)}, {view.settings.scoring} {score_text(best.best_mean)}"]


def listed(view: SizeView) -> tuple[str, ...]:
    """Return the cells in the list of runs: sizes, scoring, best candidate, its score, its test score."""
    choice, final = view.choice, view.final_of_best
    return (
        searched_text(view.settings),
        view.settings.scoring,
        candidate_text(choice.best) if choice else "",
        score_text(choice.best_mean) if choice else "",
        score_text(final.test_score) if final is not None and final.test_score is not None else "",
    )


def shown_settings(settings: SizeSettings) -> dict[str, object]:
    """Return every setting of a search; of its table and networks, those that differ from the defaults."""
    own = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    table, given, grid = own.pop("table"), own.pop("network").as_dict(), own.pop("grid")
    if own.pop("splitter"):
        own["cv"] = settings.folds_text
    del own["further_scorings"]
    own["scoring"] = ",".join(settings.scorings)
    own["cluster"] = cluster_text(settings.cluster)
    default = NetworkParameters().as_dict()
    own |= {name: value for name, value in given.items() if value != default[name]}
    own |= {name: values_text(values) for name, values in grid}
    if table is not None:
        own |= table_facts(table)
    return {
        name.replace("_", "-"): value_text(value) if isinstance(value, bool) else value
        for name, value in own.items()
        if value is not None
    }
