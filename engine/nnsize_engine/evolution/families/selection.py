"""Selection of the best trials: their order, and the share of each in the recombination."""

import math

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.errors import SettingsError
from nnsize_engine.evolution.families.family import Losses

Doubles = NDArray[np.float64]

MIN_STEP, MAX_STEP = 1e-12, 1e6
"""Limits of a step size in Glorot limits: trials below differ by rounding alone, and those above lie on the bounds."""


def limited_step(step: float) -> float:
    """Return a step size within its limits."""
    return min(max(step, MIN_STEP), MAX_STEP)


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


def checked_pairs(name: str, members: int) -> int:
    """Return a number of trials of one generation that consists of pairs.

    Raises:
        SettingsError: it is odd, or less than two.
    """
    if members % 2:
        raise SettingsError(
            f"members is {members}; strategy {name} draws pairs of trials; give an even number such as {members + 1}",
            field="members",
        )
    return checked_members(name, members, 2)


def default_pairs(weights: int) -> int:
    """Return 4 + floor(3 ln n), or one more, so that it is even."""
    members = default_members(weights)
    return members + members % 2


def centred_ranks(losses: Losses) -> Doubles:
    """Return the rank of each trial, from 1/2 for the best to -1/2 for the worst; 0 for all if no loss is finite.

    Trials without a finite loss share the mean of the last ranks, but at most 0.
    """
    is_finite, count = np.isfinite(losses), len(losses)
    ranks = np.zeros(count)
    if is_finite.any():
        ranks[order_of(losses)] = 0.5 - np.arange(count) / (count - 1)
        ranks[~is_finite] = min(0.0, float(ranks[~is_finite].mean())) if not is_finite.all() else 0.0
    return ranks
