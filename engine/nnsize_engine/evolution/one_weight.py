"""Compiled search that changes one weight at a time; a change costs a fraction of the evaluation of a network.

Each sweep visits every weight once, in an order of its own. The loss of a change comes from sums that are kept for
every row, see :mod:`nnsize_engine.evolution.row_sums`, and equals that of the whole network but for rounding. A change
that is not worse is kept. Above temperature 0, a worse one is kept as well with the probability of Metropolis et al.,
"Equation of state calculations by fast computing machines", 1953, https://doi.org/10.1063/1.1699114.
"""

import math
from typing import NamedTuple

import numpy as np

from nnsize_engine.evolution.evaluate import LOG_LOSS
from nnsize_engine.evolution.row_losses import exact_log_loss, loss_of
from nnsize_engine.evolution.row_sums import (
    Place,
    RowSums,
    copy_vector,
    fill_exponentials,
    keep_weight,
    layer_of,
    place_of,
    shift_rows,
    swap_output,
    swap_output_back,
    try_weight,
)
from nnsize_engine.evolution.streams import COLUMN, TRIAL, index_at, stream_key, uniform_at
from nnsize_engine.network.jit import Vector, compiled, compiled_part
from nnsize_engine.network.kernel_settings import SOFTMAX, KernelSettings
from nnsize_engine.network.layers import matrix_of

MIN_STEP = 1e-6
"""Smallest step in units of the Glorot limit: about the smallest change of such a weight in float32."""

MAX_STEP = 1e3
"""Largest step in the same units. Steps without effect would grow for ever."""

CONSTANT, GEOMETRIC, EXPONENTIAL, ARITHMETIC = range(4)
"""How a temperature falls."""

LOSS, BEST_LOSS, SQUARES, ACCEPTED = range(4)
"""Indices into the numbers of a search: the loss of its weights, the smallest loss so far, the sum of squared weights
without biases, and the changes that were kept in this generation."""


class Rule(NamedTuple):
    """Settings of a search. Every rule has the same types, so that one function is compiled for all."""

    seed: np.uint64
    growth: float
    """Factor of the step of a weight whose change is kept; if it has no effect, the step also turns its direction."""

    shrinkage: float
    """Factor of the step of a weight whose change is not kept. A negative one also turns its direction."""

    cooling: int
    """One of the constants above."""

    first_temperature: float
    cooling_rate: float
    min_temperature: float


class Network(NamedTuple):
    """What does not change during a search; vectors have shape (weights,) and the precision of the run."""

    settings: KernelSettings
    units: Vector
    """Inputs, hidden layers, outputs."""

    measure: int
    """The loss; see :mod:`nnsize_engine.evolution.evaluate`."""

    half_decay: float
    """Half the weight decay."""

    limits: Vector
    """Unit of each weight's step: the Glorot limit of its layer."""

    low: Vector
    high: Vector


class Position(NamedTuple):
    """Where a search is; its arrays are changed."""

    weights: Vector
    best_weights: Vector
    steps: Vector
    """Step of each weight in units of the Glorot limit, with the sign of its direction; float64."""

    order: Vector
    """Numbers of the weights in the order of the sweep under way."""

    numbers: Vector
    """See the constants above; float64."""

    tried: Vector
    """Losses of the changes of this generation, float64; their count divides the number of its first evaluation."""


@compiled
def fill_order(seed: np.uint64, sweep: int, order: Vector) -> None:
    """Fill in the order in which a sweep visits the weights (the shuffle of Fisher and Yates)."""
    key = stream_key(seed, COLUMN, sweep, 0)
    for place in range(order.size):
        order[place] = place
    for place in range(order.size - 1):
        other = place + index_at(key, place, order.size - place)
        order[place], order[other] = order[other], order[place]


@compiled
def temperature_at(rule: Rule, evaluation: int) -> float:
    """Return the temperature of an evaluation; 0 accepts no worse change."""
    first, rate = rule.first_temperature, rule.cooling_rate
    if rule.cooling == GEOMETRIC:
        return max(first * rate**evaluation, rule.min_temperature)
    if rule.cooling == EXPONENTIAL:
        return max(first * math.exp(-rate * evaluation), rule.min_temperature)
    if rule.cooling == ARITHMETIC:
        return max(first - rate * evaluation, rule.min_temperature)
    return first


@compiled
def changed_value(rule: Rule, network: Network, position: Position, evaluation: int, value: Vector) -> int:
    """Store the new value of the weight that this evaluation changes; return the number of that weight.

    Args:
        rule: settings of the search.
        network: what does not change.
        position: its order is filled anew where a sweep begins.
        evaluation: number of the evaluation from 0.
        value: output, one number in the precision of the network.
    """
    order = position.order
    if evaluation % order.size == 0:
        fill_order(rule.seed, evaluation // order.size, order)
    weight = order[evaluation % order.size]
    value[0] = position.weights[weight] + position.steps[weight] * network.limits[weight]
    value[0] = min(max(value[0], network.low[weight]), network.high[weight])
    return int(weight)


@compiled
def settle_change(rule: Rule, position: Position, evaluation: int, weight: int, value: Vector, loss: float) -> bool:
    """Keep a change or not, and adapt the step of its weight; return whether it is kept."""
    numbers, temperature = position.numbers, temperature_at(rule, evaluation)
    position.tried[evaluation % position.tried.size] = loss if np.isfinite(loss) else np.inf
    is_kept = loss <= numbers[LOSS]
    if not is_kept and temperature > 0:
        chance = math.exp((numbers[LOSS] - loss) / temperature)
        is_kept = uniform_at(stream_key(rule.seed, TRIAL, evaluation, 0), 0) < chance
    # A weight at its bound is not changed: its step has to turn round.
    is_kept = is_kept and np.isfinite(loss) and value[0] != position.weights[weight]
    factor = rule.growth if is_kept else rule.shrinkage
    if is_kept and loss == numbers[LOSS]:
        factor = -rule.growth
    step = position.steps[weight] * factor
    position.steps[weight] = math.copysign(min(max(abs(step), MIN_STEP), MAX_STEP), step)
    if not is_kept:
        return False
    position.weights[weight] = value[0]
    numbers[LOSS] = loss
    numbers[ACCEPTED] += 1
    if loss <= numbers[BEST_LOSS]:
        numbers[BEST_LOSS] = loss
        copy_vector(position.weights, position.best_weights)
    return True


@compiled
def sum_of_squares(units: Vector, weights: Vector) -> float:
    """Return the sum of all squared weights without biases, in float64."""
    total = 0.0
    for layer in range(units.size - 1):
        matrix = matrix_of(weights, units, layer)
        for number in range(matrix.size):
            total += float(matrix.reshape(matrix.size)[number]) ** 2
    return total


@compiled
def current_loss(numpy_loops: Vector, network: Network, known: RowSums, squares: float) -> float:
    """Return the loss of the current sums, which `refresh` has just computed; infinite if it is not finite."""
    outputs = layer_of(known.sums, network.units, network.units.size - 2, known.shifts.size)
    spare = np.empty(known.shifts.size, known.inputs.dtype)
    loss = loss_of(numpy_loops, network.settings, network.measure, known, outputs, known.exponentials, spare)
    if network.half_decay > 0:
        loss += network.half_decay * squares
    return loss if np.isfinite(loss) else np.inf


@compiled_part
def loss_with_change(numpy_loops: Vector, network: Network, known: RowSums, place: Place,
                     spare: Vector) -> tuple[float, bool]:  # fmt: skip
    """Return the loss of a tried change without weight decay, and whether the shifts of its rows have to be renewed.

    A changed output is swapped into the current sums; the caller swaps it back if the change is not kept.
    """
    settings, last = network.settings, network.units.size - 2
    sums, exponentials = layer_of(known.tried_sums, network.units, last, known.shifts.size), known.tried_exponentials
    if place.layer == last:
        sums, exponentials = layer_of(known.sums, network.units, last, known.shifts.size), known.exponentials
        swap_output(numpy_loops, known, sums, place.neuron)
    elif exponentials.size:
        fill_exponentials(numpy_loops, sums, known.shifts, exponentials)
    loss = loss_of(numpy_loops, settings, network.measure, known, sums, exponentials, spare)
    if network.measure == LOG_LOSS and settings.output_activation == SOFTMAX and np.isnan(loss):
        return exact_log_loss(sums, known.labels), True
    return loss, False


@compiled
def search_weights(numpy_loops: Vector, rule: Rule, network: Network, known: RowSums, position: Position,
                   first: int, last: int) -> None:  # fmt: skip
    """Change one weight after the other; keep the changes that the rule keeps.

    Args:
        numpy_loops: see :mod:`nnsize_engine.network.numpy_kernels`.
        rule: settings of the search.
        network: what does not change.
        known: the sums of the current weights, from `refresh` or from the evaluations before; kept up to date.
        position: where the search is.
        first: number of the first evaluation.
        last: number of the evaluation after the last.
    """
    units, rows, final = network.units, known.shifts.size, network.units.size - 2
    outputs = layer_of(known.sums, units, final, rows)
    spare, value = np.empty(rows, known.inputs.dtype), np.empty(1, known.inputs.dtype)
    difference = np.empty(1, known.inputs.dtype)
    for evaluation in range(first, last):
        weight = changed_value(rule, network, position, evaluation, value)
        before, place = position.weights[weight], place_of(units, weight)
        difference[0] = value[0] - before
        try_weight(numpy_loops, network.settings, units, position.weights, known, place, difference)
        loss, is_shifting = loss_with_change(numpy_loops, network, known, place, spare)
        squares = position.numbers[SQUARES]
        if place.source < units[place.layer]:
            squares += float(value[0]) ** 2 - float(before) ** 2
        if network.half_decay > 0:
            loss += network.half_decay * squares
        if settle_change(rule, position, evaluation, weight, value, loss):
            position.numbers[SQUARES] = squares
            keep_weight(units, known, place)
            if is_shifting:
                shift_rows(outputs, known.shifts)
                fill_exponentials(numpy_loops, outputs, known.shifts, known.exponentials)
        elif place.layer == final:
            swap_output_back(known, outputs, place.neuron)
