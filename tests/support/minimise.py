"""Minimise functions by ask and tell, to compare the algorithm with SciPy's."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnsize_engine.evolution.ask_tell import Population, ask, first_population, has_converged, tell
from nnsize_engine.evolution.bounds import Bounds
from nnsize_engine.evolution.population import fill_part, member_parts
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.first_population import count_members

Floats = NDArray[Any]


def box(low: ArrayLike, high: ArrayLike, precision: str = "float64") -> Bounds:
    """Return the bounds of a box, such as a test function's."""
    least, most = (np.array(end, dtype=precision) for end in (low, high))
    return Bounds(low=least, high=most, first_low=least, first_high=most)


def minimise(function: Callable[[Floats], Floats], bounds: Bounds, settings: EvolutionSettings) -> Population:
    """Evolve until the generations of the settings are done or the population has converged; return the population.

    Args:
        function: takes points, shape (members, weights), and returns their values, shape (members,). A value that is
            not a number never wins.
        bounds: where to look.
        settings: strategy, members, generations, init, seed and so on; what is about networks is not used.
    """
    count = count_members(settings.init, bounds.weights, members=settings.members, popsize=settings.popsize)
    members = np.empty((count, bounds.weights), dtype=bounds.low.dtype)
    for part in member_parts(settings, bounds, count):
        fill_part(settings, bounds, 0, part, members)
    values = np.array(function(members), dtype=np.float64)
    values[np.isnan(values)] = np.inf
    population = replace(first_population(members, settings), losses=values, evaluations=count)
    while population.generation < settings.generations_allowed and not has_converged(population, settings):
        trials = ask(population, bounds, settings)
        trials.losses[:] = function(trials.members)
        population, _ = tell(population, trials, settings)
    return population
