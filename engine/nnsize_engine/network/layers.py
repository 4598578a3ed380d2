"""Compiled access to the part of a layer in a flat vector.

Weights, their gradient and the memories of the optimizer have the layout of `shape`: for each layer its matrix, then
its biases. Activations and deltas hold `(rows, neurons)` for each layer except the inputs, one after the other.
"""

from nnsize_engine.network.jit import Matrix, Vector, compiled_part


@compiled_part
def weights_before(units: Vector, layer: int) -> int:
    """Return the number of weights and biases in the layers before this one."""
    count = 0
    for number in range(layer):
        count += (units[number] + 1) * units[number + 1]
    return count


@compiled_part
def matrix_of(flat: Vector, units: Vector, layer: int) -> Matrix:
    """Return the weights of a layer, `(units[layer], units[layer + 1])`."""
    inputs, neurons = units[layer], units[layer + 1]
    begin = weights_before(units, layer)
    return flat[begin : begin + inputs * neurons].reshape(inputs, neurons)


@compiled_part
def biases_of(flat: Vector, units: Vector, layer: int) -> Vector:
    """Return the biases of a layer, `(units[layer + 1],)`."""
    end = weights_before(units, layer + 1)
    return flat[end - units[layer + 1] : end]


@compiled_part
def values_of(flat: Vector, units: Vector, layer: int, rows: int) -> Matrix:
    """Return the activations or deltas of a layer, `(rows, units[layer + 1])`."""
    before = 0
    for number in range(layer):
        before += units[number + 1]
    neurons = units[layer + 1]
    return flat[rows * before : rows * (before + neurons)].reshape(rows, neurons)
