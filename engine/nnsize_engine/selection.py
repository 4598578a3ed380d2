"""Statistics over fold scores: what each candidate reached, their ranks, and which size to choose.

Means, deviations and ranks equal scikit-learn's ``cv_results_`` to the last bit, in plain Python: the screens use them,
and NumPy would cost a tenth of a second before the first frame. The smallest adequate size follows the
one-standard-error rule (Breiman, Friedman, Olshen and Stone, *Classification and Regression Trees*, 1984, section
3.4.3): the simplest candidate whose mean lies within one standard error of the best one's.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nnsize_engine.records import Candidate, FitResult


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateSummary:
    """What is known of one candidate so far."""

    candidate: Candidate
    fits: tuple[FitResult | None, ...]
    """One entry a fold; None while it is not done."""

    mean: float | None
    """Mean test score of the folds done; None before the first, or when any fold failed."""

    std: float | None
    """Population standard deviation of the same scores, as scikit-learn reports it."""

    train_mean: float | None
    fit_seconds: float | None
    """Mean time of one fit."""

    @property
    def folds_done(self) -> int:
        return sum(fit is not None for fit in self.fits)

    @property
    def has_failed(self) -> bool:
        """Whether a fold failed; such a candidate is never chosen."""
        return any(fit is not None and fit.error is not None for fit in self.fits)

    @property
    def scores(self) -> tuple[float | None, ...]:
        """Test score by fold; None where it is not done or failed."""
        return tuple(None if fit is None else fit.test_score for fit in self.fits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The best candidate and the smallest adequate one, on folds that all of them share."""

    folds: tuple[int, ...]
    """The folds compared."""

    best: Candidate
    best_mean: float
    standard_error: float | None
    """Of the best mean, from the spread over folds (n - 1 in the divisor); None with a single fold."""

    adequate: Candidate
    """The candidate with the fewest weights within one standard error of the best; may be the best itself."""

    adequate_mean: float


def numpy_mean(values: Sequence[float]) -> float:
    """The mean as ``numpy.mean`` computes it over one contiguous row, to the last bit.

    NumPy adds fewer than 8 numbers in order, and up to 128 in 8 interleaved sums (pairwise_sum in loops_utils.h.src);
    longer rows are halved.
    """
    return _numpy_sum(values) / len(values)


def _numpy_sum(values: Sequence[float]) -> float:
    count = len(values)
    if count < 8:
        return sum(values, start=-0.0) if count else 0.0
    if count > 128:
        half = count // 2
        half -= half % 8
        return _numpy_sum(values[:half]) + _numpy_sum(values[half:])
    sums = list(values[:8])
    for i in range(8, count - count % 8, 8):
        for j in range(8):
            sums[j] += values[i + j]
    total = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))
    for value in values[count - count % 8 :]:
        total += value
    return total


def numpy_std(values: Sequence[float]) -> float:
    """The population standard deviation as ``cv_results_`` has it, to the last bit."""
    mean = numpy_mean(values)
    return math.sqrt(numpy_mean([(value - mean) * (value - mean) for value in values]))


def summarise(candidate: Candidate, fits: Iterable[FitResult], folds: int) -> CandidateSummary:
    """Gather the fits of one candidate, in any order."""
    by_fold: list[FitResult | None] = [None] * folds
    for fit in fits:
        by_fold[fit.fold] = fit
    done = [fit for fit in by_fold if fit is not None]
    scores = [fit.test_score for fit in done if fit.test_score is not None]
    train = [fit.train_score for fit in done if fit.train_score is not None]
    usable = bool(done) and len(scores) == len(done)
    return CandidateSummary(
        candidate=candidate,
        fits=tuple(by_fold),
        mean=numpy_mean(scores) if usable else None,
        std=numpy_std(scores) if usable else None,
        train_mean=numpy_mean(train) if usable and len(train) == len(done) else None,
        fit_seconds=numpy_mean([fit.fit_seconds for fit in done]) if done else None,
    )


def summarise_all(candidates: Sequence[Candidate], fits: Iterable[FitResult], folds: int) -> list[CandidateSummary]:
    """Gather all fits of a search, one summary a candidate, in the search's order."""
    by_candidate: list[list[FitResult]] = [[] for _ in candidates]
    for fit in fits:
        by_candidate[fit.candidate].append(fit)
    return [summarise(candidate, by_candidate[candidate.number], folds) for candidate in candidates]


def shared_folds(summaries: Sequence[CandidateSummary]) -> tuple[int, ...]:
    """The folds on which candidates can be compared fairly.

    Those that every candidate has finished; before the first such, fold 0 alone. A search goes fold by fold, and a hard
    fold would make the candidates that have already met it look worse than those that have not.
    """
    folds = range(len(summaries[0].fits)) if summaries else range(0)
    finished = tuple(fold for fold in folds if all(summary.fits[fold] is not None for summary in summaries))
    return finished or (0,)


def shared_means(summaries: Sequence[CandidateSummary]) -> list[float | None]:
    """Each candidate's mean over :func:`shared_folds`; None where it failed or is not there yet."""
    folds = shared_folds(summaries)
    means: list[float | None] = []
    for summary in summaries:
        scores = [score for fold in folds if (score := summary.scores[fold]) is not None]
        means.append(numpy_mean(scores) if len(scores) == len(folds) and not summary.has_failed else None)
    return means


def ranks(summaries: Sequence[CandidateSummary]) -> list[int]:
    """Rank of each candidate from 1, ties sharing the lowest, those without a mean last (``rank_test_score``)."""
    means = shared_means(summaries)
    # Negated, with infinity for "none": ascending order is then best first, and all the missing tie at the end.
    keys = [math.inf if mean is None else -mean for mean in means]
    first_place: dict[float, int] = {}
    for place, key in enumerate(sorted(keys), start=1):
        first_place.setdefault(key, place)
    return [first_place[key] for key in keys]


def choose(summaries: Sequence[CandidateSummary]) -> Choice | None:
    """Choose on the folds that all candidates share; the first of equals wins, as in ``GridSearchCV``.

    Returns None while no candidate has a usable score.
    """
    means = shared_means(summaries)
    usable = [(summary, mean) for summary, mean in zip(summaries, means, strict=True) if mean is not None]
    if not usable:
        return None
    best, best_mean = max(usable, key=lambda pair: pair[1])
    folds = shared_folds(summaries)
    standard_error = None
    if len(folds) > 1:
        scores = [score for fold in folds if (score := best.scores[fold]) is not None]
        standard_error = numpy_std(scores) / math.sqrt(len(folds) - 1)
    floor = best_mean - (standard_error or 0.0)
    adequate, adequate_mean = min(
        ((summary, mean) for summary, mean in usable if mean >= floor),
        key=lambda pair: (pair[0].candidate.weights, -pair[1]),
    )
    return Choice(
        folds=folds,
        best=best.candidate,
        best_mean=best_mean,
        standard_error=standard_error,
        adequate=adequate.candidate,
        adequate_mean=adequate_mean,
    )
