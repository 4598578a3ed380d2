"""Selection of the best trials: their order, and the share of each in the recombination."""

import math

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.errors import SettingsError
from nnsize_engine.evolution.families.family import Floats, Losses, Start

Doubles = NDArray[np.float64]


def default_members(weights: int) -> int:
    """Return 4 + floor(3 ln n): Hansen, "The CMA evolution strategy: a tutorial", equation 48."""
    return 4 + math.floor(3 * math.log(weights))


def checked_members(name: str, members: int, least: int) -> int:
    """Return a number of trials of one generation.

    Raises:
        SettingsError: a strategy needs more.
    """
    if members < least:
        raise SettingsError(f"members is {members}; strategy {name} needs at least {least}", field="members")
    return members


def order_of(losses: Losses) -> NDArray[np.int64]:
    """Return the numbers of trials by loss, best first; those without a finite loss come last."""
    return np.argsort(np.where(np.isfinite(losses), losses, np.inf), kind="stable").astype(np.int64)


def best_of(losses: Losses, shares: Doubles) -> tuple[NDArray[np.int64], Doubles]:
    """Return the numbers of the best trials, and their shares; that of a trial without a finite loss is 0."""
    order = order_of(losses)[: len(shares)]
    return order, np.where(np.isfinite(losses[order]), shares, 0.0)


def selected_mass(shares: Doubles) -> float:
    """Return the variance effective selection mass of shares whose sum is 1, mu_eff in equation 8."""
    return float(1 / (shares**2).sum())


def log_shares(count: int) -> Doubles:
    """Return shares that fall with the logarithm of the rank, and whose sum is 1: equation 49 of the tutorial."""
    shares = math.log(count + 0.5) - np.log(np.arange(1, count + 1))
    return shares / np.sum(shares)


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
