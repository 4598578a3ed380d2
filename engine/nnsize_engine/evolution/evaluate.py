"""Compiled losses of many members of a population, one network after the other.

The activations of a member stay in the processor's cache while it is evaluated. Its products go to NumPy's BLAS in one
thread, so that a loss does not depend on how the members are distributed over threads.
"""

import math

import numpy as np

from nnsize_engine.network.forward import activate, add_biases
from nnsize_engine.network.jit import Matrix, Vector, compiled, compiled_part
from nnsize_engine.network.kernel_settings import SOFTMAX, KernelSettings
from nnsize_engine.network.layers import biases_of, matrix_of, values_of
from nnsize_engine.network.losses import squared_weights
from nnsize_engine.network.numpy_kernels import exponentiate, multiply

ACCURACY, LOG_LOSS, SQUARED_ERROR, OUTPUTS = range(4)
"""Measures: minus the accuracy, log loss, mean squared error; with OUTPUTS there is no loss, but outputs are stored."""

MAX_ROWS_PER_LOGARITHM = 64
"""Rows whose sums of exponentials are multiplied before one logarithm is taken, which is faster than one for each row.
A sum is at most the number of classes, so the product of 64 stays finite up to 65,000 classes."""


@compiled_part
def right_share(settings: KernelSettings, sums: Matrix, wanted: Matrix, labels: Vector) -> float:
    """Return the share of rows whose predicted class is right; a row with a NaN never is."""
    right = 0
    for row in range(sums.shape[0]):
        if settings.output_activation == SOFTMAX:
            chosen, is_number = 0, True
            for column in range(sums.shape[1]):
                chosen = column if sums[row, column] > sums[row, chosen] else chosen
                is_number = is_number and not np.isnan(sums[row, column])
            right += chosen == labels[row] and is_number and np.isfinite(sums[row, chosen])
        else:
            right += (sums[row, 0] > 0) == (wanted[row, 0] != 0) and not np.isnan(sums[row, 0])
    return float(right / sums.shape[0])


@compiled_part
def mean_log_loss_of_two(numpy_loops: Vector, sums: Matrix, wanted: Matrix, spare: Vector, terms: Vector) -> float:
    """Return the mean log loss of a logistic output z: max(z, 0) - z y + log(1 + exp(-|z|)), exact for any size of z.

    The last terms are one logarithm of the product of many rows. The first loop has no branch, because the processor
    could not predict it.
    """
    outputs, labels = sums.reshape(sums.size), wanted.reshape(wanted.size)
    for row in range(outputs.size):
        value = outputs[row]
        against = -value if labels[row] != 0 else value  # a row is right if it is negative
        terms[row] = against if against > 0 else against - against  # 0, but NaN for infinity and NaN
        spare[row] = -abs(value)
    exponentiate(numpy_loops, spare)
    total, product = 0.0, 1.0
    for row in range(outputs.size):
        total += terms[row]
        product *= 1.0 + spare[row]
        if row % MAX_ROWS_PER_LOGARITHM == MAX_ROWS_PER_LOGARITHM - 1:
            total += math.log(product)
            product = 1.0
    return float((total + math.log(product)) / outputs.size)


@compiled_part
def mean_log_loss(numpy_loops: Vector, sums: Matrix, labels: Vector, turned: Vector) -> float:
    """Return the mean log loss of softmax outputs z: log(sum(exp(z))) - z of the right class.

    The largest z is subtracted first, so that no exponential overflows. Some rows at a time are turned to columns:
    then each step is a loop over rows, in SIMD registers.

    Args:
        numpy_loops: see :mod:`nnsize_engine.network.numpy_kernels`.
        sums: `(rows, outputs)`.
        labels: `(rows,)`.
        turned: scratch, `(outputs * MAX_ROWS_PER_LOGARITHM,)`.
    """
    width = MAX_ROWS_PER_LOGARITHM
    largest, of_rows = np.empty(width, sums.dtype), np.empty(width)
    logarithms, total = np.empty(1 + sums.shape[0] // width), 0.0
    turned[:] = 0
    for begin in range(0, sums.shape[0], width):
        count = min(width, sums.shape[0] - begin)
        for column in range(sums.shape[1]):
            part = turned[column * width : (column + 1) * width]
            for row in range(count):
                part[row] = sums[begin + row, column]
        subtract_largest(turned, largest)
        for row in range(count):
            total -= turned[labels[begin + row] * width + row]
        exponentiate(numpy_loops, turned)
        of_rows[:] = 0.0
        for first in range(0, turned.size, width):
            part = turned[first : first + width]
            for row in range(width):
                of_rows[row] += part[row]
        product = 1.0
        for row in range(count):
            product *= of_rows[row]
        logarithms[begin // width] = math.log(product)
    for place in range((sums.shape[0] + width - 1) // width):
        total += logarithms[place]
    return float(total / sums.shape[0])


@compiled_part
def subtract_largest(turned: Vector, largest: Vector) -> None:
    """Subtract the largest output of each row; `turned` holds one output after the other, of as many rows."""
    largest[:] = turned[: largest.size]
    for first in range(largest.size, turned.size, largest.size):
        part = turned[first : first + largest.size]
        for row in range(largest.size):
            largest[row] = largest[row] if part[row] <= largest[row] else part[row]  # NaN becomes the largest
    for first in range(0, turned.size, largest.size):
        part = turned[first : first + largest.size]
        for row in range(largest.size):
            part[row] -= largest[row]


@compiled_part
def mean_squared_error(sums: Matrix, wanted: Matrix) -> float:
    """Return the mean squared error over rows and outputs, summed in float64."""
    total = 0.0
    for row in range(sums.shape[0]):
        for column in range(sums.shape[1]):
            total += (float(sums[row, column]) - float(wanted[row, column])) ** 2
    return float(total / sums.size)


@compiled_part
def compute_layers(numpy_loops: Vector, settings: KernelSettings, units: Vector, weights: Vector, inputs: Matrix,
                   activations: Vector) -> Matrix:  # fmt: skip
    """Compute every layer; return the last one's sums, before its activation, `(rows, outputs)`."""
    source = inputs
    for layer in range(units.size - 1):
        target = values_of(activations, units, layer, inputs.shape[0])
        multiply(numpy_loops, source, matrix_of(weights, units, layer), target)
        biases = biases_of(weights, units, layer)
        if layer == units.size - 2:
            add_biases(target, biases)
        else:
            activate(numpy_loops, settings, settings.activation, target, biases)
        source = target
    return source


@compiled
def evaluate_members(numpy_loops: Vector, settings: KernelSettings, measure: int, half_decay: float, units: Vector,
                     members: Matrix, inputs: Matrix, wanted: Matrix, labels: Vector, losses: Vector,
                     outputs: Vector) -> None:  # fmt: skip
    """Fill in each member's loss, or its outputs.

    Args:
        numpy_loops: see :mod:`nnsize_engine.network.numpy_kernels`.
        settings: of the network.
        measure: one of the constants above.
        half_decay: half the weight decay; times a member's squared weights, it is added to its loss.
        units: inputs, hidden layers, outputs.
        members: `(members, weights)`.
        inputs: `(rows, inputs)`.
        wanted: class indicators or numbers, `(rows, outputs)`.
        labels: number of each row's class, `(rows,)`.
        losses: to be filled, `(members,)`; with `OUTPUTS`, the weight decay alone.
        outputs: with `OUTPUTS`, to be filled with `(members, rows, outputs)`, flat; empty otherwise.
    """
    rows = inputs.shape[0]
    neurons = 0
    for layer in range(1, units.size):
        neurons += units[layer]
    activations, spare = np.empty(rows * neurons, inputs.dtype), np.empty(rows, inputs.dtype)
    terms, turned = np.empty(rows, inputs.dtype), np.empty(units[-1] * MAX_ROWS_PER_LOGARITHM, inputs.dtype)
    for member in range(members.shape[0]):
        sums = compute_layers(numpy_loops, settings, units, members[member], inputs, activations)
        loss = 0.0
        if measure == ACCURACY:
            loss = -right_share(settings, sums, wanted, labels)
        elif measure == LOG_LOSS:
            if settings.output_activation == SOFTMAX:
                loss = mean_log_loss(numpy_loops, sums, labels, turned)
            else:
                loss = mean_log_loss_of_two(numpy_loops, sums, wanted, spare, terms)
        elif measure == SQUARED_ERROR:
            loss = mean_squared_error(sums, wanted)
        else:
            flat = sums.reshape(sums.size)
            outputs[member * flat.size : (member + 1) * flat.size] = flat
        if half_decay > 0:
            loss += half_decay * squared_weights(numpy_loops, units, members[member])
        losses[member] = loss
