"""Mini-batches: the training rows of each generation."""

import numpy as np

from nnsize_engine.evolution.problem import Problem, Table
from nnsize_engine.evolution.streams import BATCH, index_at, stream_key
from nnsize_engine.network.jit import Real, Vector, compiled


class MiniBatches:
    """Training rows of each generation; the latest mini-batch is cached."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._latest: tuple[int, Table] | None = None

    def is_new(self, generation: int) -> bool:
        """Return whether a generation has other rows than the one before."""
        if self._problem.settings.batch_size is None or generation < 2:
            return False  # the first population and its first trials share a mini-batch
        return self._number(generation) != self._number(generation - 1)

    def table_for(self, generation: int) -> Table:
        """Return the rows of a generation: all training rows if there are no mini-batches."""
        number = self._number(generation)
        if self._latest is None or self._latest[0] != number:
            self._latest = (number, mini_batch(self._problem, number))
        return self._latest[1]

    def _number(self, generation: int) -> int:
        return max(0, generation - 1) // self._problem.settings.batch_generations


def mini_batch(problem: Problem, number: int) -> Table:
    """Return the rows of a mini-batch, drawn without replacement: all training rows if there are no mini-batches."""
    size, rows = problem.settings.batch_size, len(problem.training.rows.inputs)
    if size is None or size >= rows:
        return problem.training
    order = np.arange(rows)
    with np.errstate(over="ignore"):  # without Numba, NumPy warns of integers that wrap around
        draw_first(np.uint64(problem.settings.seed), number, size, order)
    return problem.training.some(order[:size])


@compiled
def draw_first(seed: Real, number: int, size: int, order: Vector) -> None:
    """Draw the first entries of a vector from all of it, in place (the shuffle of Fisher and Yates)."""
    key = stream_key(seed, BATCH, number, 0)
    for place in range(size):
        other = place + index_at(key, place, order.size - place)
        order[place], order[other] = order[other], order[place]
