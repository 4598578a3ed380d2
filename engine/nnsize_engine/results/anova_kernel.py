"""Decompose the scores of candidates that are no whole grid, by kriging with an ANOVA kernel.

Combinations are missing while a search goes on, where fits failed, where a race tries other sizes for each combination,
and of random searches. The scores are then interpolated by a Gaussian process whose covariance is a product over the
parameters of ``1 + s k``, where ``k`` has mean 0 over the values of the parameter and ``s`` is its strength (Durrande,
Ginsbourger, Roustant and Carraro, 2013, https://doi.org/10.1016/j.jmva.2012.08.016). The interpolation is then a sum of
effects, each of which is known in closed form, also where the grid would have too many combinations to be listed.

``k`` is that of a random walk over the ordered values of a number, which interpolates linearly whatever their scale,
and that of independent values for words (smoothing spline ANOVA: Wahba, 1990, https://doi.org/10.1137/1.9781611970128).
Strengths and noise are those of the largest likelihood of the means over folds, from a small grid. For fixed strengths
the effects are linear in the scores, so that the noise of the folds is taken out as on a whole grid.

A random forest, as Hutter, Hoos and Leyton-Brown (2014) use, was not taken: its trees change with the fold, so that the
noise cannot be taken out, and it needs hundreds of candidates to show that two parameters do not interact.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.results.functional_anova import Decomposition, Floats

STRENGTHS = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
"""Strengths of a parameter that are tried."""

NOISES = (1e-6, 1e-4, 1e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0)
"""Variances of the noise that are tried, as parts of the variance of a score."""

ROUNDS = 3  # passes over the strengths and the noise; more changed no choice in trials

MAX_CANDIDATES_OF_CHOICE = 250  # candidates by which strengths are chosen, in a tenth of a second
MAX_CANDIDATES = 1000  # candidates that are decomposed, in about a second; of more, these are drawn


def drawn(candidates: int) -> NDArray[np.intp]:
    """Return the places of the candidates that are decomposed: all, or the same random ones each time."""
    return _spread(candidates, MAX_CANDIDATES)


def decompose_kernel(places: NDArray[np.intp], is_ordered: Sequence[bool], scores: Floats) -> Decomposition:
    """Decompose the scores ``(folds, candidates)``; ``places`` has the index of each candidate's values.

    ``is_ordered`` tells for each parameter whether its values are numbers in rising order.
    """
    kernels = [
        _kernel(int(column.max()) + 1, is_ordered=ordered) for column, ordered in zip(places.T, is_ordered, strict=True)
    ]
    strengths, noise = _chosen(kernels, places, scores.mean(axis=0))
    count = len(places)
    between = [
        strength * kernel[np.ix_(column, column)]
        for strength, kernel, column in zip(strengths, kernels, places.T, strict=True)
    ]
    levels = scores.mean(axis=1, keepdims=True)
    covariance = _product(between)
    noise *= covariance.diagonal().mean()
    covariance = covariance + noise * np.eye(count)
    weights = np.linalg.solve(covariance, (scores - levels).T).T  # (folds, candidates)
    # The mean over the grid of the product of two candidates' kernels.
    shared = [
        strength**2 * (kernel @ kernel / len(kernel))[np.ix_(column, column)]
        for strength, kernel, column in zip(strengths, kernels, places.T, strict=True)
    ]
    every = _product(shared) - 1
    constants = levels + weights.sum(axis=1, keepdims=True)

    def products(of: Floats) -> Floats:
        found: Floats = weights @ of @ weights.T
        return found

    return Decomposition(
        alone=tuple(map(products, shared)),
        total=tuple(
            products(every - (_product([*shared[:place], *shared[place + 1 :]]) - 1)) for place in range(len(shared))
        ),
        pairs=tuple(
            ((one, other), products(shared[one] * shared[other])) for one, other in combinations(range(len(shared)), 2)
        ),
        whole=products(every),
        unexplained=noise**2 * (weights @ weights.T) / count,  # what the interpolation leaves is noise times weights
        means=tuple(
            constants + weights @ (strength * kernel[column])
            for strength, kernel, column in zip(strengths, kernels, places.T, strict=True)
        ),
    )


def _kernel(values: int, *, is_ordered: bool) -> Floats:
    """Return the covariance of the effects of the values of a parameter: mean 0 along each axis, mean variance 1."""
    steps = np.arange(values, dtype=np.float64)
    plain = np.minimum.outer(steps, steps) if is_ordered else np.eye(values)
    centred = plain - plain.mean(axis=0) - plain.mean(axis=1, keepdims=True) + plain.mean()
    found: Floats = centred / centred.diagonal().mean()
    return found


def _product(parts: Sequence[Floats]) -> Floats:
    found = np.ones_like(parts[0])
    for part in parts:
        found = found * (1 + part)
    return found


def _spread(count: int, most: int) -> NDArray[np.intp]:
    if count <= most:
        return np.arange(count)
    return np.sort(np.random.default_rng(0).permutation(count)[:most])


def _chosen(kernels: Sequence[Floats], places: NDArray[np.intp], means: Floats) -> tuple[list[float], float]:
    """Return the strength of each parameter and the noise, one after the other the best of those that are tried."""
    used = _spread(len(means), MAX_CANDIDATES_OF_CHOICE)
    between = [kernel[np.ix_(column, column)] for kernel, column in zip(kernels, places[used].T, strict=True)]
    target = means[used] - means[used].mean()
    strengths, noise = [0.3] * len(kernels), 0.01
    if not target.any():
        return strengths, noise

    def misfit(strengths: Sequence[float], noise: float) -> float:
        """Return the negative logarithm of the likelihood, with the variance that makes it largest."""
        parts = [strength * part for strength, part in zip(strengths, between, strict=True)]
        covariance = _product(parts)
        covariance[np.diag_indices_from(covariance)] += noise * covariance.diagonal().mean()
        factor = np.linalg.cholesky(covariance)
        whitened = np.linalg.solve(factor, target)
        return float(len(used) / 2 * np.log(whitened @ whitened) + np.log(factor.diagonal()).sum())

    for _ in range(ROUNDS):
        before = (list(strengths), noise)
        for place in range(len(kernels)):
            tried = [[*strengths[:place], one, *strengths[place + 1 :]] for one in STRENGTHS]
            strengths = min(tried, key=lambda one: misfit(one, noise))
        noise = min(NOISES, key=lambda one: misfit(strengths, one))
        if before == (strengths, noise):
            break
    return strengths, noise
