"""Statistics over fold scores: what each candidate reached, and the ranks.

Means, deviations and ranks equal scikit-learn's ``cv_results_`` to the last bit. They are computed in plain Python,
because NumPy would delay the explorer's first frame by a tenth of a second.

With repeats, a candidate has a score for every fold and seed; split ``repeat * folds + fold`` is one of them. Two seeds
on one fold see the same rows, so they do not show how the score varies with the rows. The standard error is therefore
that of the folds' means over seeds.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

from nnsize_engine.results.search_records import Candidate, FitResult


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateSummary:
    """One candidate's fits so far, and their statistics."""

    candidate: Candidate
    fits: tuple[FitResult | None, ...]
    """One entry for each split, which is a fold of a repeat; None until the fit ends."""

    mean: float | None
    """Mean test score over the finished splits; None before the first one, or if a fit failed."""

    std: float | None
    """Population standard deviation of the same scores, as scikit-learn reports it."""

    train_mean: float | None
    fit_seconds: float | None
    """Mean time of one fit."""

    @property
    def folds_done(self) -> int:
        """The number of finished splits, of all repeats."""
        return sum(fit is not None for fit in self.fits)

    @property
    def has_failed(self) -> bool:
        """A fit failed, so that the candidate is never chosen."""
        # A loop, because any() with a generator takes three times as long, and there may be 20,000 candidates.
        for fit in self.fits:  # noqa: SIM110
            if fit is not None and fit.error is not None:
                return True
        return False

    @property
    def scores(self) -> tuple[float | None, ...]:
        """Test score by split; None where the fit is not finished or failed."""
        return tuple(None if fit is None else fit.test_score for fit in self.fits)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedStatistics:
    """Statistics of a candidate's scores on the splits that all candidates share.

    All are None or empty while the candidate lacks one of these splits, and if one of its fits failed.
    """

    mean: float | None = None
    std: float | None = None
    """Population standard deviation of all scores; None with a single score."""

    standard_error: float | None = None
    """Standard error of the mean, from the spread over folds (n - 1 in the divisor); None with a single fold."""

    fold_scores: tuple[float, ...] = ()
    """Mean test score over repeats of each shared fold, in the order of the folds."""

    std_over_folds: float | None = None
    """Population standard deviation of the folds' means over seeds; without repeats, of all scores."""

    std_over_seeds: float | None = None
    """Population standard deviation of the means over all folds, one for each seed; None before two are complete."""

    train_mean: float | None = None
    train_std: float | None = None


def numpy_mean(values: Sequence[float]) -> float:
    """Return the mean as ``numpy.mean`` computes it over one contiguous row, to the last bit.

    NumPy adds fewer than 8 numbers in order, and up to 128 numbers in 8 interleaved sums. It halves longer rows
    (pairwise_sum in loops_utils.h.src).
    """
    count = len(values)
    # Few are by far the most frequent, and worth no call of their own; see below why this is not sum().
    return (reduce(add, values, -0.0) if 0 < count < 8 else _numpy_sum(values)) / count


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


def numpy_std(values: Sequence[float], mean: float | None = None) -> float:
    """Return the population standard deviation as ``cv_results_`` has it, to the last bit; ``mean`` if it is known."""
    if mean is None:
        mean = numpy_mean(values)
    return math.sqrt(numpy_mean([(value - mean) * (value - mean) for value in values]))


def summarise(candidate: Candidate, fits: Iterable[FitResult], folds: int) -> CandidateSummary:
    """Gather the fits of one candidate, in any order."""
    by_fold: list[FitResult | None] = [None] * folds
    for fit in fits:
        by_fold[fit.fold] = fit
    done = [fit for fit in by_fold if fit is not None]
    scores = [score for fit in done if (score := fit.test_score) is not None]
    train = [score for fit in done if (score := fit.train_score) is not None]
    usable = bool(done) and len(scores) == len(done)
    mean = numpy_mean(scores) if usable else None
    return CandidateSummary(
        candidate=candidate,
        fits=tuple(by_fold),
        mean=mean,
        std=numpy_std(scores, mean) if usable else None,
        train_mean=numpy_mean(train) if usable and len(train) == len(done) else None,
        fit_seconds=numpy_mean([fit.fit_seconds for fit in done]) if done else None,
    )


def summarise_all(candidates: Sequence[Candidate], fits: Iterable[FitResult], folds: int) -> list[CandidateSummary]:
    """Gather all fits of a search: one summary for each candidate, in the search's order."""
    by_candidate: list[list[FitResult]] = [[] for _ in candidates]
    for fit in fits:
        by_candidate[fit.candidate].append(fit)
    return [summarise(candidate, by_candidate[candidate.number], folds) for candidate in candidates]


def shared_folds(summaries: Sequence[CandidateSummary]) -> tuple[int, ...]:
    """Return the splits on which candidates can be compared fairly.

    These are the splits that every candidate has finished, or split 0 before there is one. A search goes split by
    split, so a hard fold would make the candidates that have met it look worse than those that have not.
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
    if summary.has_failed:
        return SharedStatistics()
    fits = [fit for split in splits if (fit := summary.fits[split]) is not None]
    scores = [score for fit in fits if (score := fit.test_score) is not None]
    train = [score for fit in fits if (score := fit.train_score) is not None]
    is_all = len(splits) == len(summary.fits)  # in their order: its own statistics are over the same scores
    has_train = len(train) == len(splits)
    train_mean = (
        (summary.train_mean if is_all and summary.train_mean is not None else numpy_mean(train)) if has_train else None
    )
    train_std = numpy_std(train, train_mean) if has_train and len(train) > 1 else None
    if len(scores) < len(splits):  # a further scoring may fail on the held-out rows alone
        return SharedStatistics(train_mean=train_mean, train_std=train_std)
    mean = summary.mean if is_all and summary.mean is not None else numpy_mean(scores)
    std = None
    if len(scores) > 1:
        std = summary.std if is_all and summary.std is not None else numpy_std(scores, mean)
    has_repeats = cv < len(summary.fits)
    by_fold = _means_of(scores, [split % cv for split in splits], least=1) if has_repeats else scores
    over_folds = _spread(by_fold) if has_repeats else std
    return SharedStatistics(
        mean=mean,
        std=std,
        standard_error=None if over_folds is None else over_folds / math.sqrt(len(by_fold) - 1),
        fold_scores=tuple(by_fold),
        std_over_folds=over_folds,
        # A repeat that lacks a fold would differ from the others by the fold, and not by the seed alone.
        std_over_seeds=_spread(_means_of(scores, [split // cv for split in splits], least=cv)) if has_repeats else None,
        train_mean=train_mean,
        train_std=train_std,
    )


def _means_of(scores: Sequence[float], groups: Sequence[int], least: int) -> list[float]:
    """Return the mean of each group of scores, in the groups' order; groups with fewer scores are left out."""
    members: dict[int, list[float]] = {}
    for score, group in zip(scores, groups, strict=True):
        members.setdefault(group, []).append(score)
    return [numpy_mean(members[group]) for group in sorted(members) if len(members[group]) >= least]


def _spread(values: Sequence[float]) -> float | None:
    """Return the population standard deviation; None with fewer than two values."""
    return numpy_std(values) if len(values) > 1 else None


def ranks(statistics: Sequence[SharedStatistics]) -> list[int]:
    """Return the rank of each candidate, from 1, as in ``rank_test_score``.

    Equal candidates share the lowest rank. Candidates without a mean are last.
    """
    # Negated, with infinity for "none": ascending order is then best first, and all the missing tie at the end.
    keys = [math.inf if one.mean is None else -one.mean for one in statistics]
    first_place: dict[float, int] = {}
    for place, key in enumerate(sorted(keys), start=1):
        first_place.setdefault(key, place)
    return [first_place[key] for key in keys]
