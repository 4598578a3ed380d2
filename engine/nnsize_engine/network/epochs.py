"""Compiled: whole epochs of training, with scikit-learn's stopping rules.

What changes from epoch to epoch, besides arrays of weights, is in two small vectors, so that a training can stop after
any epoch and go on later exactly where it was: `counts` and `marks`, indexed by the constants below.
"""

from typing import Any

import numpy as np

from nnsize_engine.network.compiled import compiled, compiled_into_caller, compiled_part
from nnsize_engine.network.forward import forward
from nnsize_engine.network.gradients import backward, output_deltas
from nnsize_engine.network.losses import batch_loss, squared_weights, validation_score
from nnsize_engine.network.optimizers import step
from nnsize_engine.network.random import shuffle
from nnsize_engine.network.rules import ADAM, ADAPTIVE, INVSCALING, SGD, Rules

EPOCH, STALE, STEP, POSITION, ENDING = range(5)
"""Positions in `counts`: epochs done, epochs in a row without improvement, steps done, position in the generator's
key, how training ended."""

BEST_LOSS, BEST_SCORE, RATE = range(3)
"""Positions in `marks`: the best epoch's loss and validation score, the present step size."""

RUNNING, CONVERGED, OUT_OF_EPOCHS, OVERFLOWED = range(4)
"""How training ended."""

_SMALLEST_ADAPTIVE_RATE = 1e-6


@compiled
def run_epochs(
    loops: Any,
    rules: Rules,
    units: Any,
    inputs: Any,
    targets: Any,
    held_inputs: Any,
    held_targets: Any,
    weights: Any,
    means: Any,
    squares: Any,
    best: Any,
    order: Any,
    key: Any,
    counts: Any,
    marks: Any,
    losses: Any,
    scores: Any,
) -> int:
    """Train for at most `losses.size` epochs; return how many were done.

    Shapes: inputs (rows, inputs), targets (rows, outputs), held_* the same for validation rows, order the training
    rows' numbers, weights and means and squares and best flat (see `shape`), key (624,). Everything from weights on
    is changed in place.
    """
    capacity = max(rules.batch_size, held_inputs.shape[0])
    neurons = 0
    for layer in range(1, units.size):
        neurons += units[layer]
    batch = np.empty((capacity, units[0]), inputs.dtype)
    wanted = np.empty((capacity, units[-1]), inputs.dtype)
    activations = np.empty(capacity * neurons, inputs.dtype)
    deltas = np.empty(capacity * neurons, inputs.dtype)
    gradient = np.empty(weights.size, inputs.dtype)
    terms = np.empty((capacity, units[-1]))
    for epoch in range(losses.size):
        if rules.shuffle:
            counts[POSITION] = shuffle(order, key, counts[POSITION])
        total = 0.0
        for begin in range(0, order.size, rules.batch_size):
            rows = min(rules.batch_size, order.size - begin)
            gather(inputs, targets, order[begin : begin + rows], batch, wanted)
            loss = train_on_batch(
                loops,
                rules,
                units,
                batch[:rows],
                wanted[:rows],
                weights,
                means,
                squares,
                counts,
                marks,
                activations,
                deltas,
                gradient,
                terms[:rows],
            )
            total += loss * rows
        losses[epoch] = total / order.size
        if rules.early_stopping:
            outputs = forward(loops, rules, units, weights, held_inputs, activations)
            scores[epoch] = validation_score(loops, rules, outputs, held_targets)
        end_epoch(rules, losses[epoch], scores[epoch], weights, best, order.size, counts, marks)
        if counts[ENDING] != RUNNING:
            return epoch + 1
    return losses.size


@compiled_part
def gather(inputs: Any, targets: Any, numbers: Any, batch: Any, wanted: Any) -> None:
    """Copy the rows of these numbers together."""
    for row in range(numbers.size):
        copy(inputs[numbers[row]], batch[row])
        copy(targets[numbers[row]], wanted[row])


@compiled_part
def copy(source: Any, target: Any) -> None:
    """Copy a vector."""
    for column in range(source.size):
        target[column] = source[column]


@compiled_into_caller
def train_on_batch(
    loops: Any,
    rules: Rules,
    units: Any,
    batch: Any,
    wanted: Any,
    weights: Any,
    means: Any,
    squares: Any,
    counts: Any,
    marks: Any,
    activations: Any,
    deltas: Any,
    gradient: Any,
    terms: Any,
) -> float:
    """One step of the optimizer; return the batch's loss before it."""
    rows = batch.shape[0]
    outputs = forward(loops, rules, units, weights, batch, activations)
    loss = batch_loss(loops, rules, outputs, wanted, terms)
    loss += rules.half_penalty * squared_weights(loops, units, weights) / rows
    output_deltas(units, outputs, wanted, deltas)
    backward(loops, rules, units, weights, batch, activations, deltas, gradient)
    counts[STEP] += 1
    if rules.solver == ADAM:
        steps = float(counts[STEP])
        marks[RATE] = rules.learning_rate_init * np.sqrt(1 - rules.beta_2**steps) / (1 - rules.beta_1**steps)
    step(rules, units, weights, gradient, means, squares, rows, marks[RATE])
    return loss


@compiled_part
def all_finite(values: Any) -> bool:
    """Whether no value is NaN or infinite."""
    for index in range(values.size):
        if not np.isfinite(values[index]):
            return False
    return True


@compiled_into_caller
def end_epoch(
    rules: Rules, loss: float, score: float, weights: Any, best: Any, rows: int, counts: Any, marks: Any
) -> None:
    """Compare with the best epoch so far, change the step size, decide whether training ends."""
    counts[EPOCH] += 1
    if rules.early_stopping:
        counts[STALE] = counts[STALE] + 1 if score < marks[BEST_SCORE] + rules.tolerance else 0
        if score > marks[BEST_SCORE]:
            marks[BEST_SCORE] = score
            copy(weights, best)
    else:
        counts[STALE] = counts[STALE] + 1 if loss > marks[BEST_LOSS] - rules.tolerance else 0
        if loss < marks[BEST_LOSS]:
            marks[BEST_LOSS] = loss
    if rules.solver == SGD and rules.schedule == INVSCALING:
        marks[RATE] = rules.learning_rate_init / float(counts[EPOCH] * rows + 1) ** rules.power
    if counts[STALE] > rules.patience:
        if rules.solver == SGD and rules.schedule == ADAPTIVE and marks[RATE] > _SMALLEST_ADAPTIVE_RATE:
            marks[RATE] /= 5.0
            counts[STALE] = 0
        else:
            counts[ENDING] = CONVERGED
    if counts[ENDING] == RUNNING and counts[EPOCH] == rules.max_epochs:
        counts[ENDING] = OUT_OF_EPOCHS
    # A weight that is not finite stays so. Without the best epoch's weights to fall back on, the fit is lost already.
    if not np.isfinite(loss) and not rules.early_stopping and not all_finite(weights):
        counts[ENDING] = OVERFLOWED
