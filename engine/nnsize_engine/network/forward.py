"""Compiled: from rows to the activations of every layer (see `layers` for how they are laid out)."""

import numpy as np

from nnsize_engine.network.jit import Matrix, Real, Vector, compiled, compiled_into_caller, compiled_part
from nnsize_engine.network.kernel_settings import EXPONENTIAL, LOGISTIC, RELU, SOFTMAX, TANH, KernelSettings
from nnsize_engine.network.layers import biases_of, matrix_of, values_of
from nnsize_engine.network.numpy_kernels import add_up, exponentiate, multiply, squash

MAX_BLOCK_VALUES = 2048  # 16 KB in float64; passes over a layer share them in the processor's nearest cache


@compiled_part
def add_biases(values: Matrix, biases: Vector) -> None:
    """Add one bias to each column."""
    for row in range(values.shape[0]):
        for column in range(values.shape[1]):
            values[row, column] += biases[column]


@compiled_part
def add_biases_and_rectify(values: Matrix, biases: Vector, zero: Real) -> None:
    """ReLU of values and biases; written so that NaN stays NaN.

    It runs over a flat vector, with biases repeated row after row: what is left of a single row after whole SIMD
    registers would branch on signs that no processor can predict.
    """
    repeated = np.empty((min(max(1, MAX_BLOCK_VALUES // biases.size), values.shape[0]), biases.size), values.dtype)
    for row in range(repeated.shape[0]):
        for column in range(biases.size):
            repeated[row, column] = biases[column]
    flat, flat_biases = values.reshape(values.size), repeated.reshape(repeated.size)
    for begin in range(0, flat.size, flat_biases.size):
        part = flat[begin : begin + flat_biases.size]
        for index in range(part.size):
            total = part[index] + flat_biases[index]
            part[index] = zero if total < 0 else total


@compiled_part
def softmax(loops: Vector, values: Matrix) -> None:
    """Each row's exponentials, divided by their sum."""
    for row in range(values.shape[0]):
        largest = values[row, 0]
        for column in range(1, values.shape[1]):
            if not values[row, column] <= largest:  # NaN becomes the largest, as with np.max
                largest = values[row, column]
        for column in range(values.shape[1]):
            values[row, column] -= largest
    exponentiate(loops, values.reshape(values.size))
    for row in range(values.shape[0]):
        total = add_up(loops, values[row])
        for column in range(values.shape[1]):
            values[row, column] /= total


@compiled_into_caller
def activate(loops: Vector, settings: KernelSettings, activation: int, values: Matrix, biases: Vector) -> None:
    """Add the biases and apply a layer's activation, in place."""
    if activation == RELU:
        add_biases_and_rectify(values, biases, settings.zero)
        return
    add_biases(values, biases)
    flat = values.reshape(values.size)
    if activation == TANH:
        squash(loops, flat)
    elif activation == LOGISTIC:
        one = settings.one
        for index in range(flat.size):
            flat[index] = one / (one + np.exp(-flat[index]))
    elif activation == SOFTMAX:
        softmax(loops, values)
    elif activation == EXPONENTIAL:
        exponentiate(loops, flat)


@compiled
def forward(
    loops: Vector, settings: KernelSettings, units: Vector, weights: Vector, inputs: Matrix, activations: Vector
) -> Matrix:
    """Compute every layer; return the last one, `(rows, outputs)`."""
    source = inputs
    for layer in range(units.size - 1):
        target = values_of(activations, units, layer, inputs.shape[0])
        multiply(loops, source, matrix_of(weights, units, layer), target)
        is_last = layer == units.size - 2
        activation = settings.output_activation if is_last else settings.activation
        activate(loops, settings, activation, target, biases_of(weights, units, layer))
        source = target
    return source
