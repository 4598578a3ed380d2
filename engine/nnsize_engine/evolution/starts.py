"""What a family is given when it begins, and when it begins again."""

import numpy as np

from nnsize_engine.evolution.families.family import Start
from nnsize_engine.evolution.streams import RESTART, stream_key
from nnsize_engine.network.jit import Real, compiled
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.first_population import names_network


def start_of(settings: EvolutionSettings, usual_step: float, restart: int) -> Start:
    """Return what a family is given once.

    Args:
        settings: settings of the evolution.
        usual_step: first step size of the family, if the settings have none.
        restart: number of restarts so far.
    """
    with np.errstate(over="ignore"):  # without Numba, NumPy warns of integers that wrap around
        seed = int(restart_seed(np.uint64(settings.seed), restart))
    return Start(
        weights=settings.weights,
        members=settings.members,
        step=usual_step if settings.step is None else settings.step,
        seed=seed,
        restart=restart,
        has_given_network=restart == 0 and names_network(settings.init),
    )


@compiled
def restart_seed(seed: Real, restart: int) -> Real:
    """Return the seed of a beginning, 64 random bits; a family may count its generations from 0 in each."""
    return stream_key(seed, RESTART, restart, 0)
