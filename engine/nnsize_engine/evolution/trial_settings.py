"""Settings of the trials of one generation, as one NumPy record for compiled code."""

from typing import Any

import numpy as np

from nnsize_engine.network.kernel_settings import code_of
from nnsize_engine.settings.evolution import EvolutionSettings

BEST1, RAND1, BEST2, RAND2, RAND_TO_BEST1, CURRENT_TO_BEST1, CURRENT_TO_PBEST1 = range(7)
BINOMIAL, EXPONENTIAL = range(2)
FIXED, NORMAL_AND_CAUCHY = range(2)
RESAMPLE, HALFWAY = range(2)

_MUTATION_CODES = {
    "best1": BEST1,
    "rand1": RAND1,
    "best2": BEST2,
    "rand2": RAND2,
    "randtobest1": RAND_TO_BEST1,
    "currenttobest1": CURRENT_TO_BEST1,
    "currenttopbest1": CURRENT_TO_PBEST1,
}
_CROSSOVER_CODES = {"bin": BINOMIAL, "exp": EXPONENTIAL}

STRATEGY_CODES = {
    f"{mutation}{crossover}": (mutation_code, crossover_code)
    for mutation, mutation_code in _MUTATION_CODES.items()
    for crossover, crossover_code in _CROSSOVER_CODES.items()
} | dict.fromkeys(("jade", "shade", "lshade"), (CURRENT_TO_PBEST1, BINOMIAL))
"""Codes of mutation and crossover, by the name of the strategy."""

TrialSettings = Any
"""One `numpy.record` with the fields below."""

_TYPE = np.dtype(
    [
        ("seed", "u8"),
        ("generation", "i8"),  # of the trials
        ("mutation", "i8"),  # the vectors that are combined
        ("crossover", "i8"),
        ("adaptation", "i8"),  # F and CR are fixed, or drawn around learned means
        ("repair", "i8"),  # new value of a weight outside its bounds
        ("best", "i8"),  # index of the best member
        ("top", "i8"),  # number of members that count as best
        ("draws_top", "i8"),  # whether each trial draws that number
        ("archived", "i8"),  # number of parents in the archive
        ("scale", "f8"),  # F
        ("crossover_rate", "f8"),  # CR
    ],
    align=True,
)

_RECORD, _NAMES = np.dtype((np.record, _TYPE)), _TYPE.names or ()


def trial_settings_for(
    settings: EvolutionSettings, *, generation: int, scale: float, best: int, members: int, archived: int
) -> TrialSettings:
    """Return the settings of the trials of one generation.

    Args:
        settings: settings of the evolution.
        generation: number of the generation of the trials, from 1.
        scale: F of this generation, for strategies that do not adapt it.
        best: index of the best member.
        members: number of members.
        archived: number of parents in the archive.

    Raises:
        SettingsError: there is no compiled code for the strategy.
    """
    mutation, crossover = code_of(STRATEGY_CODES, "strategy", settings.strategy)
    values = {
        "seed": settings.seed,
        "generation": generation,
        "mutation": mutation,
        "crossover": crossover,
        "adaptation": NORMAL_AND_CAUCHY if settings.is_adaptive else FIXED,
        # SciPy draws a weight outside its bounds again. JADE and its successors set it halfway to the bound.
        "repair": HALFWAY if mutation == CURRENT_TO_PBEST1 else RESAMPLE,
        "best": best,
        "top": max(2, round(settings.p_best_share * members)),
        "draws_top": settings.draws_p_best,
        "archived": archived,
        "scale": scale,
        "crossover_rate": settings.crossover_rate,
    }
    return np.array([tuple(values[name] for name in _NAMES)], dtype=_RECORD)[0]
