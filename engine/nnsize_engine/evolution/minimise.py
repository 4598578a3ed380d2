"""Minimise any function by ask and tell: how the algorithm is compared with SciPy's, and what it is in short."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.ask_tell import Population, ask, first_population, has_converged, tell
from nnsize_engine.evolution.population import fill_part, member_parts
from nnsize_engine.evolution.space import Space
from nnsize_engine.settings.evolution import EvolutionSettings

Floats = NDArray[Any]


def minimise(function: Callable[[Floats], Floats], space: Space, settings: EvolutionSettings) -> Population:
    """Evolve until the settings' generations are done, or the population has converged; returns the last population.

    Args:
        function: takes points, shape (members, weights), and returns their values, shape (members,). A value that is
            not a number never wins.
        space: where to look.
        settings: strategy, members, generations, init, seed and so on; what is about networks is not used.
    """
    count = settings.members_for(space.weights)
    members = np.empty((count, space.weights), dtype=space.low.dtype)
    for part in member_parts(settings, space, count):
        fill_part(settings, space, 0, part, members)
    values = np.array(function(members), dtype=np.float64)
    values[np.isnan(values)] = np.inf
    population = replace(first_population(members, settings), losses=values, evaluations=count)
    while population.generation < settings.generations and not has_converged(population, settings):
        trials = ask(population, space, settings)
        trials.losses[:] = function(trials.members)
        population, _ = tell(population, trials, settings)
    return population
