"""Compiled: where a layer's part is in a flat vector.

Weights, their gradient and the optimizer's memories are laid out as in `shape`: layer after layer, a matrix and its
biases. Activations and deltas hold `(rows, neurons)` for each layer but the inputs, one after the other.
"""

from nnsize_engine.network.jit import Matrix, Vector, compiled_part


@compiled_part
def weights_before(units: Vector, layer: int) -> int:
    """Weights and biases of all layers before this one."""
    count = 0
    for number in range(layer):
        count += (units[number] + 1) * units[number + 1]
    return count


@compiled_part
def matrix_of(flat: Vector, units: Vector, layer: int) -> Matrix:
    """A layer's weights, `(units[layer], units[layer + 1])`."""
    inputs, neurons = units[layer], units[layer + 1]
    begin = weights_before(units, layer)
    return flat[begin : begin + inputs * neurons].reshape(inputs, neurons)


@compiled_part
def biases_of(flat: Vector, units: Vector, layer: int) -> Vector:
    """A layer's biases, `(units[layer + 1],)`."""
    end = weights_before(units, layer + 1)
    return flat[end - units[layer + 1] : end]


@compiled_part
def values_of(flat: Vector, units: Vector, layer: int, rows: int) -> Matrix:
    """A layer's activations or deltas, `(rows, units[layer + 1])`."""
    before = 0
    for number in range(layer):
        before += units[number + 1]
    neurons = units[layer + 1]
    return flat[rows * before : rows * (before + neurons)].reshape(rows, neurons)
