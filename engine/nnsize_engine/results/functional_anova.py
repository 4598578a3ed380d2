"""Decompose the scores of a grid of candidates by parameter: the functional analysis of variance.

A score is a sum of effects: a constant, one effect of each parameter, one of each pair, and the rest. Each effect has
mean 0 along each of its parameters, so their variances add up to the variance between candidates. On a whole grid this
is exact, and no model is fitted (Hoeffding, 1948, https://doi.org/10.1214/aoms/1177730196; Hutter, Hoos and
Leyton-Brown, 2014, https://proceedings.mlr.press/v32/hutter14.html, call it fANOVA and fit a random forest first). All
values of a parameter weigh the same. A search without gaps is such a grid; ``anova_kernel`` fills gaps in others.

The variance of a mean over folds contains noise. Effects are linear in the scores, so each fold has its own estimate of
each effect, and the product of an effect's estimates on two different folds contains none of it. Hence a variance is
estimated by the mean product over all pairs of different folds. This equals the ANOVA estimate with the fold as a
block and the interaction of effect and fold as the error term, and needs no equal noise in all candidates. As shares of
the variance of the means these are epsilon squared (Kelley, 1935, https://doi.org/10.1073/pnas.21.9.554), with an error
term of its own for each effect. They add up to 1 with the share of the noise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decomposition:
    """The effects of parameters, by fold.

    A product matrix has the shape ``(folds, folds)``: the mean over the grid of an effect's estimate on one fold times
    that on another.
    """

    alone: tuple[Floats, ...]
    """The product matrix of each parameter's own effect."""

    total: tuple[Floats, ...]
    """The same of all effects that a parameter is part of, together."""

    pairs: tuple[tuple[tuple[int, int], Floats], ...]
    """The product matrix of the interaction of each two parameters."""

    whole: Floats
    """The product matrix of all effects together."""

    unexplained: Floats
    """The products of what no effect explains; 0 on a grid."""

    means: tuple[Floats, ...]
    """Of each parameter the mean score over all others, with the shape ``(folds, values)``."""


def is_whole_grid(places: NDArray[np.intp]) -> bool:
    """Return whether candidates at different places ``(candidates, parameters)`` are all combinations."""
    return len(places) == prod(int(column.max()) + 1 for column in places.T)


def decompose_grid(places: NDArray[np.intp], scores: Floats) -> Decomposition:
    """Decompose the scores ``(folds, candidates)`` of all combinations; ``places`` are indices of their values."""
    folds, parameters = len(scores), places.shape[1]
    shape = tuple(int(column.max()) + 1 for column in places.T)
    table = np.empty((folds, *shape))
    table[(slice(None), *places.T)] = scores
    centred = table - _mean_over(table, range(parameters))
    alone = [_mean_over(centred, _without(parameters, {one})) for one in range(parameters)]
    return Decomposition(
        alone=tuple(map(_products, alone)),
        total=tuple(_products(centred - _mean_over(centred, [one])) for one in range(parameters)),
        pairs=tuple(
            (
                (one, other),
                _products(_mean_over(centred, _without(parameters, {one, other})) - alone[one] - alone[other]),
            )
            for one, other in combinations(range(parameters), 2)
        ),
        whole=_products(centred),
        unexplained=np.zeros((folds, folds)),
        means=tuple(
            _mean_over(table, _without(parameters, {one})).reshape(folds, shape[one]) for one in range(parameters)
        ),
    )


def _without(parameters: int, left_out: set[int]) -> list[int]:
    return [one for one in range(parameters) if one not in left_out]


def _mean_over(table: Floats, parameters: Sequence[int]) -> Floats:
    """Return the mean over these parameters, which keep one place each; the first axis is that of the folds."""
    found: Floats = table.mean(axis=tuple(one + 1 for one in parameters), keepdims=True)
    return found


def _products(effect: Floats) -> Floats:
    by_fold = effect.reshape(len(effect), -1)
    found: Floats = by_fold @ by_fold.T / by_fold.shape[1]
    return found
