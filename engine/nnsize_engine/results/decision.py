"""Decide which size to recommend: the smallest one whose smoothed score is close to the best smoothed score.

The largest of noisy means is partly luck, and "not significantly worse than the best" accepts sizes that are clearly
worse. So the score curve is smoothed over the logarithm of the size first, and a small slack decides afterwards. A study
compares the rule with others (``engine/benchmarks/decision``).

The smoother is local linear regression (Cleveland, *Robust locally weighted regression and smoothing scatterplots*,
1979; Fan and Gijbels, *Local polynomial modelling and its applications*, 1996) with a Gaussian kernel whose bandwidth is
one octave, a factor of two in the number of neurons. With several layers, each layer is one coordinate. Networks with
another number of layers are another curve, because a missing layer has no place on the axis.

Everything is plain Python: the screens decide anew at every fold, and NumPy would delay their first frame.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

MIN_SIZES_TO_SMOOTH = 3
"""Fewer sizes on a curve are left as they are: a line through two points is no evidence."""

SLACK_OF_ERROR = 0.25
"""Share of the standard error of the best smoothed score that a smaller size may lose."""

SLACK_OF_RANGE = 0.1
"""Share of the smoothed curve's range that a smaller size may lose at most."""

ROUNDING = 1e-12
"""Share of the largest smoothed score within which scores are equal: the smoother's sums round."""

MIN_PIVOT = 1e-9
"""Share of a coordinate's own spread below which it is taken for a combination of the coordinates before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Which of several sizes to recommend, and why. Sizes are named by their index."""

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


def smoothing_weights(sizes: Sequence[Sequence[int]], at: int) -> list[float]:
    """Return the weight of each size's score in the smoothed score of one of them.

    All sizes have the same number of layers. With one layer and ``u = log2(size_j) - log2(size_at)`` these are
    ``w (C - B u) / (A C - B^2)``, where ``w = exp(-u^2 / 2)`` and A, B, C are the sums of ``w``, ``w u``, ``w u^2``.
    """
    if len(sizes) < MIN_SIZES_TO_SMOOTH:
        return [float(number == at) for number in range(len(sizes))]
    centre = [math.log2(neurons) for neurons in sizes[at]]
    rows = [[1.0, *(math.log2(n) - c for n, c in zip(layers, centre, strict=True))] for layers in sizes]
    kernel = [math.exp(-0.5 * math.fsum(u * u for u in row[1:])) for row in rows]
    moments = [
        [math.fsum(w * row[i] * row[j] for w, row in zip(kernel, rows, strict=True)) for j in range(len(rows[0]))]
        for i in range(len(rows[0]))
    ]
    solution = _first_row_of_inverse(moments)
    return [
        w * math.fsum(s * value for s, value in zip(solution, row, strict=True))
        for w, row in zip(kernel, rows, strict=True)
    ]


def _first_row_of_inverse(moments: Sequence[Sequence[float]]) -> list[float]:
    """Solve ``moments x = (1, 0, ..., 0)`` by elimination; a coordinate that depends on earlier ones gets 0.

    The first pivot is the sum of the kernel, at least 1. Leaving out a dependent coordinate changes no fitted value.
    """
    count = len(moments)
    rows = [[*row, float(number == 0)] for number, row in enumerate(moments)]
    kept: list[int] = []
    for column in range(count):
        if not rows[column][column] > MIN_PIVOT * moments[column][column]:
            continue
        kept.append(column)
        for below in range(column + 1, count):
            factor = rows[below][column] / rows[column][column]
            for place in range(column, count + 1):
                rows[below][place] -= factor * rows[column][place]
    solution = [0.0] * count
    for column in reversed(kept):
        known = math.fsum(rows[column][place] * solution[place] for place in kept if place > column)
        solution[column] = (rows[column][count] - known) / rows[column][column]
    return solution


def decide(sizes: Sequence[Sequence[int]], weights: Sequence[int], scores: Sequence[Sequence[float]]) -> Decision:
    """Decide among the sizes of one combination of the other parameters.

    ``sizes`` are hidden-layer sizes, ``weights`` their numbers of weights, ``scores`` has a row a fold and a column a
    size; a score is the mean over repeats. At least one size and one fold are expected.
    """
    folds = len(scores)
    means = [math.fsum(column) / folds for column in zip(*scores, strict=True)]
    smoothed = [0.0] * len(sizes)
    rows: dict[int, tuple[list[int], list[float]]] = {}
    for curve in _curves(sizes):
        members = [sizes[number] for number in curve]
        for place, number in enumerate(curve):
            row = smoothing_weights(members, place)
            smoothed[number] = math.fsum(w * means[other] for w, other in zip(row, curve, strict=True))
            rows[number] = curve, row
    rounding = ROUNDING * max(map(abs, smoothed))
    best = next(number for number, score in enumerate(smoothed) if score >= max(smoothed) - rounding)
    error = _standard_error(scores, *rows[best])
    slack = 0.0 if error is None else min(SLACK_OF_ERROR * error, SLACK_OF_RANGE * (max(smoothed) - min(smoothed)))
    enough = [number for number, score in enumerate(smoothed) if score >= smoothed[best] - slack - rounding]
    recommended = min(enough, key=lambda number: (weights[number], -smoothed[number]))
    return Decision(best=best, recommended=recommended, smoothed=tuple(smoothed), standard_error=error, slack=slack)


def _curves(sizes: Sequence[Sequence[int]]) -> list[list[int]]:
    """Group sizes, by their index, into curves: one for each number of layers."""
    curves: dict[int, list[int]] = {}
    for number, layers in enumerate(sizes):
        curves.setdefault(len(layers), []).append(number)
    return list(curves.values())


def _standard_error(scores: Sequence[Sequence[float]], curve: Sequence[int], row: Sequence[float]) -> float | None:
    """Standard error of one smoothed score: its deviation over folds (n - 1), over the square root of their number."""
    folds = len(scores)
    if folds < 2:
        return None
    by_fold = [math.fsum(w * fold[number] for w, number in zip(row, curve, strict=True)) for fold in scores]
    mean = math.fsum(by_fold) / folds
    return math.sqrt(math.fsum((value - mean) ** 2 for value in by_fold) / (folds - 1) / folds)
