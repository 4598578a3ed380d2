"""Limits of speed: the time of the bare matrix products of a training or of a generation."""

import threading
import time

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.workloads import Workload
from nnsize_engine.evolution.problem import Problem
from nnsize_engine.network.jit import Matrix, Vector, compiled
from nnsize_engine.network.layers import matrix_of, values_of
from nnsize_engine.network.numpy_kernels import addresses, multiply
from nnsize_engine.processes.parallel import ThreadPool

_BATCHES = 300
"""Timed batches of one shape, enough for a stable time per batch."""


@compiled
def multiply_all(
    loops: Vector,
    times: int,
    inputs: Matrix,
    hidden: Matrix,
    first: Matrix,
    last: Matrix,
    outputs: Matrix,
    first_gradient: Matrix,
    last_gradient: Matrix,
    deltas: Matrix,
) -> None:
    """Multiply forward through two layers, for both gradients, and back through the last layer if it is a matrix."""
    for _ in range(times):
        multiply(loops, inputs, first, hidden)
        multiply(loops, hidden, last, outputs)
        multiply(loops, hidden.T, outputs, last_gradient)
        multiply(loops, inputs.T, deltas, first_gradient)
        if last.shape[1] > 1:
            multiply(loops, outputs, last.T, deltas)


def seconds_of_products(workload: Workload, epochs: NDArray[np.int64], precision: str) -> float:
    """Return the seconds that one core needs for the products of a whole search, given the epochs of its fits."""
    X, y = workload.load()
    classes = len(np.unique(y))
    rows = len(X) - len(X) // workload.folds
    batch = min(200, rows)
    total = 0.0
    with threadpool_limits(1, "blas"):
        for size, size_epochs in zip(workload.sizes, epochs.sum(axis=0), strict=True):
            for height, count in ((batch, rows // batch), (rows % batch, 1)):
                if height:
                    each = _one_batch(height, X.shape[1], size, 1 if classes == 2 else classes, precision)
                    total += each * count * int(size_epochs)
    return total


def _one_batch(rows: int, inputs: int, neurons: int, outputs: int, precision: str) -> float:
    """Return the seconds for the products of one batch, the best of three measurements."""
    random = np.random.default_rng(0)
    shapes = [
        (rows, inputs),
        (rows, neurons),
        (inputs, neurons),
        (neurons, outputs),
        (rows, outputs),
        (inputs, neurons),
        (neurons, outputs),
        (rows, neurons),
    ]
    arrays = [random.normal(size=shape).astype(precision) * 0.01 for shape in shapes]
    loops = addresses(precision)
    multiply_all(loops, 1, *arrays)
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        multiply_all(loops, _BATCHES, *arrays)
        times.append(time.perf_counter() - begin)
    return min(times) / _BATCHES


@compiled
def multiply_members(loops: Vector, units: Vector, members: Matrix, inputs: Matrix) -> None:
    """Multiply the inputs through the layers of each member, without biases and activations."""
    neurons = 0
    for layer in range(1, units.size):
        neurons += units[layer]
    sums = np.empty(inputs.shape[0] * neurons, inputs.dtype)
    for member in range(members.shape[0]):
        source = inputs
        for layer in range(units.size - 1):
            target = values_of(sums, units, layer, inputs.shape[0])
            multiply(loops, source, matrix_of(members[member], units, layer), target)
            source = target


class MemberProducts:
    """The products of evaluating a population of random members."""

    def __init__(self, problem: Problem) -> None:
        settings = problem.settings
        random = np.random.default_rng(0)
        shape = settings.member_count, settings.weights
        # Positive and scaled, so that products keep their magnitude.
        self._members = random.random(shape, dtype=np.float32).astype(settings.precision) * 0.1
        self._inputs = problem.training.rows.inputs
        self._units = np.array(settings.units)
        self._loops = addresses(settings.precision)
        multiply_members(self._loops, self._units, self._members[:1], self._inputs)

    def seconds(self, pool: ThreadPool) -> float:
        """Return the seconds that the pool needs for all products once."""
        count = len(self._members)
        size = -(-count // (4 * pool.workers))
        parts = [(first, min(first + size, count)) for first in range(0, count, size)]

        def task(part: tuple[int, int]) -> None:
            multiply_members(self._loops, self._units, self._members[slice(*part)], self._inputs)

        begin = time.perf_counter()
        for _ in pool.each(task, parts, threading.Event()):
            pass
        return time.perf_counter() - begin
