"""Statistics over fold scores: what each candidate reached, their ranks, and which size to choose.

Means, deviations and ranks equal scikit-learn's ``cv_results_`` to the last bit, in plain Python: the screens use them,
and NumPy would cost a tenth of a second before the first frame. The smallest adequate size follows the
one-standard-error rule (Breiman, Friedman, Olshen and Stone, *Classification and Regression Trees*, 1984, section
3.4.3): the simplest candidate whose mean lies within one standard error of the best one's.

With repeats, a candidate's scores are those of every fold with every seed; split ``repeat * cv + fold`` is one of them.
Two seeds on one fold see the same rows, so they are not two measurements of how the score varies with the rows: the
standard error is that of the folds' means over seeds.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

from nnsize_engine.results.records import Candidate, FitResult
from nnsize_engine.settings.layer_sizes import HiddenLayers


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateSummary:
    """What is known of one candidate so far."""

    candidate: Candidate
    fits: tuple[FitResult | None, ...]
    """One entry a split, which is a fold of a repeat; None while it is not done."""

    mean: float | None
    """Mean test score of the splits done; None before the first, or when any failed."""

    std: float | None
    """Population standard deviation of the same scores, as scikit-learn reports it."""

    train_mean: float | None
    fit_seconds: float | None
    """Mean time of one fit."""

    @property
    def folds_done(self) -> int:
        """Splits, with repeats."""
        return sum(fit is not None for fit in self.fits)

    @property
    def has_failed(self) -> bool:
        """Whether a fit failed; such a candidate is never chosen."""
        return any(fit is not None and fit.error is not None for fit in self.fits)

    @property
    def scores(self) -> tuple[float | None, ...]:
        """Test score by split; None where it is not done or failed."""
        return tuple(None if fit is None else fit.test_score for fit in self.fits)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedStatistics:
    """A candidate's scores on the splits that all candidates share; nothing where it failed or is not there yet."""

    mean: float | None = None
    std: float | None = None
    """Population standard deviation of all scores; None over a single one, which has no spread."""

    standard_error: float | None = None
    """Of the mean, from the spread over folds with n - 1 in the divisor."""

    std_over_folds: float | None = None
    """Population standard deviation of the folds' means over seeds; without repeats that of all scores."""

    std_over_seeds: float | None = None
    """Population standard deviation of the means over all folds, one for each seed; None before two are complete."""

    train_mean: float | None = None
    train_std: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The best candidate and the smallest adequate one, on folds that all of them share."""

    folds: tuple[int, ...]
    """The splits compared; without repeats the folds."""

    best: Candidate
    best_mean: float
    standard_error: float | None
    """Of the best mean, from the spread over folds (n - 1 in the divisor); None with a single fold."""

    adequate: Candidate
    """The candidate with the fewest weights within one standard error of the best; may be the best itself."""

    adequate_mean: float

    @property
    def threshold(self) -> float | None:
        """The least adequate mean, one standard error below the best one; None with a single fold."""
        return _threshold(self.best_mean, self.standard_error)

    @property
    def smallest_adequate(self) -> Candidate | None:
        """The smallest adequate candidate; None with a single fold, which has no threshold."""
        return None if self.threshold is None else self.adequate


def _threshold(best_mean: float, standard_error: float | None) -> float | None:
    return None if standard_error is None else best_mean - standard_error


def numpy_mean(values: Sequence[float]) -> float:
    """The mean as ``numpy.mean`` computes it over one contiguous row, to the last bit.

    NumPy adds fewer than 8 numbers in order, and up to 128 in 8 interleaved sums (pairwise_sum in loops_utils.h.src);
    longer rows are halved.
    """
    return _numpy_sum(values) / len(values)


def _numpy_sum(values: Sequence[float]) -> float:
    count = len(values)
    if count < 8:
        # Not sum(): from Python 3.12 on it compensates rounding errors, which NumPy does not.
        return reduce(add, values, -0.0) if count else 0.0
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
    """The splits on which candidates can be compared fairly.

    Those that every candidate has finished; before the first such, split 0 alone. A search goes split by split, and a
    hard fold would make the candidates that have already met it look worse than those that have not.
    """
    folds = range(len(summaries[0].fits)) if summaries else range(0)
    finished = tuple(fold for fold in folds if all(summary.fits[fold] is not None for summary in summaries))
    return finished or (0,)


def shared_statistics(
    summaries: Sequence[CandidateSummary], repeats: int = 1, compared: Collection[int] | None = None
) -> list[SharedStatistics]:
    """Return each candidate's statistics over :func:`shared_folds`, with so many repeats of each fold.

    ``compared`` are the numbers of the candidates that are compared, when some are dropped or not tried; the others get
    empty statistics.
    """
    chosen = [one for one in summaries if compared is None or one.candidate.number in compared]
    splits = shared_folds(chosen)
    cv = len(summaries[0].fits) // repeats if summaries else 0
    return [
        _statistics_over(one, splits, cv)
        if compared is None or one.candidate.number in compared
        else SharedStatistics()
        for one in summaries
    ]


def _statistics_over(summary: CandidateSummary, splits: Sequence[int], cv: int) -> SharedStatistics:
    fits = [fit for split in splits if (fit := summary.fits[split]) is not None]
    scores = [fit.test_score for fit in fits if fit.test_score is not None]
    train = [fit.train_score for fit in fits if fit.train_score is not None]
    if len(scores) < len(splits) or summary.has_failed:
        return SharedStatistics()
    has_train = len(train) == len(splits)
    std = numpy_std(scores) if len(scores) > 1 else None
    has_repeats = cv < len(summary.fits)
    over_folds = _spread_of_means(scores, [split % cv for split in splits], least=1) if has_repeats else std
    folds = len({split % cv for split in splits})
    return SharedStatistics(
        mean=numpy_mean(scores),
        std=std,
        standard_error=None if over_folds is None else over_folds / math.sqrt(folds - 1),
        std_over_folds=over_folds,
        # A repeat that lacks a fold would differ from the others by the fold, and not by the seed alone.
        std_over_seeds=_spread_of_means(scores, [split // cv for split in splits], least=cv) if has_repeats else None,
        train_mean=numpy_mean(train) if has_train else None,
        train_std=numpy_std(train) if has_train and len(train) > 1 else None,
    )


def _spread_of_means(scores: Sequence[float], groups: Sequence[int], least: int) -> float | None:
    """Population standard deviation of the means of groups of scores; None with fewer than two groups of that size."""
    members: dict[int, list[float]] = {}
    for score, group in zip(scores, groups, strict=True):
        members.setdefault(group, []).append(score)
    means = [numpy_mean(values) for values in members.values() if len(values) >= least]
    return numpy_std(means) if len(means) > 1 else None


def ranks(statistics: Sequence[SharedStatistics]) -> list[int]:
    """Rank of each candidate from 1, ties sharing the lowest, those without a mean last (``rank_test_score``)."""
    # Negated, with infinity for "none": ascending order is then best first, and all the missing tie at the end.
    keys = [math.inf if one.mean is None else -one.mean for one in statistics]
    first_place: dict[float, int] = {}
    for place, key in enumerate(sorted(keys), start=1):
        first_place.setdefault(key, place)
    return [first_place[key] for key in keys]


def choose(summaries: Sequence[CandidateSummary], statistics: Sequence[SharedStatistics]) -> Choice | None:
    """Choose on the splits that all candidates share; the first of equals wins, as in ``GridSearchCV``.

    Returns None while no candidate has a usable score.
    """
    usable = [
        (summary.candidate, one.mean, one.standard_error)
        for summary, one in zip(summaries, statistics, strict=True)
        if one.mean is not None
    ]
    if not usable:
        return None
    best, best_mean, standard_error = max(usable, key=lambda entry: entry[1])
    threshold = _threshold(best_mean, standard_error)
    least = best_mean if threshold is None else threshold
    adequate, adequate_mean, _ = min(
        (entry for entry in usable if entry[1] >= least), key=lambda entry: (entry[0].weights, -entry[1])
    )
    return Choice(
        folds=shared_folds(summaries),
        best=best,
        best_mean=best_mean,
        standard_error=standard_error,
        adequate=adequate,
        adequate_mean=adequate_mean,
    )


def best_per_size(
    summaries: Sequence[CandidateSummary], statistics: Sequence[SharedStatistics]
) -> dict[HiddenLayers, Candidate]:
    """The best candidate of each size, whatever its other parameters, in the search's order; the first of equals.

    A size none of whose candidates has a usable score is left out.
    """
    best: dict[HiddenLayers, tuple[float, Candidate]] = {}
    for summary, one in zip(summaries, statistics, strict=True):
        layers = summary.candidate.hidden_layer_sizes
        if one.mean is not None and (layers not in best or one.mean > best[layers][0]):
            best[layers] = one.mean, summary.candidate
    return {layers: candidate for layers, (_, candidate) in best.items()}
