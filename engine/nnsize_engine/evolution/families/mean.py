"""The mean of an evolution strategy: where it starts, and how it moves to the best trials."""

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.families.family import Floats, Losses, Start
from nnsize_engine.evolution.families.selection import best_of, log_shares
from nnsize_engine.network.jit import Matrix, Vector, compiled

Doubles = NDArray[np.float64]

COLUMNS = 512  # weights computed together, whose sums stay in the L1 cache


def starting_mean(start: Start, members: Floats, losses: Losses) -> Doubles:
    """Return the first mean: the network that `init` names, or a recombination of the better half of the first members.

    A recombination treats the first members as a generation drawn around zero. One member alone has weights of full
    length in a random direction, which an evolution strategy would have to unlearn: on digits (2,410 weights) and
    breast_cancer (4,097 weights), the loss of LM-MA-ES after 20,000 evaluations was .355 and .184 from one member, and
    .314 and .117 from the recombination.
    """
    if start.has_given_network:
        return np.array(members[0], dtype=np.float64)
    chosen, shares = best_of(losses, log_shares(max(1, len(members) // 2)))
    return np.array((shares[:, None] * members[chosen]).sum(axis=0), dtype=np.float64)


@compiled
def move_mean(mean: Vector, trials: Matrix, chosen: Vector, shares: Vector, moved: Vector) -> None:
    """Compute the mean plus the weighted sum of the differences of trials from it, in their order.

    Args:
        mean: `(weights,)`, float64.
        trials: `(trials, weights)`.
        chosen: numbers of the trials to follow.
        shares: their weights, float64.
        moved: output, `(weights,)`, float64.
    """
    for begin in range(0, mean.size, COLUMNS):
        middle, sums = mean[begin : begin + COLUMNS], moved[begin : begin + COLUMNS]
        sums[:] = middle
        for number in range(chosen.size):
            trial, share = trials[chosen[number]][begin : begin + COLUMNS], shares[number]
            for weight in range(middle.size):
                sums[weight] += share * (trial[weight] - middle[weight])
