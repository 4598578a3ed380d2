"""Compiled loss of a batch, and compiled score of the validation rows of early stopping."""

import numpy as np

from nnsize_engine.network.jit import Matrix, Vector, compiled_into_caller, compiled_part
from nnsize_engine.network.kernel_settings import (
    ACCURACY_OF_ONE_CLASS,
    BINARY_LOG_LOSS,
    LOG_LOSS,
    POISSON,
    R_SQUARED,
    SQUARED_ERROR,
    KernelSettings,
)
from nnsize_engine.network.layers import matrix_of
from nnsize_engine.network.numpy_kernels import add_up_doubles, multiply


@compiled_part
def column_sums(numpy_loops: Vector, values: Matrix, sums: Vector) -> None:
    """Compute `np.sum(values, axis=0)` of float64: NumPy sums a single column pairwise, but several row after row."""
    if values.shape[1] == 1:
        sums[0] = add_up_doubles(numpy_loops, values.reshape(values.size))
        return
    for column in range(sums.size):
        sums[column] = 0.0
    for row in range(values.shape[0]):
        for column in range(values.shape[1]):
            sums[column] += values[row, column]


@compiled_part
def fill_terms(settings: KernelSettings, outputs: Matrix, wanted: Matrix, terms: Matrix) -> None:
    """Each output's share of the loss; arrays are `(rows, outputs)`, terms of float64.

    A label is 0 or 1: of a binary log loss's two products one is always zero, only the other's logarithm is taken.
    """
    loss, zero, one, lowest = settings.loss, settings.zero, settings.one, settings.rounding
    highest = one - lowest
    for row in range(outputs.shape[0]):
        for column in range(outputs.shape[1]):
            output = outputs[row, column]
            target = wanted[row, column]
            if loss == BINARY_LOG_LOSS:
                output = lowest if output < lowest else output
                output = highest if output > highest else output
                terms[row, column] = np.log(output if target != 0 else one - output)
            elif loss == SQUARED_ERROR:
                terms[row, column] = (target - output) ** 2
            else:
                ratio = target / output
                product = target * np.log(ratio) if target != 0 or np.isnan(ratio) else zero  # 0 log 0 is 0
                terms[row, column] = product - target + output


@compiled_part
def weigh_terms(row_weights: Vector, terms: Matrix) -> None:
    """Multiply the terms of a loss or a score by the sample weight of their row."""
    for row in range(terms.shape[0]):
        for column in range(terms.shape[1]):
            terms[row, column] *= row_weights[row]


@compiled_part
def weight_sum(numpy_loops: Vector, row_weights: Vector) -> float:
    """Return the sum of sample weights, in float64."""
    doubles = np.empty(row_weights.size)
    for row in range(row_weights.size):
        doubles[row] = row_weights[row]
    total: float = add_up_doubles(numpy_loops, doubles)
    return total


@compiled_part
def add_log_losses(
    settings: KernelSettings, outputs: Matrix, wanted: Matrix, row_weights: Vector, sums: Vector
) -> None:
    """Sum the logarithms of the probabilities of the right classes, class by class."""
    is_weighted = settings.is_weighted
    lowest = settings.rounding
    highest = settings.one - lowest
    for column in range(sums.size):
        sums[column] = 0.0
    for row in range(outputs.shape[0]):
        for column in range(outputs.shape[1]):
            if wanted[row, column] != 0:
                output = outputs[row, column]
                output = lowest if output < lowest else output
                term = float(np.log(highest if output > highest else output))
                sums[column] += term * row_weights[row] if is_weighted else term


@compiled_into_caller
def batch_loss(
    numpy_loops: Vector,
    settings: KernelSettings,
    outputs: Matrix,
    wanted: Matrix,
    row_weights: Vector,
    rows: float,
    terms: Matrix,
) -> float:
    """Return the mean loss of a batch, without the penalty; `rows` is its size, or the sum of its sample weights."""
    sums = np.empty(outputs.shape[1])
    if settings.loss == LOG_LOSS:
        add_log_losses(settings, outputs, wanted, row_weights, sums)
    else:
        fill_terms(settings, outputs, wanted, terms)
        if settings.is_weighted:
            weigh_terms(row_weights, terms)
        column_sums(numpy_loops, terms, sums)
    for column in range(sums.size):
        sums[column] /= rows
    total: float = add_up_doubles(numpy_loops, sums)
    if settings.loss == SQUARED_ERROR:
        return 0.5 * (total / sums.size)
    return total if settings.loss == POISSON else -total


@compiled_part
def squared_weights(numpy_loops: Vector, units: Vector, weights: Vector) -> float:
    """Return the sum of all squared weights without biases, layer by layer with the BLAS, as in scikit-learn."""
    total = np.empty((1, 1), weights.dtype)
    squares: float = 0.0
    for layer in range(units.size - 1):
        matrix = matrix_of(weights, units, layer)
        multiply(numpy_loops, matrix.reshape(1, matrix.size), matrix.reshape(matrix.size, 1), total)
        squares += total[0, 0]
    return squares


@compiled_part
def accuracy(
    numpy_loops: Vector, settings: KernelSettings, outputs: Matrix, wanted: Matrix, row_weights: Vector
) -> float:
    """Return the share of rows, or of their weights, whose predicted class is right, or all of whose labels are."""
    right = 0
    weighed = np.zeros(row_weights.size)
    for row in range(outputs.shape[0]):
        is_right = True
        chosen = 0  # as np.argmax: the first of the largest; a row with a NaN has nothing else
        for column in range(outputs.shape[1]):
            if settings.loss == LOG_LOSS:
                chosen = column if outputs[row, column] > outputs[row, chosen] else chosen
            elif (outputs[row, column] > 0.5) != (wanted[row, column] != 0):
                is_right = False
        if settings.loss == LOG_LOSS:
            is_right = wanted[row, chosen] != 0
        right += is_right
        if settings.is_weighted and is_right:
            weighed[row] = row_weights[row]
    if settings.is_weighted:
        share: float = add_up_doubles(numpy_loops, weighed) / weight_sum(numpy_loops, row_weights)
        return share
    return float(right / outputs.shape[0])


@compiled_part
def r_squared(
    numpy_loops: Vector, settings: KernelSettings, outputs: Matrix, wanted: Matrix, row_weights: Vector, spread: Vector
) -> float:
    """Return the coefficient of determination, averaged over outputs; NaN if a prediction is not finite.

    `spread` holds the (weighted) sum of squared deviations from the mean of each output, the same in every epoch.
    """
    errors = np.empty(outputs.shape)
    shares = np.empty(spread.size)
    for row in range(outputs.shape[0]):
        for column in range(outputs.shape[1]):
            if not np.isfinite(outputs[row, column]):
                return np.nan
            errors[row, column] = (wanted[row, column] - outputs[row, column]) ** 2
    if settings.is_weighted:
        weigh_terms(row_weights, errors)
    column_sums(numpy_loops, errors, shares)
    for column in range(shares.size):
        if spread[column] != 0:
            shares[column] = 1 - shares[column] / spread[column]
        else:
            shares[column] = 1.0 if shares[column] == 0 else 0.0
    total: float = add_up_doubles(numpy_loops, shares)
    return float(total / shares.size)


@compiled_into_caller
def validation_score(
    numpy_loops: Vector, settings: KernelSettings, outputs: Matrix, wanted: Matrix, row_weights: Vector, spread: Vector
) -> float:
    """Return the score of the validation rows, as scikit-learn's `score` does."""
    if settings.validation_score == R_SQUARED:
        return r_squared(numpy_loops, settings, outputs, wanted, row_weights, spread)
    if settings.validation_score == ACCURACY_OF_ONE_CLASS:
        return 1.0
    return accuracy(numpy_loops, settings, outputs, wanted, row_weights)
