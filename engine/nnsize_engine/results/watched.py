"""The results of a watched search: its candidates, and what scikit-learn ranks first.

Statistics and ranks are those of ``cv_results_``, to the last bit. scikit-learn fits candidate after candidate, so one
is compared as soon as all its own fits are done.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

from nnsize_engine.results.search_records import Candidate
from nnsize_engine.results.statistics import CandidateSummary, SharedStatistics, shared_statistics
from nnsize_engine.settings.parameter_grid import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedCandidate:
    """A row of ``cv_results_``: parameters that are tried; in a halving search with so much of its resource."""

    number: int
    parameters: tuple[tuple[str, Value], ...]
    """The searched parameters by name; a value that is neither number, truth value nor text as its text."""

    iteration: int | None = None
    """Of a halving search, from 0; None for other searches."""

    resources: int | None = None
    """The resource that each fit gets in a halving search; None for other searches."""

    is_chosen: bool = False
    """True once the search ended with this one as its ``best_index_``."""


WATCHED_COLUMNS = tuple(field.name for field in fields(WatchedCandidate))

NOT_SEARCHED = ""
"""The value of a parameter that other candidates have and this one lacks."""


def as_candidate(one: WatchedCandidate, searched: Sequence[str]) -> Candidate:
    """Return a candidate with a value for each of these parameters; it is no network of known size."""
    values = dict(one.parameters)
    names = [*searched, *(name for name in values if name not in searched)]
    parameters = tuple((name, values.get(name, NOT_SEARCHED)) for name in names)
    return Candidate(number=one.number, hidden_layer_sizes=(), weights=0, parameters=parameters)


def own_statistics(summary: CandidateSummary) -> SharedStatistics:
    """Return the statistics of a candidate over all its splits; empty until all are done, and if a fit failed."""
    if summary.folds_done < len(summary.fits):
        return SharedStatistics()
    return shared_statistics([summary])[0]


def best_of_watched(candidates: Sequence[WatchedCandidate], shared: Sequence[SharedStatistics]) -> int | None:
    """Return the place of the best candidate: the one that the search chose, or before its end the largest mean.

    A halving search chooses among the candidates of its last iteration.
    """
    for place, one in enumerate(candidates):
        if one.is_chosen:
            return place
    scored = [place for place, one in enumerate(shared) if one.mean is not None]
    last = max((candidates[place].iteration or 0 for place in scored), default=0)
    scored = [place for place in scored if (candidates[place].iteration or 0) == last]
    return max(scored, key=lambda place: _mean(shared[place]), default=None)  # the first of equal ones


def _mean(statistics: SharedStatistics) -> float:
    return -math.inf if statistics.mean is None else statistics.mean
