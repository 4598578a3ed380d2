"""Compiled epochs of training, with scikit-learn's stopping rules.

A training can stop after any epoch and continue later exactly there. Besides the arrays of weights, its state is two
small vectors: `counts` (integers) and `marks` (floats), indexed by the constants below.
"""

from typing import NamedTuple

import numpy as np

from nnsize_engine.network.forward import forward
from nnsize_engine.network.gradients import backward, output_deltas, weigh_deltas
from nnsize_engine.network.jit import Matrix, Vector, compiled, compiled_into_caller, compiled_part
from nnsize_engine.network.kernel_settings import ADAM, ADAPTIVE, INVSCALING, SGD, KernelSettings
from nnsize_engine.network.losses import batch_loss, squared_weights, validation_score
from nnsize_engine.network.mersenne_twister import shuffle
from nnsize_engine.network.numpy_kernels import add_up
from nnsize_engine.network.optimizers import step

EPOCH, STALE, STEP, POSITION, ENDING = range(5)
"""Indices into `counts`: epochs done, epochs in a row without improvement, steps done, position in the key of the
random generator, how training ended."""

BEST_LOSS, BEST_SCORE, RATE = range(3)
"""Indices into `marks`: smallest loss, best validation score, current step size."""

RUNNING, CONVERGED, OUT_OF_EPOCHS, OVERFLOWED, WEIGHTLESS = range(5)
"""States of a training: running, or the way it ended; weightless at a batch whose sample weights are all 0."""

MIN_ADAPTIVE_RATE = 1e-6  # step size below which scikit-learn's adaptive schedule divides no more


class Table(NamedTuple):
    """Training rows, and the validation rows of early stopping; these are empty if it is off.

    Sample weights are empty if rows have none.
    """

    inputs: Matrix
    targets: Matrix
    row_weights: Vector
    held_inputs: Matrix
    held_targets: Matrix
    held_weights: Vector
    held_spread: Vector
    """Sums of (weighted) squared deviations of validation targets from their means, `(outputs,)`, float64."""


class Progress(NamedTuple):
    """Arrays that training changes; `train.TrainingState` explains them."""

    units: Vector
    weights: Vector
    means: Vector
    squares: Vector
    best_weights: Vector
    order: Vector
    key: Vector
    counts: Vector
    marks: Vector


class Memory(NamedTuple):
    """Work arrays for one batch; `layers` explains their layout."""

    batch: Matrix
    wanted: Matrix
    row_weights: Vector
    activations: Vector
    deltas: Vector
    gradient: Vector
    terms: Matrix


@compiled
def run_epochs(
    numpy_loops: Vector, settings: KernelSettings, table: Table, progress: Progress, losses: Vector, scores: Vector
) -> int:
    """Train for at most `losses.size` epochs and fill in their losses and validation scores; return how many."""
    memory = make_memory(settings, table, progress)
    order, counts = progress.order, progress.counts
    for epoch in range(losses.size):
        if settings.shuffle:
            counts[POSITION] = shuffle(order, progress.key, counts[POSITION])
        total = 0.0
        for begin in range(0, order.size, settings.batch_size):
            rows = min(settings.batch_size, order.size - begin)
            gather(settings, table, order[begin : begin + rows], memory)
            total += train_on_batch(numpy_loops, settings, progress, memory, rows) * rows
            if counts[ENDING] == WEIGHTLESS:
                return epoch
        losses[epoch] = total / order.size
        if settings.early_stopping:
            held = table.held_inputs
            outputs = forward(numpy_loops, settings, progress.units, progress.weights, held, memory.activations)
            scores[epoch] = validation_score(
                numpy_loops, settings, outputs, table.held_targets, table.held_weights, table.held_spread
            )
        end_epoch(settings, losses[epoch], scores[epoch], progress)
        if counts[ENDING] != RUNNING:
            return epoch + 1
    return losses.size


@compiled_part
def make_memory(settings: KernelSettings, table: Table, progress: Progress) -> Memory:
    """Room for the largest batch, or for the validation rows if they are more."""
    inputs, units = table.inputs, progress.units
    capacity = max(settings.batch_size, table.held_inputs.shape[0])
    neurons = 0
    for layer in range(1, units.size):
        neurons += units[layer]
    return Memory(
        np.empty((capacity, units[0]), inputs.dtype),
        np.empty((capacity, units[-1]), inputs.dtype),
        np.empty(capacity, inputs.dtype),
        np.empty(capacity * neurons, inputs.dtype),
        np.empty(capacity * neurons, inputs.dtype),
        np.empty(progress.weights.size, inputs.dtype),
        np.empty((capacity, units[-1])),
    )


@compiled_part
def gather(settings: KernelSettings, table: Table, numbers: Vector, memory: Memory) -> None:
    """Copy the rows of these indices into the batch."""
    for row in range(numbers.size):
        copy(table.inputs[numbers[row]], memory.batch[row])
        copy(table.targets[numbers[row]], memory.wanted[row])
        if settings.is_weighted:
            memory.row_weights[row] = table.row_weights[numbers[row]]


@compiled_part
def copy(source: Vector, target: Vector) -> None:
    """Copy a vector."""
    for index in range(source.size):
        target[index] = source[index]


@compiled_into_caller
def train_on_batch(
    numpy_loops: Vector, settings: KernelSettings, progress: Progress, memory: Memory, rows: int
) -> float:
    """Do one step of the optimizer; return the loss of the batch before the step.

    Where all sample weights of the batch are 0, training ends, as their mean loss is not defined.
    """
    units, weights = progress.units, progress.weights
    batch, wanted, row_weights = memory.batch[:rows], memory.wanted[:rows], memory.row_weights[:rows]
    weight = float(rows)
    if settings.is_weighted:
        weight = float(add_up(numpy_loops, row_weights))
        if weight == 0:
            progress.counts[ENDING] = WEIGHTLESS
            return 0.0
    outputs = forward(numpy_loops, settings, units, weights, batch, memory.activations)
    loss: float = batch_loss(numpy_loops, settings, outputs, wanted, row_weights, weight, memory.terms[:rows])
    loss += settings.half_penalty * squared_weights(numpy_loops, units, weights) / weight
    output_deltas(units, outputs, wanted, memory.deltas)
    if settings.is_weighted:
        weigh_deltas(units, row_weights, memory.deltas)
    backward(numpy_loops, settings, units, weights, batch, memory.activations, memory.deltas, memory.gradient)
    progress.counts[STEP] += 1
    if settings.solver == ADAM:
        steps = float(progress.counts[STEP])
        progress.marks[RATE] = (
            settings.learning_rate_init * np.sqrt(1 - settings.beta_2**steps) / (1 - settings.beta_1**steps)
        )
    rate = progress.marks[RATE]
    step(settings, units, weights, memory.gradient, progress.means, progress.squares, weight, rate)
    return loss


@compiled_into_caller
def end_epoch(settings: KernelSettings, loss: float, score: float, progress: Progress) -> None:
    """Compare an epoch with the best one, change the step size, and decide whether training ends."""
    counts, marks, weights = progress.counts, progress.marks, progress.weights
    counts[EPOCH] += 1
    if settings.early_stopping:
        counts[STALE] = counts[STALE] + 1 if score < marks[BEST_SCORE] + settings.tolerance else 0
        if score > marks[BEST_SCORE]:
            marks[BEST_SCORE] = score
            copy(weights, progress.best_weights)
    else:
        counts[STALE] = counts[STALE] + 1 if loss > marks[BEST_LOSS] - settings.tolerance else 0
        if loss < marks[BEST_LOSS]:
            marks[BEST_LOSS] = loss
    if settings.solver == SGD and settings.schedule == INVSCALING:
        marks[RATE] = settings.learning_rate_init / float(counts[EPOCH] * progress.order.size + 1) ** settings.power
    if counts[STALE] > settings.patience:
        if settings.solver == SGD and settings.schedule == ADAPTIVE and marks[RATE] > MIN_ADAPTIVE_RATE:
            marks[RATE] /= 5.0
            counts[STALE] = 0
        else:
            counts[ENDING] = CONVERGED
    if counts[ENDING] == RUNNING and counts[EPOCH] == settings.max_epochs:
        counts[ENDING] = OUT_OF_EPOCHS
    # A weight that is not finite stays so. Only early stopping still has the finite weights of the best epoch.
    if not np.isfinite(loss) and not settings.early_stopping and not all_finite(weights):
        counts[ENDING] = OVERFLOWED


@compiled_part
def all_finite(values: Vector) -> bool:
    """Return whether no value is NaN or infinite."""
    for index in range(values.size):  # noqa: SIM110 - all() of a generator is slow to compile
        if not np.isfinite(values[index]):
            return False
    return True
