"""The importances of a search's parameters, from one look at it.

NumPy computes them, so a screen asks for them in a thread.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nnsize_engine.charts.importance_data import (
    MIN_PARAMETERS,
    ImportanceData,
    data_of,
    has_importances,
    space_of_view,
)
from nnsize_engine.errors import RunError
from nnsize_engine.results.importances import BEYOND, NOISE, Importances, ParameterEffect, Share
from nnsize_engine.runs.view import SizeView, WatchedView

if TYPE_CHECKING:
    from nnsize_engine.results.fold_shares import Estimate, SharesOfEffects
    from nnsize_engine.results.functional_anova import Decomposition, Floats


def importances_of(view: SizeView | WatchedView) -> Importances:
    """Compute the importances of the parameters, from the folds that all compared candidates have.

    Raises:
        RunError: fewer than two parameters vary, or too few candidates have scores yet.
    """
    space, run = space_of_view(view), view.folder.name
    if not has_importances(space) and (isinstance(view, SizeView) or len(view.settings.searched) < MIN_PARAMETERS):
        varied = space.dimensions[0].title if space.dimensions else "nothing"
        raise RunError(
            f"run {run} varies only {varied}; importances compare parameters, so a search needs two that vary, such as "
            "--neurons and --alpha 1e-5,1e-3,1e-1"
        )
    data = data_of(view, space)
    if len(data.dimensions) < MIN_PARAMETERS:
        raise RunError(
            f"run {run} has no importances yet: candidates with scores ({len(data.places):,} so far) must differ in "
            "two parameters; wait for more fits"
        )
    return _computed(data)


def _computed(data: ImportanceData) -> Importances:
    import numpy as np

    from nnsize_engine.results.anova_kernel import decompose_kernel, drawn
    from nnsize_engine.results.fold_shares import estimate_shares
    from nnsize_engine.results.functional_anova import decompose_grid, is_whole_grid

    places, scores = np.array(data.places), np.array(data.scores).T
    is_grid = is_whole_grid(places)
    if is_grid:
        found, count = decompose_grid(places, scores), len(places)
    else:
        kept = drawn(len(places))
        is_ordered = [data.space.dimensions[one].numbers is not None for one in data.dimensions]
        found, count = decompose_kernel(places[kept], is_ordered, scores[:, kept]), len(kept)
    shares = estimate_shares(found)
    titles = [data.space.dimensions[one].title for one in data.dimensions]
    return Importances(
        alone=_of_parameters(titles, shares.alone),
        total=_of_parameters(titles, shares.total),
        pairs=_of_pairs(titles, found, shares),
        beyond=_share((BEYOND,), shares.beyond) if len(titles) > MIN_PARAMETERS else None,
        noise=_share((NOISE,), shares.noise),
        effects=tuple(
            _effect(data, one, values, means)
            for one, values, means in zip(data.dimensions, data.values, found.means, strict=True)
        ),
        scoring=data.scoring,
        folds=len(scores),
        candidates=count,
        tried=data.tried,
        is_grid=is_grid,
        deviation=shares.deviation,
    )


def _share(names: tuple[str, ...], estimate: "Estimate") -> Share:
    return Share(parameters=names, share=estimate.share, low=estimate.low, high=estimate.high)


def _of_parameters(titles: Sequence[str], estimates: Sequence["Estimate"]) -> tuple[Share, ...]:
    return tuple(_share((title,), one) for title, one in zip(titles, estimates, strict=True))


def _of_pairs(titles: Sequence[str], found: "Decomposition", shares: "SharesOfEffects") -> tuple[Share, ...]:
    names = [(titles[one], titles[other]) for (one, other), _ in found.pairs]
    return tuple(_share(pair, one) for pair, one in zip(names, shares.pairs, strict=True))


def _effect(data: ImportanceData, number: int, values: Sequence[int], means: "Floats") -> ParameterEffect:
    dimension, folds = data.space.dimensions[number], len(means)
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
        best=tuple(data.beside_best(number, value) for value in values),
    )
