"""Compiled back-propagation for one batch.

Deltas are the gradient of the loss with respect to the sums of a layer, before its activation. They give the gradient
of its weights, `inputs.T @ deltas`, and the deltas of the layer before, `deltas @ weights.T` times the derivative of
that layer's activation (Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", Nature
323, 1986, https://doi.org/10.1038/323533a0). For all pairs of loss and output activation here, the deltas of the last
layer are the outputs minus the targets.
"""

from nnsize_engine.network.forward import MAX_BLOCK_VALUES
from nnsize_engine.network.jit import Matrix, Vector, compiled_into_caller, compiled_part
from nnsize_engine.network.kernel_settings import LOGISTIC, RELU, TANH, KernelSettings
from nnsize_engine.network.layers import biases_of, matrix_of, values_of
from nnsize_engine.network.numpy_kernels import add_up, multiply


@compiled_part
def output_deltas(units: Vector, outputs: Matrix, wanted: Matrix, deltas: Vector) -> None:
    """Compute the deltas of the last layer: outputs minus targets."""
    own = values_of(deltas, units, units.size - 2, outputs.shape[0])
    for row in range(outputs.shape[0]):
        for column in range(outputs.shape[1]):
            own[row, column] = outputs[row, column] - wanted[row, column]


@compiled_part
def weigh_deltas(units: Vector, row_weights: Vector, deltas: Vector) -> None:
    """Multiply the deltas of the last layer by the sample weight of their row."""
    own = values_of(deltas, units, units.size - 2, row_weights.size)
    for row in range(own.shape[0]):
        for column in range(own.shape[1]):
            own[row, column] *= row_weights[row]


@compiled_part
def sum_biases(numpy_loops: Vector, deltas: Matrix, sums: Vector) -> None:
    """Compute `np.sum(deltas, axis=0)`: the gradient with respect to the biases, times the number of rows."""
    if deltas.shape[1] == 1:
        sums[0] = add_up(numpy_loops, deltas.reshape(deltas.size))
        return
    for column in range(deltas.shape[1]):
        sums[column] = deltas[0, column]
    for row in range(1, deltas.shape[0]):
        for column in range(deltas.shape[1]):
            sums[column] += deltas[row, column]


@compiled_part
def spread(deltas: Matrix, matrix: Matrix, earlier: Matrix) -> None:
    """Compute `deltas @ matrix.T` for a single column of deltas, without the BLAS."""
    weights = matrix.reshape(matrix.size)
    for row in range(earlier.shape[0]):
        for column in range(weights.size):
            earlier[row, column] = deltas[row, 0] * weights[column]


@compiled_part
def derive(settings: KernelSettings, outputs: Vector, deltas: Vector) -> None:
    """Multiply deltas by the derivative of the hidden activation, from the activation's outputs; vectors."""
    activation, zero, one = settings.activation, settings.zero, settings.one
    if activation == RELU:
        for index in range(deltas.size):
            deltas[index] = zero if outputs[index] == 0 else deltas[index]
    elif activation == TANH:
        for index in range(deltas.size):
            deltas[index] = deltas[index] * (one - outputs[index] * outputs[index])
    elif activation == LOGISTIC:
        for index in range(deltas.size):
            deltas[index] = deltas[index] * outputs[index] * (one - outputs[index])


@compiled_part
def send_back(
    numpy_loops: Vector, settings: KernelSettings, deltas: Matrix, matrix: Matrix, outputs: Matrix, earlier: Matrix
) -> None:
    """Compute the deltas of the layer before: `deltas @ matrix.T` times the derivative of its activation.

    Outputs and earlier are `(rows, neurons)`; passes over them go block by block (see `MAX_BLOCK_VALUES`).
    """
    if deltas.shape[1] > 1:
        multiply(numpy_loops, deltas, matrix.T, earlier)
    width = earlier.shape[1]
    block = max(1, MAX_BLOCK_VALUES // width)
    given, found = outputs.reshape(outputs.size), earlier.reshape(earlier.size)
    for row in range(0, earlier.shape[0], block):
        if deltas.shape[1] == 1:
            spread(deltas[row : row + block], matrix, earlier[row : row + block])
        derive(settings, given[row * width : (row + block) * width], found[row * width : (row + block) * width])


@compiled_into_caller
def backward(
    numpy_loops: Vector,
    settings: KernelSettings,
    units: Vector,
    weights: Vector,
    inputs: Matrix,
    activations: Vector,
    deltas: Vector,
    gradient: Vector,
) -> None:
    """Fill the gradient's sums over rows (the optimizer divides) from the last layer's deltas, already in place."""
    rows = inputs.shape[0]
    for layer in range(units.size - 2, -1, -1):
        own = values_of(deltas, units, layer, rows)
        source = values_of(activations, units, layer - 1, rows) if layer > 0 else inputs
        multiply(numpy_loops, source.T, own, matrix_of(gradient, units, layer))
        sum_biases(numpy_loops, own, biases_of(gradient, units, layer))
        if layer > 0:
            earlier = values_of(deltas, units, layer - 1, rows)
            send_back(numpy_loops, settings, own, matrix_of(weights, units, layer), source, earlier)
