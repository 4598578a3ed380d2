"""Compiled sums of every row, which are updated where the change of one weight reaches them.

A changed weight of layer l changes the sum of one neuron of l in every row. That neuron's activation changes the sums
of layer l + 1 by one product each, and only the layers after it are computed anew. Arrays hold neuron after neuron, so
that the rows of one neuron are contiguous.

A change is tried, and then kept or not. The sums of one neuron are kept apart until the change is kept; so are all
later layers. What was not kept leaves no trace, so the sums do not drift with the number of tries.
"""

from typing import NamedTuple

import numpy as np

from nnsize_engine.network.forward import step
from nnsize_engine.network.jit import Matrix, Vector, compiled, compiled_part
from nnsize_engine.network.kernel_settings import LOGISTIC, RELU, SOFTMAX, STEP, TANH, KernelSettings
from nnsize_engine.network.layers import biases_of, matrix_of, weights_before
from nnsize_engine.network.numpy_kernels import exponentiate, multiply, squash


class RowSums(NamedTuple):
    """Rows, and what is known of them with the current weights; arrays in the precision of the run."""

    inputs: Matrix
    """Shape (inputs, rows)."""

    wanted: Matrix
    """Class indicators or numbers, shape (outputs, rows)."""

    labels: Vector
    """Number of each row's class, shape (rows,)."""

    sums: Vector
    """Sums of each neuron before its activation: for each layer (neurons, rows), flat."""

    activations: Vector
    """The same after the activation; the last layer's are not used."""

    tried_sums: Vector
    """The sums with the weight that is being tried, from the second layer on."""

    tried_activations: Vector
    """The activations with that weight, from the second layer on."""

    tried_neuron: Matrix
    """Sums and activations of the neuron whose weight is being tried, shape (2, rows)."""

    exponentials: Matrix
    """Exponentials of the last sums minus :attr:`shifts`, shape (outputs, rows); for softmax only, else (0, 0)."""

    tried_exponentials: Matrix
    """The same with the weight that is being tried."""

    shifts: Vector
    """Number that is subtracted from each row's last sums before their exponentials, shape (rows,)."""


class Place(NamedTuple):
    """The place of a weight in a network."""

    layer: int
    source: int
    """Number of the input or neuron that the weight multiplies; that of no neuron, one past the last, for a bias."""

    neuron: int


def row_sums_of(inputs: Matrix, wanted: Matrix, labels: Vector, units: Vector, *, is_softmax: bool) -> RowSums:
    """Return room for the sums of rows, which :func:`refresh` fills.

    Args:
        inputs: `(rows, inputs)`.
        wanted: `(rows, outputs)`.
        labels: `(rows,)`.
        units: inputs, hidden layers, outputs.
        is_softmax: whether the last activation is a softmax.
    """
    rows, neurons = len(inputs), int(units[1:].sum())
    shape = wanted.T.shape if is_softmax else (0, 0)
    return RowSums(
        inputs=np.ascontiguousarray(inputs.T),
        wanted=np.ascontiguousarray(wanted.T),
        labels=labels,
        sums=np.zeros(rows * neurons, inputs.dtype),
        activations=np.zeros(rows * neurons, inputs.dtype),
        tried_sums=np.zeros(rows * neurons, inputs.dtype),
        tried_activations=np.zeros(rows * neurons, inputs.dtype),
        tried_neuron=np.zeros((2, rows), inputs.dtype),
        exponentials=np.zeros(shape, inputs.dtype),
        tried_exponentials=np.zeros(shape, inputs.dtype),
        shifts=np.zeros(rows, inputs.dtype),
    )


@compiled_part
def layer_of(flat: Vector, units: Vector, layer: int, rows: int) -> Matrix:
    """Return the part of a layer, `(units[layer + 1], rows)`."""
    before = 0
    for number in range(layer):
        before += units[number + 1]
    neurons = units[layer + 1]
    return flat[rows * before : rows * (before + neurons)].reshape(neurons, rows)


@compiled_part
def place_of(units: Vector, weight: int) -> Place:
    """Return the place of a weight, by its number in the flat vector of all weights."""
    layer = 0
    while weight >= weights_before(units, layer + 1):
        layer += 1
    within = weight - weights_before(units, layer)
    return Place(layer, within // units[layer + 1], within % units[layer + 1])


@compiled_part
def activate_flat(numpy_loops: Vector, settings: KernelSettings, sums: Vector, activations: Vector) -> None:
    """Compute the hidden activation of every sum; NaN stays NaN."""
    activation, zero, one = settings.activation, settings.zero, settings.one
    if activation == RELU:
        for index in range(sums.size):
            value = sums[index]
            activations[index] = zero if value < 0 else value
        return
    for index in range(sums.size):
        activations[index] = sums[index]
    if activation == TANH:
        squash(numpy_loops, activations)
    elif activation == LOGISTIC:
        for index in range(sums.size):
            activations[index] = -activations[index]
        exponentiate(numpy_loops, activations)
        for index in range(sums.size):
            activations[index] = one / (one + activations[index])
    elif activation == STEP:
        step(activations, zero, one)


@compiled_part
def compute_layer(
    numpy_loops: Vector, units: Vector, weights: Vector, layer: int, source: Matrix, sums: Matrix
) -> None:
    """Compute all sums of one layer."""
    multiply(numpy_loops, matrix_of(weights, units, layer).T, source, sums)
    biases = biases_of(weights, units, layer)
    for neuron in range(sums.shape[0]):
        bias = biases[neuron]
        for row in range(sums.shape[1]):
            sums[neuron, row] += bias


@compiled_part
def shift_rows(sums: Matrix, shifts: Vector) -> None:
    """Store the largest sum of each row; NaN becomes the largest."""
    for row in range(shifts.size):
        shifts[row] = sums[0, row]
    for neuron in range(1, sums.shape[0]):
        for row in range(shifts.size):
            shifts[row] = shifts[row] if sums[neuron, row] <= shifts[row] else sums[neuron, row]


@compiled_part
def fill_exponentials(numpy_loops: Vector, sums: Matrix, shifts: Vector, exponentials: Matrix) -> None:
    """Compute the exponentials of sums minus the shift of their row."""
    for neuron in range(sums.shape[0]):
        for row in range(sums.shape[1]):
            exponentials[neuron, row] = sums[neuron, row] - shifts[row]
    exponentiate(numpy_loops, exponentials.reshape(exponentials.size))


@compiled
def refresh(numpy_loops: Vector, settings: KernelSettings, units: Vector, weights: Vector, known: RowSums) -> None:
    """Compute every sum from the weights."""
    rows, last = known.inputs.shape[1], units.size - 2
    source = known.inputs
    for layer in range(last + 1):
        sums = layer_of(known.sums, units, layer, rows)
        compute_layer(numpy_loops, units, weights, layer, source, sums)
        if layer < last:
            source = layer_of(known.activations, units, layer, rows)
            activate_flat(numpy_loops, settings, sums.reshape(sums.size), source.reshape(source.size))
    if settings.output_activation == SOFTMAX:
        sums = layer_of(known.sums, units, last, rows)
        shift_rows(sums, known.shifts)
        fill_exponentials(numpy_loops, sums, known.shifts, known.exponentials)


@compiled_part
def try_weight(numpy_loops: Vector, settings: KernelSettings, units: Vector, weights: Vector, known: RowSums,
               place: Place, difference: Vector) -> None:  # fmt: skip
    """Compute what changes if this difference is added to the weight at a place.

    Args:
        weights: current weights, without the difference.
        difference: one number, in the precision of the network.
        known: its `tried` arrays are filled from the layer after the place on.
    """
    rows, last = known.inputs.shape[1], units.size - 2
    added, layer = difference[0], place.layer
    sums, tried = layer_of(known.sums, units, layer, rows)[place.neuron], known.tried_neuron[0]
    if place.source == units[layer]:
        for row in range(rows):
            tried[row] = sums[row] + added
    else:
        source = known.inputs if layer == 0 else layer_of(known.activations, units, layer - 1, rows)
        values = source[place.source]
        for row in range(rows):
            tried[row] = sums[row] + added * values[row]
    if layer == last:
        return
    before, after = layer_of(known.activations, units, layer, rows)[place.neuron], known.tried_neuron[1]
    activate_flat(numpy_loops, settings, tried, after)
    values = layer_of(known.tried_sums, units, layer + 1, rows)
    add_products(layer_of(known.sums, units, layer + 1, rows), before, after,
                 matrix_of(weights, units, layer + 1)[place.neuron], values)  # fmt: skip
    for number in range(layer + 1, last):
        source = layer_of(known.tried_activations, units, number, rows)
        activate_flat(numpy_loops, settings, values.reshape(values.size), source.reshape(source.size))
        values = layer_of(known.tried_sums, units, number + 1, rows)
        compute_layer(numpy_loops, units, weights, number + 1, source, values)


@compiled_part
def add_products(sums: Matrix, before: Vector, after: Vector, factors: Vector, changed: Matrix) -> None:
    """Compute a layer's sums after one neuron of the layer before it changed its activations."""
    for neuron in range(sums.shape[0]):
        factor, old, new = factors[neuron], sums[neuron], changed[neuron]
        for row in range(old.size):
            new[row] = old[row] + factor * (after[row] - before[row])


@compiled_part
def swap_output(numpy_loops: Vector, known: RowSums, outputs: Matrix, neuron: int) -> None:
    """Put the tried sums of an output in the place of its current ones, and compute their exponentials."""
    swap_vectors(known.tried_neuron[0], outputs[neuron])
    if known.exponentials.size:
        swap_vectors(known.tried_exponentials[neuron], known.exponentials[neuron])
        one = known.exponentials[neuron : neuron + 1]
        fill_exponentials(numpy_loops, outputs[neuron : neuron + 1], known.shifts, one)


@compiled_part
def swap_output_back(known: RowSums, outputs: Matrix, neuron: int) -> None:
    """Undo :func:`swap_output`."""
    swap_vectors(known.tried_neuron[0], outputs[neuron])
    if known.exponentials.size:
        swap_vectors(known.tried_exponentials[neuron], known.exponentials[neuron])


@compiled_part
def swap_vectors(left: Vector, right: Vector) -> None:
    """Exchange the numbers of two vectors."""
    for index in range(left.size):
        left[index], right[index] = right[index], left[index]


@compiled_part
def keep_weight(units: Vector, known: RowSums, place: Place) -> None:
    """Make the tried sums the current ones; those of an output are in their place already."""
    rows, last = known.shifts.size, units.size - 2
    if place.layer == last:
        return
    copy_vector(known.tried_neuron[0], layer_of(known.sums, units, place.layer, rows)[place.neuron])
    copy_vector(known.tried_neuron[1], layer_of(known.activations, units, place.layer, rows)[place.neuron])
    begin = 0
    for layer in range(place.layer + 1):
        begin += rows * units[layer + 1]
    copy_vector(known.tried_sums[begin:], known.sums[begin:])
    copy_vector(known.tried_activations[begin:], known.activations[begin:])
    copy_vector(
        known.tried_exponentials.reshape(known.exponentials.size), known.exponentials.reshape(known.exponentials.size)
    )


@compiled_part
def copy_vector(source: Vector, target: Vector) -> None:
    """Copy all numbers of a vector."""
    for index in range(source.size):
        target[index] = source[index]
