"""The first members of an evolution: drawn, read from an array, or a network and members drawn around none."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.bounds import Bounds
from nnsize_engine.evolution.evaluator import Evaluator
from nnsize_engine.evolution.first_network import read_first_network
from nnsize_engine.evolution.population import fill_part, member_parts, read_array
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.first_population import names_array, names_network

Floats = NDArray[Any]


def first_members(evaluator: Evaluator, bounds: Bounds, count: int | None) -> Floats:
    """Return the first members, shape (members, weights).

    A network is the first member. The other members are drawn as Glorot's initial weights, as after a restart.

    Args:
        evaluator: its threads draw.
        bounds: the bounds of the weights.
        count: the number of members; None for that of the settings, or of the array.

    Raises:
        DataError: the array or the network cannot be read, or does not fit.
        GenerationHalted: halt was set before all were drawn.
    """
    settings = evaluator.problem.settings
    given = given_members(settings, bounds) if evaluator.given is None else evaluator.given
    if len(given) and names_array(settings.init) and count in (None, len(given)):
        return given if evaluator.given is None else given.copy()  # it becomes the population, which changes
    members = np.empty((settings.member_count if count is None else count, settings.weights), settings.precision)
    draw_members(evaluator, bounds, 0, members)
    members[: len(given)] = given
    return members


def given_members(settings: EvolutionSettings, bounds: Bounds) -> Floats:
    """Return the members of the array or the network that ``init`` names, shape (members, weights); else none.

    Raises:
        DataError: it cannot be read, or does not fit.
    """
    if names_array(settings.init):
        return read_array(settings, bounds)
    if names_network(settings.init):
        return read_first_network(settings, bounds)
    return np.empty((0, settings.weights), dtype=settings.precision)


def draw_members(evaluator: Evaluator, bounds: Bounds, restart: int, members: Floats) -> None:
    """Draw members in place, on all threads.

    Raises:
        GenerationHalted: halt was set before all were drawn.
    """
    settings = evaluator.problem.settings
    parts = member_parts(settings, bounds, len(members))
    evaluator.do(lambda part: fill_part(settings, bounds, restart, part, members), parts)
