"""Tables of a watched search, with the columns of its ``cv_results_``."""

from nnsize_engine.export.tables import Table, add_scores, add_times, done_fits
from nnsize_engine.results.further_scores import scored_fit, scored_summary
from nnsize_engine.results.scores import find_score
from nnsize_engine.results.search_records import Candidate, FitResult
from nnsize_engine.results.statistics import CandidateSummary
from nnsize_engine.results.watched import NOT_SEARCHED
from nnsize_engine.runs.view import WatchedView
from nnsize_engine.settings.parameter_grid import Value


def watched_candidate_table(view: WatchedView) -> Table:
    """Return one row per candidate, with the columns of ``cv_results_`` in its order.

    Means, deviations and ranks are those of candidates with all splits; one with a failed fit has none. Times are
    nnsize's own, a little shorter than scikit-learn's. A parameter that a candidate does not have is empty.
    """
    summaries = view.summaries
    table: Table = {}
    if view.settings.is_halving:
        table["iter"] = [one.iteration for one in view.candidates]
        table["n_resources"] = [one.resources for one in view.candidates]
    add_times(table, "fit_time", [[fit.fit_seconds for fit in done_fits(summary)] for summary in summaries])
    add_times(table, "score_time", [[fit.score_seconds for fit in done_fits(summary)] for summary in summaries])
    values = [searched_values(summary.candidate) for summary in summaries]
    for name in _names(summaries):
        table[f"param_{name}"] = [one.get(name) for one in values]
    table["params"] = [dict(one) for one in values]
    first, *further = view.settings.score_names
    add_scores(table, first, summaries, view.shared, view.ranks)
    for name, scoring in zip(further, view.settings.further_scorings, strict=True):
        found = view.further[scoring]
        scored = [scored_summary(summary, scoring) for summary in summaries]
        add_scores(table, name, scored, found.shared, found.ranks)
    return table


def watched_fit_table(view: WatchedView) -> Table:
    """Return one row per finished fit, by candidate and split; a failed fit has its reason."""
    rows = [(summary.candidate, fit) for summary in view.summaries for fit in done_fits(summary)]
    table: Table = {"candidate": [candidate.number for candidate, _ in rows]}
    values = {summary.candidate.number: searched_values(summary.candidate) for summary in view.summaries}
    for name in _names(view.summaries):
        table[name] = [values[candidate.number].get(name) for candidate, _ in rows]
    table["split"] = [fit.fold for _, fit in rows]
    first, *further = view.settings.score_names
    table[f"test_{first}"] = [fit.test_score for _, fit in rows]
    table[f"train_{first}"] = [fit.train_score for _, fit in rows]
    for name, scoring in zip(further, view.settings.further_scorings, strict=True):
        table |= _further(name, scoring, rows)
    return table | {
        "fit_time": [fit.fit_seconds for _, fit in rows],
        "score_time": [fit.score_seconds for _, fit in rows],
        "error": [fit.error for _, fit in rows],
    }


def _further(name: str, scoring: str, rows: list[tuple[Candidate, FitResult]]) -> Table:
    """Return the columns of a further scoring."""
    return {
        f"test_{name}": [scored_fit(fit, scoring).test_score for _, fit in rows],
        f"train_{name}": [scored_fit(fit, scoring).train_score for _, fit in rows],
        f"error_{name}": [find_score(fit.further, scoring).error for _, fit in rows],
    }


def searched_values(candidate: Candidate) -> dict[str, Value]:
    """Return the parameters that a candidate has, as in ``cv_results_["params"]``."""
    return {name: value for name, value in candidate.parameters if value != NOT_SEARCHED}


def _names(summaries: tuple[CandidateSummary, ...]) -> list[str]:
    """Return the searched parameters in scikit-learn's order."""
    return sorted({name for summary in summaries for name, _ in summary.candidate.parameters})
