"""Measures of predicted classes, computed from how often each class was taken for each other one.

Counts have shape (members, true classes, predicted classes). Each score equals scikit-learn's scoring of its name; it
is NaN where scikit-learn refuses to score.
"""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Literal, assert_never, get_args

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.network.jit import Matrix, Vector, compiled

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

Share = Literal["precision", "recall", "f1", "jaccard"]
Average = Literal["", "_macro", "_weighted", "_micro"]


@compiled
def count_confusions(outputs: Matrix, truth: Vector, counts: Matrix) -> None:
    """Count how often each member takes each class for each other one.

    Args:
        outputs: probabilities, `(members, rows, outputs)`; one output is the probability of the second class.
        truth: the number of each row's class, `(rows,)`.
        counts: `(members, classes, classes)`, to be filled.
    """
    counts[:] = 0
    for member in range(outputs.shape[0]):
        for row in range(outputs.shape[1]):
            chosen = 0
            if outputs.shape[2] == 1:
                chosen = 1 if outputs[member, row, 0] > 0.5 else 0
            else:
                for column in range(1, outputs.shape[2]):
                    if outputs[member, row, column] > outputs[member, row, chosen]:
                        chosen = column
            counts[member, truth[row], chosen] += 1


def mean_costs(counts: Counts, costs: Floats) -> Floats:
    """Return the mean cost of each member's rows, given the cost of each predicted class for each true one."""
    total: Floats = (counts * costs).sum(axis=(1, 2)) / counts.sum(axis=(1, 2))
    return total


def _quotients(numerators: NDArray[Any], denominators: NDArray[Any]) -> Floats:
    """Return quotients; 0 where the denominator is 0, as in scikit-learn."""
    found = np.zeros(np.broadcast_shapes(numerators.shape, denominators.shape))
    np.divide(numerators, denominators, out=found, where=denominators != 0)
    return found


def _accuracies(counts: Counts, positive: int | None) -> Floats:
    del positive
    return _quotients(_hits(counts).sum(axis=1), counts.sum(axis=(1, 2)))


def _balanced_accuracies(counts: Counts, positive: int | None) -> Floats:
    """Return the mean recall of the classes that occur."""
    del positive
    occurs = counts.sum(axis=2) > 0
    return _quotients((_quotients(_hits(counts), counts.sum(axis=2)) * occurs).sum(axis=1), occurs.sum(axis=1))


def _matthews(counts: Counts, positive: int | None) -> Floats:
    """Return the correlation of true and predicted classes (Gorodkin, Computational Biology and Chemistry 28, 2004)."""
    del positive
    true, predicted = counts.sum(axis=2).astype(float), counts.sum(axis=1).astype(float)
    rows, right = true.sum(axis=1), _hits(counts).sum(axis=1)
    covariance = right * rows - (true * predicted).sum(axis=1)
    spread = (rows**2 - (predicted**2).sum(axis=1)) * (rows**2 - (true**2).sum(axis=1))
    return _quotients(covariance, np.sqrt(spread))


def _hits(counts: Counts) -> Counts:
    hits: Counts = np.diagonal(counts, axis1=1, axis2=2)
    return hits


def _shares(share: Share, average: Average, counts: Counts, positive: int | None) -> Floats:
    """Return precision, recall, F1 or Jaccard's index, averaged over the classes."""
    hits, true, predicted = _hits(counts), counts.sum(axis=2), counts.sum(axis=1)
    match share:
        case "precision":
            numerators, denominators = hits, predicted
        case "recall":
            numerators, denominators = hits, true
        case "f1":
            numerators, denominators = 2 * hits, true + predicted
        case "jaccard":
            numerators, denominators = hits, true + predicted - hits
        case _:
            assert_never(share)
    match average:
        case "":
            return (
                np.full(len(counts), np.nan) if positive is None else _quotients(numerators, denominators)[:, positive]
            )
        case "_macro":
            occurs = true + predicted > 0
            return _quotients((_quotients(numerators, denominators) * occurs).sum(axis=1), occurs.sum(axis=1))
        case "_weighted":
            return _quotients((_quotients(numerators, denominators) * true).sum(axis=1), true.sum(axis=1))
        case "_micro":
            return _quotients(numerators.sum(axis=1), denominators.sum(axis=1))
        case _:
            assert_never(average)


CLASS_MEASURES: Mapping[str, Callable[[Counts, int | None], Floats]] = MappingProxyType(
    {
        "accuracy": _accuracies,
        "balanced_accuracy": _balanced_accuracies,
        "matthews_corrcoef": _matthews,
        **{
            share + average: partial(_shares, share, average)
            for share in get_args(Share)
            for average in get_args(Average)
        },
    }
)
"""Scores by scikit-learn's names, of counts and the number of the class labelled 1 (None without one)."""
