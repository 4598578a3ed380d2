"""The importances of a search's parameters, from one look at it.

NumPy computes them, so a screen asks for them in a thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from nnsize_engine.charts.search_space import SearchSpace, space_of
from nnsize_engine.errors import RunError
from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.importances import BEYOND, NOISE, Importances, ParameterEffect, Share
from nnsize_engine.results.statistics import CandidateSummary, numpy_mean
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.search import SizeSettings

if TYPE_CHECKING:
    from nnsize_engine.results.fold_shares import Estimate, SharesOfEffects
    from nnsize_engine.results.functional_anova import Decomposition, Floats

MIN_PARAMETERS = 2
"""Parameters that must vary: one alone explains everything."""

MIN_FOLDS_OF_RACES = 2  # finished fits of a candidate that a race has just added


def has_importances(space: SearchSpace) -> bool:
    """Return whether a search varies enough parameters to compare them."""
    return len(space.dimensions) >= MIN_PARAMETERS


def varies_parameters(settings: SizeSettings) -> bool:
    """Return whether a search has importances, from its settings alone."""
    return has_importances(space_of(settings, list_candidates(settings)))


def importances_of(view: SizeView) -> Importances:
    """Compute the importances of the parameters, from the folds that all compared candidates have.

    Left out are candidates with a failed fit, those without any fit, and in a race those with fewer than two while
    others have two.

    Raises:
        RunError: fewer than two parameters vary, or too few candidates have scores yet.
    """
    space = space_of(view.settings, [summary.candidate for summary in view.summaries])
    run = view.folder.name
    if not has_importances(space):
        raise RunError(
            f"run {run} varies only {space.dimensions[0].title}; importances compare parameters, so a search needs two "
            "that vary, such as --neurons and --alpha 1e-5,1e-3,1e-1"
        )
    compared = _compared(view)
    used = _used(space, compared.numbers)
    if len(used.dimensions) < MIN_PARAMETERS:
        raise RunError(
            f"run {run} has no importances yet: candidates with scores ({len(compared.numbers):,} so far) must differ in "
            "two parameters; wait for more fits"
        )
    return _Computed(view, space, compared, used).importances()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared:
    """The candidates that are compared, and the splits that all of them have."""

    numbers: list[int]
    splits: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Used:
    """The parameters that vary among the compared candidates."""

    dimensions: list[int]
    values: list[list[int]]
    """For each of these parameters, the indices of the values that candidates have."""


def _compared(view: SizeView) -> _Compared:
    summaries = [view.summaries[number] for number in view.tried if _has_scores(view.summaries[number])]
    # A race adds candidates when others have several folds; they are compared once their noise can be told.
    most = max((summary.folds_done for summary in summaries), default=0)
    least = MIN_FOLDS_OF_RACES if view.race is not None and most >= MIN_FOLDS_OF_RACES else 1
    kept = [summary for summary in summaries if summary.folds_done >= least]
    splits = _shared_splits(kept)
    if not splits and kept:  # candidates began with different folds
        counts = [sum(summary.fits[split] is not None for summary in kept) for split in range(len(kept[0].fits))]
        splits = [counts.index(max(counts))]
        kept = [summary for summary in kept if summary.fits[splits[0]] is not None]
    return _Compared(numbers=[summary.candidate.number for summary in kept], splits=splits)


def _has_scores(summary: CandidateSummary) -> bool:
    """Return whether every finished fit of a candidate has a finite score."""
    return all(
        fit is None or (fit.error is None and fit.test_score is not None and isfinite(fit.test_score))
        for fit in summary.fits
    )


def _shared_splits(summaries: Sequence[CandidateSummary]) -> list[int]:
    if not summaries:
        return []
    splits = range(len(summaries[0].fits))
    return [split for split in splits if all(summary.fits[split] is not None for summary in summaries)]


def _used(space: SearchSpace, numbers: Sequence[int]) -> _Used:
    columns = [sorted({space.places[number][one] for number in numbers}) for one in range(len(space.dimensions))]
    varied = [one for one, values in enumerate(columns) if len(values) > 1]
    return _Used(dimensions=varied, values=[columns[one] for one in varied])


class _Computed:
    """The numbers of one computation, put together as importances."""

    def __init__(self, view: SizeView, space: SearchSpace, compared: _Compared, used: _Used) -> None:
        self._view, self._space, self._compared, self._used = view, space, compared, used
        self._titles = [space.dimensions[one].title for one in used.dimensions]

    def importances(self) -> Importances:
        """Return everything."""
        import numpy as np

        from nnsize_engine.results.anova_kernel import decompose_kernel, drawn
        from nnsize_engine.results.fold_shares import estimate_shares
        from nnsize_engine.results.functional_anova import decompose_grid, is_whole_grid

        space, used, numbers = self._space, self._used, self._compared.numbers
        indices = [{value: index for index, value in enumerate(values)} for values in used.values]
        places = np.array(
            [
                [index[space.places[number][one]] for one, index in zip(used.dimensions, indices, strict=True)]
                for number in numbers
            ]
        )
        scores = np.array([self._fold_scores(number) for number in numbers]).T
        is_grid = is_whole_grid(places)
        if is_grid:
            found, count = decompose_grid(places, scores), len(numbers)
        else:
            kept = drawn(len(numbers))
            is_ordered = [space.dimensions[one].numbers is not None for one in used.dimensions]
            found, count = decompose_kernel(places[kept], is_ordered, scores[:, kept]), len(kept)
        shares = estimate_shares(found)
        beyond = self._share((BEYOND,), shares.beyond) if len(self._titles) > 2 else None
        return Importances(
            alone=self._of_parameters(shares.alone),
            total=self._of_parameters(shares.total),
            pairs=self._of_pairs(found, shares),
            beyond=beyond,
            noise=self._share((NOISE,), shares.noise),
            effects=self._effects(found),
            scoring=self._view.settings.scoring,
            folds=len(scores),
            candidates=count,
            tried=len(self._view.tried),
            is_grid=is_grid,
            deviation=shares.deviation,
        )

    def _fold_scores(self, number: int) -> list[float]:
        """Return the mean score over repeats of each fold."""
        settings, fits = self._view.settings, self._view.summaries[number].fits
        by_fold: dict[int, list[float]] = {}
        for split in self._compared.splits:
            fit = fits[split]
            assert fit is not None
            assert fit.test_score is not None
            by_fold.setdefault(split % settings.folds, []).append(fit.test_score)
        return [numpy_mean(by_fold[fold]) for fold in sorted(by_fold)]

    def _share(self, names: tuple[str, ...], estimate: "Estimate") -> Share:
        return Share(parameters=names, share=estimate.share, low=estimate.low, high=estimate.high)

    def _of_parameters(self, estimates: Sequence["Estimate"]) -> tuple[Share, ...]:
        return tuple(self._share((title,), one) for title, one in zip(self._titles, estimates, strict=True))

    def _of_pairs(self, found: "Decomposition", shares: "SharesOfEffects") -> tuple[Share, ...]:
        names = [(self._titles[one], self._titles[other]) for (one, other), _ in found.pairs]
        return tuple(self._share(pair, one) for pair, one in zip(names, shares.pairs, strict=True))

    def _effects(self, found: "Decomposition") -> tuple[ParameterEffect, ...]:
        return tuple(
            self._effect(one, values, means)
            for one, values, means in zip(self._used.dimensions, self._used.values, found.means, strict=True)
        )

    def _effect(self, number: int, values: Sequence[int], means: "Floats") -> ParameterEffect:
        dimension, folds = self._space.dimensions[number], len(means)
        errors = None
        if folds > 1:
            # What a fold adds to all values says nothing about their differences.
            apart = means - means.mean(axis=1, keepdims=True)
            errors = tuple(map(float, apart.std(axis=0, ddof=1) / folds**0.5))
        return ParameterEffect(
            parameter=dimension.title,
            labels=tuple(dimension.labels[value] for value in values),
            numbers=None if dimension.numbers is None else tuple(dimension.numbers[value] for value in values),
            is_log=dimension.is_log,
            means=tuple(map(float, means.mean(axis=0))),
            errors=errors,
            best=tuple(self._score_beside_best(number, value) for value in values),
        )

    def _score_beside_best(self, number: int, value: int) -> float | None:
        """Return the mean score of the best candidate with another value of one parameter; None if there is none."""
        choice = self._view.choice
        if choice is None:
            return None
        place: list[int] = list(self._space.places[choice.best.number])
        place[number] = value
        candidate = self._space.numbers.get(tuple(place))
        return None if candidate is None else self._view.shared[candidate].mean
