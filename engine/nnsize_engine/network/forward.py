"""Compiled forward pass: the activations of every layer, in the layout of `layers`."""

import numpy as np

from nnsize_engine.network.jit import Matrix, Real, Vector, compiled, compiled_into_caller, compiled_part
from nnsize_engine.network.kernel_settings import EXPONENTIAL, LOGISTIC, RELU, SOFTMAX, STEP, TANH, KernelSettings
from nnsize_engine.network.layers import biases_of, matrix_of, values_of
from nnsize_engine.network.numpy_kernels import add_up, exponentiate, multiply, squash

MAX_BLOCK_VALUES = 2048  # of a layer, for consecutive passes: 16 kB in float64, half of a usual L1 cache

MAX_REPEATED_BIASES = 512  # few enough to be made in no time, enough for whole SIMD registers


@compiled_part
def repeated(biases: Vector, rows: int, most: int) -> Vector:
    """Return the biases again and again, for some of the rows: at most so many numbers, or one row.

    A loop over single rows would handle the values left over after whole SIMD registers one by one.
    """
    count = min(max(1, most // biases.size), rows)
    found = np.empty(count * biases.size, biases.dtype)
    for column in range(biases.size):
        for row in range(count):
            found[row * biases.size + column] = biases[column]
    return found


@compiled_part
def add_biases(values: Matrix, biases: Vector) -> None:
    """Add one bias to each column."""
    flat, addends = values.reshape(values.size), repeated(biases, values.shape[0], MAX_REPEATED_BIASES)
    for begin in range(0, flat.size, addends.size):
        part = flat[begin : begin + addends.size]
        for index in range(part.size):
            part[index] += addends[index]


@compiled_part
def add_biases_and_rectify(values: Matrix, biases: Vector, zero: Real) -> None:
    """Add biases and apply ReLU, written so that NaN stays NaN, and without branches on signs."""
    flat, addends = values.reshape(values.size), repeated(biases, values.shape[0], MAX_REPEATED_BIASES)
    for begin in range(0, flat.size, addends.size):
        part = flat[begin : begin + addends.size]
        for index in range(part.size):
            total = part[index] + addends[index]
            part[index] = zero if total < 0 else total


@compiled_part
def softmax(numpy_loops: Vector, values: Matrix) -> None:
    """Replace each row by its exponentials, divided by their sum."""
    for row in range(values.shape[0]):
        largest = values[row, 0]
        for column in range(1, values.shape[1]):
            if not values[row, column] <= largest:  # NaN becomes the largest, as with np.max
                largest = values[row, column]
        for column in range(values.shape[1]):
            values[row, column] -= largest
    exponentiate(numpy_loops, values.reshape(values.size))
    for row in range(values.shape[0]):
        total = add_up(numpy_loops, values[row])
        for column in range(values.shape[1]):
            values[row, column] /= total


@compiled_part
def logistic(values: Vector, one: Real) -> None:
    """Replace each number z by 1 / (1 + exp(-z))."""
    for index in range(values.size):
        values[index] = one / (one + np.exp(-values[index]))


@compiled_part
def step(values: Vector, zero: Real, one: Real) -> None:
    """Replace each positive number by 1 and each other one by 0; NaN stays NaN."""
    for index in range(values.size):
        if values[index] > 0:
            values[index] = one
        elif values[index] <= 0:
            values[index] = zero


@compiled_into_caller
def activate(numpy_loops: Vector, settings: KernelSettings, activation: int, values: Matrix, biases: Vector) -> None:
    """Add the biases and apply a layer's activation, in place."""
    if activation == RELU:
        add_biases_and_rectify(values, biases, settings.zero)
        return
    add_biases(values, biases)
    flat = values.reshape(values.size)
    if activation == TANH:
        squash(numpy_loops, flat)
    elif activation == LOGISTIC:
        logistic(flat, settings.one)
    elif activation == SOFTMAX:
        softmax(numpy_loops, values)
    elif activation == EXPONENTIAL:
        exponentiate(numpy_loops, flat)
    elif activation == STEP:
        step(flat, settings.zero, settings.one)


@compiled
def forward(
    numpy_loops: Vector, settings: KernelSettings, units: Vector, weights: Vector, inputs: Matrix, activations: Vector
) -> Matrix:
    """Compute every layer; return the last one, `(rows, outputs)`."""
    source = inputs
    for layer in range(units.size - 1):
        target = values_of(activations, units, layer, inputs.shape[0])
        multiply(numpy_loops, source, matrix_of(weights, units, layer), target)
        is_last = layer == units.size - 2
        activation = settings.output_activation if is_last else settings.activation
        activate(numpy_loops, settings, activation, target, biases_of(weights, units, layer))
        source = target
    return source
