"""Scores by further scorings: of one fit, and their statistics over a search.

The first scoring of a search chooses. The further ones are computed and stored for each fit, and choose nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from nnsize_engine.results.references import ReferenceSummary, scored_reference
from nnsize_engine.results.scores import find_score
from nnsize_engine.results.search_records import FitResult
from nnsize_engine.results.statistics import CandidateSummary, SharedStatistics, ranks, shared_statistics


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringStatistics:
    """The statistics of all candidates by one further scoring."""

    shared: tuple[SharedStatistics, ...]
    """One for each candidate, over the same splits as by the first scoring."""

    ranks: tuple[int, ...]
    """From 1, as in ``rank_test_<scoring>``."""


def summarise_further(
    summaries: Sequence[CandidateSummary],
    scorings: Sequence[str],
    repeats: int = 1,
    compared: Collection[int] | None = None,
) -> Mapping[str, ScoringStatistics]:
    """Return the statistics by each further scoring; ``repeats`` and ``compared`` as in ``shared_statistics``."""
    found = {}
    for name in scorings:
        shared = shared_statistics([scored_summary(one, name) for one in summaries], repeats, compared)
        found[name] = ScoringStatistics(shared=tuple(shared), ranks=tuple(ranks(shared)))
    return found


def scored_summary(summary: CandidateSummary, scoring: str) -> CandidateSummary:
    """Return a candidate with its scores by a further scoring; its own mean and deviation are left out."""
    fits = tuple(None if fit is None else scored_fit(fit, scoring) for fit in summary.fits)
    return replace(summary, fits=fits, mean=None, std=None, train_mean=None)


def scored_fit(fit: FitResult, scoring: str) -> FitResult:
    """Return a fit with its scores by a further scoring; None where there is none."""
    score = find_score(fit.further, scoring)
    return replace(fit, test_score=score.test, train_score=score.train)


def scored_references(
    references: Sequence[ReferenceSummary], scoring: str, folds: Sequence[int]
) -> tuple[ReferenceSummary, ...]:
    """Return the references with their scores by a further scoring, compared on these folds."""
    return tuple(scored_reference(one, scoring, folds) for one in references)
