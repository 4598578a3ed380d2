"""The best and the recommended candidate of a search, on the splits that all candidates share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from nnsize_engine.results.candidates import combinations_of
from nnsize_engine.results.decision import decide
from nnsize_engine.results.records import NetworkName
from nnsize_engine.results.search_records import Candidate
from nnsize_engine.results.statistics import CandidateSummary, SharedStatistics, shared_folds
from nnsize_engine.settings.layer_sizes import HiddenLayers


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The best and the recommended candidate, on the folds that all candidates share."""

    folds: tuple[int, ...]
    """The compared splits; without repeats the folds."""

    best: Candidate
    """The candidate with the largest mean score, as in ``GridSearchCV``."""

    best_mean: float
    standard_error: float | None
    """Standard error of the best mean, from the spread over folds (n - 1 in the divisor); None with a single fold."""

    recommended: Candidate
    """The candidate with the fewest weights whose smoothed score is within the slack of the best smoothed score."""

    recommended_mean: float
    recommended_error: float | None
    """Standard error of the recommended candidate's mean; None with a single fold."""

    best_smoothed: Candidate
    """The candidate with the best smoothed score. It has the recommended one's other parameters."""

    smoothed: Mapping[int, float]
    """Smoothed score by candidate number. Candidates without a mean are left out."""

    smoothed_error: float | None
    """Standard error of the best smoothed score; None with a single fold."""

    slack: float
    """Smoothed score that the recommended candidate may lose against the best one; 0 with a single fold."""

    @property
    def finalists(self) -> tuple[Candidate, ...]:
        """The candidates that are trained on all training rows: the best and, if it is another, the recommended."""
        return (self.best,) if self.recommended == self.best else (self.best, self.recommended)

    @property
    def recommended_score(self) -> float:
        """The smoothed score of the recommended candidate."""
        return self.smoothed[self.recommended.number]

    @property
    def threshold(self) -> float | None:
        """The lowest smoothed score that can be recommended; None with a single fold, which has no slack."""
        return None if self.smoothed_error is None else self.smoothed[self.best_smoothed.number] - self.slack


def final_candidate(choice: Choice, name: NetworkName) -> Candidate:
    """Return the candidate whose network has this name.

    Raises:
        ValueError: a search has no network of this name.
    """
    match name:
        case "best":
            return choice.best
        case "recommended":
            return choice.recommended
        case "evolved" | "gradient" | "quantized":
            raise ValueError(f"a search has no network {name!r}")
        case _:
            assert_never(name)


def choose(summaries: Sequence[CandidateSummary], statistics: Sequence[SharedStatistics]) -> Choice | None:
    """Choose the best and the recommended candidate, on the splits that all candidates share.

    The best candidate has the largest mean; the first of equals wins, as in ``GridSearchCV``. Each combination of the
    other parameters has a curve of its own. The combination with the best smoothed score is recommended, the first of
    equals. Returns None while no candidate has a usable score.
    """
    usable = [
        (summary.candidate, one) for summary, one in zip(summaries, statistics, strict=True) if one.mean is not None
    ]
    if not usable:
        return None
    best, of_best = max(usable, key=lambda entry: _mean(entry[1]))
    smoothed: dict[int, float] = {}
    decisions = []
    by_number = {candidate.number: one for candidate, one in usable}
    for candidates in combinations_of([candidate for candidate, _ in usable]):
        decision = decide(
            [candidate.hidden_layer_sizes for candidate in candidates],
            [candidate.weights for candidate in candidates],
            list(zip(*(by_number[candidate.number].fold_scores for candidate in candidates), strict=True)),
        )
        smoothed.update(zip((candidate.number for candidate in candidates), decision.smoothed, strict=True))
        decisions.append((candidates, decision))
    candidates, decision = max(decisions, key=lambda entry: entry[1].smoothed[entry[1].best])
    recommended = candidates[decision.recommended]
    of_recommended = by_number[recommended.number]
    return Choice(
        folds=shared_folds(summaries),
        best=best,
        best_mean=_mean(of_best),
        standard_error=of_best.standard_error,
        recommended=recommended,
        recommended_mean=_mean(of_recommended),
        recommended_error=of_recommended.standard_error,
        best_smoothed=candidates[decision.best],
        smoothed=smoothed,
        smoothed_error=decision.standard_error,
        slack=decision.slack,
    )


def _mean(one: SharedStatistics) -> float:
    assert one.mean is not None
    return one.mean


def best_per_size(
    summaries: Sequence[CandidateSummary], statistics: Sequence[SharedStatistics]
) -> dict[HiddenLayers, Candidate]:
    """Return the best candidate of each size, of all combinations of other parameters, in the search's order.

    The first of equals is best. A size without a usable score is left out.
    """
    best: dict[HiddenLayers, tuple[float, Candidate]] = {}
    for summary, one in zip(summaries, statistics, strict=True):
        layers = summary.candidate.hidden_layer_sizes
        if one.mean is not None and (layers not in best or one.mean > best[layers][0]):
            best[layers] = one.mean, summary.candidate
    return {layers: candidate for layers, (_, candidate) in best.items()}
