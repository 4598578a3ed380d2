"""Compiled losses of a network whose sums are kept neuron by neuron, see :mod:`nnsize_engine.evolution.row_sums`."""

import math

import numpy as np

from nnsize_engine.evolution.evaluate import ACCURACY, LOG_LOSS, mean_log_loss_of_two
from nnsize_engine.evolution.row_sums import RowSums
from nnsize_engine.network.jit import Matrix, Vector, compiled_part
from nnsize_engine.network.kernel_settings import SOFTMAX, KernelSettings

MAX_SUM_OF_EXPONENTIALS = 1e18
"""Largest sum of a row's exponentials, and inverse of the smallest, with which a shift that was chosen for other sums
still serves. Products of :data:`ROWS_PER_LOGARITHM` such sums are finite, and float32 represents each of them."""

ROWS_PER_LOGARITHM = 16  # whose sums of exponentials are multiplied before one logarithm is taken: 1e18 ** 16 < 1e308


@compiled_part
def shifted_log_loss(known: RowSums, sums: Matrix, exponentials: Matrix, totals: Vector) -> float:
    """Return the mean log loss of softmax outputs z: s + log(sum(exp(z - s))) - z of the right class, for any shift s.

    The result is NaN if a row needs another shift.
    """
    shifts, labels = known.shifts, known.labels
    for row in range(totals.size):
        totals[row] = exponentials[0, row]
    for neuron in range(1, exponentials.shape[0]):
        for row in range(totals.size):
            totals[row] += exponentials[neuron, row]
    total, product = 0.0, 1.0
    for row in range(totals.size):
        of_row = float(totals[row])
        if not 1 / MAX_SUM_OF_EXPONENTIALS <= of_row <= MAX_SUM_OF_EXPONENTIALS:
            return np.nan
        product *= of_row
        total += shifts[row] - sums[labels[row], row]
        if row % ROWS_PER_LOGARITHM == ROWS_PER_LOGARITHM - 1:
            total += math.log(product)
            product = 1.0
    return (total + math.log(product)) / totals.size


@compiled_part
def exact_log_loss(sums: Matrix, labels: Vector) -> float:
    """Return the same with the largest sum of each row as its shift; NaN if a sum is not finite."""
    total = 0.0
    for row in range(labels.size):
        largest = sums[0, row]
        for neuron in range(1, sums.shape[0]):
            largest = largest if sums[neuron, row] <= largest else sums[neuron, row]
        of_row = 0.0
        for neuron in range(sums.shape[0]):
            of_row += np.exp(sums[neuron, row] - largest)
        total += math.log(of_row) + largest - sums[labels[row], row]
    return total / labels.size


@compiled_part
def right_share(settings: KernelSettings, known: RowSums, sums: Matrix) -> float:
    """Return the share of rows whose predicted class is right; a row with a NaN or an infinite largest sum is not."""
    right = 0
    for row in range(sums.shape[1]):
        if settings.output_activation == SOFTMAX:
            chosen, is_number = 0, True
            for neuron in range(sums.shape[0]):
                chosen = neuron if sums[neuron, row] > sums[chosen, row] else chosen
                is_number = is_number and not np.isnan(sums[neuron, row])
            right += chosen == known.labels[row] and is_number and np.isfinite(sums[chosen, row])
        else:
            right += (sums[0, row] > 0) == (known.wanted[0, row] != 0) and not np.isnan(sums[0, row])
    return float(right / sums.shape[1])


@compiled_part
def mean_squared_error(known: RowSums, sums: Matrix) -> float:
    """Return the mean squared error over rows and outputs, summed in float64."""
    total = 0.0
    for neuron in range(sums.shape[0]):
        for row in range(sums.shape[1]):
            total += (float(sums[neuron, row]) - float(known.wanted[neuron, row])) ** 2
    return float(total / sums.size)


@compiled_part
def loss_of(numpy_loops: Vector, settings: KernelSettings, measure: int, known: RowSums, sums: Matrix,
            exponentials: Matrix, spare: Vector) -> float:  # fmt: skip
    """Return the loss of the last layer's sums, without weight decay; NaN asks for another shift, see above."""
    if measure == ACCURACY:
        return -right_share(settings, known, sums)
    if measure == LOG_LOSS:
        if settings.output_activation == SOFTMAX:
            return shifted_log_loss(known, sums, exponentials, spare)
        rows, terms = sums.shape[1], np.empty_like(spare)
        return mean_log_loss_of_two(numpy_loops, sums.reshape(rows, 1), known.wanted.reshape(rows, 1), spare, terms)
    return mean_squared_error(known, sums)
