"""What adaptive strategies learn: means of the F and CR whose trials were better than their parents.

JADE: Zhang and Sanderson, 2009, https://doi.org/10.1109/TEVC.2009.2014613. SHADE: Tanabe and Fukunaga, "Success-history
based parameter adaptation for differential evolution", CEC 2013, https://doi.org/10.1109/CEC.2013.6557555. L-SHADE:
the same, "Improving the search performance of SHADE using linear population size reduction", CEC 2014,
https://doi.org/10.1109/CEC.2014.6900380.

Here p, the share of best members, is one setting for all three; in SHADE it is drawn for each trial. L-SHADE shrinks
with the generations, not with the evaluations, because generations are what a run is limited by.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.evolution import EvolutionSettings

Floats = NDArray[np.float64]

_JADE_RATE = 0.1  # c: how quickly JADE's means follow
TERMINAL = -1.0
"""Stands for a CR that L-SHADE has given up: from then on it is always 0."""

MIN_MEMBERS = 4  # of L-SHADE's last population: a member, and three others for its mutation


def first_means(settings: EvolutionSettings) -> Floats:
    """Means of F and CR before anything is learned, shape (memories, 2): one half each."""
    return np.full((1 if settings.strategy == "jade" else settings.memory, 2), 0.5)


def learn(strategy: str, means: Floats, position: int, factors: Floats, gains: Floats) -> tuple[Floats, int]:
    """The means after one generation, and the position of the memory to be replaced next.

    Args:
        strategy: jade, shade or lshade.
        means: F and CR, shape (memories, 2).
        position: the memory to be replaced now.
        factors: F and CR of the trials that were better than their parents, shape (successes, 2).
        gains: by how much each of these was better, shape (successes,); all above 0.
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


def member_limit(settings: EvolutionSettings, generation: int, first: int, members: int) -> int:
    """Members that L-SHADE keeps of its first population after a generation; every other strategy keeps all it has."""
    if settings.strategy != "lshade" or settings.generations == 0:
        return members
    on_the_line = round((MIN_MEMBERS - first) / settings.generations * generation + first)
    return max(MIN_MEMBERS, min(members, on_the_line))


def _shares(gains: Floats) -> Floats:
    """Gains that add up to 1; alike where one is infinite, or all are too small to add up."""
    with np.errstate(over="ignore"):
        total = gains.sum()
    if not np.isfinite(total) or total <= 0:
        return np.full(len(gains), 1 / len(gains))
    shares: Floats = gains / total
    return shares


def _lehmer(values: Floats, shares: Any = 1.0) -> float:
    """The Lehmer mean: of squares over that of values, each weighted; 0 of values too small to add up."""
    total = (shares * values).sum()
    return float((shares * values**2).sum() / total) if total > 0 else 0.0
