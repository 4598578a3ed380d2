"""Adaptation of F and CR: means of those whose trials were better than their parents.

- JADE: Zhang and Sanderson, 2009, https://doi.org/10.1109/TEVC.2009.2014613.
- SHADE: Tanabe and Fukunaga, "Success-history based parameter adaptation for differential evolution", CEC 2013,
  https://doi.org/10.1109/CEC.2013.6557555.
- L-SHADE: Tanabe and Fukunaga, "Improving the search performance of SHADE using linear population size reduction",
  CEC 2014, https://doi.org/10.1109/CEC.2014.6900380.

The population of L-SHADE shrinks with the evaluations, along the line of :mod:`nnsize_engine.settings.budget`. A run
that is limited by generations gets the budget with which it is smallest at its last generation.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.budget import budget_of_generations, members_left
from nnsize_engine.settings.evolution import EvolutionSettings

Floats = NDArray[np.float64]

_JADE_RATE = 0.1  # c in JADE: weight of a new generation in the means
TERMINAL = -1.0
"""Terminal value of a mean CR in L-SHADE: from then on, CR is always 0."""


def first_means(settings: EvolutionSettings) -> Floats:
    """Return the first means of F and CR, 0.5 each, shape (memories, 2)."""
    return np.full((1 if settings.strategy == "jade" else settings.memory, 2), 0.5)


def learn(strategy: str, means: Floats, position: int, factors: Floats, gains: Floats) -> tuple[Floats, int]:
    """Return the means after one generation, and the index of the memory to replace next.

    Args:
        strategy: jade, shade or lshade.
        means: F and CR, shape (memories, 2).
        position: index of the memory to replace now.
        factors: F and CR of the trials that were better than their parents, shape (successes, 2).
        gains: improvement of the loss by each of these, shape (successes,); all above 0.
    """
    if not len(factors):
        return means, position
    scales, rates = factors.T
    learned = means.copy()
    shares = _shares(gains)
    match strategy:
        case "jade":  # equations 9, 10, 12
            learned[0] += _JADE_RATE * (np.array([_lehmer(scales), rates.mean()]) - learned[0])
            return learned, position
        case "shade":  # equations 13 to 17
            rate = (shares * rates).sum()
        case "lshade":  # algorithm 1 of L-SHADE
            is_over = means[position, 1] < 0 or rates.max() == 0
            rate = TERMINAL if is_over else _lehmer(rates, shares)
        case _:
            raise SettingsError(f"strategy {strategy} learns nothing", field="strategy")
    learned[position] = _lehmer(scales, shares), rate
    return learned, (position + 1) % len(means)


def member_limit(settings: EvolutionSettings, evaluations: int, first: int, members: int) -> int:
    """Return the number of members that L-SHADE keeps after some evaluations; other strategies keep all members."""
    if settings.strategy != "lshade":
        return members
    budget = budget_of_generations(first, settings.generations_allowed)
    if settings.batch_size is not None:  # parents are evaluated again, which no trial follows
        budget *= 1 + 1 / settings.batch_generations
    if settings.evaluations is not None:
        budget = min(budget, settings.evaluations)
    return min(members, members_left(first, budget, evaluations))


def _shares(gains: Floats) -> Floats:
    """Return gains divided by their sum; equal shares if that is infinite or zero."""
    with np.errstate(over="ignore"):
        total = gains.sum()
    if not np.isfinite(total) or total <= 0:
        return np.full(len(gains), 1 / len(gains))
    shares: Floats = gains / total
    return shares


def _lehmer(values: Floats, shares: Any = 1.0) -> float:
    """Return the weighted Lehmer mean, sum(s v^2) / sum(s v); 0 if the divisor is 0."""
    total = (shares * values).sum()
    return float((shares * values**2).sum() / total) if total > 0 else 0.0
