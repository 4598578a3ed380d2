"""The problem of a search that changes one weight at a time, on one table of rows."""

from dataclasses import dataclass

import numpy as np

from nnsize_engine.evolution.bounds import Bounds
from nnsize_engine.evolution.evaluate import OUTPUTS
from nnsize_engine.evolution.one_weight import Network
from nnsize_engine.evolution.problem import Floats, Problem, Table, fill_losses
from nnsize_engine.evolution.row_sums import RowSums, row_sums_of
from nnsize_engine.network.kernel_settings import SOFTMAX
from nnsize_engine.network.numpy_kernels import addresses
from nnsize_engine.settings.activations import glorot_limits
from nnsize_engine.settings.layer_sizes import weights_by_layer


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LocalProblem:
    """A network and rows as compiled code gets them. One generation at a time may use it: its sums are shared."""

    problem: Problem
    table: Table
    numpy_loops: Floats
    network: Network
    known: RowSums
    """Room for the sums of the rows; empty if losses are computed from whole networks."""

    has_sums: bool
    """Whether losses come from sums; otherwise :meth:`loss` computes them network by network.

    A rounded weight changes the others of its layer, and an objective needs all outputs.
    """

    def loss(self, weights: Floats) -> float:
        """Return the loss of a whole network, shape (weights,), with weight decay."""
        losses = np.full(1, np.inf)
        fill_losses(self.problem, self.table, weights[np.newaxis], losses)
        return float(losses[0])


def local_problem(problem: Problem, table: Table, bounds: Bounds) -> LocalProblem:
    """Return the problem of a table of rows.

    Args:
        problem: what does not change during the evolution.
        table: its training rows, or a mini-batch of them.
        bounds: those of the weights.
    """
    settings, rows = problem.settings, table.rows
    limits = np.repeat(glorot_limits(settings.units, settings.activation), weights_by_layer(settings.units))
    has_sums = problem.measure != OUTPUTS and settings.bits is None
    is_softmax = bool(problem.kernel_settings.output_activation == SOFTMAX)
    chosen = slice(None) if has_sums else slice(0, 0)
    return LocalProblem(
        problem=problem,
        table=table,
        numpy_loops=addresses(settings.precision),
        network=Network(
            settings=problem.kernel_settings,
            units=problem.units,
            measure=problem.measure,
            half_decay=settings.weight_decay / 2,
            limits=limits.astype(settings.precision),
            low=bounds.low,
            high=bounds.high,
        ),
        known=row_sums_of(
            rows.inputs[chosen], rows.targets[chosen], table.labels[chosen], problem.units, is_softmax=is_softmax
        ),
        has_sums=has_sums,
    )
