"""Decide which size to recommend: the smallest one whose smoothed score is close to the best smoothed score.

The largest of noisy means is partly luck, and "not significantly worse than the best" accepts sizes that are clearly
worse. So the score curve is smoothed over the logarithm of the size first, and a small slack decides afterwards. A
study compares the rule with others (``engine/benchmarks/decision``).

Networks with another number of layers are another curve, because a missing layer has no place on the axis.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

from nnsize_engine.results.smoothing import MIN_SIZES_TO_SMOOTH, Layers, all_weights, smoothing_weights

MAX_PLAIN_SIZES = 200
"""More sizes are smoothed with NumPy. Plain Python takes 0.03 s for so many, and its time grows with their square."""

SLACK_OF_ERROR = 0.25
"""Share of the standard error of the best smoothed score that a smaller size may lose."""

SLACK_OF_RANGE = 0.1
"""Share of the smoothed curve's range that a smaller size may lose at most."""

ROUNDING = 1e-12
"""Share of the largest smoothed score within which scores are equal: the smoother's sums round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The recommended size among several, and the reason. Sizes are named by their index."""

    best: int
    """The size with the best smoothed score; the first of equals."""

    recommended: int
    """The size with the fewest weights within the slack."""

    smoothed: tuple[float, ...]
    """Smoothed mean score by size."""

    standard_error: float | None
    """Standard error of the best smoothed score, over folds (n - 1); None with one fold."""

    slack: float
    """Score that the recommended size may lose against the best one; 0 with one fold."""


def decide(sizes: Sequence[Sequence[int]], weights: Sequence[int], scores: Sequence[Sequence[float]]) -> Decision:
    """Decide among the sizes of one combination of the other parameters.

    ``sizes`` are hidden-layer sizes, ``weights`` their numbers of weights, ``scores`` has a row a fold and a column a
    size; a score is the mean over repeats. At least one size and one fold are expected.
    """
    folds = len(scores)
    means = [math.fsum(column) / folds for column in zip(*scores, strict=True)]
    curves = _curves(sizes)
    smoothed = [0.0] * len(sizes)
    for curve in curves:
        scores_of_curve = smooth([sizes[number] for number in curve], [means[number] for number in curve])
        for number, score in zip(curve, scores_of_curve, strict=True):
            smoothed[number] = score
    rounding = ROUNDING * max(map(abs, smoothed))
    highest = max(smoothed)
    best = next(number for number, score in enumerate(smoothed) if score >= highest - rounding)
    error = _standard_error(sizes, next(curve for curve in curves if best in curve), best, scores)
    slack = 0.0 if error is None else min(SLACK_OF_ERROR * error, SLACK_OF_RANGE * (highest - min(smoothed)))
    within = [number for number, score in enumerate(smoothed) if score >= smoothed[best] - slack - rounding]
    recommended = min(within, key=lambda number: (weights[number], -smoothed[number]))
    return Decision(best=best, recommended=recommended, smoothed=tuple(smoothed), standard_error=error, slack=slack)


def _curves(sizes: Sequence[Sequence[int]]) -> list[list[int]]:
    """Group sizes, by their index, into curves: one for each number of layers."""
    curves: dict[int, list[int]] = {}
    for number, layers in enumerate(sizes):
        curves.setdefault(len(layers), []).append(number)
    return list(curves.values())


def _standard_error(
    sizes: Sequence[Sequence[int]], curve: Sequence[int], at: int, scores: Sequence[Sequence[float]]
) -> float | None:
    """Return the standard error of one smoothed score, from its deviation over folds (n - 1); None with one fold."""
    folds = len(scores)
    if folds < 2:
        return None
    row = smoothing_weights([sizes[number] for number in curve], curve.index(at))
    by_fold = [math.fsum(map(mul, row, (fold[number] for number in curve))) for fold in scores]
    mean = math.fsum(by_fold) / folds
    return math.sqrt(math.fsum((value - mean) ** 2 for value in by_fold) / (folds - 1) / folds)


def smooth(sizes: Sequence[Layers], values: Sequence[float]) -> list[float]:
    """Return the smoothed value of each size. All sizes have the same number of layers, and no two are equal."""
    if len(sizes) < MIN_SIZES_TO_SMOOTH:
        return list(values)
    if len(sizes) > MAX_PLAIN_SIZES:
        from nnsize_engine.results.smoothing_of_many import smooth_many

        return smooth_many(sizes, values)
    return [math.fsum(map(mul, row, values)) for row in all_weights(tuple(map(tuple, sizes)))]
