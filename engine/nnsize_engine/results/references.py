"""The references of a search: simple models on the same folds, to compare the networks with."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Literal, get_args

from nnsize_engine.results.scores import Score, find_score
from nnsize_engine.results.statistics import numpy_mean, numpy_std

ReferenceName = Literal["dummy", "linear", "trees"]
"""A dummy that ignores the inputs, a linear model, and gradient-boosted trees."""

REFERENCES: tuple[ReferenceName, ...] = get_args(ReferenceName)
"""All references, the simplest first."""

REFERENCE_WORDS: Mapping[ReferenceName, str] = MappingProxyType(
    {"dummy": "dummy", "linear": "linear model", "trees": "boosted trees"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceResult:
    """One reference on one fold. Written once, never changed."""

    name: ReferenceName
    fold: int
    test_score: float | None
    """Score on the fold's held-out rows; None when it failed."""

    train_score: float | None
    fit_seconds: float
    score_seconds: float
    """Seconds of scoring the held-out rows (scikit-learn's ``score_time``)."""

    error: str | None = None
    """The reason why it failed; None when it did not."""

    further: tuple[Score, ...] = ()
    """Scores by the further scorings, which are stored in a table of their own; empty when it failed."""


REFERENCE_COLUMNS = tuple(one.name for one in fields(ReferenceResult) if one.name != "further")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceSummary:
    """The results of one reference so far, and their statistics."""

    name: ReferenceName
    fits: tuple[ReferenceResult | None, ...]
    """One entry for each fold; None until it ends."""

    mean: float | None
    """Mean test score over the compared folds; None while one of them is missing, or if one failed."""

    std: float | None
    """Population standard deviation of the same scores, as scikit-learn reports it; None with a single fold."""

    standard_error: float | None
    """Standard error of the mean, from the spread over folds (n - 1 in the divisor); None with a single fold."""

    train_mean: float | None
    fit_seconds: float | None
    """Mean time of one fit."""

    further_means: Mapping[str, float | None] = field(default_factory=dict)
    """Mean test score by each further scoring, over the same folds."""

    @property
    def words(self) -> str:
        """The name in words."""
        return REFERENCE_WORDS[self.name]

    @property
    def scores(self) -> tuple[float | None, ...]:
        """Test score by fold; None where there is none."""
        return tuple(None if fit is None else fit.test_score for fit in self.fits)

    @property
    def folds_done(self) -> int:
        """The number of finished folds."""
        return sum(fit is not None for fit in self.fits)

    @property
    def error(self) -> str | None:
        """The first reason of a failure; None if no fold failed."""
        return next((fit.error for fit in self.fits if fit is not None and fit.error is not None), None)


def summarise_references(
    results: Iterable[ReferenceResult], count: int, folds: Sequence[int], further: Sequence[str] = ()
) -> tuple[ReferenceSummary, ...]:
    """Summarise each reference that has a result, the simplest first.

    ``folds`` are the folds on which the candidates are compared: a mean over other folds would stand beside theirs
    without being comparable. ``further`` are the further scorings.
    """
    by_name: dict[ReferenceName, list[ReferenceResult | None]] = {}
    for result in results:
        by_name.setdefault(result.name, [None] * count)[result.fold] = result
    found = (_summary(name, by_name[name], folds) for name in REFERENCES if name in by_name)
    return tuple(
        replace(one, further_means={name: scored_reference(one, name, folds).mean for name in further}) for one in found
    )


def scored_reference(summary: ReferenceSummary, scoring: str, folds: Sequence[int]) -> ReferenceSummary:
    """Return a reference with its scores by a further scoring, compared on these folds."""
    return _summary(summary.name, [None if fit is None else _scored(fit, scoring) for fit in summary.fits], folds)


def _scored(fit: ReferenceResult, scoring: str) -> ReferenceResult:
    score = find_score(fit.further, scoring)
    return replace(fit, test_score=score.test, train_score=score.train)


def _summary(name: ReferenceName, fits: Sequence[ReferenceResult | None], folds: Sequence[int]) -> ReferenceSummary:
    compared = [fit for fold in folds if (fit := fits[fold]) is not None]
    scores = [fit.test_score for fit in compared if fit.test_score is not None]
    train = [fit.train_score for fit in compared if fit.train_score is not None]
    has_failed = any(fit is not None and fit.error is not None for fit in fits)
    is_usable = bool(folds) and len(scores) == len(folds) and not has_failed
    std = numpy_std(scores) if is_usable and len(scores) > 1 else None
    done = [fit.fit_seconds for fit in fits if fit is not None and fit.error is None]
    return ReferenceSummary(
        name=name,
        fits=tuple(fits),
        mean=numpy_mean(scores) if is_usable else None,
        std=std,
        standard_error=None if std is None else std / math.sqrt(len(scores) - 1),
        train_mean=numpy_mean(train) if is_usable and len(train) == len(scores) else None,
        fit_seconds=numpy_mean(done) if done else None,
    )
