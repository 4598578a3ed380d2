"""Compiled measures of ranked outputs: the area under the ROC curve, average precision, F-beta at the best threshold.

Outputs have shape (members, rows); a row is positive or not. Equal outputs are one step of a curve, as in scikit-learn;
a NaN, which equals nothing, is a step of its own.
"""

import numpy as np

from nnsize_engine.network.jit import Matrix, Real, Vector, compiled, compiled_part

ROC_AUC, AVERAGE_PRECISION = range(2)


@compiled_part
def area_under_roc(outputs: Vector, order: Vector, is_positive: Vector) -> Real:
    """Return the area under the ROC curve: the share of pairs of a positive and a negative row in the right order.

    A pair of equal outputs counts half (Hanley and McNeil, Radiology 143, 1982,
    https://doi.org/10.1148/radiology.143.1.7063747). The counts are whole numbers, so their sum is exact.
    """
    negatives = 0  # with smaller outputs
    pairs, row = 0, 0  # twice the number of pairs in the right order
    positives = 0
    while row < order.size:
        last = row
        of_step = 0
        while last < order.size and (last == row or outputs[order[last]] == outputs[order[row]]):
            of_step += is_positive[order[last]]
            last += 1
        equal_negatives = last - row - of_step
        pairs += of_step * (2 * negatives + equal_negatives)
        negatives += equal_negatives
        positives += of_step
        row = last
    if positives == 0 or negatives == 0:
        return np.nan
    return pairs / (2.0 * positives * negatives)


@compiled_part
def average_precision(outputs: Vector, order: Vector, is_positive: Vector, positives: int) -> Real:
    """Return the sum of precisions, each times the recall that its threshold adds, from the highest output down."""
    total = 0.0
    found, row = 0, order.size
    while row > 0:
        first = row
        before = found
        while first > 0 and (first == row or outputs[order[first - 1]] == outputs[order[row - 1]]):
            found += is_positive[order[first - 1]]
            first -= 1
        total += (found - before) / positives * (found / (order.size - first))
        row = first
    return total


@compiled
def rank_scores(measure: int, outputs: Matrix, is_positive: Vector, scores: Vector) -> None:
    """Fill in the score of each member, `(members,)`; NaN if only one class occurs."""
    positives = 0
    for row in range(is_positive.size):
        positives += is_positive[row]
    for member in range(outputs.shape[0]):
        order = np.argsort(outputs[member])
        if measure == ROC_AUC:
            scores[member] = area_under_roc(outputs[member], order, is_positive)
        elif positives == 0:
            scores[member] = np.nan
        else:
            scores[member] = average_precision(outputs[member], order, is_positive, positives)


@compiled_part
def mean_fbeta(square: float, found: Vector, chosen: Vector, positives: Vector) -> Real:
    """Return the mean F-beta of the groups that have a positive row."""
    total, defined = 0.0, 0
    for group in range(found.size):
        if positives[group] > 0:
            total += (1.0 + square) * found[group] / (square * positives[group] + chosen[group])
            defined += 1
    return total / defined


@compiled
def best_fbetas(square: float, outputs: Matrix, is_positive: Vector, groups: Vector, group_count: int, scores: Vector,
                thresholds: Vector) -> None:  # fmt: skip
    """Fill in the largest F-beta of each member over all thresholds, and the threshold that reaches it.

    A row is taken for positive if its output is at least the threshold. The threshold lies in the middle between two
    neighbouring outputs, so that rounding moves no row to the other side. Of equally good thresholds the highest is
    taken. van Rijsbergen, Information Retrieval, 1979: F = (1 + b^2) TP / ((1 + b^2) TP + b^2 FN + FP).

    Args:
        square: beta squared.
        outputs: probabilities of the positive class, `(members, rows)`.
        is_positive: `(rows,)`, 0 or 1.
        groups: number of each row's group, `(rows,)`; F-beta is the mean over the groups, at one threshold.
        group_count: number of groups, 1 without any.
        scores: `(members,)`, to be filled; NaN without a positive row.
        thresholds: `(members,)`, to be filled.
    """
    positives = np.zeros(group_count, np.int64)
    for row in range(is_positive.size):
        positives[groups[row]] += is_positive[row]
    found, chosen = np.zeros(group_count, np.int64), np.zeros(group_count, np.int64)
    for member in range(outputs.shape[0]):
        scores[member], thresholds[member] = np.nan, 0.5
        if positives.sum() == 0:
            continue
        values = outputs[member]
        order = np.argsort(values)
        found[:] = 0
        chosen[:] = 0
        row, best = order.size, -1.0
        while row > 0:
            first = row
            while first > 0 and (first == row or values[order[first - 1]] == values[order[row - 1]]):
                first -= 1
                found[groups[order[first]]] += is_positive[order[first]]
                chosen[groups[order[first]]] += 1
            score = mean_fbeta(square, found, chosen, positives)
            if score > best:
                best = score
                below = values[order[first - 1]] if first > 0 else 0.0
                middle = below + (values[order[first]] - below) / 2
                thresholds[member] = middle if middle > below else values[order[first]]
            row = first
        scores[member] = best
